"""What pulse remembers from one weekly check to the next: a few numbers a space, nobody's data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlmodel import Field

from bot.api import PluginTable, instant, instant_or_none, json_column
from plugins.pulse.detector import Reason, Standing


class PulseState(PluginTable, table=True):
    """How a space stood at its last check."""

    __tablename__ = "pulse_state"

    community: str = Field(primary_key=True)
    space: str = Field(primary_key=True)
    """Key of the space."""
    low: int
    slid: int
    uneasy: int
    good: int
    busy: int
    alarm: str | None = None
    normal: float | None = None
    weeks: dict[str, Any] = json_column()
    """The Mondays of weeks that ended in alarm, and of those that looked like an event."""
    told: bool
    """Whether the hosts were told of this alarm."""
    last_told: datetime | None = instant_or_none()
    checked_at: datetime = instant()

    @property
    def standing(self) -> Standing:
        """The state as the rules read it."""
        return Standing(
            low=self.low,
            slid=self.slid,
            uneasy=self.uneasy,
            good=self.good,
            alarm=cast("Reason | None", self.alarm),
            normal=self.normal,
            alarmed=frozenset(map(date.fromisoformat, self.weeks["alarmed"])),
            events=frozenset(map(date.fromisoformat, self.weeks["events"])),
            busy=self.busy,
        )


def mondays(standing: Standing, since: date) -> dict[str, list[str]]:
    """The weeks a standing names, without those that no check looks back on."""
    return {
        "alarmed": [str(day) for day in sorted(standing.alarmed) if day >= since],
        "events": [str(day) for day in sorted(standing.events) if day >= since],
    }
