"""What hosts say of a tag that rests: go on, it is ours, only people known here, take it back."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import timedelta

from bot.api import Action, Answer, Call, Member, UserError, when_words
from plugins.amplify import book, queue, words
from plugins.amplify.alarm import KEPT
from plugins.amplify.description import plugin
from plugins.amplify.logic import Route
from plugins.amplify.people import person
from plugins.amplify.routes import Ctx, route_named, state_of
from plugins.amplify.sightings import let_go_on

LONGEST = 72
"""Hours for which hosts may say that whoever comes is theirs: a conference of three days."""


@plugin.command(audience="hosts")
def pause(call: Call, ctx: Ctx, tag: str) -> Answer:
    """Pass on nothing with TAG until a host says resume; what comes meanwhile waits."""
    route = route_named(ctx, tag)
    state_of(ctx, route).paused = "host"
    return Answer(
        f"#{route.shown} rests. Posts with it wait up to a day for: amplify resume {route.shown}"
    )


@plugin.command(audience="hosts")
def resume(call: Call, ctx: Ctx, tag: str) -> Generator[Action, None, Answer]:
    """Go on with TAG; what waited goes out one by one, and only what comes now raises an alarm."""
    route = route_named(ctx, tag)
    if not route.paused:
        raise UserError(f"#{route.shown} is not paused")
    yield from _go_on(ctx, route)
    held = _held(ctx, route)
    return Answer(ctx.render("resume.md", route=route, was=route.paused, held=held))


@plugin.command(audience="hosts")
def ours(call: Call, ctx: Ctx, tag: str, hours: int = 12) -> Generator[Action, None, Answer]:
    """Say that the many new people with TAG are yours: go on, and raise no alarm for HOURS."""
    route = route_named(ctx, tag)
    if not 0 <= hours <= LONGEST:
        raise UserError(f"HOURS is between 0 and {LONGEST}, not {hours}")
    until = ctx.now + timedelta(hours=hours)
    state_of(ctx, route).calm_until = until if hours else None
    let_go_on(ctx, route)
    freed = _free(ctx, route) if hours else 0
    if hours and route.paused == "alarm":
        yield from _go_on(ctx, route)
    when = when_words(until, ctx.community.zone, ctx.now) if hours else ""
    values = {"when": when, "freed": freed, "held": _held(ctx, route)}
    return Answer(ctx.render("ours.md", route=route_named(ctx, tag), was=route.paused, **values))


@plugin.command(audience="hosts")
def members(call: Call, ctx: Ctx, tag: str, only: bool) -> Generator[Action, None, Answer]:
    """Let a host look first at posts with TAG by people who are not known here: ONLY yes or no."""
    route = route_named(ctx, tag)
    state_of(ctx, route).members_only = only
    if route.paused == "alarm":
        yield from _go_on(ctx, route)
    let_go_on(ctx, route)
    return Answer(ctx.render("only.md", route=route, only=only))


@plugin.command(audience="hosts")
def sweep(call: Call, ctx: Ctx, tag: str) -> Generator[Action, None, Answer]:
    """Take back what was passed on with TAG within two days by people who are not known here."""
    route = route_named(ctx, tag)
    rows = [
        row
        for row in book.in_state(ctx, "passed", route.key)
        if row.seen_at > ctx.now - KEPT and not person(ctx, Member.of(row.member)).is_known
    ]
    yield from book.take_back(ctx, rows, "A host took back what came with a rush of accounts.")
    if not rows:
        return Answer("There is nothing to take back: nothing of unknown accounts was passed on.")
    posts = "One post is" if len(rows) == 1 else f"{len(rows)} posts are"
    return Answer(f"{posts} being taken back, and never passed on again.")


def _go_on(ctx: Ctx, route: Route) -> Iterator[Action]:
    """End a pause, whoever began it. What was seen up to now is none of the next alarm's."""
    state_of(ctx, route).paused = ""
    let_go_on(ctx, route)
    ctx.db.flush()
    yield from queue.run(ctx, route_named(ctx, route.shown))


def _free(ctx: Ctx, route: Route) -> int:
    """Let what waited for a host only because of the alarm wait for its turn; return how many."""
    rows = [row for row in book.in_state(ctx, "held", route.key) if row.reasons == ["hijack"]]
    for row in rows:
        row.state, row.reasons, row.approved_at = "waiting", [], ctx.now
        row.why = f"The hosts know who came with it. {words.after_look(row, route)}"
    return len(rows)


def _held(ctx: Ctx, route: Route) -> int:
    return len(book.in_state(ctx, "held", route.key))
