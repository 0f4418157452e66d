"""From a host's words to the times they mean; what may mean two things is asked, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.api import (
    Recurrence,
    UserError,
    clock_words,
    to_local,
    to_utc,
    zone_named,
    zone_words,
)
from plugins.chats.clock import Words, take_span, take_time
from plugins.chats.days import NAMES, Days, check_weekday, date_words, passed, take_date, take_days
from plugins.chats.doubt import Unclear
from plugins.chats.zones import zone_called

_EXAMPLES = (
    'write it like "Tuesdays 7:30 pm", "every other Wednesday at 12:30", '
    '"first Tuesday of the month 19:00 Europe/Dublin" or "3 December 2026 20:00"'
)
_PLACE = r"(?<![\w/])[a-z]+(?:/[a-z][a-z0-9_+-]*)+"
_FILLERS = frozenset(
    {"at", "on", "in", "the", "of", "and", "from", "starting", "beginning", "time", "a", "by"}
)


@dataclass(frozen=True, slots=True)
class When:
    """The times somebody asked for, and whether they named the zone."""

    recurrence: Recurrence
    said_zone: bool
    minutes: int = 0
    """How long it takes, where somebody said from when to when."""


def times_meant(text: str, now: datetime, zone: str) -> When:
    """Read "Tuesdays 7:30 pm London" and its like; ``zone`` holds where none is named.

    Raises Unclear with a question and its readings for whatever may mean two things, and UserError
    for a time in the past or one that a change of the clocks leaves out or repeats.
    """
    try:
        return _times_meant(text, now, zone)
    except Unclear as doubt:
        raise doubt.within(text) from None


def _times_meant(text: str, now: datetime, zone: str) -> When:
    words = Words(text)
    found = words.take(_PLACE)
    named = zone_called(found[0]) if found else None
    relative = re.search(r"\b(today|tonight|tomorrow|this evening)\b", words.left, re.IGNORECASE)
    today = to_local(now, named or zone).date()
    day = take_date(words, today)
    days = take_days(words)
    at, minutes = take_span(words)
    place = _left_over(words)
    if place and named:
        raise UserError(f"Weaver does not understand {place!r} in that; {_EXAMPLES}")
    named = named or (zone_called(place) if place else None)
    there = to_local(now, named or zone).date()
    if relative and there != to_local(now, zone).date():
        raise UserError(
            f"it is another day in {zone_words(named or zone).removesuffix(' time')} already or "
            f"still; write the date instead of {relative[0]!r}, like 3 December 2026"
        )
    if day is not None:
        check_weekday(day, days)
    return When(_recurrence(day, at, days, named or zone, now), named is not None, minutes)


def moment_meant(text: str, now: datetime, zone: str, usual: datetime) -> datetime:
    """Read where one date goes: "8 pm" the same day, "4 March" at the same time, or both.

    ``usual`` is the wall-clock time at which it would take place, as the result is, in ``zone``.
    """
    words = Words(text)
    day = take_date(words, to_local(now, zone).date())
    days = take_days(words)
    at = usual.time() if day is not None and not re.search(r"\d|noon", words.left) else None
    at = at or take_time(words)
    if _left_over(words):
        raise UserError(
            f"Weaver does not understand {_left_over(words)!r} in that; write the new time in the "
            'chat\u2019s own zone, like "8 pm" or "Wednesday 4 March 8 pm"'
        )
    day = day or usual.date()
    check_weekday(day, days)
    return _once(day, at, days, zone, now).start


def day_meant(text: str, today: date) -> date:
    """Read one date, such as "2026-05-19", "Tuesday 19 May" or "tomorrow"."""
    words = Words(text)
    day = take_date(words, today)
    days = take_days(words)
    if day is None or _left_over(words):
        raise UserError(f"{text.strip()!r} is no date Weaver can read; write it like 19 May 2026")
    check_weekday(day, days)
    return day


def _left_over(words: Words) -> str:
    """Give the words that nobody understood yet: a place, if all goes well."""
    parts = re.split(r"[\s,|;()&]+", words.left)
    return " ".join(part for part in parts if part.strip("-.") and part.lower() not in _FILLERS)


def _recurrence(day: date | None, at: time, days: Days, zone: str, now: datetime) -> Recurrence:
    """Put day, time and zone together, and see that it lies ahead."""
    rule, today = days.rule, to_local(now, zone).date()
    if rule is None:
        return _once(day, at, days, zone, now)
    if day is not None and day < today:
        raise passed(day, today)
    since = datetime.combine(day or today, at)
    nearest = Recurrence(since, zone, rule.replace("INTERVAL=2;", "")).after(
        max(now, to_utc(since, zone) - timedelta(seconds=1))
    )
    if nearest is None:
        raise UserError(f"that gives no date at all; {_EXAMPLES}")
    if day is not None and nearest.local.date() != day:
        raise UserError(f"a chat so planned does not fall on {date_words(day)}; {_EXAMPLES}")
    return Recurrence(nearest.local, zone, rule)


def _falls(start: date, days_later: int, days: Days) -> bool:
    return (start + timedelta(days=days_later)).weekday() == days.weekdays[0]


def _once(day: date | None, at: time, days: Days, zone: str, now: datetime) -> Recurrence:
    """Make a single time, if it exists exactly once and has not passed."""
    if day is None:
        if not days.weekdays:
            raise UserError(f"on which day? Please {_EXAMPLES}")
        name = NAMES[days.weekdays[0]]
        ahead = to_local(now, zone).date() + timedelta(days=1)
        near = next(ahead + timedelta(days=n) for n in range(7) if _falls(ahead, n, days))
        raise Unclear(
            'every week, or once? Write the day as in "every Tuesday", '
            "or the date as in 3 December 2026",
            name,
            (f"every {name}", f"{name} {date_words(near)}"),
        )
    today = to_local(now, zone).date()
    if day < today:
        raise passed(day, today)
    local = datetime.combine(day, at)
    aware = local.replace(tzinfo=zone_named(zone))
    place = zone_words(zone).removesuffix(" time")
    if to_local(to_utc(local, zone), zone) != local:
        raise UserError(
            f"the clocks go forward in {place} then and leave out {clock_words(at)}; "
            "choose another time"
        )
    if aware.utcoffset() != aware.replace(fold=1).utcoffset():
        raise UserError(
            f"the clocks go back in {place} then and {clock_words(at)} comes twice; "
            "choose another time"
        )
    if to_utc(local, zone) <= now:
        raise UserError(f"{clock_words(at)} {zone_words(zone)} has passed today")
    return Recurrence(local, zone)
