"""Remember for two days that a tag was used, and raise the alarm when it is being taken over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from sqlmodel import col

from bot.api import Button, Context, NotifyHosts, Post
from plugins.amplify.alarm import KEPT, MOST, Alarm, Sighting, look, remember
from plugins.amplify.logic import Route
from plugins.amplify.people import is_young_at
from plugins.amplify.prints import ENOUGH, Print, print_of
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Seen

Ctx = Context[Settings]
_NOTE = sa.insert(Seen)
_LATEST = (
    sa.select(*(col(getattr(Seen, name)) for name in ("member", "at", "known", "tags", "link")))
    .add_columns(col(Seen.bits), col(Seen.words))
    .where(
        col(Seen.community) == sa.bindparam("here"),
        col(Seen.route) == sa.bindparam("this"),
        col(Seen.at) > sa.bindparam("since"),
    )
    .order_by(col(Seen.at).desc(), col(Seen.number).desc())
    .limit(MOST)
)
"""Both built once: they run for every post whose tag leads somewhere."""
_LET_THROUGH = (
    sa.update(Seen)
    .where(col(Seen.community) == sa.bindparam("here"), col(Seen.route) == sa.bindparam("this"))
    .values(known=True)
)


def note(ctx: Ctx, post: Post, route: Route, *, is_known: bool) -> list[Sighting]:
    """Write down a use of a tag, and return the latest ones, oldest first, with it at the end."""
    kept = ctx.recall("sightings", dict[str, list[Sighting]], Seen)
    earlier = kept[route.key] if route.key in kept else _latest(ctx, route)
    new = Sighting(
        post.author.key,
        ctx.now,
        is_known or route.is_calm,
        len(post.tags),
        post.has_link,
        print_of(post.text),
    )
    ctx.run(
        _NOTE,
        community=ctx.community.id,
        route=route.key,
        member=new.who,
        at=new.at,
        known=new.is_known,
        tags=new.tags,
        link=new.has_link,
        bits=new.text.bits,
        words=new.text.words,
    )
    seen = remember(earlier, new)
    kept = {**kept, route.key: seen}
    ctx.recall("sightings", lambda: kept, Seen)  # what was written is known
    return seen


def let_go_on(ctx: Ctx, route: Route) -> None:
    """Let nothing that was seen so far be a sign any more: ``alarm.let_through``, in the table."""
    ctx.run(_LET_THROUGH, here=ctx.community.id, this=route.key)


def repeated(earlier: Sequence[Sighting], author: str, text: Print) -> Literal["", "own", "others"]:
    """Whether much the same was said before, by the author or by others."""
    whose = {one.who for one in earlier if one.text.is_like(text)}
    if author in whose:
        return "own"
    return "others" if whose and text.words >= ENOUGH else ""


def alarm_of(ctx: Ctx, seen: Sequence[Sighting]) -> Alarm | None:
    """What is amiss with a tag, as its latest sightings show; None when nothing is."""
    if not ctx.settings.alarm:
        return None
    is_young = is_young_at(ctx.posts.began(), ctx.now)
    return look(seen, ctx.settings.most_tags, is_young=is_young)


def ways_on(route: Route) -> tuple[Button, ...]:
    """How a host lets a paused tag go on: after an alarm they say whether it is over, or theirs."""
    resume = f"amplify resume {route.shown}"
    if route.paused != "alarm":
        return (Button("Go on", resume),)
    ours = Button("It is ours: go on", f"amplify ours {route.shown}")
    return Button("It is over: go on", resume), ours


def notice(ctx: Ctx, route: Route, alarm: Alarm) -> NotifyHosts:
    """Tell the hosts what was seen and what they can do."""
    minutes = max(1, round(alarm.within.total_seconds() / 60))
    return NotifyHosts(
        ctx.key("alarm", route.key, ctx.now),
        ctx.render("alarm.md", route=route, alarm=alarm, minutes=minutes),
        why="A tag that unknown accounts are taking over is paused, and the hosts are told.",
        buttons=(
            *ways_on(route),
            Button("Only people known here", f"amplify members {route.shown} yes"),
            Button("Move to a new tag", f"amplify succeed {route.shown}"),
            Button("Take back what went out", f"amplify sweep {route.shown}"),
        ),
    )


def _latest(ctx: Ctx, route: Route) -> list[Sighting]:
    rows = ctx.run(_LATEST, here=ctx.community.id, this=route.key, since=ctx.now - KEPT).all()
    return [
        Sighting(who, at, known, tags, link, Print(bits, words))
        for who, at, known, tags, link, bits, words in reversed(rows)
    ]
