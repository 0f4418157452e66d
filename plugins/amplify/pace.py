"""When posts that wait are passed on, and in what order. Pure: moments in, a moment out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.api import to_local, to_utc

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a route may be: so many an hour, spread evenly, and never in the quiet hours."""

    hourly: int = 12
    """Most posts an hour; 0 for as they come."""
    author_daily: int = 3
    """Most posts of one author within a day; 0 for any number."""
    quiet: tuple[time, time] | None = None
    """From when to when nothing is passed on, by the community's clock; it may pass midnight."""
    zone: str = "UTC"

    @property
    def gap(self) -> timedelta:
        """The least time between two posts."""
        return HOUR / self.hourly if self.hourly else timedelta(0)

    def slot(self, last: datetime | None, now: datetime) -> datetime:
        """When the next post may go, at the earliest now. A slot that was skipped is gone."""
        return self.awake(now if last is None else max(now, last + self.gap))

    def awake(self, at: datetime) -> datetime:
        """The same moment, or the end of the quiet hours that it lies in."""
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return at
        start, end = self.quiet
        local = to_local(at, self.zone)
        overnight = start > end
        asleep = (local.time() >= start) + (local.time() < end) > (0 if overnight else 1)
        if not asleep:
            return at
        next_day = overnight and local.time() >= start
        wakes = datetime.combine(local.date() + (DAY if next_day else timedelta(0)), end)
        return max(at, to_utc(wakes, self.zone))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One post in the queue."""

    number: int
    since: datetime
    is_answered: bool
    is_newcomers: bool
    author_today: int = 0
    """How many posts of its author went out by this route within a day."""
    is_undescribed: bool = False
    """It has a picture without alt text, where that matters."""


def first(queue: Iterable[Waiting], pace: Pace) -> Waiting | None:
    """Whose turn it is: unanswered newcomers, then the unanswered, then the rest.

    Among equals, posts whose pictures are described in words go first, then the oldest.
    """
    free = [one for one in queue if not pace.author_daily or one.author_today < pace.author_daily]
    return min(
        free,
        key=lambda one: (
            one.is_answered,
            not one.is_newcomers,
            one.is_undescribed,
            one.since,
            one.number,
        ),
        default=None,
    )
