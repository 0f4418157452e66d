"""The fixture ``discord``: one Discord for one test, and nothing amiss when the test ends."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord
    from tests.fakediscord.spec import NoSpec

SHARED = Path(__file__).parents[2].parent / "shared"
DESCRIPTION = "data/discord-openapi.json"
RECONNECTS = "Attempting a reconnect"


class Deaths(logging.Handler):
    """Keeps what a client's tasks died of: discord.py and asyncio only log it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an error; that a connection is sought again is none."""
        said = record.getMessage()
        if RECONNECTS not in said:
            why = f": {record.exc_info[1]!r}" if record.exc_info else ""
            self.seen.append(f"{record.name}: {said}{why}")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep them while this lasts."""
        loggers = [logging.getLogger(name) for name in ("discord", "asyncio")]
        for logger in loggers:
            logger.addHandler(self)
        yield
        for logger in loggers:
            logger.removeHandler(self)


@pytest.fixture(scope="session")
def discord_spec(request: pytest.FixtureRequest) -> NoSpec:
    """Read Discord's description for bots that use the library's own methods."""
    return described(request)


def described(request: pytest.FixtureRequest, *, library: bool = True) -> NoSpec:
    """Read Discord's description, or say loudly that it is not here."""
    from tests.fakediscord import spec

    path = Path(os.environ.get("WEAVER_SHARED", SHARED)) / DESCRIPTION
    if path.is_file():
        return spec.load(path, library=library)
    missing = f"NO DESCRIPTION OF DISCORD: {path} is absent; set WEAVER_SHARED to where it is"
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():  # nobody reads what pytest keeps of a passed test
        print(f"\n{missing}. Requests are judged by a few rules only.", file=sys.stderr)
    return spec.NoSpec()


@pytest.fixture
def discord(discord_spec: NoSpec, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDiscord]:
    """Run a Discord, with discord.py pointed at it; fail for whatever is amiss at the end.

    A test that means it clears ``discord.violations`` or ``discord.deaths``, or calls
    ``discord.interactions.forgive()``.
    """
    from tests.fakediscord.server import FakeDiscord

    deaths = Deaths()
    with FakeDiscord(discord_spec) as server, deaths.kept():
        server.deaths = deaths.seen
        pointed_at(server, monkeypatch)
        yield server
        found = amiss(server)
        assert not found, "\n".join(found)


def amiss(server: FakeDiscord) -> list[str]:
    """Name requests against the rules, tasks that died, and interactions without a response."""
    unanswered = [f"no response to {each}" for each in server.interactions.unacknowledged()]
    return [*server.violations, *server.deaths, *unanswered]


def pointed_at(server: FakeDiscord, patch: pytest.MonkeyPatch) -> None:
    """Let discord.py look for Discord here; its addresses are the same for the whole process."""
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    patch.setattr(Route, "BASE", server.url)
    patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))


class _Hurried:
    """``asyncio`` as a module of discord.py sees it, where its own patience is shortened.

    discord.py waits whole seconds between tries and fractions of seconds when a rate limit says so:
    only the former are shortened, and the backoff between connections.
    """

    def __init__(self, module: object, *, always: bool) -> None:
        self._module, self._always = module, always

    def __getattr__(self, name: str) -> object:
        return getattr(self._module, name)

    async def sleep(self, seconds: float) -> None:
        """Wait as long as asked, or hardly at all."""
        import asyncio

        own = self._always or isinstance(seconds, int)
        await asyncio.sleep(seconds / 500 if own else seconds)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the seconds that discord.py waits before it tries again; change nothing else."""
    hurry(monkeypatch)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten discord.py's own patience in this process."""
    import asyncio

    import discord

    monkeypatch.setattr(discord.http, "asyncio", _Hurried(asyncio, always=False))
    monkeypatch.setattr(discord.client, "asyncio", _Hurried(asyncio, always=True))
