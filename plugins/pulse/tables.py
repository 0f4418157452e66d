"""What pulse remembers from one weekly check to the next: a few numbers a space, nobody's data."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from bot.api import PluginTable, instant, instant_or_none
from plugins.pulse.logic import Standing


class PulseState(PluginTable, table=True):
    """How a space stood at its last check."""

    __tablename__ = "pulse_state"

    community: str = Field(primary_key=True)
    space: str = Field(primary_key=True)
    """Key of the space."""
    bad: int
    good: int
    alarmed: bool
    last_alarm: datetime | None = instant_or_none()
    checked_at: datetime = instant()

    @property
    def standing(self) -> Standing:
        """The state as the rule reads it."""
        return Standing(self.bad, self.good, self.alarmed, self.last_alarm)
