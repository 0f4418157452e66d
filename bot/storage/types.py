"""Column types that mean the same on SQLite and PostgreSQL, and the base of plugins' tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
        return (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return an aware time in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


def instant(*, index: bool = False, primary_key: bool = False) -> Any:
    """Declare a column for an aware moment."""
    return Field(sa_type=Instant, index=index, primary_key=primary_key)


def instant_or_none(*, index: bool = False) -> Any:
    """Declare a column for an aware moment that may be unknown."""
    return Field(default=None, sa_type=Instant, index=index, nullable=True)


def json_column(default: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
    """Declare a column for a JSON value."""
    return Field(default_factory=default, sa_type=JSON, nullable=False)


class PluginTable(SQLModel):
    """Base of every plugin's tables. A table's name starts with its plugin's: ``welcome_greeting``.

    Plugins' tables have a metadata of their own, so that core and plugins migrate apart.
    """

    metadata = MetaData()
