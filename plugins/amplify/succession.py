"""A tag gives way to another: renamed, or an event's that is over. Both lead on for a while."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlmodel import col, select

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    Context,
    Due,
    Grounds,
    NotifyHosts,
    PostSeen,
    Reply,
    SendPost,
    Space,
    UserError,
    day_words,
    to_local,
    to_utc,
)
from plugins.amplify import book, feeds
from plugins.amplify.description import plugin
from plugins.amplify.logic import FRESH, PURPOSE, Route
from plugins.amplify.people import person
from plugins.amplify.routes import notes_on, refuse_taken, route_named, routes_of
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Alias, Considered, HostRoute, Succession
from plugins.amplify.tags import bare, is_tag, tag_key

Ctx = Context[Settings]
OVER, STAYED = "over:", "stayed:"
LONGEST = 366
MORNING = time(9)
LATER = timedelta(days=28)
"""When it is counted how many of an event's people are with the standing tag."""
LATE = timedelta(days=30)
SMALL = 5
"""Fewer people than this are not counted out loud."""


@plugin.command(audience="hosts")
def succeed(
    call: Call, ctx: Ctx, old: str, new: str = "", days: int = 60
) -> Generator[Action, None, Answer]:
    """Rename a tag: OLD and NEW both lead on for DAYS days, then only NEW."""
    route = route_named(ctx, old)
    places = _places(ctx, old)
    if not new:
        return Answer(ctx.render("choose.md", old=bare(old), places=places))
    if not is_tag(new):
        raise UserError(f'"{new}" is no hashtag; write one word, like TallyMathMS')
    if not 1 <= days <= LONGEST:
        raise UserError(f"DAYS is between 1 and {LONGEST}, not {days}")
    refuse_taken(ctx, new)
    forget_end(ctx, new)
    ctx.db.merge(
        Alias(community=ctx.community.id, alias=tag_key(new), shown=bare(new), tag=route.key)
    )
    until = _today(ctx) + timedelta(days=days)
    row = _write(ctx, old, new, "renamed", until)
    yield from _announce(ctx, row, "renamed.md", route)
    told = {"until": _day(ctx, until), "places": places}
    return Answer(ctx.render("succeed.md", row=row, notes=notes_on(ctx, new), **told))


@plugin.command(audience="hosts")
def event(call: Call, ctx: Ctx, tag: str, until: str, standing: str) -> Answer:
    """Say that TAG is an event's, over after UNTIL, such as 2026-06-30; then STANDING stays."""
    ending, stays = route_named(ctx, tag), route_named(ctx, standing)
    if ending.key == stays.key:
        raise UserError(f"#{stays.shown} is the same tag; name the one that stays when it is over")
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise UserError(f"UNTIL is a date like 2026-06-30, not {until!r}") from None
    if not _today(ctx) <= last <= _today(ctx) + timedelta(days=2 * LONGEST):
        raise UserError(f"UNTIL lies within the next two years, which {until} does not")
    row = _write(ctx, ending.shown, stays.shown, "event", last)
    return Answer(ctx.render("event.md", row=row, until=_day(ctx, last)))


def offers(ctx: Ctx, tag: str) -> tuple[Button, ...]:
    """Ways for a host to confirm when an event's tag ends, and which tag stays."""
    until = _today(ctx) + timedelta(days=30)
    return tuple(
        Button(
            f"Until {_day(ctx, until)}, then #{route.shown}",
            f"amplify event {tag} {until.isoformat()} {route.shown}",
        )
        for route in routes_of(ctx)[:3]
        if route.key != tag_key(tag)
    )


def endings(ctx: Ctx) -> list[Succession]:
    """The tags of this community that give way, or have: their tombstones."""
    mine = select(Succession).where(Succession.community == ctx.community.id)
    return list(ctx.db.exec(mine.order_by(Succession.old)))


def _ending(ctx: Ctx) -> frozenset[str]:
    return frozenset(row.old for row in endings(ctx))


@plugin.due(OVER)
def end(due: Due, ctx: Ctx) -> Iterator[Action]:
    """Let an old tag lead nowhere any more, and tell hosts where its name still stands."""
    row = ctx.db.get(Succession, (ctx.community.id, due.timer.removeprefix(OVER)))
    if row is None or row.ended:
        return
    route = next((one for one in routes_of(ctx) if row.old in one.keys), None)
    row.ended = True
    if route is None:
        return
    if row.kind == "event":
        for state in book.OPEN:
            for waiting in book.in_state(ctx, state, route.key):
                book.close(waiting, "declined", "The tag ended before its turn came.")
        yield from _announce(ctx, row, "over.md", route)
        ctx.db.flush()
        yield from feeds.keep_true(ctx)
        label = f"How many people of #{row.old_shown} are with #{row.new_shown}"
        ctx.schedule.once(STAYED + row.old, due.at + LATER, label, grace=LATE)
    yield NotifyHosts(
        ctx.key("ended", row.old, due.local),
        ctx.render("ended.md", row=row, places=_places(ctx, row.old_shown)),
        why="Hosts are told when a tag has given way, and where its name still stands.",
    )


@plugin.due(STAYED)
def count_stayed(due: Due, ctx: Ctx) -> Iterator[Action]:
    """Tell the hosts how many of an event's people are with the tag that stays."""
    row = ctx.db.get(Succession, (ctx.community.id, due.timer.removeprefix(STAYED)))
    if row is None or due.missed:
        return
    came = _people(ctx, row.old, ctx.now - 3 * LATER)
    stayed = len(came & _people(ctx, row.new, due.at - LATER))
    values = {"row": row, "came": len(came), "stayed": stayed, "small": SMALL}
    yield NotifyHosts(
        ctx.key("stayed", row.old, due.local),
        ctx.render("stayed.md", **values),
        why="A month after an event hosts hear how many of its people stayed, as a count.",
    )


@plugin.on(PostSeen)
def signpost(event: PostSeen, ctx: Ctx) -> Iterator[Action]:
    """Tell somebody who is known here, once, that the tag they used has given way.

    Strangers are not answered: the tag may be somebody else's by now.
    """
    post = event.post
    beginning = post.kind in ("original", "quote") and post.space.purpose != "hosts"
    if not post.tags or not beginning or post.at < ctx.now - FRESH:
        return
    used = set(map(tag_key, post.tags))
    if used.isdisjoint(ctx.recall("ending", partial(_ending, ctx), Succession)):
        return
    for row in endings(ctx):
        active = row.ended or row.kind == "renamed"
        if row.old not in used or row.new in used or not active:
            continue
        author = person(ctx, post.author)
        if author.word is not False and author.is_known:
            yield Reply(
                ctx.key("signpost", row.old, post.author),
                post.space,
                post.id,
                ctx.render("signpost.md", row=row, until=_day(ctx, row.until)),
                why="Whoever uses a tag that has given way is told once where people are now.",
                grounds=Grounds(post.author, PURPOSE, "asked"),
            )


def _write(ctx: Ctx, old: str, new: str, kind: str, until: date) -> Succession:
    row = ctx.db.merge(
        Succession(
            community=ctx.community.id,
            old=tag_key(old),
            old_shown=bare(old),
            new=tag_key(new),
            new_shown=bare(new),
            kind=kind,
            since=ctx.now,
            until=until,
        )
    )
    morning = to_utc(datetime.combine(until + timedelta(days=1), MORNING), ctx.community.zone)
    label = f"#{row.old_shown} gives way to #{row.new_shown}"
    ctx.schedule.once(OVER + row.old, morning, label, grace=LATE)
    return row


def _announce(ctx: Ctx, row: Succession, template: str, route: Route) -> Iterator[Action]:
    space = _open_space(ctx)
    if space is not None:
        yield SendPost(
            ctx.key("succession", row.old, row.new, template),
            space,
            ctx.render(template, row=row, route=route, until=_day(ctx, row.until)),
            why="A tag that gives way to another is announced where people talk.",
        )


def _open_space(ctx: Ctx) -> Space | None:
    """Where everybody hears it: the lobby, else where people talk."""
    lobby, chat = ctx.community.for_("lobby"), ctx.community.for_("chat")
    return next(lobby, None) or next(chat, None) or next(ctx.community.for_("talk"), None)


def _places(ctx: Ctx, old: str) -> list[str]:
    """Where the old name still stands."""
    found = ctx.standing(bare(old))
    mine = select(HostRoute.tag).where(
        HostRoute.community == ctx.community.id, HostRoute.tag == tag_key(old)
    )
    if ctx.db.exec(mine).first() is not None:
        found.append("the route itself: amplify list")
    route = next((one for one in routes_of(ctx) if tag_key(old) == one.key and one.feed), None)
    if route is not None:
        found.append(f"the name of its feed: amplify feed {bare(old)} no, and then {route.feed}")
    return found


def _people(ctx: Ctx, key: str, since: datetime) -> set[str]:
    """Who used a tag that leads somewhere."""
    mine = select(Considered.member).where(
        Considered.community == ctx.community.id,
        Considered.route == key,
        Considered.member != "",
        col(Considered.posted_at) >= since,
    )
    return set(ctx.db.exec(mine).all())


def forget_end(ctx: Ctx, tag: str) -> None:
    """A tag that comes back into use has not given way any more."""
    row = ctx.db.get(Succession, (ctx.community.id, tag_key(tag)))
    if row is not None and row.ended:
        ctx.db.delete(row)


def _today(ctx: Ctx) -> date:
    return to_local(ctx.now, ctx.community.zone).date()


def _day(ctx: Ctx, day: date) -> str:
    return day_words(day, _today(ctx))
