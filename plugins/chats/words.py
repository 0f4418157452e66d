"""How chats are spoken of: their names, rhythm, length and number of questions."""

from __future__ import annotations

from datetime import date, timedelta

from bot.api import Recurrence, clock_words, day_words, join_words, zone_words
from plugins.chats.dates import Closure
from plugins.chats.days import CODES, NAMES

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
_LENGTHS = {30: "half an hour", 60: "an hour", 90: "an hour and a half", 120: "two hours"}
_PLATFORMS = {"bluesky": "Bluesky", "discord": "Discord"}
_LABEL = 40


def number_words(count: int) -> str:
    """Say a small number as a word."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def questions_words(count: int) -> str:
    """Say how many questions there are: "six questions"."""
    return f"{number_words(count)} question{'' if count == 1 else 's'}"


def topics_words(count: int) -> str:
    """Say how many topics there are: "one topic"."""
    return f"{number_words(count)} topic{'' if count == 1 else 's'}"


def people_words(count: int) -> str:
    """Say how many people there are, at the start of a sentence: "One person"."""
    return f"{number_words(count).capitalize()} {'person' if count == 1 else 'people'}"


def length_words(minutes: int) -> str:
    """Say how long something takes: "an hour", "45 minutes"."""
    plain = f"{number_words(minutes)} minutes" if minutes > 1 else "a minute"
    return _LENGTHS.get(minutes, plain)


def platform_words(platform: str) -> str:
    """Name a platform as its people do; empty for one that needs no name, such as the sandbox."""
    return _PLATFORMS.get(platform, "")


def late_words(late: timedelta) -> str:
    """Say how late something is: "25 minutes", "three hours", "two days"."""
    minutes = round(late / timedelta(minutes=1))
    for unit, size in (("day", 48 * 60), ("hour", 120)):
        if minutes >= size:
            return f"{number_words(round(minutes / (size // 2)))} {unit}s"
    return f"{number_words(minutes)} minute{'' if minutes == 1 else 's'}"


def soon_words(days: int) -> str:
    """Say how many days away something is: "Today", "In two days"."""
    near = ("Today", "Tomorrow")
    return near[days] if days < len(near) else f"In {number_words(days)} days"


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";"))


def _days(rule: str) -> list[tuple[str, str]]:
    """Give the days of a rule, each with its ordinal or none: ("1", "Wednesday")."""
    codes = _parts(rule).get("BYDAY", "").split(",")
    return [(code[:-2], NAMES[CODES.index(code[-2:])]) for code in codes if code]


def rhythm_words(times: Recurrence) -> str:
    """Say when a chat comes back: "every Tuesday at 7:30 pm New York time"."""
    at = f"at {clock_words(times.start.time())} {zone_words(times.zone)}"
    if times.rule is None:
        return f"once {at}"
    names = list(dict.fromkeys(name for _, name in _days(times.rule)))
    if "FREQ=MONTHLY" in times.rule:
        ordinals = dict.fromkeys(_ORDINALS[ordinal] for ordinal, _ in _days(times.rule))
        return f"on the {join_words(list(ordinals))} {join_words(names)} of the month {at}"
    every = "every other" if _parts(times.rule).get("INTERVAL") == "2" else "every"
    return f"{every} {join_words(names)} {at}"


def chat_words(times: Recurrence) -> str:
    """Say which chat it is, as people call it: "Tuesday chat", "monthly chat", "chat"."""
    if times.rule is None:
        return "chat"
    if "FREQ=MONTHLY" in times.rule:
        return "monthly chat"
    days = _days(times.rule)
    return f"{days[0][1]} chat" if len(days) == 1 else "chat"


def prompt_label(number: int, prompt: str, longest: int = _LABEL) -> str:
    """Name a prompt in a line, short enough for a list or for the title of a thread."""
    words = " ".join(f"Q{number}: {prompt}".split())
    if len(words) <= longest:
        return words
    return words[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "\u2026"


def closure_words(closure: Closure, today: date | None = None) -> str:
    """Say when chats are closed, and what becomes of those days' chats."""
    begins, ends = day_words(closure.begins, today), day_words(closure.ends, today)
    days = f"on {begins}" if closure.begins == closure.ends else f"from {begins} to {ends}"
    name = f"{closure.name}, " if closure.name else ""
    what = {
        "skip": "chats are left out",
        "postpone": "chats are put off until after it",
        "usual": "chats take place as usual",
    }
    return f"{name}{days}: {what[closure.how]}"
