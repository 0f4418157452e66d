"""What hosts say about routes: where a tag leads, how people say yes, and what else goes."""

from __future__ import annotations

from collections.abc import Generator

from sqlmodel import col, delete

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    Space,
    UserError,
    join_words,
)
from plugins.amplify import book, feeds, words
from plugins.amplify.description import plugin
from plugins.amplify.logic import Alt, Asks
from plugins.amplify.routes import (
    Ctx,
    audiences_in_words,
    notes_on,
    refuse_set,
    refuse_taken,
    route_named,
    routes_of,
    state_of,
)
from plugins.amplify.succession import endings, forget_end, offers
from plugins.amplify.tables import Alias, HostRoute, RouteState
from plugins.amplify.tags import bare, is_tag, tag_key, year_in

WAYS: dict[Asks, str] = {
    "tag": "By the tag itself",
    "follows": "By following or naming the amplifier",
    "yes": "By saying yes to Weaver",
}


@plugin.command(audience="hosts")
def add(call: Call, ctx: Ctx, tag: str, audience: Space, asks: Asks | None = None) -> Answer:
    """Lead TAG to AUDIENCE; ASKS is how people say yes: by the tag, by following, or to Weaver."""
    _refuse_no_tag(tag)
    if audience.purpose != "audience":
        raise UserError(f"{audience.name} is no audience; {audiences_in_words(ctx)}")
    refuse_taken(ctx, tag)
    name = bare(tag)
    if asks is None:
        way = [
            Button(label, f'amplify add {name} "{audience.id}" {way}')
            for way, label in WAYS.items()
        ]
        return Answer(ctx.render("ask.md", tag=name, audience=audience), buttons=tuple(way))
    forget_end(ctx, tag)
    ctx.db.merge(
        HostRoute(
            community=ctx.community.id,
            tag=tag_key(tag),
            shown=name,
            audience=audience.key,
            asks=asks,
            at=ctx.now,
        )
    )
    year = year_in(name, ctx.now.date())
    values = {"tag": name, "audience": audience.name, "asks": asks, "year": year}
    text = ctx.render("add.md", notes=notes_on(ctx, name), **values)
    return Answer(text, buttons=offers(ctx, name) if year else ())


@plugin.command(audience="hosts")
def alias(call: Call, ctx: Ctx, tag: str, other: str, keep: bool = True) -> Answer:
    """Let OTHER, a typo or an old name, lead where TAG leads; KEEP no takes it away again."""
    route = route_named(ctx, tag)
    _refuse_no_tag(other)
    row = ctx.db.get(Alias, (ctx.community.id, tag_key(other)))
    if keep:
        refuse_taken(ctx, other)
        ctx.db.merge(
            Alias(
                community=ctx.community.id,
                alias=tag_key(other),
                shown=bare(other),
                tag=route.key,
            )
        )
        said = f"#{bare(other)} now leads where #{route.shown} leads. A post with both goes once."
        return Answer(" ".join([said, *notes_on(ctx, other)]))
    if row is None or row.tag != route.key:
        raise UserError(
            f"#{bare(other)} was given to #{route.shown} by no command; see: amplify list"
        )
    ctx.db.delete(row)
    return Answer(f"#{bare(other)} leads nowhere any more. #{route.shown} stays as it is.")


@plugin.command(audience="hosts")
def remove(call: Call, ctx: Ctx, tag: str) -> Generator[Action, None, Answer]:
    """Stop passing on posts with TAG; what was passed on stays."""
    route = route_named(ctx, tag)
    refuse_set(route)
    yield from feeds.end(ctx, state_of(ctx, route), "A host closed the tag.")
    ctx.db.flush()
    where = (col(Alias.community) == ctx.community.id, col(Alias.tag) == route.key)
    ctx.db.exec(delete(Alias).where(*where))
    for model in (HostRoute, RouteState):
        row = ctx.db.get(model, (ctx.community.id, route.key))
        if row is not None:
            ctx.db.delete(row)
    for state in book.OPEN:
        for row in book.in_state(ctx, state, route.key):
            book.close(row, "declined", "The hosts closed the tag before its turn came.")
    return Answer(ctx.render("remove.md", route=route))


@plugin.command(audience="hosts")
def replies(call: Call, ctx: Ctx, tag: str, on: bool) -> Answer:
    """Pass on answers with TAG, too, and not only what begins a conversation: ON yes or no."""
    route = route_named(ctx, tag)
    state_of(ctx, route).replies = on
    return Answer(
        f"From now on answers that carry #{route.shown} go to {route.audience.name}, too. There "
        "people read them without what they answer; to stop that: "
        f"amplify replies {route.shown} no"
        if on
        else f"With #{route.shown}, only what begins a conversation is passed on from now on."
    )


@plugin.command(audience="hosts")
def alt(call: Call, ctx: Ctx, tag: str, how: Alt) -> Answer:
    """Say HOW pictures with TAG that have no alt text are treated: they go last, wait, or alike."""
    route = route_named(ctx, tag)
    state_of(ctx, route).alt = how
    return Answer(ctx.render("alt.md", route=route, how=how))


@plugin.command(audience="hosts")
def across(call: Call, ctx: Ctx, tag: str, on: bool) -> Answer:
    """Link to posts with TAG from other platforms, too, where the tag leads: ON yes or no."""
    route = route_named(ctx, tag)
    state_of(ctx, route).across = on
    spaces = {space.platform for space in ctx.community.spaces} - {route.audience.platform}
    names = join_words([words.platform_words(one) for one in sorted(spaces)])
    return Answer(ctx.render("across.md", route=route, on=on, names=names))


@plugin.command(audience="members")
def list_(call: Call, ctx: Ctx) -> Answer:
    """List the tags that lead somewhere, and what each asks of you."""
    over = [row for row in endings(ctx) if row.ended]
    routes = routes_of(ctx)
    found = {route.key: ctx.link(route.audience, route.feed_id) for route in routes if route.feed}
    return Answer(ctx.render("list.md", routes=routes, over=over, feeds=found))


def _refuse_no_tag(tag: str) -> None:
    if not is_tag(tag):
        raise UserError(f'"{tag}" is no hashtag; write one word, like TallyMathMS')
