"""Reading days out of a person's words: a date, or the days on which something repeats."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.api import UserError, day_words
from plugins.chats.clock import Words
from plugins.chats.doubt import Unclear

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = (
    r"\b(?:(mon)|(tues?)|(wed(?:nes)?)|(thu(?:rs?)?)|(fri)|(sat(?:ur)?)|(sun))"
    r"(?P<rest>day)?(?P<many>s)?\b\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY_MONTH = rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(\d{{4}})\b)?"
_MONTH_DAY = (
    rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d|\s*[ap]\.?m)(?:,?\s+(\d{{4}})\b)?"
)
_ISO = r"\b(\d{4})-(\d{2})-(\d{2})(?:T(?=\d)|\b)"
_NUMBERS = r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}/\d{1,2}\b"
_DATE_PARTS = 3
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}
_ORDINALS |= {"fourth": 4, "4th": 4, "last": -1}
_ORDINAL = rf"\b({'|'.join(_ORDINALS)})\b(?!\s+week)"
_OF_MONTH = r"\b(?:of|in)\s+(?:the|each|every|a)\s+month\b|\b(?:every|each|a)\s+month\b|\bmonthly\b"
_OTHER = (
    r"\b(?:every|each)\s+(?:other(?:\s+week\b)?|(?:two|2|second|2nd)\s+weeks?\b|fortnight\b)"
    r"|\bfortnightly\b|\balternate\b"
)


@dataclass(frozen=True, slots=True)
class Days:
    """Days as somebody named them: weekdays (0 is Monday), and how they come back."""

    weekdays: tuple[int, ...] = ()
    ordinals: tuple[int, ...] = ()
    every: bool = False
    other: bool = False

    @property
    def rule(self) -> str | None:
        """The RFC 5545 rule they make; None when nothing repeats."""
        codes = [CODES[day] for day in self.weekdays]
        if self.ordinals:
            return f"FREQ=MONTHLY;BYDAY={','.join(f'{n}{c}' for n in self.ordinals for c in codes)}"
        if self.every or self.other:
            interval = "INTERVAL=2;" if self.other else ""
            return f"FREQ=WEEKLY;{interval}BYDAY={','.join(codes)}"
        return None


def take_days(words: Words) -> Days:
    """Take weekdays and how they repeat; UserError asks where that may mean two things."""
    _doubt_words(words)
    other = bool(words.take(_OTHER))
    monthly = bool(words.take(_OF_MONTH))
    every = bool(words.take(r"\b(?:every|each)(?:\s+week)?\b|\bweekly\b"))
    ordinals: list[int] = []
    while found := words.take(_ORDINAL):
        ordinals.append(_ORDINALS[found[1].lower()])
    weekdays: list[int] = []
    many = False
    while found := words.take(_DAY):
        many = many or bool(found["many"])
        weekdays.append(next(day for day in range(7) if found[day + 1]))
    days = Days(
        weekdays=tuple(sorted(set(weekdays))),
        ordinals=tuple(dict.fromkeys(ordinals)),
        every=every or many,
        other=other,
    )
    _doubt_days(words, days, plainly_monthly=monthly or (many and not every), monthly=monthly)
    return days


def _doubt_words(words: Words) -> None:
    """Ask about words that mean one thing to some and another to others."""
    if found := words.take(r"\bbi-?(weekly|monthly)\b"):
        raise Unclear(
            f"{found[0]!r} means twice to some and every second to others; "
            'write "every other Wednesday" or "Mondays and Thursdays"',
            found[0],
            ("every other",) if found[1].lower() == "weekly" else (),
        )
    if found := words.take(r"\b(?:next|this|coming)\b(?=\s+(?:mon|tue|wed|thu|fri|sat|sun))"):
        raise UserError(f"which date is {found[0]!r}? Write it like 12 May 2026")
    if found := words.take(r"\b(?:fifth|5th)\b"):
        raise UserError(f'not every month has a {found[0]} one; write "last Friday of the month"')


def _doubt_days(words: Words, days: Days, *, plainly_monthly: bool, monthly: bool) -> None:
    """Ask about days that may mean two things."""
    if not days.weekdays:
        if days.every or days.other or monthly or days.ordinals:
            raise UserError(
                'on which day? Write it like "Tuesdays" or "first Tuesday of the month"'
            )
        return
    name = NAMES[days.weekdays[0]]
    if monthly and not days.ordinals:
        raise Unclear(
            f'which {name} of the month? Write it like "first {name} of the month"',
            *_readings(words.text, rf"\bmonthly(?:\s+on)?\s+{_DAY}", f"{{}} {name} of the month"),
        )
    if days.ordinals and (days.other or not plainly_monthly):
        ordinal = next(word for word, number in _ORDINALS.items() if number == days.ordinals[0])
        found = re.search(
            rf"(?:\b(?:every|each)\s+)?{_ORDINAL}\s+{_DAY}", words.text, re.IGNORECASE
        )
        raise Unclear(
            f'do you mean "{ordinal} {name} of the month", or "every other {name}"? '
            "Write the one you mean",
            found[0] if found else "",
            (f"{ordinal} {name} of the month", f"every other {name}"),
        )


def take_date(words: Words, today: date) -> date | None:
    """Take a date if there is one; without a year, this year's."""
    if words.take(r"\b(?:today|tonight|this\s+evening)\b"):
        return today
    if words.take(r"\btomorrow\b"):
        return today + timedelta(days=1)
    if found := words.take(_ISO):
        return _date(found, int(found[1]), int(found[2]), int(found[3]))
    if found := words.take(_DAY_MONTH):
        return _date(found, int(found[3] or today.year), _month(found[2]), int(found[1]))
    if found := words.take(_MONTH_DAY):
        return _date(found, int(found[3] or today.year), _month(found[1]), int(found[2]))
    if found := re.search(_NUMBERS, words.left):
        raise Unclear(
            f"{found[0]} is another day in another country; write it like 3 December 2026",
            found[0],
            _both_ways(found[0], today),
        )
    return None


def _readings(text: str, pattern: str, form: str) -> tuple[str, tuple[str, ...]]:
    """The words that a pattern finds, and what they may stand for: one for each ordinal."""
    found = re.search(pattern, text, re.IGNORECASE)
    words = ("first", "second", "third", "fourth", "last")
    return (found[0] if found else "", tuple(form.format(word) for word in words))


def _both_ways(text: str, today: date) -> tuple[str, ...]:
    """A date in figures, read with the day first and with the month first."""
    parts = [int(part) for part in re.split(r"[/.-]", text)]
    year = today.year if len(parts) < _DATE_PARTS else parts[2] + (2000 if parts[2] < 100 else 0)  # noqa: PLR2004 - two digits
    found: list[str] = []
    for day, month in (parts[:2], parts[1::-1]):
        with contextlib.suppress(ValueError):
            found.append(date_words(date(year, month, day)))
    return tuple(dict.fromkeys(found))


def check_weekday(day: date, days: Days) -> None:
    """Refuse a date that is not the weekday it was said to be."""
    if days.weekdays and day.weekday() not in days.weekdays:
        named = " or ".join(NAMES[weekday] for weekday in days.weekdays)
        raise UserError(f"{date_words(day)} is a {NAMES[day.weekday()]}, not a {named}")


def date_words(day: date) -> str:
    """Say a date as one should write it: "3 December 2026"."""
    return f"{day_words(day).partition(' ')[2]} {day.year}"


def passed(day: date, today: date) -> UserError:
    """Say that a date is behind us, and how to name the next one."""
    then = f"{day_words(day).partition(' ')[2]} {day.year + 1}"
    hint = f"; write {then} if you mean that" if day.year == today.year else ""
    return UserError(f"{date_words(day)} has passed{hint}")


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _date(found: re.Match[str], year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UserError(f"there is no {found[0].strip()!r} in the calendar") from None
