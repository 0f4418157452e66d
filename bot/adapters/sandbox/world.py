"""The sandbox's social world, in a file of its own: people, places, posts, and what happened.

Every change and the happening that tells of it are one transaction. What Weaver makes is remembered
by the key of its act, so that the same act performed again makes nothing new.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.errors import UserError

_APPLICATION = 0x57454157
_TABLES = """
CREATE TABLE IF NOT EXISTS person (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, about TEXT NOT NULL, host INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS place (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, purpose TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS post (
  number INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, author TEXT, text TEXT NOT NULL,
  at TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT, root TEXT, act TEXT,
  deleted INTEGER NOT NULL DEFAULT 0, shown TEXT, reader TEXT);
CREATE INDEX IF NOT EXISTS post_root ON post (root);
CREATE TABLE IF NOT EXISTS act (key TEXT PRIMARY KEY, receipt TEXT, removed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS passed (act TEXT PRIMARY KEY, post TEXT NOT NULL, place TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS happening (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, person TEXT, post TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_LATER = {"shown", "reader"}
"""Columns of posts that an older sandbox lacks."""
HEARTBEAT = timedelta(seconds=10)
"""How often the time is noted when nothing else happens."""
AHEAD = HEARTBEAT * 1.5
"""How far ahead the time is noted: a program that is killed goes on no earlier than it read."""


class Foreign(UserError):  # noqa: N818 - said of the file
    """The file is another program's."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, as adapters elsewhere would get it from their platform."""

    seq: int
    kind: str
    person: str | None
    post: Mapping[str, Any] | None
    at: datetime


class World:
    """The file of a sandbox. Its clock runs while the program does, and can be moved forward.

    Closed, the clock stands still; after a kill it has gone on by ``AHEAD`` at most.
    """

    def __init__(self, path: Path, start: datetime) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._db = _open(path)
        self._version = self._number("SELECT coalesce(max(seq), 0) FROM happening")
        self._base = datetime.fromisoformat(self.fact("now") or start.isoformat())
        self._began = time.monotonic()
        self.keep_time()

    def keep_time(self, ahead: timedelta = AHEAD) -> None:
        """Note the time although nothing happens."""
        with self._transaction():
            self.note("now", (self.now() + ahead).isoformat())

    def close(self) -> None:
        """Note the time and let go of the file."""
        self.keep_time(timedelta(0))
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction; the world's time is noted with it, so that it never runs backwards."""
        with self._transaction():
            yield
            self.note("now", (self.now() + AHEAD).isoformat())
        self._version += 1

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Read."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """Read one row."""
        return next(iter(self.rows(query, *values)), None)

    def write(self, query: str, *values: object) -> int:
        """Write inside a change; returns the number of the new row."""
        return int(self._db.execute(query, values).lastrowid or 0)

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def fact(self, name: str) -> str | None:
        """What was noted under a name."""
        found = self.row("SELECT value FROM fact WHERE name = ?", name)
        return str(found["value"]) if found else None

    def note(self, name: str, value: str) -> None:
        """Note something inside a change."""
        self.write("INSERT OR REPLACE INTO fact VALUES (?, ?)", name, value)

    @property
    def version(self) -> int:
        """A number that grows with every change made here."""
        return self._version

    def now(self) -> datetime:
        """The world's time, UTC: it goes on where it stood when the program last stopped."""
        return self._base + timedelta(seconds=time.monotonic() - self._began)

    def move(self, to: datetime) -> None:
        """Make it ``to`` now."""
        with self.change():
            self._base += to - self.now()

    def settle(self, place: tuple[str, str, str], position: int) -> None:
        """Make a place (id, name, purpose), or rename it; inside a change."""
        self.write(
            "INSERT INTO place VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "name = excluded.name, purpose = excluded.purpose, position = excluded.position",
            *place,
            position,
        )

    def lobby(self) -> str | None:
        """The first lobby, or else the first place that people can post in."""
        found = self.row(
            "SELECT id FROM place WHERE purpose != 'audience' ORDER BY purpose != 'lobby', position"
        )
        return str(found["id"]) if found else None

    def happens(self, kind: str, person: str | None, post: str | None, at: datetime) -> None:
        """Tell of something, inside the change that it is about."""
        self.write(
            "INSERT INTO happening (kind, person, post, at) VALUES (?, ?, ?, ?)",
            kind,
            person,
            post,
            at.isoformat(),
        )

    def since(self, seq: int, limit: int = 64) -> list[Happening]:
        """What happened after ``seq``, oldest first."""
        rows = self.rows("SELECT * FROM happening WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit)
        return [
            Happening(
                row["seq"],
                row["kind"],
                row["person"],
                self.post(row["post"]) if row["post"] else None,
                datetime.fromisoformat(row["at"]),
            )
            for row in rows
        ]

    def latest(self) -> int:
        """The number of the latest happening."""
        found = self.row("SELECT coalesce(max(seq), 0) AS seq FROM happening")
        return int(found["seq"]) if found else 0

    def post(self, post_id: str) -> dict[str, Any] | None:
        """One post, deleted or not."""
        if not post_id.startswith("p") or not post_id[1:].isdecimal():
            return None
        found = self.row("SELECT * FROM post WHERE number = ?", int(post_id[1:]))
        return dict(found) | {"id": post_id} if found else None

    def say(  # noqa: PLR0913 - the columns of a post
        self,
        place: str,
        author: str | None,
        text: str,
        at: datetime,
        *,
        kind: str = "original",
        parent: str | None = None,
        act: str | None = None,
        shown: str | None = None,
        reader: str | None = None,
        happens: str = "post",
    ) -> str:
        """Make a post inside a change; returns its id.

        ``shown`` is what stands under its words; ``reader`` the one person who may read it, and
        what answers it.
        """
        above = self.post(parent) if parent else None
        root = (above["root"] or above["id"]) if above else None
        reader = above["reader"] if above else reader
        number = self.write(
            "INSERT INTO post (place, author, text, at, kind, parent, root, act, shown, "
            "reader) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(place, author, text, at.isoformat(), kind, parent, root, act, shown, reader),
        )
        self.happens(happens, author, f"p{number}", at)
        return f"p{number}"

    def take_away(self, post_id: str, at: datetime) -> None:
        """Delete a post inside a change: its words go at once."""
        self.write(
            "UPDATE post SET deleted = 1, text = '', shown = NULL WHERE number = ?",
            int(post_id[1:]),
        )
        self.happens("delete", None, post_id, at)


def _open(path: Path) -> sqlite3.Connection:
    """Open or make the file; UserError, with nothing changed, for one that is no whole sandbox."""
    try:
        db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise UserError(
            f"{path}: not a whole Weaver sandbox ({error}); move it away, or start over with: "
            "weaver sandbox reset"
        ) from None
    db.row_factory = sqlite3.Row
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    if mark != _APPLICATION and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise Foreign(f"{path}: holds another program's tables; move it away, nothing was changed")
    if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(found.splitlines()[-1])
    for pragma in (f"application_id={_APPLICATION}", "journal_mode=WAL", "synchronous=FULL"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(_TABLES)
    known = {column[1] for column in db.execute("PRAGMA table_info(post)")}
    for column in _LATER - known:
        db.execute(f"ALTER TABLE post ADD COLUMN {column} TEXT")
