"""What amplify remembers: the routes that hosts added, and what is passed on right now."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from bot.api import PluginTable, instant


class HostRoute(PluginTable, table=True):
    """A route that a host added by command; ``tag`` is folded, ``shown`` is how it is written."""

    __tablename__ = "amplify_route"

    community: str = Field(primary_key=True)
    tag: str = Field(primary_key=True)
    shown: str
    audience: str
    """Key of the audience's space."""
    asks: str
    at: datetime = instant()


class PassedOn(PluginTable, table=True):
    """A post that is passed on; the row goes when that is taken back."""

    __tablename__ = "amplify_repost"

    community: str = Field(primary_key=True)
    post: str = Field(primary_key=True)
    """Platform and id of the post."""
    audience: str = Field(primary_key=True)
    """Key of the audience's space."""
    key: str
    """Key of the act, by which it is taken back."""
    member: str = Field(index=True)
    """The author, so that their no and their wish to be forgotten reach it."""
    at: datetime = instant()
