"""A small Jetstream on a real socket, which can fail in the ways that the real ones do."""

import asyncio
import bisect
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from aiohttp import WSCloseCode, web

from bot.adapters.bluesky.stream import V2
from bot.domain.events import Event
from bot.domain.ports import Outcome
from tests.adapters.bluesky.lines import BEGIN

T = TypeVar("T")
_BEGAN = time.monotonic()


def seconds() -> float:
    """Real time, as if the lines' time were now."""
    return BEGIN / 1_000_000 + time.monotonic() - _BEGAN


class Standin:
    """Repeats what was published from the cursor on, inclusive, then tells what is new."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, bytes]] = []
        self.asked: list[Any] = []
        """The queries of those who connected, in order."""
        self.sent = 0
        self.cut_after: int | None = None
        """Lines after which every connection ends."""
        self.mute = False
        """Keep sockets open and say nothing."""
        self._more = asyncio.Event()

    def publish(self, *lines: bytes, at: int | None = None) -> None:
        """Make lines heard, each a millisecond after the one before."""
        for line in lines:
            last = self.lines[-1][0] if self.lines else BEGIN
            self.lines.append((last + 1000 if at is None else at, line))
        self._more.set()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/subscribe", self._serve)
        app.router.add_get(f"/xrpc/{V2}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"ws://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("xrpc.v1.json",), compress=False)
        await socket.prepare(request)
        self.asked.append(request.query)
        begin = int(request.query["cursor"])
        at, told = bisect.bisect_left(self.lines, begin, key=lambda line: line[0]), 0
        while not socket.closed:
            while at < len(self.lines) and not self.mute:
                if told == self.cut_after:
                    await socket.close(code=WSCloseCode.GOING_AWAY)
                    return socket
                await socket.send_str(self.lines[at][1].decode("utf-8", "replace"))
                at, told, self.sent = at + 1, told + 1, self.sent + 1
            self._more.clear()
            waiting = asyncio.ensure_future(self._more.wait())
            reading = asyncio.ensure_future(socket.receive())
            await asyncio.wait([waiting, reading], return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                break
            reading.cancel()
            await asyncio.gather(waiting, reading, return_exceptions=True)
        return socket


class Ears:
    """A dispatch that remembers; like the inbox, it hears nothing twice."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.cursors: list[int] = []
        self.repeated = self.under_way = self.most = 0
        self.open = asyncio.Event()
        """Clear it, and the writer is behind."""
        self.open.set()

    async def __call__(self, event: Event, cursor: str | None = None) -> Outcome:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.open.wait()
        self.under_way -= 1
        if any(one.id == event.id for one in self.heard[-500:]):
            self.repeated += 1
            return Outcome(repeated=True)
        self.heard.append(event)
        self.cursors.append(int(cursor or 0))
        return Outcome()


async def until(true: Callable[[], object]) -> None:
    """Wait until something is so; long enough that only a mistake takes longer."""
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - whatever it is, it cannot tell us
            await asyncio.sleep(0.005)


async def meanwhile(listening: Coroutine[Any, Any, None], true: Callable[[], object]) -> None:
    """Listen until something is so."""
    task = asyncio.create_task(listening)
    waiting = asyncio.create_task(until(true))
    try:
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        await waiting
    finally:
        for one in (task, waiting):
            one.cancel()
        await asyncio.gather(task, waiting, return_exceptions=True)
