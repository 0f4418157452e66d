"""Open the database: one engine that writes, one that only reads, alike on both databases."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool

from bot.domain.errors import UserError

APPLICATION = 0x57454156
"""Marks an SQLite file as Weaver's own ("WEAV")."""

_NO_ADDRESS = (
    "the database's address is neither a file nor a PostgreSQL; set WEAVER_DATABASE_URL to one "
    "like postgresql://name:password@host/weaver"
)
_WRITER = ("busy_timeout=30000", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
_READER = ("busy_timeout=30000", "query_only=ON")


@dataclass(frozen=True, slots=True)
class Database:
    """Two engines on one database; only the kernel's writer uses ``write``."""

    url: URL
    write: Engine
    read: Engine

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    def insert(self, table: Any) -> Any:
        """An INSERT that knows this database's ``on_conflict`` clauses."""
        assert isinstance(table, Table)
        sqlite_here = self.url.get_backend_name() == "sqlite"
        return sqlite.insert(table) if sqlite_here else postgresql.insert(table)

    def hurry(self) -> None:
        """Of an SQLite file that nobody will miss: write without waiting for the disk."""
        with self.write.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA synchronous=OFF")
            driver.execute("PRAGMA secure_delete=OFF")

    def close(self) -> None:
        """Let go of every connection."""
        self.write.dispose()
        self.read.dispose()


def open_database(address: str) -> Database:
    """Open, and for SQLite create, the database at a URL or path; UserError when it is not ours."""
    try:
        url = make_url(address if "://" in address else f"sqlite:///{address}")
    except (ArgumentError, ValueError):
        raise UserError(_NO_ADDRESS) from None
    if url.drivername == "sqlite":
        return _open_sqlite(url)
    if url.drivername in ("postgresql", "postgres", "postgresql+pg8000"):
        return _open_postgresql(url.set(drivername="postgresql+pg8000"))
    raise UserError(_NO_ADDRESS)


def _open_postgresql(url: URL) -> Database:
    try:
        write = create_engine(url, pool_size=2)
    except ModuleNotFoundError:
        raise UserError(
            "the driver for PostgreSQL is not installed; install Weaver with its extra: "
            "weaver[postgres]"
        ) from None
    read = create_engine(url, pool_size=4, execution_options={"postgresql_readonly": True})
    database = Database(url, write, read)
    try:
        write.connect().close()
    except DBAPIError as error:
        database.close()
        reason = " ".join(str(error.orig).split())
        raise UserError(
            f"{url.render_as_string()}: cannot be reached ({reason}); see that PostgreSQL runs "
            "and has this database, or set WEAVER_DATABASE_URL"
        ) from None
    return database


def _open_sqlite(url: URL) -> Database:
    path = Path(url.database or "")
    if not path.parent.is_dir():
        raise UserError(f"{path}: there is no folder {path.parent}; make it, or set WEAVER_DATA")
    # One connection, used by the writer thread alone.
    write = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30})
    read = create_engine(url, poolclass=NullPool, connect_args={"check_same_thread": False})
    event.listen(write, "connect", _settings(_WRITER))
    event.listen(read, "connect", _settings(_READER))
    event.listen(write, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(read, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    database = Database(url, write, read)
    try:
        _claim_file(database, path)
    except UserError:
        database.close()
        raise
    except DatabaseError as error:
        database.close()
        raise UserError(
            f"{path}: not a Weaver database ({error.orig}); set WEAVER_DATA or WEAVER_DATABASE_URL "
            "to another place, nothing was changed"
        ) from None
    return database


def _settings(pragmas: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        with contextlib.closing(connection.cursor()) as cursor:
            for pragma in pragmas:
                cursor.execute(f"PRAGMA {pragma}")

    return connect


def _claim_file(database: Database, path: Path) -> None:
    """Mark a new file as ours; refuse a file that holds somebody else's tables."""
    with database.write.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        mark = driver.execute("PRAGMA application_id").fetchone()[0]
        tables = driver.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and mark != APPLICATION:
            raise UserError(
                f"{path}: holds another program's tables; set WEAVER_DATA or WEAVER_DATABASE_URL "
                "to another place, nothing was changed"
            )
        if mark != APPLICATION:
            path.chmod(0o600)  # before any session of an account is in it
            driver.execute(f"PRAGMA application_id={APPLICATION}")
        driver.execute("PRAGMA journal_mode=WAL")
