"""Chats as a calendar (RFC 5545): one event a series, with what was moved, closed or called off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vRecur
from sqlmodel import col, select

from bot.api import Answer, Call, Member, UserError, to_local, to_utc, zone_named, zone_words
from plugins.chats.dates import Dates
from plugins.chats.series import Chats, dates_of, next_date, spaces_words
from plugins.chats.tables import Series
from plugins.chats.words import chat_words, length_words, questions_words

_YEARS = 8
"""How far ahead the changes of the clocks are told."""
TYPE = "text/calendar; charset=utf-8"
_BEHIND, _AHEAD = timedelta(days=366), 120
"""Closures are told this far back, and for so many dates to come."""


def feed(contexts: Sequence[Chats], about: str, base: str) -> bytes | None:
    """Give the calendar of one community or of several; ``about`` is a series' number or empty.

    ``base`` is the address that the events lead to, if it is known. None when there is no such
    series.
    """
    wanted = [
        (ctx, series)
        for ctx in contexts
        for series in _series(ctx)
        if about in ("", str(series.number))
    ]
    if about and not wanted:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Weaver//chats//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = contexts[0].community.name if len(contexts) == 1 else "Chats"
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
    for ctx, series in wanted:
        for event in events(ctx, series, base):
            calendar.add_component(event)
    first = min((int(series.start[:4]) for _, series in wanted), default=contexts[0].now.year)
    last = max(ctx.now.year for ctx in contexts) + _YEARS
    calendar.add_missing_timezones(date(first - 1, 1, 1), date(last, 1, 1))
    found: bytes = calendar.to_ical()
    return found


def calendar(call: Call, ctx: Chats, number: int = 0) -> Answer:
    """Give chat NUMBER, or all, as a calendar to save: weaver do chats calendar > chats.ics."""
    found = feed([ctx], str(number) if number else "", "")
    if found is None:
        raise UserError(f"there is no chat {number} here; chats list shows which there are")
    return Answer(found.decode())


def _series(ctx: Chats) -> list[Series]:
    """Every series there ever was: one that is cancelled is told as cancelled."""
    mine = select(Series).where(Series.community == ctx.community.id)
    return list(ctx.db.exec(mine.order_by(col(Series.number))))


def events(ctx: Chats, series: Series, base: str) -> Iterator[Event]:
    """The series as an event with its rule, then each date that is otherwise."""
    dates = dates_of(ctx, series)
    changed = list(_changed(ctx, series, dates))
    left_out = [local for local, placed in changed if placed is None and not _off(series, local)]
    main = _event(ctx, series, datetime.fromisoformat(series.start), base)
    if series.rule is not None:
        main.add("rrule", vRecur.from_ical(series.rule))
    if left_out and series.rule is not None:
        main.add("exdate", [_aware(local, series.zone) for local in left_out])
    yield main
    if series.cancelled_at is not None:
        return
    for local, placed in changed:
        if placed is None and local in left_out:
            continue
        event = _event(ctx, series, placed or local, base)
        event.add("recurrence-id", _aware(local, series.zone))
        if placed is None:
            event["status"] = "CANCELLED"
        yield event
    yield from _next(ctx, series, base, {local for local, _ in changed})


def _next(ctx: Chats, series: Series, base: str, changed: Iterable[datetime]) -> Iterator[Event]:
    """The next date with its topic, where there is one and the date is as planned."""
    following = next_date(ctx, series)
    if series.rule is None or not series.topic or following is None or following.local in changed:
        return
    event = _event(ctx, series, following.local, base)
    event.add("recurrence-id", _aware(following.local, series.zone))
    yield event


def _changed(
    ctx: Chats, series: Series, dates: Dates
) -> Iterator[tuple[datetime, datetime | None]]:
    """The dates that are moved, put off (with when they are), or left out (with None)."""
    for text in series.skipped:
        yield datetime.fromisoformat(text), None
    yield from dates.moved.items()
    closed = [one for one in dates.closures if one.how != "usual"]
    if not closed:
        return
    since = max(ctx.now - _BEHIND, to_utc(datetime.fromisoformat(series.start), series.zone))
    for one in series.recurrence.upcoming(since - timedelta(seconds=1), _AHEAD):
        placed_ = dates.placed(one.local)
        if one.local not in dates.moved and placed_ != one.local:
            yield one.local, _unless_met(dates, placed_)


def _unless_met(dates: Dates, placed: datetime | None) -> datetime | None:
    """When a date that was put off takes place; None where the series meets then anyway."""
    if placed is None:
        return None
    at = to_utc(placed, dates.times.zone)
    met = dates.upcoming(at - timedelta(seconds=1), 1)
    return placed if met and met[0].at == at and met[0].local != placed else None


def _off(series: Series, local: datetime) -> bool:
    """Whether hosts called a date off, rather than a closure."""
    return local.isoformat() in series.skipped


def _event(ctx: Chats, series: Series, starts: datetime, base: str) -> Event:
    """One event that starts at a wall-clock time of the series' zone."""
    aware = _aware(starts, series.zone)
    following = next_date(ctx, series)
    is_next = following is not None and to_local(following.at, series.zone) == starts
    event = Event()
    event.add("uid", _uid(ctx, series))
    event.add("dtstamp", ctx.now)
    event.add("created", series.created_at)
    event.add("sequence", series.revised)
    event.add("dtstart", aware)
    event.add("duration", timedelta(minutes=series.minutes))
    event.add("summary", _summary(ctx, series, topical=is_next))
    event.add("description", _description(ctx, series, topical=is_next))
    event.add("status", "CANCELLED" if series.cancelled_at else "CONFIRMED")
    if base:
        event.add("url", base)
    return event


def _uid(ctx: Chats, series: Series) -> str:
    """A name for good: made from the installation's secret, so that no two Weavers share it."""
    mark = ctx.key("feed", Member("series", f"{series.community}/{series.number}"))
    return f"chat-{series.number}-{mark.rpartition(':')[2]}@weaver"


def _summary(ctx: Chats, series: Series, *, topical: bool) -> str:
    chat = f"{ctx.community.name}: {chat_words(series.recurrence)}"
    return f"{chat}: {series.topic}" if topical and series.topic else chat


def _description(ctx: Chats, series: Series, *, topical: bool) -> str:
    count = len(series.prompts)
    script = f" {questions_words(count).capitalize()}." if topical and count else ""
    place = spaces_words(ctx, series)
    return (
        f"In {place}, {length_words(series.minutes)}, by {zone_words(series.zone)}.{script} "
        "Come late if you need to; late answers are welcome."
    )


def _aware(local: datetime, zone: str) -> datetime:
    found: Any = local.replace(tzinfo=zone_named(zone))
    assert isinstance(found, datetime)
    return found
