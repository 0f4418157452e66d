"""Which routes a community has now: the operator's, the hosts', and how each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal

from sqlmodel import col, select

from bot.api import Context, Space, UserError, join_words
from plugins.amplify.logic import Alt, Asks, Route
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Alias, HostRoute, RouteState, Succession
from plugins.amplify.tags import SIGNS, bare, spoken, tag_key

Ctx = Context[Settings]
PAUSES: Mapping[str, Literal["", "host", "alarm"]] = {"host": "host", "alarm": "alarm"}
ALTS: Mapping[str, Alt] = {"require": "require", "no": "no"}
FEEDS: Mapping[str, Literal["", "yes", "only"]] = {"yes": "yes", "only": "only"}
ASKS: Mapping[str, Asks] = {"tag": "tag", "follows": "follows"}


def routes_of(ctx: Ctx) -> list[Route]:
    """All routes that lead somewhere: the operator's as declared, then the hosts' by tag."""
    tables = (HostRoute, Alias, RouteState, Succession)
    return [
        replace(route, is_calm=True) if until and until > ctx.now else route
        for route, until in ctx.recall("routes", partial(_read, ctx), *tables)
    ]


def _read(ctx: Ctx) -> list[tuple[Route, datetime | None]]:
    """Every route, and up to when no alarm is raised on it."""
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
    return [(route, until) for route, until in _as_they_stand(ctx, found) if route.keys]


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


def unheard(ctx: Ctx, tag: str) -> str:
    """A sentence for the host when Weaver does not hear a tag; empty when it does.

    Where hashtags are spaces, as on Bluesky, only those of the community are listened to.
    """
    tags = [space for space in ctx.community.spaces if space.id[:1] in tuple(SIGNS)]
    if not tags or any(tag_key(space.id) == tag_key(tag) for space in tags):
        return ""
    return (
        f"Weaver does not hear #{bare(tag)} by itself where hashtags are spaces: its posts are "
        f"noticed only beside another tag, until the operator adds a space #{bare(tag)}."
    )


def notes_on(ctx: Ctx, tag: str) -> list[str]:
    """What a host should hear of a name for a tag: that it reads badly aloud, or is not heard."""
    aloud = spoken(tag, [space.name for space in ctx.community.spaces])
    return [note for note in (aloud, unheard(ctx, tag)) if note]


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
            mine = (
                f"leads to {route.audience.name} already; first say: amplify remove {route.shown}"
            )
            raise UserError(f"the route for #{bare(tag)} {whose if route.is_set else mine}")


def refuse_set(route: Route) -> None:
    """Refuse to change by command what the operator's settings declare."""
    if route.is_set:
        raise UserError(
            f"the route for #{route.shown} is set by the operator; change it in the settings, or "
            f"pause it with: amplify pause {route.shown}"
        )


def _as_they_stand(ctx: Ctx, routes: list[Route]) -> Iterator[tuple[Route, datetime | None]]:
    """The routes with what hosts said of them since: aliases, pauses, names that gave way."""
    here = ctx.community.id
    aliases: dict[str, tuple[str, ...]] = {}
    for row in ctx.db.exec(select(Alias).where(Alias.community == here).order_by(Alias.alias)):
        aliases[row.tag] = (*aliases.get(row.tag, ()), row.shown)
    states = {
        row.tag: row for row in ctx.db.exec(select(RouteState).where(RouteState.community == here))
    }
    over = select(Succession).where(Succession.community == here, col(Succession.ended))
    ended = {row.old: row.new_shown for row in ctx.db.exec(over)}
    for route in routes:
        state = states.get(route.key)
        stands = replace(
            route,
            aliases=(*route.aliases, *aliases.get(route.key, ())),
            paused=PAUSES.get(state.paused, "") if state else "",
            members_only=state is not None and state.members_only,
            replies=state is not None and state.replies,
            across=state is not None and state.across,
            feed=FEEDS.get(state.feed, "") if state else "",
            feed_id=state.feed_id if state else "",
            alt=ALTS.get(state.alt, "prefer") if state else "prefer",
            ended=frozenset(ended),
            successor=ended.get(route.key, ""),
        )
        yield stands, state.calm_until if state else None
