"""Tells open pages that something changed: one watch for all of them, none while nobody looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable


class Changes:
    """Looks at a version five times a second, only while somebody listens."""

    def __init__(self, version: Callable[[], str], interval: float = 0.2) -> None:
        self._look, self._interval = version, interval
        self._listeners = 0
        self._watch: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()
        self._latest = ""
        self._closed = False

    async def listen(self, since: str | None = None) -> AsyncGenerator[str, None]:
        """Yield each new version, at once if it is not ``since``; ends when the pages close."""
        self._listeners += 1
        try:
            watch = self._start()
            seen = self._latest if since is None else since
            while not (self._closed or watch.done()):
                moved = self._moved
                if self._latest != seen:
                    seen = self._latest
                    yield seen
                else:
                    await moved.wait()
            if not self._closed:
                watch.result()  # it ended on its own: raise what it met, and the browser comes back
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._stop()

    def close(self) -> None:
        """End every stream, now and later: Weaver is stopping."""
        self._closed = True
        self._stop()
        self._moved.set()

    def _start(self) -> asyncio.Task[None]:
        if self._watch is None or self._watch.done():
            self._latest = self._look()
            self._watch = asyncio.create_task(self._keep_looking(), name="changes")
        return self._watch

    def _stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _keep_looking(self) -> None:
        """Look again and again; whoever listens meets what goes wrong."""
        try:
            while True:
                await asyncio.sleep(self._interval)
                if (now := self._look()) != self._latest:
                    self._latest = now
                    self._wake()
        finally:
            self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
