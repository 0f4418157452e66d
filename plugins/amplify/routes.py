"""Which routes a community has now: the operator's, the hosts', and how each stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlmodel import col, select

from bot.api import Context, Space, UserError, join_words
from plugins.amplify.logic import Asks, Route
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Alias, HostRoute, RouteState, Succession
from plugins.amplify.tags import bare, tag_key

Ctx = Context[Settings]
PAUSES: Mapping[str, Literal["", "host", "alarm"]] = {"host": "host", "alarm": "alarm"}
ASKS: Mapping[str, Asks] = {"tag": "tag", "follows": "follows"}


def routes_of(ctx: Ctx) -> list[Route]:
    """All routes that lead somewhere: the operator's as declared, then the hosts' by tag."""
    found = [
        Route(one.tag, audience, one.asks, tuple(one.aliases), is_set=True)
        for one in ctx.settings.routes
        if (audience := audience_named(ctx, one.audience))
    ]
    audiences = {space.key: space for space in ctx.community.for_("audience")}
    own = select(HostRoute).where(HostRoute.community == ctx.community.id)
    found += [
        Route(row.shown, audiences[row.audience], ASKS.get(row.asks, "yes"))
        for row in ctx.db.exec(own.order_by(HostRoute.tag))
        if row.audience in audiences
    ]
    return [_as_it_stands(ctx, route) for route in found]


def route_named(ctx: Ctx, tag: str) -> Route:
    """The route that a tag, or another spelling of it, leads by; UserError when there is none."""
    for route in routes_of(ctx):
        if tag_key(tag) in route.keys:
            return route
    raise UserError(f"there is no route for #{bare(tag)}; see them with: amplify list")


def audience_named(ctx: Ctx, name: str) -> Space | None:
    """The audience of that name; None when there is none."""
    space = ctx.community.space_named(name)
    return space if space and space.purpose == "audience" else None


def audiences_in_words(ctx: Ctx) -> str:
    """Which audiences there are to choose from."""
    names = join_words([space.name for space in ctx.community.for_("audience")], "or")
    return f"choose {names}" if names else "this community has no space of that purpose yet"


def state_of(ctx: Ctx, route: Route) -> RouteState:
    """The row that says how a route stands, made when it is first needed."""
    row = ctx.db.get(RouteState, (ctx.community.id, route.key))
    if row is None:
        row = RouteState(community=ctx.community.id, tag=route.key)
        ctx.db.add(row)
    return row


def refuse_taken(ctx: Ctx, tag: str) -> None:
    """Refuse a tag that leads somewhere already, saying where."""
    for route in routes_of(ctx):
        if tag_key(tag) in route.keys:
            whose = "is set by the operator; change it in the settings"
            mine = f"leads to {route.audience.name} already; first say: amplify remove {route.tag}"
            raise UserError(f"the route for #{bare(tag)} {whose if route.is_set else mine}")


def refuse_set(route: Route) -> None:
    """Refuse to change by command what the operator's settings declare."""
    if route.is_set:
        raise UserError(
            f"the route for #{route.tag} is set by the operator; change it in the settings, or "
            f"pause it with: amplify pause {route.tag}"
        )


def _as_it_stands(ctx: Ctx, route: Route) -> Route:
    mine = select(Alias.shown).where(
        Alias.community == ctx.community.id, col(Alias.tag) == route.key
    )
    more = ctx.db.exec(mine.order_by(Alias.alias)).all()
    over = select(Succession.old).where(
        Succession.community == ctx.community.id, col(Succession.ended)
    )
    ended = frozenset(ctx.db.exec(over).all())
    row = ctx.db.get(RouteState, (ctx.community.id, route.key))
    return Route(
        route.tag,
        route.audience,
        route.asks,
        (*route.aliases, *more),
        PAUSES.get(row.paused, "") if row else "",
        row is not None and row.members_only,
        route.is_set,
        ended,
    )
