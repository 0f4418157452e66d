"""What is kept: the series that hosts planned, and what became of each of their sessions.

Both belong to the community. Neither says who planned, who hosted or who took part.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Field

from bot.api import PluginTable, Recurrence, instant, instant_or_none, json_column

State = Literal["planned", "open", "done", "missed", "cancelled"]


class Series(PluginTable, table=True):
    """A chat that comes back, or comes once. Its topic and prompts are those of the next session.

    ``start`` and ``skipped`` are wall-clock times in ``zone``, in ISO 8601; with ``rule`` they are
    DTSTART, EXDATE and RRULE of RFC 5545. A number is never given twice in a community.
    """

    __tablename__ = "chats_series"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    space: str
    start: str
    zone: str
    rule: str | None = None
    skipped: list[str] = json_column(list)
    topic: str
    prompts: list[str] = json_column(list)
    minutes: int
    pace: int
    created_at: datetime = instant()
    cancelled_at: datetime | None = instant_or_none()

    @property
    def recurrence(self) -> Recurrence:
        """The times it comes at."""
        return Recurrence(
            datetime.fromisoformat(self.start),
            self.zone,
            self.rule,
            tuple(datetime.fromisoformat(local) for local in self.skipped),
        )


class ChatSession(PluginTable, table=True):
    """One session of a series, by the wall-clock time it stands for; written once it is in sight.

    ``topic`` and ``prompts`` are taken from the series when it opens, and are used up by that.
    """

    __tablename__ = "chats_session"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    local: str = Field(primary_key=True)
    at: datetime = instant()
    minutes: int
    pace: int
    state: str = "planned"
    """One of ``State``."""
    announced: bool = False
    called_off: int = 0
    """How often hosts called it off after it was announced."""
    topic: str = ""
    prompts: list[str] = json_column(list)
    missed: list[str] = json_column(list)
    """The steps that did not go out in time: "announcement", "Q3", "wrap-up"."""

    @property
    def ends(self) -> datetime:
        """When it is planned to end."""
        return self.at + timedelta(minutes=self.minutes)
