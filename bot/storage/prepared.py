"""A query that is put into SQL once, and then run on the driver itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select


@dataclass(frozen=True, slots=True)
class _Made:
    """A query in the words of one database."""

    sql: str
    names: tuple[str, ...]
    """Of its values, in order."""
    fixed: Mapping[str, Any]
    """Those that are the same each time."""

    def in_order(self, values: Mapping[str, int | str]) -> list[Any]:
        return [values[name] if name in values else self.fixed[name] for name in self.names]


class Prepared:
    """A query that is asked so often, and answers so soon, that SQLAlchemy's own way would show.

    What it is given and what it answers are plain numbers and words, as the driver takes them:
    instants in microseconds, days since 1970.
    """

    def __init__(self, query: Select[Any]) -> None:
        self.query = query
        self._made: dict[str, _Made] = {}
        """By the name of a dialect."""

    def rows(self, connection: Connection, values: Mapping[str, int | str]) -> list[Any]:
        """Run it in the connection's transaction; gives each row as a sequence."""
        made = self._made.get(connection.dialect.name) or self._make(connection, values)
        if not connection.in_transaction():
            connection.begin()
        cursor = connection.connection.cursor()
        try:
            cursor.execute(made.sql, made.in_order(values))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def _make(self, connection: Connection, values: Mapping[str, int | str]) -> _Made:
        compiled = self.query.compile(dialect=connection.dialect)
        state = compiled.construct_expanded_state(dict(values))
        made = _Made(state.statement, tuple(state.positiontup or ()), dict(state.parameters))
        self._made[connection.dialect.name] = made
        return made
