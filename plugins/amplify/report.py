"""Tell hosts, once a month and when they ask, whether a route is worth having."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.api import Action, Answer, Button, Call, Context, Due, NotifyHosts, Recurrence, UserError
from plugins.amplify.description import plugin
from plugins.amplify.lift import WITHIN, Fate, Lift, lift
from plugins.amplify.logic import Route
from plugins.amplify.routes import route_named, routes_of
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Considered

Ctx = Context[Settings]
MONTHLY = Recurrence(
    datetime(2024, 1, 2, 9),  # noqa: DTZ001 - wall time; the second, so that the first may answer
    "UTC",
    "FREQ=MONTHLY",
)
LATE = timedelta(days=7)
LONGEST = 60
"""Days: what was not passed on is remembered for two months."""


def report_monthly(ctx: Ctx) -> None:
    """See that hosts hear once a month."""
    label = "Whether posts that are passed on are answered more often"
    ctx.schedule.repeat("lift", MONTHLY, label, grace=LATE)


@plugin.due("lift")
def tell_lift(due: Due, ctx: Ctx) -> Iterator[Action]:
    """Tell the hosts of each route what last month's posts met; say nothing of a silent one."""
    if due.missed:
        return
    until = due.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    for route in routes_of(ctx):
        found = _lift(ctx, route, since, until)
        if found.passed.n == 0:
            continue
        yield NotifyHosts(
            ctx.key("lift", route.key, due.local),
            _words(ctx, route, found, f"in {since:%B}"),
            why="Once a month hosts hear whether passing posts on helps.",
            buttons=_closing(route) if found.is_none else (),
        )


@plugin.command(audience="hosts")
def lift_(call: Call, ctx: Ctx, tag: str, days: int = 28) -> Answer:
    """Compare how often posts with TAG were answered, passed on or not, over the last DAYS days."""
    if not 1 <= days <= LONGEST:
        raise UserError(f"DAYS is between 1 and {LONGEST}, not {days}")
    route = route_named(ctx, tag)
    until = ctx.now - WITHIN
    found = _lift(ctx, route, until - timedelta(days=days), until)
    text = _words(ctx, route, found, f"over the {days} days up to yesterday")
    return Answer(text, buttons=_closing(route) if found.is_none else ())


def _words(ctx: Ctx, route: Route, found: Lift, when: str) -> str:
    return ctx.render("lift.md", route=route, found=found, when=when)


def _closing(route: Route) -> tuple[Button, ...]:
    deed = "pause" if route.is_set else "remove"
    return (Button(f"Close #{route.shown}", f"amplify {deed} {route.shown}"),)


def _lift(ctx: Ctx, route: Route, since: datetime, until: datetime) -> Lift:
    """What became of a route's posts of a while ago: each had its whole day to be answered."""
    mine = select(Considered).where(
        Considered.community == ctx.community.id,
        Considered.route == route.key,
        col(Considered.posted_at) >= since,
        col(Considered.posted_at) < until,
    )
    return lift(fate for row in ctx.db.exec(mine) if (fate := _fate(ctx, row)) is not None)


def _fate(ctx: Ctx, row: Considered) -> Fate | None:
    """What became of a post that was passed on, or one that stayed for no fault of its own."""
    stayed = row.state == "expired" or (row.state == "declined" and row.reasons == ["consent"])
    if row.state != "passed" and not stayed:
        return None
    logged = ctx.posts.about(row.post.partition(":")[2])
    if logged is None:
        return None
    return Fate(row.posted_at, row.passed_at if row.state == "passed" else None, logged.answered)
