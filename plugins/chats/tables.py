"""What is kept of chats: series and sessions, step by step; answers only as far as people agreed.

Series, sessions, steps, closures and topics belong to the community and outlive any host. The rows
that name a member are those of drafts, answers, backers, proposals, turns and guests.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal

from sqlalchemy import Index
from sqlmodel import Field

from bot.api import PluginTable, Recurrence, instant, instant_or_none, json_column
from plugins.chats.dates import Closure
from plugins.chats.logic import Prompt

State = Literal["planned", "open", "done", "missed", "cancelled"]
StepState = Literal["waiting", "asked", "missed", "skipped", "left"]


class Series(PluginTable, table=True):
    """A chat that comes back, or comes once. Its topic and prompts are those of the next session.

    ``start``, ``skipped`` and ``moved`` are wall-clock times in ``zone``, in ISO 8601; with
    ``rule`` they are DTSTART, EXDATE, RECURRENCE-ID and RRULE of RFC 5545, ``revised`` is SEQUENCE.
    A number is never given twice in a community.
    """

    __tablename__ = "chats_series"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    space: str
    also: list[str] = json_column(list)
    """More spaces in which it is held at the same time."""
    start: str
    zone: str
    rule: str | None = None
    skipped: list[str] = json_column(list)
    moved: dict[str, str] = json_column()
    """The time at which a date takes place instead, by the time it was planned for."""
    topic: str
    prompts: list[dict[str, Any]] = json_column(list)
    minutes: int
    pace: int
    warm_up: int = 0
    revised: int = 0
    created_at: datetime = instant()
    cancelled_at: datetime | None = instant_or_none()

    @property
    def recurrence(self) -> Recurrence:
        """The times it comes at, as planned: without closures, and before any date is moved."""
        return Recurrence(
            datetime.fromisoformat(self.start),
            self.zone,
            self.rule,
            tuple(datetime.fromisoformat(local) for local in self.skipped),
        )

    @property
    def script(self) -> list[Prompt]:
        """The prompts of the next session."""
        return [Prompt(**prompt) for prompt in self.prompts]


class ChatSession(PluginTable, table=True):
    """One session of a series, by the wall-clock time it was planned for; written once in sight.

    ``at`` is when it takes place. ``topic`` and ``prompts`` are taken from the series when it
    opens, and are used up by that.
    """

    __tablename__ = "chats_session"
    __table_args__: ClassVar[Any] = (Index("ix_chats_session_closed_at", "community", "closed_at"),)

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    local: str = Field(primary_key=True)
    at: datetime = instant()
    minutes: int
    pace: int
    warm_up: int = 0
    state: str = "planned"
    """One of ``State``."""
    announced: bool = False
    moves: int = 0
    """How often it was moved after it was announced."""
    called_off: int = 0
    """How often hosts called it off after it was announced."""
    threads: dict[str, list[str]] = json_column()
    """By space: the act that opened the thread it is held in, and the post that begins it."""
    entered: int = 0
    """How often it was put into the calendars of platforms."""
    entries: dict[str, str] = json_column()
    """By the act that put it there as it stands now: what the platform calls it, once it is."""
    topic: str = ""
    prompts: list[dict[str, Any]] = json_column(list)
    missed: list[str] = json_column(list)
    """The steps that did not go out in time: "announcement", "Q3", "wrap-up"."""
    troubles: list[str] = json_column(list)
    """Why acts of it were given up, each reason once."""
    held: int = 0
    """Minutes for which Weaver itself has held the step that is next."""
    closed_at: datetime | None = instant_or_none()
    """When the time for late answers was over."""

    @property
    def ends(self) -> datetime:
        """When it is planned to end."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def script(self) -> list[Prompt]:
        """The prompts it asks."""
        return [Prompt(**prompt) for prompt in self.prompts]


class Step(PluginTable, table=True):
    """One step of a session that was opened: the hello is 0, Q1 is 1, the wrap-up comes last."""

    __tablename__ = "chats_step"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    local: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    name: str
    """As hosts call it: "hello", "Q3", "wrap-up"."""
    state: str = "waiting"
    """One of ``StepState``."""
    asked_at: datetime | None = instant_or_none()
    times: int = 0
    """How often it was decided to send it: its acts' keys end in this from the second on."""
    posts: dict[str, list[str]] = json_column()
    """By act: the space's key and, once it is delivered, the platform's id of the post."""


class ClosureRow(PluginTable, table=True):
    """Days on which chats do not take place as usual: a holiday, or the time between terms."""

    __tablename__ = "chats_closure"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    begins: str
    ends: str
    how: str
    name: str = ""

    @property
    def closure(self) -> Closure:
        """The closure as the dates know it."""
        begins, ends = date.fromisoformat(self.begins), date.fromisoformat(self.ends)
        return Closure(begins, ends, self.how, self.name)


class Draft(PluginTable, table=True):
    """A chat that a host wants, while Weaver asks which of several readings was meant."""

    __tablename__ = "chats_draft"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    member: str
    readings: list[str] = json_column(list)
    given: dict[str, Any] = json_column()
    """The rest of what the host said, by parameter."""
    at: datetime = instant()


class AnswerRow(PluginTable, table=True):
    """An answer to a prompt: who and what only of people who said yes, else no more than its id."""

    __tablename__ = "chats_answer"

    community: str = Field(primary_key=True)
    space: str = Field(primary_key=True)
    post: str = Field(primary_key=True)
    number: int
    local: str
    position: int
    at: datetime = instant()
    member: str = ""
    name: str = ""
    text: str | None = None


class Topic(PluginTable, table=True):
    """A topic of the bank, with the prompts that go with it."""

    __tablename__ = "chats_topic"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: str
    prompts: list[dict[str, Any]] = json_column(list)
    state: str = "proposed"
    """proposed, ready, used or declined"""
    rank: int = 0
    """Where hosts put it; the lowest comes first."""
    proposed_by: str = ""
    at: datetime = instant()


class Backer(PluginTable, table=True):
    """Somebody who would like to talk about a topic."""

    __tablename__ = "chats_backer"

    community: str = Field(primary_key=True)
    topic: int = Field(primary_key=True)
    member: str = Field(primary_key=True)


class Turn(PluginTable, table=True):
    """Who leads a session."""

    __tablename__ = "chats_turn"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    local: str = Field(primary_key=True)
    member: str
    name: str
    offered: str = ""
    """The date they would swap it for."""


class Guest(PluginTable, table=True):
    """Somebody who is coming to a session, asks to be reminded, or sits one out.

    ``local`` is empty for what holds for every session: only reminders do.
    """

    __tablename__ = "chats_guest"

    community: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    local: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    said: str = Field(primary_key=True)
    """coming (in words), interested (in a platform's calendar), remind or pass"""
    name: str = ""
