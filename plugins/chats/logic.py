"""The rules of a chat: what prompts may be, when each step is due, and what must not meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import Occurrence, Recurrence, UserError, join_words

GRACE = timedelta(minutes=15)
"""How late a step may be and still go out; later it is missed."""
LONGEST_TOPIC = 80
_SHORT_NOTICE = timedelta(minutes=10)
_HORIZON = timedelta(days=366)
_MOST_DATES = 160
_MINUTES, _PACE = (5, 480), (1, 120)
_MARK = re.compile(r"^(?:[-*\u2022]\s+|Q?\d+\s*[.:)]\s+|Q\d+\s+)", re.IGNORECASE)
_OPEN_FLOOR = ("open floor", "none")


def prompts_in(text: str) -> list[str]:
    """Take the prompts out of a text: one a line, or in one line with " / " between them.

    Numbers in front of them go, since Weaver counts; "open floor" means that there are none.
    """
    if text.strip().casefold() in _OPEN_FLOOR:
        return []
    parts = text.splitlines() if "\n" in text.strip() else re.split(r"\s/\s", text)
    prompts = [_MARK.sub("", part.strip()).strip() for part in parts]
    found = [prompt for prompt in prompts if prompt]
    if not found:
        raise UserError('there is no prompt in that; write one, or "open floor" for none')
    return found


def prompt_text(number: int, prompt: str) -> str:
    """Give a prompt as it is posted."""
    return f"Q{number} {prompt}"


def check_prompts(prompts: Sequence[str], longest: int) -> None:
    """Refuse prompts that would not fit in a post, naming each and by how much."""
    over = {
        f"Q{number}": len(prompt_text(number, prompt)) - longest
        for number, prompt in enumerate(prompts, 1)
    }
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
        raise UserError(
            f"the topic is {len(topic) - LONGEST_TOPIC} characters too long; "
            f"it may have {LONGEST_TOPIC}"
        )
    return topic


def check_pace(count: int, minutes: int, pace: int) -> None:
    """Refuse lengths nobody can mean, and more prompts than there is time for."""
    if not _MINUTES[0] <= minutes <= _MINUTES[1]:
        raise UserError(f"minutes is from {_MINUTES[0]} to {_MINUTES[1]}, not {minutes}")
    if not _PACE[0] <= pace <= _PACE[1]:
        raise UserError(f"pace is from {_PACE[0]} to {_PACE[1]} minutes, not {pace}")
    if count * pace > minutes:
        raise UserError(
            f"{count} prompts, one every {pace} minutes, need {count * pace} minutes and the chat "
            f"has {minutes}; give it more minutes, a quicker pace or fewer prompts"
        )


def step_at(start: datetime, step: int, count: int, minutes: int, pace: int) -> datetime:
    """When a step is planned: Q1 with the hello, the others a pace apart, the wrap-up at the end.

    Steps are counted from 1; the one after the last of ``count`` prompts is the wrap-up.
    """
    after = minutes if step > count else (step - 1) * pace
    return start + timedelta(minutes=after)


def announcement_at(at: datetime, ahead: int, now: datetime) -> datetime | None:
    """When to announce a chat that starts ``at``; at once when it is late, None when too late."""
    if ahead == 0:
        return None
    planned = at - timedelta(minutes=ahead)
    if planned >= now:
        return planned
    return now if at - now >= _SHORT_NOTICE else None


@dataclass(frozen=True, slots=True)
class Slot:
    """The time that a series takes up in its space."""

    number: int
    times: Recurrence
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


def _within_a_year(times: Recurrence, now: datetime) -> list[Occurrence]:
    dates = times.upcoming(now, _MOST_DATES)
    return [date for date in dates if date.at <= now + _HORIZON]
