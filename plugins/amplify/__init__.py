"""Pass a sub-community's posts on to the people who follow it: once, and with consent."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.api import (
    Action,
    Answer,
    Call,
    CommunityOpened,
    Context,
    LeaveAlone,
    Member,
    NotifyHosts,
    Plugin,
    Post,
    PostDeleted,
    PostEdited,
    PostSeen,
    Repost,
    Space,
    Undo,
    UserError,
    join_words,
)
from plugins.amplify.logic import (
    PURPOSE,
    Amplify,
    Asks,
    Route,
    bare,
    decide,
    is_tag,
    matching,
    tag_key,
)
from plugins.amplify.settings import Settings
from plugins.amplify.tables import HostRoute, PassedOn

plugin = Plugin("amplify", package=__name__, settings=Settings, tables=[HostRoute, PassedOn])
plugin.purpose(PURPOSE, "pass your tagged posts on")

GONE = ("cancelled", "undone")
"""States of an act that was taken back: such a post is never passed on again."""


@plugin.on(CommunityOpened)
def check_routes(event: CommunityOpened, ctx: Context[Settings]) -> Iterator[Action]:
    """Tell the hosts, once, of a set route that leads nowhere."""
    for setting in ctx.settings.routes:
        if _audience(ctx, setting.audience) is None:
            yield NotifyHosts(
                ctx.key("nowhere", tag_key(setting.tag), setting.audience),
                ctx.render("nowhere.md", tag=setting.tag, audience=setting.audience),
                why="A route in the settings names an audience that this community does not have.",
            )


@plugin.on(PostSeen)
def pass_on(event: PostSeen, ctx: Context[Settings]) -> Iterator[Action]:
    """Pass a post on to each audience a tag of it leads to, or record why it stays."""
    if not event.post.tags:
        return
    post = event.post
    word = ctx.consent.of(post.author, PURPOSE)
    for decision in decide(post, _routes(ctx), word, ctx.now):
        if not isinstance(decision, Amplify):
            key = ctx.key("leave", decision.audience.id, post)
            yield LeaveAlone(key, post.space, post.id, why=decision.why)
            continue
        key = ctx.key("repost", decision.audience.id, post, shared=True)
        if ctx.acts.state(key) in GONE:
            continue
        _remember(ctx, post, decision.audience, key)
        yield Repost(
            key,
            decision.audience,
            post.space,
            post.id,
            why=decision.why,
            grounds=decision.grounds,
        )


@plugin.on(PostEdited)
def follow_edit(event: PostEdited, ctx: Context[Settings]) -> Iterator[Action]:
    """Take a post back from the audiences that none of its tags leads to any more."""
    kept = {space.key for space in matching(event.post.tags, _routes(ctx))}
    gone = [row for row in _passed_on(ctx, event.space, event.post.id) if row.audience not in kept]
    yield from _take_back(ctx, gone, "It was edited, and no tag in it leads here any more.")


@plugin.on(PostDeleted)
def follow_deletion(event: PostDeleted, ctx: Context[Settings]) -> Iterator[Action]:
    """Take a post that is gone back from every audience."""
    rows = _passed_on(ctx, event.space, event.post_id)
    yield from _take_back(ctx, rows, "The post is gone, so it is not passed on any more either.")


@plugin.command(audience="hosts")
def route(call: Call, ctx: Context[Settings], tag: str, audience: Space, asks: Asks) -> Answer:
    """Pass posts with TAG on to AUDIENCE; ASKS says how: by tag, or by the author's yes."""
    if not is_tag(tag):
        raise UserError(f'"{tag}" is no hashtag; write one word, like TallyMathMS')
    if audience.purpose != "audience":
        raise UserError(f"{audience.name} is no audience; {_audiences_in_words(ctx)}")
    _refuse_set(ctx, tag)
    ctx.db.merge(
        HostRoute(
            community=ctx.community.id,
            tag=tag_key(tag),
            shown=bare(tag),
            audience=audience.key,
            asks=asks,
            at=ctx.now,
        )
    )
    return Answer(ctx.render("route.md", tag=bare(tag), audience=audience.name, asks=asks))


@plugin.command(audience="hosts")
def remove(call: Call, ctx: Context[Settings], tag: str) -> Answer:
    """Stop passing on posts with TAG; what was passed on stays."""
    _refuse_set(ctx, tag)
    row = ctx.db.get(HostRoute, (ctx.community.id, tag_key(tag)))
    if row is None:
        raise UserError(f"there is no route for #{bare(tag)}; see them with: amplify routes")
    ctx.db.delete(row)
    return Answer(ctx.render("remove.md", tag=row.shown))


@plugin.command(audience="members")
def routes(call: Call, ctx: Context[Settings]) -> Answer:
    """List the tags that lead somewhere, and what each asks of you."""
    return Answer(ctx.render("routes.md", routes=_routes(ctx)))


@plugin.command(audience="members")
def yes(call: Call, ctx: Context[Settings]) -> Answer:
    """Say yes to having your tagged posts passed on, from now on."""
    ctx.consent.record(call.member, PURPOSE, True)
    return Answer(ctx.render("yes.md", routes=_routes(ctx)))


@plugin.command(audience="members")
def no(call: Call, ctx: Context[Settings]) -> Generator[Action, None, Answer]:
    """Say no to having your posts passed on, and take back those that are."""
    ctx.consent.record(call.member, PURPOSE, False)
    mine = select(PassedOn).where(
        PassedOn.community == ctx.community.id, PassedOn.member == call.member.key
    )
    rows = ctx.db.exec(mine.order_by(col(PassedOn.at), PassedOn.post, PassedOn.audience)).all()
    yield from _take_back(ctx, rows, "Its author asked not to be passed on.")
    return Answer(ctx.render("no.md", count=len(rows)))


@plugin.command(audience="members")
def status(call: Call, ctx: Context[Settings]) -> Answer:
    """Tell what you said about being passed on, and what follows from it."""
    word = ctx.consent.of(call.member, PURPOSE)
    asking = [route for route in _routes(ctx) if route.asks == "tag"]
    return Answer(ctx.render("status.md", word=word, asking=asking))


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase which posts of a member are passed on."""
    db.exec(delete(PassedOn).where(col(PassedOn.member) == member.key))


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell which posts of a member are passed on, where and since when."""
    rows = db.exec(select(PassedOn).where(PassedOn.member == member.key).order_by(col(PassedOn.at)))
    return {
        "passed_on": [
            {
                "community": row.community,
                "post": row.post,
                "audience": row.audience,
                "since": row.at.isoformat(),
            }
            for row in rows
        ]
    }


def _routes(ctx: Context[Settings]) -> list[Route]:
    """All routes that lead somewhere: the operator's as declared, then the hosts' by tag."""
    found = [
        Route(setting.tag, audience, setting.asks, tuple(setting.aliases))
        for setting in ctx.settings.routes
        if (audience := _audience(ctx, setting.audience))
    ]
    audiences = {space.key: space for space in ctx.community.for_("audience")}
    own = select(HostRoute).where(HostRoute.community == ctx.community.id)
    for row in ctx.db.exec(own.order_by(HostRoute.tag)):
        if row.audience in audiences:
            asks: Asks = "tag" if row.asks == "tag" else "yes"
            found.append(Route(row.shown, audiences[row.audience], asks))
    return found


def _audience(ctx: Context[Settings], name: str) -> Space | None:
    space = ctx.community.space_named(name)
    return space if space and space.purpose == "audience" else None


def _audiences_in_words(ctx: Context[Settings]) -> str:
    names = join_words([space.name for space in ctx.community.for_("audience")], "or")
    return f"choose {names}" if names else "this community has no space of that purpose yet"


def _refuse_set(ctx: Context[Settings], tag: str) -> None:
    for setting in ctx.settings.routes:
        if tag_key(tag) in map(tag_key, (setting.tag, *setting.aliases)):
            raise UserError(
                f"the route for #{bare(tag)} is set by the operator; change it in the settings"
            )


def _post_key(space: Space, post_id: str) -> str:
    return f"{space.platform}:{post_id}"


def _remember(ctx: Context[Settings], post: Post, audience: Space, key: str) -> None:
    ctx.db.merge(
        PassedOn(
            community=ctx.community.id,
            post=_post_key(post.space, post.id),
            audience=audience.key,
            key=key,
            member=post.author.key,
            at=ctx.now,
        )
    )


def _passed_on(ctx: Context[Settings], space: Space, post_id: str) -> list[PassedOn]:
    rows = select(PassedOn).where(
        PassedOn.community == ctx.community.id, PassedOn.post == _post_key(space, post_id)
    )
    return list(ctx.db.exec(rows.order_by(PassedOn.audience)))


def _take_back(ctx: Context[Settings], rows: Iterable[PassedOn], why: str) -> Iterator[Action]:
    """Undo reposts and forget them. The ledger keeps their keys, so they are never made again."""
    for row in rows:
        ctx.db.delete(row)
        yield Undo(ctx.key("undo", row.key, shared=True), of=row.key, why=why)
