"""What hosts may set about chats."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """What hosts may set under ``[community.<id>.chats]``."""

    model_config = ConfigDict(extra="forbid")

    announce_minutes: int = Field(default=60, ge=0, le=720)
    """How many minutes ahead a chat is announced; 0 for no announcement."""
    minutes: int = Field(default=60, ge=5, le=480)
    """How long a chat takes when the one who plans it does not say."""
    pace: int = Field(default=10, ge=1, le=120)
    """Minutes between one prompt and the next, when the one who plans it does not say."""
    warmup: int = Field(default=0, ge=0, le=60)
    """Minutes for people to say hello before Q1, when the one who plans it does not say."""
    longest: int = Field(default=4000, ge=100, le=4000)
    """The most characters of a prompt with its number in front, where platforms allow more."""
    grace: int = Field(default=15, ge=1, le=60)
    """How many minutes late a step may be and still go out; later it is missed."""
    hold_while_flowing: int = Field(default=0, ge=0, le=30)
    """For how many minutes Weaver holds the next prompt by itself while answers flow."""
    late_hours: int = Field(default=48, ge=0, le=168)
    """For how many hours after its end answers still belong to a chat."""
    thread: bool | Literal["question", "forum"] = False
    """Whether the hello opens a thread in which the rest is said, or each question one, or each
    session is a post of a forum."""
    tags: tuple[str, ...] = ()
    """The forum's own tags that the post of a session gets."""
    pages: bool = True
    """Whether chats have pages that anybody can read, where the operator shows any."""
    calendar: bool = True
    """Whether an announced session is put into the calendar of platforms that have one."""

    @property
    def lateness(self) -> timedelta:
        """How late a step may be and still go out."""
        return timedelta(minutes=self.grace)
