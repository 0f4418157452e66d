"""Times as people read them: in the community's zone, with the zone beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.recurrence import to_utc, zone_named

_WEEK = 7


@dataclass(frozen=True, slots=True)
class WallClock:
    """Puts instants into words for readers in ``zone``; ``now`` decides what needs no date."""

    zone: str
    now: datetime

    @property
    def zone_words(self) -> str:
        """The zone as a reader knows it: ``New York``, ``UTC``."""
        return self.zone.rpartition("/")[2].replace("_", " ")

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
        local = self.local(at)
        if local.minute == 0 and local.hour in {0, 12}:
            return "noon" if local.hour else "midnight"
        return f"{local.hour % 12 or 12}:{local.minute:02} {'pm' if local.hour >= 12 else 'am'}"  # noqa: PLR2004 - noon

    def date(self, at: datetime) -> str:
        """Say the date in full: ``Tuesday 12 May 2026``."""
        local = self.local(at)
        return f"{local:%A} {local.day} {local:%B} {local.year}"

    def near(self, at: datetime) -> str:
        """Say the time with as much of the date as a reader needs now."""
        local, today = self.local(at), self.local(self.now)
        if local.date() == today.date():
            return self.time(at)
        if today < local and (local.date() - today.date()).days < _WEEK:
            return f"{local:%A}, {self.time(at)}"
        year = "" if local.year == today.year else f" {local.year}"
        return f"{local:%a} {local.day} {local:%b}{year}, {self.time(at)}"

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
