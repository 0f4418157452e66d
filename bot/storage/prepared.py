"""A statement that is put into SQL once, and then run on the driver itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

Values = Mapping[str, Any]
InOrder = Callable[[Values], Sequence[Any]]


class Prepared:
    """A statement that is run so often, or for so many rows, that SQLAlchemy's own way would show.

    What it is given and what it answers are plain numbers and words, as the driver takes them and
    the database keeps them: instants in microseconds, days since 1970. Every run names the same
    values; those that the statement brings along stay what they were at the first.
    """

    def __init__(self, statement: Any, columns: Iterable[str] = ()) -> None:
        """``columns`` are those that an INSERT gives values for."""
        self.statement, self._columns = statement, list(columns)
        self._made: dict[str, tuple[str, InOrder]] = {}
        """By the name of a dialect."""

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """Run it once, in the connection's transaction; gives each row it answers as a sequence."""
        sql, in_order = self._in(connection, values)
        if not connection.in_transaction():
            connection.begin()
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(sql, in_order(values))
            return list(cursor.fetchall())

    def each(self, connection: Connection, runs: Sequence[Values]) -> int:
        """Run it once or more; returns how many rows of the table that touched in all."""
        sql, in_order = self._in(connection, runs[0])
        return connection.exec_driver_sql(sql, list(map(in_order, runs))).rowcount

    def _in(self, connection: Connection, values: Values) -> tuple[str, InOrder]:
        """The statement in the words of a database, and what puts the values of a run in order."""
        dialect = connection.dialect
        if dialect.name not in self._made:
            made = self.statement.compile(
                dialect=dialect, column_keys=self._columns or None, for_executemany=True
            ).construct_expanded_state(dict(values))
            brought = {
                name: made.parameters[name] for name in made.positiontup if name not in values
            }
            self._made[dialect.name] = made.statement, _in_order(made.positiontup, brought)
        return self._made[dialect.name]


def _in_order(names: Sequence[str], brought: Values) -> InOrder:
    pick = itemgetter(*names) if len(names) > 1 else lambda values: [values[it] for it in names]
    return (lambda values: pick({**brought, **values})) if brought else pick
