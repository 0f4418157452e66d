"""The book of what became of each post: finding a row, writing one, taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import col, or_, select

from bot.api import Action, Context, Grounds, Member, Post, Repost, Space, Undo
from plugins.amplify import words
from plugins.amplify.logic import PURPOSE, Basis, Decision
from plugins.amplify.routes import routes_of
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Considered

Ctx = Context[Settings]
GONE = ("cancelled", "undone")
"""States of an act that was taken back: such a post is never passed on again."""
OPEN = ("waiting", "held")
STATES = {"amplify": "waiting", "hold": "held", "decline": "declined"}
LONGEST_NUMBER = 9
BASES: dict[str, Basis] = {"asked": "asked", "follows": "follows"}
_KNOWN = sa.select(col(Considered.number)).where(
    col(Considered.community) == sa.bindparam("here"), col(Considered.key) == sa.bindparam("this")
)
_WRITE = sa.insert(Considered)
"""Both built once: they run for every post whose tag leads somewhere."""


def post_key(platform: str, post_id: str) -> str:
    """How the book names a post."""
    return f"{platform}:{post_id}"


def key_of(ctx: Ctx, post: Post, audience: Space) -> str:
    """The key of passing a post on to an audience, whichever communities share it."""
    return ctx.key("repost", audience.id, post, shared=True)


def is_undescribed(post: Post) -> bool:
    """Whether a picture of a post has no alt text."""
    return not all(post.pictures)


def is_known(ctx: Ctx, key: str) -> bool:
    """Whether it was decided before: once is for good, even when the post is forgotten here."""
    known = ctx.run(_KNOWN, here=ctx.community.id, this=key).first() is not None
    return known or ctx.acts.state(key) in GONE


def is_undone(ctx: Ctx, row: Considered) -> bool:
    """Whether the act was taken back without us: by its author's ``stop``, or by a block."""
    return ctx.acts.state(row.key) in GONE


def by_key(ctx: Ctx, key: str) -> Considered | None:
    """The row of an act."""
    mine = select(Considered).where(Considered.community == ctx.community.id, Considered.key == key)
    return ctx.db.exec(mine).first()


def write(ctx: Ctx, post: Post, key: str, decision: Decision) -> str:
    """Write down what was decided about a post; return why, in words."""
    why = words.why(decision)
    ctx.run(
        _WRITE,
        community=ctx.community.id,
        key=key,
        post=post_key(post.space.platform, post.id),
        space=post.space.key,
        audience=decision.route.audience.key,
        route=decision.route.key,
        member=post.author.key,
        state=STATES[decision.outcome],
        reasons=list(decision.reasons),
        why=why,
        basis=decision.basis or "",
        undescribed=is_undescribed(post),
        quietly=False,
        labelled=bool(post.labels),
        posted_at=post.at,
        seen_at=ctx.now,
    )
    return why


def rows_of(ctx: Ctx, platform: str, post_id: str) -> Sequence[Considered]:
    """What became of a post, by audience."""
    mine = select(Considered).where(
        Considered.community == ctx.community.id,
        Considered.post == post_key(platform, post_id),
    )
    return ctx.db.exec(mine.order_by(Considered.audience)).all()


def rows_of_member(ctx: Ctx, member: str, *states: str) -> Sequence[Considered]:
    """What became of somebody's posts, oldest first; in some states only."""
    mine = select(Considered).where(
        Considered.community == ctx.community.id, Considered.member == member
    )
    if states:
        mine = mine.where(col(Considered.state).in_(states))
    return ctx.db.exec(mine.order_by(col(Considered.number))).all()


def in_state(ctx: Ctx, state: str, route: str | None = None) -> Sequence[Considered]:
    """The posts of a community, or of a route, in a state, oldest first."""
    mine = select(Considered).where(
        Considered.community == ctx.community.id, Considered.state == state
    )
    if route is not None:
        mine = mine.where(Considered.route == route)
    return ctx.db.exec(mine.order_by(col(Considered.number))).all()


def named(ctx: Ctx, text: str) -> Sequence[Considered]:
    """The rows a person means: by number, by a post's id, or by a link that ends in it."""
    name = text.strip().rstrip("/")
    mine = select(Considered).where(Considered.community == ctx.community.id)
    number = name.removeprefix("#")
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        found = ctx.db.exec(mine.where(Considered.number == int(number))).all()
        if found:
            return found
    last = name.rpartition("/")[2]
    if not last or not last.isascii():
        return []
    post = col(Considered.post)
    ends = or_(
        post.endswith(f":{last}", autoescape=True), post.endswith(f"/{last}", autoescape=True)
    )
    return ctx.db.exec(mine.where(ends).order_by(Considered.audience)).all()


def space_of(ctx: Ctx, key: str) -> Space | None:
    """A space by its key; None when the community has it no more."""
    return next((space for space in ctx.community.spaces if space.key == key), None)


def link(ctx: Ctx, row: Considered) -> str:
    """Where a person can read a post; its id where there is no such place."""
    space, name = space_of(ctx, row.space), row.post.partition(":")[2]
    return (ctx.link(space, name) if space else "") or name


def release(ctx: Ctx, row: Considered) -> Iterator[Action]:
    """Pass a post on, now."""
    audience, origin = space_of(ctx, row.audience), space_of(ctx, row.space)
    if audience is None or origin is None:
        close(row, "declined", "The space it was said in, or the one it led to, is gone.")
        return
    row.state, row.passed_at = "passed", ctx.now
    route = next((one for one in routes_of(ctx) if one.key == row.route), None)
    tag = route.shown if route else row.route
    row.quietly = route is not None and route.feed == "only"
    yield Repost(
        row.key,
        audience,
        origin,
        row.post.partition(":")[2],
        tag=tag,
        card=words.card(origin.platform, tag, is_labelled=row.labelled),
        quietly=row.quietly,
        why=row.why,
        grounds=Grounds(Member.of(row.member), PURPOSE, BASES.get(row.basis, "agreed")),
    )


def close(row: Considered, state: str, why: str) -> None:
    """End a row that waits, with the reason."""
    row.state, row.why = state, why


def take_back(ctx: Ctx, rows: Iterable[Considered], why: str) -> Iterator[Action]:
    """Take posts back for good: what waits goes no further, and what was passed on is undone."""
    for row in rows:
        was, row.state, row.why = row.state, "undone", why
        if was in ("passed", "failed"):
            yield Undo(ctx.key("undo", row.key, shared=True), of=row.key, why=why)


def forget_post(row: Considered) -> None:
    """Blot out which post it was and whose; the key stays, so that it is never passed on again."""
    row.post = row.member = ""
    if row.state in OPEN:
        row.state = "undone"
