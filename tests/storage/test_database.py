"""A database is opened as it must be, or refused without touching it."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import UserError
from bot.storage.database import APPLICATION, Database, open_database
from bot.storage.migrate import CORE, migrate
from tests.storage.databases import Server, opened


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('tea')")


def of_another_program_in_wal_mode(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode=WAL; CREATE TABLE recipes (name TEXT)")


def of_another_program_that_marks_its_files(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA application_id=252006673; CREATE TABLE fossil (name TEXT)")


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, today I planted the roses.\n" * 100)


def cut_short(path: Path) -> None:
    of_another_program(path)
    path.write_bytes(path.read_bytes()[:1000])


@pytest.mark.parametrize(
    "make",
    [
        of_another_program,
        of_another_program_in_wal_mode,
        of_another_program_that_marks_its_files,
        no_database,
        cut_short,
    ],
)
def test_what_is_not_ours_is_refused_and_stays_byte_for_byte(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "weaver.db"
    make(path)
    before = hashlib.sha256(path.read_bytes()).digest()

    with pytest.raises(UserError) as refusal:
        open_database(str(path))

    assert str(path) in str(refusal.value)
    assert "WEAVER_DATA" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert [found.name for found in tmp_path.iterdir()] == ["weaver.db"]


def test_a_missing_folder_is_named_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "weaver.db"

    with pytest.raises(UserError, match=f"there is no folder {path.parent}"):
        open_database(str(path))

    assert not path.parent.exists()


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a Weaver database"):
        open_database(str(tmp_path))


@pytest.mark.parametrize(
    "address",
    ["mysql://somebody@somewhere/weaver", "postgresql+nothing://x/y", "://", "postgresql://x:y:z/"],
)
def test_an_address_of_another_kind_is_refused_in_one_line(address: str) -> None:
    with pytest.raises(UserError) as refusal:
        open_database(address)

    assert "WEAVER_DATABASE_URL" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_server_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    nobody = f"postgresql://weaver:secret@/weaver?unix_sock={tmp_path}/.s.PGSQL.5432"

    with pytest.raises(UserError, match="cannot be reached") as refusal:
        open_database(nobody)

    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_database_that_the_server_does_not_have_is_refused(postgres: Server) -> None:
    with postgres.empty() as address:
        gone = address
    with pytest.raises(UserError, match="cannot be reached"):
        open_database(gone)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+pg8000"])
def test_postgresql_is_named_as_people_name_it(postgres: Server, scheme: str) -> None:
    with (
        postgres.empty() as address,
        opened(address.replace("postgresql", scheme, 1)) as database,
        database.read.connect() as connection,
    ):
        assert connection.execute(text("SELECT 1")).scalar() == 1
        assert database.path is None


def pragma(database: Database, name: str) -> object:
    with database.write.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_file_of_ours_is_kept_safe(tmp_path: Path) -> None:
    with opened(str(tmp_path / "weaver.db")) as database:
        assert database.path == tmp_path / "weaver.db"
        assert pragma(database, "application_id") == APPLICATION
        assert pragma(database, "journal_mode") == "wal"
        assert pragma(database, "synchronous") == 2, "FULL: a commit outlives a power cut"
        assert pragma(database, "secure_delete") == 1, "what is erased is overwritten"


def test_a_file_of_ours_opens_again_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = str(tmp_path / "weaver.db")
    with opened(path) as database:
        migrate(database, [CORE])
    with opened(path) as database:
        assert migrate(database, [CORE]) == []


def test_nobody_else_may_read_a_file_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "weaver.db"

    with opened(str(path)) as database:
        migrate(database, [CORE])
        files = sorted(tmp_path.glob("weaver.db*"))
        assert [file.stat().st_mode & 0o077 for file in files] == [0] * len(files)


def test_an_empty_file_becomes_ours(tmp_path: Path) -> None:
    path = tmp_path / "weaver.db"
    path.touch()

    with opened(str(path)) as database:
        assert pragma(database, "application_id") == APPLICATION


def test_erased_words_are_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "weaver.db"
    with opened(str(path)) as database:
        migrate(database, [CORE])
        for statement in (
            "INSERT INTO core_meta VALUES ('word', 'sphinxofblackquartz')",
            "DELETE FROM core_meta",
        ):
            with database.write.begin() as connection:
                connection.execute(text(statement))
    assert b"sphinxofblackquartz" not in path.read_bytes()


def test_the_reading_engine_cannot_write(database: Database) -> None:
    with database.read.connect() as connection, pytest.raises(DBAPIError, match=r"read-?only"):
        connection.execute(text("INSERT INTO core_meta VALUES ('a', 'b')"))

    with database.read.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM core_meta")).scalar() == 0


def test_readers_do_not_wait_for_a_write_and_see_it_once_it_is_committed(
    database: Database,
) -> None:
    count = text("SELECT count(*) FROM core_meta")
    with database.write.begin() as writing:
        writing.execute(text("INSERT INTO core_meta VALUES ('a', 'b')"))
        with database.read.connect() as reading:
            assert reading.execute(count).scalar() == 0
    with database.read.connect() as reading:
        assert reading.execute(count).scalar() == 1


def test_a_write_that_is_given_up_leaves_nothing(database: Database) -> None:
    with database.write.connect() as connection:
        connection.execute(text("INSERT INTO core_meta VALUES ('a', 'b')"))
        connection.rollback()

    with database.read.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM core_meta")).scalar() == 0
