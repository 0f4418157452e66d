"""Times as people read them: in the community's zone, with the zone beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.recurrence import to_utc, zone_named
from bot.domain.text import clock_words, day_words, zone_words

_WEEK = 7


@dataclass(frozen=True, slots=True)
class WallClock:
    """Puts instants into words for readers in ``zone``; ``now`` decides what needs no date."""

    zone: str
    now: datetime

    @property
    def zone_words(self) -> str:
        """The zone as a reader knows it: ``New York time``, ``UTC``."""
        return zone_words(self.zone)

    @property
    def tomorrow(self) -> datetime:
        """A day from now: where a form's time field starts."""
        return self.now + timedelta(days=1)

    def local(self, at: datetime) -> datetime:
        """Give the instant with the zone's offset at that time."""
        return at.astimezone(zone_named(self.zone))

    def stamp(self, at: datetime) -> str:
        """Write the instant for machines: local time with its offset."""
        return self.local(at).isoformat(timespec="seconds")

    def time(self, at: datetime) -> str:
        """Say the time of day: ``7:22 pm``, ``noon``."""
        return clock_words(self.local(at).time())

    def date(self, at: datetime) -> str:
        """Say the date in full: ``Tuesday 12 May 2026``."""
        local = self.local(at)
        return f"{day_words(local.date())} {local.year}"

    def near(self, at: datetime) -> str:
        """Say the time with as much of the date as a reader needs now."""
        day, today = self.local(at).date(), self.local(self.now).date()
        days = (day - today).days
        if days == 0:
            return self.time(at)
        words = day_words(day, today)
        weekday = words.partition(" ")[0]
        return f"{weekday if 0 < days < _WEEK else words}, {self.time(at)}"

    def field(self, at: datetime) -> str:
        """Write the wall time as a form's date-time field holds it."""
        return f"{self.local(at):%Y-%m-%dT%H:%M}"

    def read(self, written: str) -> datetime:
        """Read an ISO time; without an offset it is wall time here. UserError when it is none."""
        try:
            at = datetime.fromisoformat(written)
            return at.astimezone(UTC) if at.tzinfo else to_utc(at, self.zone)
        except (ValueError, OverflowError):
            raise UserError(
                f"“{written}” is no time; write one like 2026-05-12T19:30 or "
                "2026-05-12T23:30:00Z, or “next” for the next thing due"
            ) from None
