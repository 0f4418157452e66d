"""Chats as anybody may read them: what is to come, and what was said by people who said yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.api import (
    Occurrence,
    Page,
    Visit,
    clock_words,
    day_words,
    to_local,
    when_words,
    zone_named,
)
from plugins.chats import transcript
from plugins.chats.planning import address_of, sessions
from plugins.chats.series import Chats, all_series, dates_of, next_date, series_words
from plugins.chats.tables import ChatSession, Series
from plugins.chats.words import chat_words, rhythm_words

_DATES, _PAST = 8, 60
"""Dates to come, and sessions gone by, that a page lists."""


def page(ctx: Chats, visit: Visit) -> Page | None:
    """Show a community's chats, one series (``3``), or one session of it (``3/2026-05-19``)."""
    number, _, day = visit.about.partition("/")
    if not ctx.settings.pages or (number and not number.isdecimal()):
        return None
    if not number:
        return _community(ctx, visit)
    series = ctx.db.get(Series, (ctx.community.id, int(number)))
    if series is None:
        return None
    if not day:
        return _series(ctx, series, visit)
    session = session_of(ctx, series, day)
    return None if session is None else _session(ctx, series, session, visit)


def session_of(ctx: Chats, series: Series, day: str) -> ChatSession | None:
    """The session that was planned for a day and has begun; None when there is none."""
    planned = select(ChatSession).where(
        ChatSession.community == series.community,
        ChatSession.number == series.number,
        col(ChatSession.local).startswith(f"{day}T", autoescape=True),
        col(ChatSession.state).in_(("open", "done")),
    )
    return ctx.db.exec(planned).first()


def webcal(base: str, *about: str | int) -> str:
    """Where calendars subscribe: ``webcal://``, so that a press opens the reader's own calendar."""
    place = base.partition("://")[2]
    return f"webcal://{place}calendar/{'/'.join(map(str, about))}.ics"


def _community(ctx: Chats, visit: Visit) -> Page:
    """All that a community has planned, and its last sessions."""
    chats = [
        {
            "number": series.number,
            "chat": chat_words(series.recurrence),
            "rhythm": rhythm_words(series.recurrence),
            "topic": series.topic,
            "next": _date(ctx, series, next_date(ctx, series)),
        }
        for series in all_series(ctx)
        if next_date(ctx, series) is not None
    ]
    values = {
        "community": ctx.community.id,
        "name": ctx.community.name,
        "chats": chats,
        "past": list(_past(ctx)),
        "webcal": webcal(visit.base, ctx.community.id),
    }
    return Page("Chats", "public.html", values)


def _series(ctx: Chats, series: Series, visit: Visit) -> Page:
    """One series: its next dates and topic, its calendar, and its archive."""
    dates = [] if series.cancelled_at else dates_of(ctx, series).upcoming(ctx.now, _DATES)
    chat = chat_words(series.recurrence)
    values = {
        **series_words(series),
        "community": ctx.community.id,
        "name": ctx.community.name,
        "chat": chat,
        "rhythm": rhythm_words(series.recurrence),
        "cancelled": series.cancelled_at is not None,
        "topic": series.topic,
        "dates": [_date(ctx, series, one) for one in dates],
        "past": list(_past(ctx, series.number)),
        "webcal": webcal(visit.base, ctx.community.id, series.number),
    }
    return Page(f"{chat[:1].upper()}{chat[1:]}", "public_series.html", values)


def _session(ctx: Chats, series: Series, session: ChatSession, visit: Visit) -> Page:
    """One session: every question, with the words of people who let everybody read them.

    While answers still count nothing is shown of them.
    """
    over = session.closed_at is not None
    found = transcript.contents(ctx, series, session, visit.withheld)
    chat = chat_words(series.recurrence)
    zone = zone_named(series.zone)
    values = {
        **found,
        "community": ctx.community.id,
        "name": ctx.community.name,
        "number": series.number,
        "over": over,
        "shape": transcript.shape_of(ctx, session) if over else None,
        "title": session.topic or f"{chat[:1].upper()}{chat[1:]}",
        "datetime": session.at.astimezone(zone).isoformat(timespec="minutes"),
        "stamp": lambda at: at.astimezone(zone).isoformat(timespec="minutes"),
        "clock": lambda at: _near(ctx, series, session, at),
        "following": _date(ctx, series, next_date(ctx, series)),
        "next_topic": series.topic,
    }
    people = transcript.people_shown(ctx, session) if over else frozenset[str]()
    return Page(values["title"], "public_session.html", values, people=people)


def _near(ctx: Chats, series: Series, session: ChatSession, at: datetime) -> str:
    """Say when something was said: the time, and the day when it was another."""
    local, began = to_local(at, series.zone), to_local(session.at, series.zone)
    said = clock_words(local.time())
    return said if local.date() == began.date() else f"{day_words(local.date())}, {said}"


def _past(ctx: Chats, number: int = 0) -> Iterator[Mapping[str, Any]]:
    """The last sessions whose transcripts are ready, latest first."""
    ready = [one for one in sessions(ctx, "done", number=number) if one.closed_at is not None]
    for session in ready[:_PAST]:
        series = ctx.db.get(Series, (session.community, session.number))
        if series is not None:
            chat = chat_words(series.recurrence)
            yield {
                "title": session.topic or f"{chat[:1].upper()}{chat[1:]}",
                "when": when_words(session.at, series.zone, ctx.now),
                "link": f"/{address_of(session)}",
            }


def _date(ctx: Chats, series: Series, date: Occurrence | None) -> Mapping[str, str] | None:
    """A date to come as a page says it, for people and for machines."""
    if date is None:
        return None
    stamp = date.at.astimezone(zone_named(series.zone)).isoformat(timespec="minutes")
    return {"words": when_words(date.at, series.zone, ctx.now), "stamp": stamp}
