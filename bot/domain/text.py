"""Times and lists in words, for people who may read them in another part of the world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.domain.actions import Button
from bot.domain.recurrence import zone_named

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UTC = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "Etc/Universal", "Etc/Zulu", "GMT"})
_LONG_AGO, _FAR_AHEAD = -31, 183
_NOON = 12


def clock_words(at: time) -> str:
    """Say a time of day by the twelve-hour clock: "7:30 pm", "8 am", "noon", "midnight"."""
    if at.minute == 0 and at.hour % _NOON == 0:
        return "noon" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % _NOON or _NOON}{minutes} {'pm' if at.hour >= _NOON else 'am'}"


def day_words(day: date, today: date | None = None) -> str:
    """Say a date: "Tuesday 12 May", with its year when seen from ``today`` that is in doubt."""
    plain = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    if today is None:
        return plain
    days = (day - today).days
    plainly = days > _LONG_AGO and (day.year == today.year or days < _FAR_AHEAD)
    return plain if plainly else f"{plain} {day.year}"


def zone_words(zone: str) -> str:
    """Say an IANA zone by its city: "New York time"; "UTC" for itself."""
    if zone in _UTC:
        return "UTC"
    place = zone if zone.startswith("Etc/") else zone.rpartition("/")[2]
    return f"{place.replace('_', ' ')} time"


def when_words(at: datetime, zone: str, now: datetime | None = None) -> str:
    """Say an aware moment in a zone and in UTC, with every date that is needed to be sure of it.

    "Tuesday 12 May at 7:30 pm New York time (11:30 pm UTC)". The day of the UTC time is said when
    it is another one; the year, when from ``now`` it is not plain which year is meant.
    """
    local, universal = at.astimezone(zone_named(zone)), at.astimezone(UTC)
    today = now.astimezone(zone_named(zone)).date() if now else None
    words = f"{day_words(local.date(), today)} at {clock_words(local.time())} {zone_words(zone)}"
    if zone in _UTC:
        return words
    other = clock_words(universal.time()) + " UTC"
    if universal.date() != local.date():
        other += f" on {day_words(universal.date(), today)}"
    return f"{words} ({other})"


def join_words(words: Sequence[str], last: str = "and") -> str:
    """Make a list of things one phrase: "a", "a and b", "a, b and c"."""
    if len(words) < 2:  # noqa: PLR2004 - two are needed for an "and"
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def with_choices(text: str, buttons: Sequence[Button], call: str = "") -> str:
    """Words for where there are no buttons: a line for each says how to ask for it.

    ``call`` is how one speaks to Weaver there, such as ``@weaver.example ``. Buttons that have a
    word share a line, as an answer with that word is enough.
    """
    words = [button.word for button in buttons if button.word]
    lines = [f"To choose, answer with a word: {join_words(words, 'or')}"] if words else []
    plain = [button for button in buttons if not button.word]
    lines += [f"{button.label}: say “{call}{button.command}”" for button in plain]
    return "\n\n".join([text, "\n".join(lines)]) if lines else text
