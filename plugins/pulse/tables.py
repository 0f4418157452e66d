"""What pulse remembers from one weekly check to the next: a few numbers a space, nobody's data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
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
    seen: bool = False
    """Whether a host said that they know of it."""
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


class PulseChoice(PluginTable, table=True):
    """What hosts chose by command: ``mode``, ``mode SPACE``, ``mute SPACE``, ``weekly``."""

    __tablename__ = "pulse_choice"

    community: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class PulseClosure(PluginTable, table=True):
    """Days that hosts said do not count: a holiday, or an event."""

    __tablename__ = "pulse_closure"

    number: int | None = Field(default=None, primary_key=True)
    community: str
    space: str = ""
    """Key of the space; empty for all."""
    first: str
    """ISO date, as is the last."""
    last: str
    event: bool = False

    def touches(self, monday: date) -> bool:
        """Whether one of its days is in the week."""
        return self.first <= str(monday + timedelta(days=6)) and self.last >= str(monday)


class PulseTold(PluginTable, table=True):
    """When hosts last had a note of a kind about a space."""

    __tablename__ = "pulse_told"

    community: str = Field(primary_key=True)
    space: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    at: datetime = instant()


class PulseQuestion(PluginTable, table=True):
    """An account that hosts were asked about, by a post of it: is this a bot?"""

    __tablename__ = "pulse_question"

    number: int | None = Field(default=None, primary_key=True)
    community: str
    space: str
    post: str
    asked_at: datetime = instant()
    answer: str | None = None
    """``bot`` or ``person``, once hosts said so."""


class PulseTurns(PluginTable, table=True):
    """A week of a space where answers are inferred from turns, in counts."""

    __tablename__ = "pulse_turns"

    community: str = Field(primary_key=True)
    space: str = Field(primary_key=True)
    monday: str = Field(primary_key=True)
    openings: int
    turns: int
    answered: int
    """Of the openings, those that another person took up within 72 hours."""


def mondays(standing: Standing, since: date) -> dict[str, list[str]]:
    """The weeks a standing names, without those that no check looks back on."""
    return {
        "alarmed": [str(day) for day in sorted(standing.alarmed) if day >= since],
        "events": [str(day) for day in sorted(standing.events) if day >= since],
    }
