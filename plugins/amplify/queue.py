"""Pass on what waits, one slot at a time: whose turn it is is decided when the slot comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from bot.api import Action, Due, Member
from plugins.amplify.book import Ctx, close, in_state, release
from plugins.amplify.description import plugin
from plugins.amplify.logic import FRESH, PURPOSE, Route
from plugins.amplify.pace import DAY, HOUR, Waiting, first
from plugins.amplify.people import NEWCOMER, is_new
from plugins.amplify.routes import routes_of
from plugins.amplify.tables import Considered
from plugins.amplify.words import REASONS

SLOT = "slot:"
LATE = timedelta(days=365)
"""A slot may be as late as it likes: one post goes, and the rest wait for theirs."""
TOO_LATE = "Its turn did not come within a day, and what is older stays where it is."


@plugin.due(SLOT)
def next_turn(due: Due, ctx: Ctx) -> Iterator[Action]:
    """Pass on the post whose turn it is."""
    route = next((one for one in routes_of(ctx) if SLOT + one.key == due.timer), None)
    if route is not None:
        yield from run(ctx, route)


def run(ctx: Ctx, route: Route) -> Iterator[Action]:
    """Pass on what may go now, and set the time for the rest. A paused route keeps its queue."""
    if route.paused:
        return
    pace = ctx.settings.pace(ctx.community.zone)
    waiting = {row.number or 0: row for row in _still_wanted(ctx, route)}
    while waiting:
        slot = next_slot(ctx, route)
        turn = first(_queue(ctx, route, list(waiting.values())), pace)
        if turn is None:
            slot = ctx.now + HOUR  # everybody who waits had their share today: look again
        if turn is None or slot > ctx.now:
            label = f"The next post for #{route.tag}"
            ctx.schedule.once(SLOT + route.key, slot, label, grace=LATE)
            return
        yield from release(ctx, waiting.pop(turn.number))


def next_slot(ctx: Ctx, route: Route) -> datetime:
    """When the next post of a route may go."""
    last = select(func.max(col(Considered.passed_at))).where(
        Considered.community == ctx.community.id, Considered.route == route.key
    )
    return ctx.settings.pace(ctx.community.zone).slot(ctx.db.exec(last).one(), ctx.now)


def _still_wanted(ctx: Ctx, route: Route) -> Iterator[Considered]:
    """What waits and may still go; what may not is closed with its reason."""
    for row in in_state(ctx, "waiting", route.key):
        if ctx.consent.of(Member.of(row.member), PURPOSE) is False:
            close(row, "undone", REASONS["consent"])
        elif (row.approved_at or row.posted_at) <= ctx.now - FRESH:
            close(row, "expired", TOO_LATE)
        else:
            yield row


def _queue(ctx: Ctx, route: Route, rows: Sequence[Considered]) -> Iterator[Waiting]:
    if len(rows) == 1 and not ctx.settings.author_daily:
        yield Waiting(rows[0].number or 0, rows[0].seen_at, is_answered=False, is_newcomers=False)
        return
    for row in rows:
        logged = ctx.posts.about(row.post.partition(":")[2])
        answered = logged is not None and logged.answered is not None
        newcomer = is_new(ctx.posts.first_seen(Member.of(row.member)), ctx.now, NEWCOMER)
        today = passed_today(ctx, route, row.member)
        last = row.undescribed and route.alt != "no"
        yield Waiting(row.number or 0, row.seen_at, answered, newcomer, today, last)


def passed_today(ctx: Ctx, route: Route, member: str) -> int:
    """How many posts of somebody a route passed on within a day."""
    mine = select(func.count()).where(
        Considered.community == ctx.community.id,
        Considered.member == member,
        Considered.route == route.key,
        Considered.state == "passed",
        col(Considered.passed_at) > ctx.now - DAY,
    )
    return ctx.db.exec(mine).one()
