"""The rules of a chat: what prompts may be, when each step is due, and what must not meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.api import Occurrence, UserError, join_words

LONGEST_TOPIC = 80
_SHORT_NOTICE = timedelta(minutes=10)
_HORIZON = timedelta(days=366)
_MOST_DATES = 160
_MINUTES, _PACE = (5, 480), (1, 120)
_LENGTH = re.compile(r"\s*\((\d{1,3})\s*min(?:ute)?s?\.?\)$", re.IGNORECASE)
_MARK = re.compile(r"^(?:[-*\u2022]\s+|Q?\d+\s*[.:)]\s+|Q\d+\s+)", re.IGNORECASE)
_OPEN_FLOOR = ("open floor", "none")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question of a script, with the minutes and the picture that it has of its own."""

    text: str
    minutes: int = 0
    """0 for the pace of the session."""
    picture: str = ""
    alt: str = ""

    def kept(self) -> dict[str, Any]:
        """The prompt as tables keep it."""
        return {name: value for name, value in asdict(self).items() if value}


def prompts_in(text: str) -> list[Prompt]:
    """Take the prompts out of a text: one a line, or in one line with " / " between them.

    Numbers in front of them go, since Weaver counts; "(15 min)" behind one is its own time. "open
    floor" means that there are none.
    """
    if text.strip().casefold() in _OPEN_FLOOR:
        return []
    parts = text.splitlines() if "\n" in text.strip() else re.split(r"\s/\s", text)
    found = [prompt for part in parts if (prompt := prompt_in(part)).text]
    if not found:
        raise UserError('there is no prompt in that; write one, or "open floor" for none')
    return found


def prompt_in(text: str) -> Prompt:
    """Read one prompt, with its time if there is one behind it."""
    text = _MARK.sub("", text.strip()).strip()
    found = _LENGTH.search(text)
    if found is None:
        return Prompt(text)
    return Prompt(text[: found.start()].strip(), int(found[1]))


def prompt_text(number: int, prompt: Prompt) -> str:
    """Give a prompt as it is posted."""
    return f"Q{number} {prompt.text}"


def check_prompts(prompts: Sequence[Prompt], longest: int) -> None:
    """Refuse prompts that would not fit in a post, naming each and by how much."""
    over = {
        f"Q{number}": len(prompt_text(number, prompt)) - longest
        for number, prompt in enumerate(prompts, 1)
    }
    if bare := [f"Q{n}" for n, one in enumerate(prompts, 1) if one.picture and not one.alt]:
        raise UserError(
            f"{join_words(bare)} has a picture without words for it; say what it shows with "
            'alt:"\u2026", for people who cannot see it'
        )
    long = [f"{name} by {by}" for name, by in over.items() if by > 0]
    if long:
        raise UserError(
            f"too long for one post: {join_words(long)} characters; "
            f"a prompt may have {longest} with its number in front"
        )


def check_topic(topic: str) -> str:
    """Give the topic trimmed; refuse one that would crowd the announcement out."""
    topic = " ".join(topic.split())
    if len(topic) > LONGEST_TOPIC:
        over = len(topic) - LONGEST_TOPIC
        raise UserError(
            f"the topic is {over} character{'' if over == 1 else 's'} too long; "
            f"it may have {LONGEST_TOPIC}"
        )
    return topic


def check_pace(script: Sequence[Prompt], minutes: int, pace: int, warm_up: int = 0) -> None:
    """Refuse lengths nobody can mean, and more prompts than there is time for."""
    if not _MINUTES[0] <= minutes <= _MINUTES[1]:
        raise UserError(f"minutes is from {_MINUTES[0]} to {_MINUTES[1]}, not {minutes}")
    if not _PACE[0] <= pace <= _PACE[1]:
        raise UserError(f"pace is from {_PACE[0]} to {_PACE[1]} minutes, not {pace}")
    if not 0 <= warm_up <= _PACE[1]:
        raise UserError(f"warmup is from 0 to {_PACE[1]} minutes, not {warm_up}")
    count, needed = len(script), warm_up + sum(prompt.minutes or pace for prompt in script)
    if needed > minutes:
        alike = not warm_up and not any(prompt.minutes for prompt in script)
        each = f", one every {pace} minutes," if alike else ""
        raise UserError(
            f"{count} prompts{each} need {needed} minutes and the chat "
            f"has {minutes}; give it more minutes, a quicker pace or fewer prompts"
        )


def pace_of(script: Sequence[Prompt], step: int, pace: int, warm_up: int = 0) -> timedelta:
    """How long a step has before the next: 0 is the hello, others are prompts counted from 1."""
    return timedelta(minutes=script[step - 1].minutes or pace if step else warm_up)


def step_at(  # noqa: PLR0913 - all that a time depends on
    start: datetime,
    step: int,
    script: Sequence[Prompt],
    minutes: int,
    pace: int,
    *,
    warm_up: int = 0,
) -> datetime:
    """When a step is planned: Q1 after the warm-up, each next when the last has had its time.

    Steps are counted from 1; the one after the last prompt is the wrap-up, at the end.
    """
    if step > len(script):
        return start + timedelta(minutes=minutes)
    before = (pace_of(script, earlier, pace, warm_up) for earlier in range(step))
    return start + sum(before, timedelta())


def announcement_at(at: datetime, ahead: int, now: datetime) -> datetime | None:
    """When to announce a chat that starts ``at``; at once when it is late, None when too late."""
    if ahead == 0:
        return None
    planned = at - timedelta(minutes=ahead)
    if planned >= now:
        return planned
    return now if at - now >= _SHORT_NOTICE else None


class Times(Protocol):
    """Whatever knows its next dates."""

    def upcoming(self, instant: datetime, count: int) -> list[Occurrence]:
        """Give up to ``count`` dates strictly after an instant, soonest first."""
        ...


@dataclass(frozen=True, slots=True)
class Slot:
    """The time that a series takes up in its space."""

    number: int
    times: Times
    minutes: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Two chats at one time in one space: the series that was there first, and the first date."""

    number: int
    at: datetime


def clash(new: Slot, others: Sequence[Slot], now: datetime) -> Clash | None:
    """Find the first time within a year at which two chats would run in one space."""
    mine = _within_a_year(new.times, now)
    length = timedelta(minutes=new.minutes)
    found = [
        Clash(other.number, date.at)
        for other in others
        for theirs in _within_a_year(other.times, now)
        for date in mine
        if date.at < theirs.at + timedelta(minutes=other.minutes) and theirs.at < date.at + length
    ]
    return min(found, key=lambda found: (found.at, found.number), default=None)


def _within_a_year(times: Times, now: datetime) -> list[Occurrence]:
    dates = times.upcoming(now, _MOST_DATES)
    return [date for date in dates if date.at <= now + _HORIZON]
