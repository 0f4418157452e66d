"""A feed of a route's posts, beside reposts or instead of them: the same posts, for a quieter read.

A feed is a look at the book, made anew at every visit: what may not be passed on is not in it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlmodel import and_, col, or_, select

from bot.api import (
    Action,
    Answer,
    Asked,
    Call,
    Delivered,
    Listing,
    Member,
    OfferFeed,
    Undo,
    UserError,
)
from plugins.amplify import words
from plugins.amplify.description import plugin
from plugins.amplify.logic import PURPOSE, Route
from plugins.amplify.routes import Ctx, route_named, routes_of, state_of
from plugins.amplify.tables import Considered, RouteState

LONGEST = 300
"""Characters of what a feed says of itself."""
BATCH = 100
STANDS = ("held", "todo", "sending", "done")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
Place = tuple[datetime, int]
"""Where a part of a feed ended: when its last post was passed on, and that post's number."""


@plugin.command(audience="hosts")
def feed(
    call: Call, ctx: Ctx, tag: str, how: Literal["yes", "only", "no"]
) -> Generator[Action, None, Answer]:
    """Give TAG a feed that people can follow by itself: HOW is yes, only (no reposts), or no."""
    route = route_named(ctx, tag)
    state = state_of(ctx, route)
    was = state.feed
    if how == "no":
        if not was:
            raise UserError(
                f"#{route.shown} has no feed; to give it one: amplify feed {route.shown} yes"
            )
        yield from end(ctx, state, "A host ended the feed.")
        return Answer(ctx.render("feed.md", route=route, how=how, was=was))
    platform = words.platform_words(route.audience.platform)
    if route.audience.platform not in ctx.feeds:
        raise UserError(f"{platform} has no feeds that people can follow, so reposts are all")
    if not ctx.base:
        raise UserError(
            f"{platform} reads a feed from Weaver itself, which nobody outside can reach yet; "
            'first the operator sets address = "https://…" under [weaver]'
        )
    state.feed = how
    yield from _offer(ctx, route, state)
    return Answer(ctx.render("feed.md", route=route, how=how, was=was))


def _offer(ctx: Ctx, route: Route, state: RouteState) -> Iterator[Action]:
    """Offer a route's feed, unless it stands already; one that stood elsewhere is ended."""
    where = f"{route.audience.key} {ctx.base}"
    if state.feed_at == where and ctx.acts.state(state.feed_key) in STANDS:
        return
    how = state.feed
    yield from end(ctx, state, "The feed is offered from another place now.")
    number = 0
    while ctx.acts.state(key := ctx.key("feed", route.key, number)) is not None:
        number += 1
    state.feed, state.feed_key, state.feed_at = how, key, where
    about = ctx.render("about.md", route=route)
    whole = f"{about} {ctx.contact}".strip()
    yield OfferFeed(
        key,
        route.audience,
        f"#{route.shown}",
        whole if len(whole) <= LONGEST else about,
        why="A host gave the tag a feed, for people who want it quieter than reposts.",
    )


def end(ctx: Ctx, state: RouteState, why: str) -> Iterator[Action]:
    """End a route's feed, if it has one."""
    if state.feed_key:
        yield Undo(ctx.key("unfeed", state.feed_key), of=state.feed_key, why=why)
    state.feed = state.feed_key = state.feed_id = state.feed_at = ""


def keep_true(ctx: Ctx) -> Iterator[Action]:
    """End feeds whose route or address is gone, and offer anew what has moved."""
    routes = {route.key: route for route in routes_of(ctx)}
    mine = select(RouteState).where(
        RouteState.community == ctx.community.id, col(RouteState.feed) != ""
    )
    for state in ctx.db.exec(mine.order_by(RouteState.tag)).all():
        route = routes.get(state.tag)
        if route is None or not ctx.base or route.audience.platform not in ctx.feeds:
            yield from end(ctx, state, "The tag, or the address of its feed, is no longer there.")
        elif state.feed_at != f"{route.audience.key} {ctx.base}":
            yield from _offer(ctx, route, state)


@plugin.on(Delivered, prefix="feed")
def note_feed(event: Delivered, ctx: Ctx) -> Iterator[Action]:
    """Remember by which name a platform knows a feed."""
    state = _state(ctx, event.key)
    if state is not None:
        state.feed_id = event.receipt
    yield from ()


@plugin.listing
def listing(ctx: Ctx, asked: Asked) -> Listing | None:
    """The posts of a feed, those passed on last first.

    A post that may be shown all the while stands in exactly one part of it, whatever is passed on
    or taken back between two visits. UserError for a cursor that is none.
    """
    state = _state(ctx, asked.key)
    route = next((one for one in routes_of(ctx) if state and one.key == state.tag), None)
    if state is None or not state.feed or route is None:
        return None
    place = _place(asked.cursor) if asked.cursor else None
    posts: list[str] = []
    while True:
        rows = _rows(ctx, route, place)
        for row in rows:
            place = (row.passed_at or _EPOCH, row.number or 0)
            if _may_be_shown(ctx, route, row):
                posts.append(row.post.partition(":")[2])
            if len(posts) == asked.limit:
                return Listing(tuple(posts), _cursor(place))
        if len(rows) < BATCH:
            return Listing(tuple(posts))


def _state(ctx: Ctx, key: str) -> RouteState | None:
    mine = select(RouteState).where(
        RouteState.community == ctx.community.id, RouteState.feed_key == key
    )
    return ctx.db.exec(mine).first()


def _rows(ctx: Ctx, route: Route, place: Place | None) -> Sequence[Considered]:
    passed, number = col(Considered.passed_at), col(Considered.number)
    mine = select(Considered).where(
        Considered.community == ctx.community.id,
        Considered.route == route.key,
        Considered.state == "passed",
        Considered.audience == route.audience.key,
    )
    if place is not None:
        at, last = place
        mine = mine.where(or_(passed < at, and_(passed == at, number < last)))
    return ctx.db.exec(mine.order_by(passed.desc(), number.desc()).limit(BATCH)).all()


def _may_be_shown(ctx: Ctx, route: Route, row: Considered) -> bool:
    """Whether it was passed on there, still is, and its author has nothing against it now."""
    if not row.space.startswith(f"{route.audience.platform}:") or not row.member:
        return False
    word = ctx.consent.of(Member.of(row.member), PURPOSE)
    agreed = bool(word) if row.basis == "agreed" else word is not False
    return agreed and ctx.acts.state(row.key) == "done"


def _cursor(place: Place) -> str:
    return f"{(place[0] - _EPOCH) // _MICROSECOND}-{place[1]}"


def _place(cursor: str) -> Place:
    at, _, number = cursor.partition("-")
    if not (cursor.isascii() and at.isdecimal() and number.isdecimal()) or len(cursor) > LONGEST:
        raise UserError("there is no such cursor; begin without one")
    try:
        return _EPOCH + int(at) * _MICROSECOND, min(int(number), 2**31 - 1)
    except OverflowError:
        raise UserError("there is no such cursor; begin without one") from None
