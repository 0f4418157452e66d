"""The shape of a session: a thread for each question, thick where people answered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import join_words, yarn

SMALLEST = 10
"""Under so many answers a shape would say when single people wrote."""
BIN, MOST_BINS, LATE_BINS = timedelta(minutes=2), 60, 4
_COUNTS = ("No", "One thread", "Two threads", "Three threads", "Four threads", "Five threads")


@dataclass(frozen=True, slots=True)
class Thread:
    """The answers to one question, as they stand in the shape."""

    name: str
    svg: str
    count: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The threads of a session, and what they show in words."""

    threads: Sequence[Thread]
    alt: str
    late: bool
    """Whether any answer came after the end."""


@dataclass(frozen=True, slots=True)
class Hour:
    """When a session began and ended, and until when late answers counted."""

    begins: datetime
    ends: datetime
    closes: datetime

    def talked(self, answers: Sequence[datetime]) -> list[int]:
        """Count answers in time, in bins of two minutes, or as many as fit."""
        bins = max(1, min(MOST_BINS, -(-(self.ends - self.begins) // BIN)))
        return _binned(answers, self.begins, self.ends, bins)

    def after(self, answers: Sequence[datetime]) -> list[int]:
        """Count late answers, in four bins; none where none are taken."""
        if self.closes <= self.ends:
            return []
        return _binned([at for at in answers if at > self.ends], self.ends, self.closes, LATE_BINS)


def _binned(answers: Sequence[datetime], first: datetime, last: datetime, bins: int) -> list[int]:
    counts = [0] * bins
    for at in answers:
        place = int((at - first) / (last - first) * bins)
        if at <= last:
            counts[min(max(place, 0), bins - 1)] += 1
    return counts


def shape(hour: Hour, answers: Mapping[int, Sequence[datetime]]) -> Shape | None:
    """Draw the answers to each question (by number); None of under ten."""
    if sum(map(len, answers.values())) < SMALLEST:
        return None
    parts = {number: (hour.talked(found), hour.after(found)) for number, found in answers.items()}
    most = max(max((*talked, *after)) for talked, after in parts.values())
    threads = [
        Thread(f"Q{number}", yarn(talked, late=after, most=most), len(answers[number]))
        for number, (talked, after) in sorted(parts.items())
    ]
    late = [f"Q{number}" for number, (_, after) in sorted(parts.items()) if any(after)]
    said = (
        f"Answers came after the hour to {join_words(late)}."
        if late
        else ("No answers came after the hour.")
    )
    many = _COUNTS[len(threads)] if len(threads) < len(_COUNTS) else f"{len(threads)} threads"
    alt = f"{many}, one a question, thick where people answered. {said}"
    return Shape(threads, alt, late=bool(late))
