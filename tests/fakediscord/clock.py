"""The time of this Discord, which tests move, and the identifiers that carry it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, from which Discord counts."""


class Clock:
    """Real time and an offset. Rate limits alone stay on real time: clients sleep for them."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._last = 0

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.fromtimestamp(time.time(), UTC) + self._offset

    def forward(self, **by: float) -> None:
        """Move on, as ``timedelta`` counts: ``forward(minutes=16)``."""
        self._offset += timedelta(**by)

    @property
    def moved(self) -> float:
        """How many seconds tests have moved it in all."""
        return self._offset.total_seconds()

    def stamp(self) -> str:
        """Write the present as Discord does."""
        return self.now().isoformat()

    def snowflake(self) -> str:
        """Make an identifier that no other has and that sorts by time."""
        milliseconds = int(self.now().timestamp() * 1000)
        self._last = max(self._last + 1, (milliseconds - EPOCH) << 22)
        return str(self._last)


def made_at(snowflake: str) -> datetime:
    """Read the time that an identifier carries."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH) / 1000, UTC)
