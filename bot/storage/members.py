"""Tables of the core of what members say of themselves: their yes and no, and their accounts."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from bot.storage.types import CoreTable, instant, instant_or_none


class ConsentRow(CoreTable, table=True):
    """A member's word in a community about one purpose; it stands, or holds ``until`` a time."""

    __tablename__ = "core_consent"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    purpose: str = Field(primary_key=True)
    given: bool
    at: datetime = instant()
    until: datetime | None = instant_or_none()


class LinkRow(CoreTable, table=True):
    """An account that its owner said is theirs: those with the same ``person`` are one."""

    __tablename__ = "core_link"

    member: str = Field(primary_key=True)
    person: str = Field(index=True)
    """Made by chance; it says nothing of anybody."""


class LinkCodeRow(CoreTable, table=True):
    """A code that a member was given, to say with another account of theirs."""

    __tablename__ = "core_link_code"

    member: str = Field(primary_key=True)
    code: str = Field(unique=True)
    until: datetime = instant()
