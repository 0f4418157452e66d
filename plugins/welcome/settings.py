"""What hosts may set for welcome, each with what it means."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

MOST_CHOICES = 25
"""The most that anybody reads through, and that a select on Discord holds."""


class Interest(BaseModel):
    """Something that a newcomer may care about, with what pressing its button does."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(min_length=1, max_length=40)
    """What the button says: ``middle school``."""
    words: str
    """Where such people are: a tag, a channel, an account to follow."""
    role: str = ""
    """A role that comes with it, where the platform has roles, by its name or id."""
    route: bool = False
    """Whether who chooses it is offered to say yes to being passed on, as ``amplify`` asks."""


class Settings(BaseModel):
    """What hosts may set under ``[community.<id>.welcome]``."""

    model_config = ConfigDict(extra="forbid")

    about: str = ""
    """What this place is, in one sentence: "We are people who teach mathematics"."""
    rhythm: str = ""
    """When people meet here, in a few words: "on Tuesdays at 7:30 pm"."""
    signposts: dict[str, str] = {}
    """Where a newcomer might go, in the order to show them: who it is for, and the tag or link."""
    interests: list[Interest] = Field(default=[], max_length=MOST_CHOICES)
    """What newcomers may choose by a button under the greeting, and change whenever they like; by
    a select, on Discord, where there are more than five."""
    more: dict[str, str] = {}
    """What else is good to know, for whoever asks: where to ask, the archive, sibling communities."""  # noqa: E501
    longest: int = Field(default=500, ge=50)
    """Characters beyond which hosts are warned that nobody reads so long a greeting."""
    first_posts: list[str] = []
    """Spaces, by name or id, whose tag is this community's own: a newcomer's first post there is
    answered with the greeting. Elsewhere, where nobody joins, only who names Weaver is greeted."""
    role: str = ""
    """On a platform with roles, by whose name or id somebody has arrived once they get it, as where
    a person or another bot lets newcomers in; empty: once they have joined."""
    young_days: int = Field(default=0, ge=0, le=365)
    """Accounts younger than so many days are not greeted, as raiders' are; 0 greets all."""
    raid_joins: int = Field(default=10, ge=2)
    """So many arrivals within ``raid_minutes`` are a raid, and nobody is greeted one by one."""
    raid_minutes: int = Field(default=5, ge=1, le=60)
    """See ``raid_joins``; a raid is over when nobody came for twice as long."""
    raid: Literal["together", "nobody"] = "together"
    """Whom to greet when a raid is over: all who came ``together`` in one post, or ``nobody``."""
    new_days: int = Field(default=14, ge=1, le=90)
    """How long somebody is a newcomer."""
    settle_days: int = Field(default=14, ge=0, le=90)
    """Where nobody joins, a first post is a newcomer's only once Weaver has listened so long."""
    patience_minutes: int = Field(default=60, ge=5, le=1440)
    """How long a newcomer's first post waits for a person before greeters get a note."""
    follow_up_days: int = Field(default=10, ge=3, le=60)
    """After how long Weaver looks in on a newcomer who asked for it and has not spoken."""

    @field_validator("interests")
    @classmethod
    def _apart(cls, interests: list[Interest]) -> list[Interest]:
        labels = [one.label.casefold() for one in interests]
        if len(set(labels)) < len(labels):
            raise ValueError("two interests have the same label; give each its own")
        return interests

    @property
    def new(self) -> timedelta:
        """How long somebody is a newcomer."""
        return timedelta(days=self.new_days)

    @property
    def patience(self) -> timedelta:
        """How long a first post waits for a person before greeters get a note."""
        return timedelta(minutes=self.patience_minutes)
