"""Databases for a test each: a file on SQLite, a database of a server on PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from bot.storage.database import Database, open_database
from bot.storage.migrate import CORE, migrate


@dataclass
class Server:
    """A PostgreSQL on which databases come and go."""

    address: str

    @cached_property
    def _url(self) -> URL:
        return make_url(self.address)

    @cached_property
    def _engine(self) -> Engine:
        url = self._url.set(drivername="postgresql+pg8000")
        return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    @cached_property
    def _migrated(self) -> str:
        """A database with the core's tables, to make others from."""
        name = self._make()
        with opened(self._of(name)) as database:
            migrate(database, [CORE])
        return name

    def _of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    def _make(self, template: str = "template1") -> str:
        name = f"weaver_{uuid.uuid4().hex}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Lend a database with nothing in it."""
        yield from self._lend("template1")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Lend a database with the core's tables."""
        yield from self._lend(self._migrated)

    def _lend(self, template: str) -> Iterator[str]:
        name = self._make(template)
        try:
            yield self._of(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Leave nothing behind, where the server is not ours alone."""
        if "_migrated" in self.__dict__:
            self._say(f"DROP DATABASE {self._migrated} WITH (FORCE)")


@contextmanager
def opened(address: str) -> Iterator[Database]:
    """Open a database and let go of it."""
    database = open_database(address)
    try:
        yield database
    finally:
        database.close()
