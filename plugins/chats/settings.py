"""What hosts may set about chats."""

from __future__ import annotations

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
    longest: int = Field(default=300, ge=100, le=4000)
    """The most characters of a prompt with its number in front: what your platforms allow."""
