"""Fixtures that every test may use."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog

from bot.storage.database import Database
from bot.storage.migrate import CORE, migrate
from tests.fakediscord.fixtures import discord, discord_spec, hurried
from tests.storage.databases import Server, opened
from tests.storage.server import Missing, running

__all__ = ["discord", "discord_spec", "hurried"]
REPOSITORY = Path(__file__).parents[1]
structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # logs are for who asks
QUIET = structlog.get_config()


@pytest.fixture(autouse=True)
def logging_stays() -> Iterator[None]:
    """Leave logging as it was, whatever a command under test made of it."""
    structlog.configure(**QUIET)  # a fixture of a wider scope may have changed it before
    yield
    structlog.configure(**QUIET)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the shared folder of real data, or skip and say so."""
    folder = Path(os.environ.get("WEAVER_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"NO REAL DATA: {folder}/data is absent; set WEAVER_SHARED to where it is")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Run a PostgreSQL, or take the one of TEST_DATABASE_URL; where there is none, say so.

    A database is made for each test and removed after it; in CI the tests never go without.
    """
    with ExitStack() as stack:
        try:
            address = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(running())
        except Missing as why:
            reason = (
                f"NO POSTGRESQL: {why}; set TEST_DATABASE_URL to one on which to make databases"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        server = Server(address)
        stack.callback(server.close)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Name the kind of database: every test that asks for one runs on both."""
    found: str = request.param
    return found


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database with nothing in it."""
    if kind == "sqlite":
        yield str(tmp_path / "weaver.db")
        return
    server: Server = request.getfixturevalue("postgres")
    with server.empty() as address:
        yield address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file with the core's tables, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "weaver.db"
    with opened(str(path)) as database:
        migrate(database, [CORE])
    return path


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database with the core's tables."""
    if kind == "sqlite":
        yield str(shutil.copy(request.getfixturevalue("migrated_file"), tmp_path))
        return
    server: Server = request.getfixturevalue("postgres")
    with server.migrated() as address:
        yield address


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """Open a database with the core's tables."""
    with opened(address) as database:
        yield database
