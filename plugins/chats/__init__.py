"""Hold the chats that hosts plan: announced, asked question by question, and wrapped up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot.api import (
    Action,
    CommunityOpened,
    Due,
    Member,
    Page,
    Plugin,
    clock_words,
    day_words,
    when_words,
    zone_named,
    zone_words,
)
from plugins.chats import desk, planning, steps
from plugins.chats.planning import Chats
from plugins.chats.settings import Settings
from plugins.chats.tables import ChatSession, Series
from plugins.chats.words import soon_words

plugin = Plugin("chats", package=__name__, settings=Settings, tables=[Series, ChatSession])
plugin.command(audience="hosts")(desk.schedule)
plugin.command(audience="hosts")(desk.cancel)
plugin.command(audience="hosts")(desk.restore)
plugin.command(audience="hosts")(desk.prompts)
plugin.command(audience="members")(desk.list_)


@plugin.on(CommunityOpened)
def stand(event: CommunityOpened, ctx: Chats) -> Iterator[Action]:
    """See that every series has its timers; one that is overdue is left to run or be missed."""
    for series in planning.all_series(ctx):
        due = ctx.schedule.next(f"open:{series.number}")
        if due is None or due > ctx.now:
            planning.plan(ctx, series)
    yield from ()


@plugin.due("announce")
def announce(due: Due, ctx: Chats) -> Iterator[Action]:
    """Say once that a chat is near; hosts are told when it has no prompts yet."""
    series = planning.series_numbered(ctx, due.payload["number"])
    session = planning.session_at(ctx, series, due.payload["local"])
    space = planning.space_of(ctx, series)
    if due.missed or ctx.now >= session.at or space is None:
        session.missed = [*session.missed, "announcement"]
    elif session.state == "planned":
        session.announced = True
        yield from steps.announce(ctx, series, session, space)


@plugin.due("open")
def open_chat(due: Due, ctx: Chats) -> Iterator[Action]:
    """Open the session that is due, or mark it missed, and look ahead to the next."""
    series = planning.series_numbered(ctx, due.payload["number"])
    session = planning.session_at(ctx, series, due.payload["local"])
    space = planning.space_of(ctx, series)
    since = due.at
    if due.missed:
        since = planning.miss(ctx, series, session)
    elif session.state == "planned" and space is None:
        session.state = "missed"
        yield steps.no_space(ctx, series, session)
    elif session.state == "planned" and space is not None:
        yield from steps.begin(ctx, series, session, space)
    planning.plan(ctx, series, since)


@plugin.due("step")
def step(due: Due, ctx: Chats) -> Iterator[Action]:
    """Ask the next question or wrap up; a step that was missed is marked, and the chat goes on."""
    series = planning.series_numbered(ctx, due.payload["number"])
    session = planning.session_at(ctx, series, due.payload["local"])
    if session.state != "open":
        return
    number: int = due.payload["step"]
    space = planning.space_of(ctx, series)
    if due.missed or space is None:
        yield from steps.leave_out(ctx, series, session, number)
    elif number > len(session.prompts):
        session.state = "done"
        yield steps.wrap_up(ctx, series, session, space)
    else:
        yield steps.ask(ctx, session, space, number)
        pace = timedelta(minutes=session.pace)
        planning.set_step(ctx, session, number + 1, ctx.now + pace)


@plugin.page
def ticket(ctx: Chats) -> Page | None:
    """Show the next chat as a ticket; nothing while none is planned."""
    coming = [
        (date, series)
        for series in planning.all_series(ctx)
        if (date := series.recurrence.after(ctx.now)) is not None
    ]
    if not coming:
        return None
    date, series = min(coming, key=lambda pair: (pair[0].at, pair[1].number))
    starts = date.at.astimezone(zone_named(series.zone))
    ends = (date.at + timedelta(minutes=series.minutes)).astimezone(zone_named(series.zone))
    today = planning.today_in(ctx, series)
    values = {
        **planning.session_words(series, series.topic, len(series.prompts), series.pace),
        "datetime": starts.isoformat(timespec="minutes"),
        "day": day_words(starts.date(), today),
        "starts": clock_words(starts.time()),
        "ends": clock_words(ends.time()),
        "zone": zone_words(series.zone),
        "soon": soon_words((starts.date() - today).days),
        "universal": when_words(date.at, "UTC", ctx.now),
    }
    return Page("Next chat", "ticket.html", values)


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase nothing: series and sessions are the community's and hold nobody's name."""


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell nothing: no table of chats holds anything of a member."""
    return {}
