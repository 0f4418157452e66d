"""Reading a time of day out of a person's words."""

from __future__ import annotations

import re
from datetime import time

from bot.api import UserError, clock_words
from plugins.chats.doubt import Unclear

_NOON, _HOURS, _MINUTES = 12, 24, 60
_HALF = r"\b(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])\.?\s?m\b\.?"
_WORD = r"\b(?:12\s+)?(noon|midday)\b"
_MIDNIGHT = r"\bmidnight\b"
_CLOCK = r"\b(\d{1,2})[:.h](\d{2})\b"
_BARE = r"\b(\d{1,2})\b(?:\s*o['\u2019]?\s?clock\b)?"
_SPAN = (
    r"\b(\d{1,2}(?:[:.]\d{2})?)\s*(?:([ap])\.?m\b\.?)?\s*(?:to|until|till|-|\u2013)\s*"
    r"(\d{1,2}(?:[:.]\d{2})?)\b\s*(?:([ap])\.?m\b\.?)?"
)
_TIMES = (_HALF, _WORD, _MIDNIGHT, _CLOCK, _BARE)


class Words:
    """What is left to read of a person's words: each ``take`` removes what was understood."""

    def __init__(self, text: str) -> None:
        self.text = self.left = " ".join(text.split())

    def take(self, pattern: str) -> re.Match[str] | None:
        """Find a pattern, whatever its case, and take it out."""
        found = re.search(pattern, self.left, re.IGNORECASE)
        if found:
            self.left = f"{self.left[: found.start()]} | {self.left[found.end() :]}"
        return found


def take_span(words: Words) -> tuple[time, int]:
    """Take the time of day and, of "7 pm to 8:30 pm", how many minutes that is; else 0."""
    found = words.take(_SPAN)
    if found is None:
        return take_time(words), 0
    first, first_half, last, last_half = found.groups()
    begins = take_time(Words(_with_half(first, first_half or last_half)))
    ends = take_time(Words(_with_half(last, last_half)))
    minutes = (ends.hour - begins.hour) * _MINUTES + ends.minute - begins.minute
    if minutes <= 0:
        raise UserError(
            f"{found[0].strip()!r} ends before it starts; write an end that comes after the start "
            "on the same day, or how long it takes as minutes:60"
        )
    return begins, minutes


def _with_half(clock: str, half: str | None) -> str:
    """A time with the half of the day that goes with it, unless it says so itself."""
    of_24 = int(re.split("[:.]", clock)[0]) > _NOON or clock.startswith("0")
    return clock if of_24 or not half else f"{clock} {half}m"


def take_time(words: Words) -> time:
    """Take the one time of day; UserError asks for it, or for the half of the day it is in."""
    at = _take(words)
    if at is None:
        raise UserError(
            f"at what time? {words.text!r} has none; "
            'write day and time together in quotation marks, like "Tuesdays 7:30 pm"'
        )
    if any(re.search(pattern, words.left, re.IGNORECASE) for pattern in _TIMES):
        raise UserError(
            "there is more than one time in that; write the time it starts, "
            "and how long it takes as minutes:60"
        )
    return at


def _take(words: Words) -> time | None:
    if found := words.take(_HALF):
        return _of_half(found)
    if words.take(_WORD):
        return time(_NOON)
    if found := words.take(_MIDNIGHT):
        raise Unclear(
            "the midnight before that day, or after it? Write 00:00 or 23:59",
            found[0],
            ("00:00", "23:59"),
        )
    if found := words.take(_CLOCK):
        return _of_clock(found)
    if found := words.take(_BARE):
        return _of_bare(found)
    return None


def _of_half(found: re.Match[str]) -> time:
    """Read "7 pm" and "7:30 am"."""
    hour, minute = int(found[1]), int(found[2] or 0)
    if not 1 <= hour <= _NOON or minute >= _MINUTES:
        raise _no_such_time(found)
    return time(hour % _NOON + (_NOON if found[3].lower() == "p" else 0), minute)


def _of_clock(found: re.Match[str]) -> time:
    """Read "19:30" and "08:30"; "8:30" may be morning or evening."""
    hour, minute = int(found[1]), int(found[2])
    if hour >= _HOURS or minute >= _MINUTES:
        raise _no_such_time(found)
    if 1 <= hour < _NOON and not found[1].startswith("0"):
        raise _which_half(found, time(hour, minute))
    return time(hour, minute)


def _of_bare(found: re.Match[str]) -> time:
    """Read "20"; "8" may be morning or evening."""
    hour = int(found[1])
    if hour >= _HOURS:
        raise _no_such_time(found)
    if hour == _NOON:
        raise Unclear(
            "is 12 noon or midnight? Write 12:00 or 00:00", found[0].strip(), ("12:00", "00:00")
        )
    if 1 <= hour < _NOON:
        raise _which_half(found, time(hour))
    return time(hour)


def _which_half(found: re.Match[str], morning: time) -> UserError:
    evening = morning.replace(hour=morning.hour + _NOON)
    either = clock_words(morning), clock_words(evening)
    return Unclear(
        f"{found[0].strip()!r} may be morning or evening; write {either[0]} or {either[1]}",
        found[0].strip(),
        either,
    )


def _no_such_time(found: re.Match[str]) -> UserError:
    return UserError(f"there is no {found[0].strip()!r} on the clock; write 7:30 pm or 19:30")
