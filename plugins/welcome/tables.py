"""What is kept: who arrived, who greets, who was told of what, and hosts' own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.api import PluginTable, instant, instant_or_none


class Arrival(PluginTable, table=True):
    """A member who arrived in a community; the row is why nobody is greeted twice."""

    __tablename__ = "welcome_arrival"
    __table_args__: ClassVar[Any] = (Index("ix_welcome_arrival_at", "community", "at"),)

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    at: datetime = instant()
    met: str
    """``greeted``; ``together``, with all who came in a raid; ``waiting`` for one to be over;
    ``listed``, for greeters alone; ``followed``, which is that until their first word;
    ``outside``, until they get the role that lets them in; or ``linked``, when the same person
    was met with another account."""
    profile: str = ""
    """Where greeters see who they are, of those who ``followed``; emptied with their first word."""
    look_in_at: datetime | None = instant_or_none()
    """When to look in on them, if they asked for it; emptied once that is done."""


class Greeter(PluginTable, table=True):
    """A volunteer who answers newcomers, with the most notes a week that they want."""

    __tablename__ = "welcome_greeter"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    most: int
    since: datetime = instant()


class Noted(PluginTable, table=True):
    """A newcomer's post that greeters were told of; forgotten after two weeks."""

    __tablename__ = "welcome_noted"

    community: str = Field(primary_key=True)
    post: str = Field(primary_key=True)
    greeter: str
    """Who was told; empty for the hosts."""
    at: datetime = instant()


class Told(PluginTable, table=True):
    """When hosts were last told of something that they are told of once a day at most."""

    __tablename__ = "welcome_told"

    community: str = Field(primary_key=True)
    matter: str = Field(primary_key=True)
    at: datetime = instant()


class OwnWords(PluginTable, table=True):
    """The greeting in a community's own words, and a draft that is not used yet.

    ``language`` is a tag of BCP 47 in small letters; empty for the words of whoever has none.
    """

    __tablename__ = "welcome_own_words"

    community: str = Field(primary_key=True)
    language: str = Field(default="", primary_key=True)
    words: str = ""
    draft: str = ""
