"""A Discord on loopback: world, REST and gateway behind one port, in a thread of their own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.fakediscord.clock import Clock
from tests.fakediscord.faults import Faults
from tests.fakediscord.gateway import Gateway
from tests.fakediscord.interactions import Interactions
from tests.fakediscord.limits import Limits
from tests.fakediscord.people import Guild, Person
from tests.fakediscord.permissions import INVITED
from tests.fakediscord.rest import PREFIX, Request, Rest
from tests.fakediscord.spec import NoSpec
from tests.fakediscord.world import World

Result = TypeVar("Result")
PATIENCE = 15.0
"""Seconds after which a test that waits gives up."""


class FakeDiscord:
    """One Discord with one bot. Use it with ``with``; what a test does may come from any thread."""

    def __init__(self, spec: NoSpec | None = None, token: str = "loopback-token") -> None:
        self.token = token
        self.spec = spec or NoSpec()
        self.clock = Clock()
        self.world = World(self.clock)
        self.operator = self.world.account("Operator")
        self.gateway = Gateway(self.world, token)
        self.interactions = Interactions(self.world, self.gateway.is_heard)
        self.limits, self.faults = Limits(), Faults()
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.deaths: list[str] = []
        self._rest = Rest(self)
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake discord")
        self.port = 0

    @property
    def url(self) -> str:
        """Where REST is."""
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"ws://127.0.0.1:{self.port}/"

    @property
    def authorization(self) -> dict[str, str]:
        """The header of the bot, for tests that ask without a client."""
        return {"Authorization": f"Bot {self.token}"}

    # Start and end

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=32 << 20)
        app.router.add_get("/", self.gateway.serve)
        app.router.add_route("*", PREFIX + "/{path:.*}", self._rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url

    async def _stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        for task in rest:
            with suppress(asyncio.CancelledError):
                await task

    def do(self, what: Callable[[], Result]) -> Result:
        """Do something in the server's own thread, between two requests; return what came of it."""
        if threading.current_thread() is self._thread:
            return what()
        done: Future[Result] = Future()

        def act() -> None:
            try:
                done.set_result(what())
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
                done.set_exception(error)

        self._loop.call_soon_threadsafe(act)
        return done.result(PATIENCE)

    # Who and where

    def person(self, name: str, *, bot: bool = False) -> Person:
        """Let somebody have an account."""
        return Person(self, self.do(lambda: self.world.account(name, bot=bot)))

    def guild(self, name: str, owner: Person, granted: int | None = INVITED) -> Guild:
        """Found a guild; ``granted`` is what the bot may do there, None leaves it out."""
        made = Guild(self, self.do(lambda: self.world.found(name, owner.data))["id"])
        if granted is not None:
            made.invites_bot(owner, granted)
        return made

    # Waiting

    async def until(
        self, true: Callable[[], Any], what: str = "", seconds: float = PATIENCE
    ) -> Any:
        """Return once something is true; fail when it does not become so."""
        end = time.monotonic() + seconds
        while not (found := true()):
            assert time.monotonic() < end, f"waited {seconds} seconds in vain for {what or true}"
            await asyncio.sleep(0.005)
        return found

    def wait_until(self, true: Callable[[], Any], what: str = "", seconds: float = PATIENCE) -> Any:
        """Do the same from a thread that may block."""
        return asyncio.run(self.until(true, what, seconds))

    def asked_for(self, method: str, path_ends: str) -> list[Request]:
        """List the requests of a method to paths that end so."""
        return [
            each
            for each in list(self.requests)
            if each.method == method and each.path.endswith(path_ends)
        ]
