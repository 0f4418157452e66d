"""Column types that mean the same on SQLite and PostgreSQL, and the bases of all tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """A moment as the database keeps it; plain SQL needs it so."""
    return (at - EPOCH) // MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A moment, kept as whole microseconds since 1970 UTC: compact, ordered, never ambiguous."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse naive times: whose clock would they be on?"""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return an aware time in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class WallTime(TypeDecorator[datetime]):
    """A naive wall-clock time, kept as ISO 8601 text: it belongs to a zone, not to an instant."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuse aware times: a wall-clock time has no offset."""
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"{value} is an instant, not a wall-clock time")
        return None if value is None else value.isoformat(timespec="seconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the naive time."""
        return None if value is None else datetime.fromisoformat(value)


def instant(*, index: bool = False, primary_key: bool = False) -> Any:
    """Declare a column for an aware moment."""
    return Field(sa_type=Instant, index=index, primary_key=primary_key)


def instant_or_none(*, index: bool = False) -> Any:
    """Declare a column for an aware moment that may be unknown."""
    return Field(default=None, sa_type=Instant, index=index, nullable=True)


def json_column(default: type[dict[str, Any] | list[Any]] = dict) -> Any:
    """Declare a column for a JSON value."""
    return Field(default_factory=default, sa_type=JSON, nullable=False)


class CoreTable(SQLModel):
    """Base of the core's tables, whose names start with ``core_``."""

    metadata: ClassVar[MetaData] = MetaData()


class PluginTable(SQLModel):
    """Base of every plugin's tables. A table's name starts with its plugin's: ``welcome_arrival``.

    Plugins' tables have a metadata of their own, so that core and plugins migrate apart.
    """

    metadata: ClassVar[MetaData] = MetaData()
