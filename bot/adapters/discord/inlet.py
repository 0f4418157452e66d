"""From the gateway to the writer: in order, several at once, bounded, and with a place kept.

The place is a snowflake from which nothing is missing. It goes with every event as the cursor;
while the past is being fetched it stays where that began, so that a kill loses nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from bot.domain.events import Event
from bot.domain.ports import Dispatch, Outcome

log = structlog.get_logger()
ROOM = 256
"""Events on their way to the writer before the queue waits."""
LONGEST = 4096
"""Tellings in the queue before messages are left to be fetched later."""
CROWD = 2048
"""Tellings in the queue before the past is fetched no further for now."""
OVERFLOW = "overflow"
"""The name under which the place waits for messages that were left out."""
Telling = Callable[[], Iterable[Event] | Awaitable[Iterable[Event]]]
After = Callable[[Event, Outcome], None]


class Inlet:
    """What was heard and is not kept yet."""

    def __init__(
        self,
        place: int,
        after: After = lambda _event, _outcome: None,
        relieved: Callable[[], None] = lambda: None,
    ) -> None:
        """``relieved`` is called when there is room again for what was left out."""
        self._latest = place
        self._after, self._relieved = after, relieved
        self._queue: deque[tuple[int, Telling]] = deque()
        self._under_way: deque[tuple[int, asyncio.Task[Outcome]]] = deque()
        self._pins: dict[str, int] = {}
        self._stirred = asyncio.Event()
        self._idle = asyncio.Event()

    @property
    def place(self) -> int:
        """The snowflake from which to fetch after a restart."""
        waiting = next((at for at, task in self._under_way if not _is_kept(task)), self._latest)
        return min([self._latest, waiting, *self._pins.values()])

    @property
    def crowded(self) -> bool:
        """Whether so much waits that the past had better wait too."""
        return len(self._queue) >= CROWD

    def pin(self, name: str) -> None:
        """Keep the place where it is until ``unpin``: the past is about to be fetched."""
        self._pins.setdefault(name, self.place)

    def unpin(self, name: str) -> None:
        """The past is fetched."""
        self._pins.pop(name, None)

    def put(self, at: int, telling: Telling, *, fetchable: bool = False) -> None:
        """Queue something that happened, with its id or the last one known.

        When too much waits, what is ``fetchable`` later is left out, and the place stays.
        """
        if fetchable and len(self._queue) >= LONGEST:
            self.pin(OVERFLOW)
            self._stirred.set()
            return
        self._queue.append((at, telling))
        self._idle.clear()
        self._stirred.set()

    async def run(self, dispatch: Dispatch) -> None:
        """Dispatch what is queued, until cancelled; raises what dispatch raises."""
        try:
            while True:
                self._stirred.clear()
                while self._queue:
                    at, telling = self._queue.popleft()
                    for event in await _told(telling):
                        await self._tell(dispatch, event, at)
                    self._latest = max(self._latest, at)
                self._sweep()
                if OVERFLOW in self._pins and not self._queue:
                    self._relieved()
                if not (self._queue or self._under_way):
                    self._idle.set()
                if not self._queue:
                    await self._stirred.wait()
        finally:
            tasks = [task for _, task in self._under_way]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def quiet(self) -> None:
        """Return once everything that was heard is kept."""
        await self._idle.wait()

    async def _tell(self, dispatch: Dispatch, event: Event, at: int) -> None:
        self._sweep()
        told = asyncio.create_task(self._dispatched(dispatch, event, str(self.place)))
        told.add_done_callback(lambda _done: self._stirred.set())
        self._under_way.append((at - 1 if at else self._latest, told))
        while len(self._under_way) > ROOM:
            await asyncio.wait([self._under_way[0][1]])
            self._sweep()

    async def _dispatched(self, dispatch: Dispatch, event: Event, cursor: str) -> Outcome:
        outcome = await dispatch(event, cursor)
        self._after(event, outcome)
        return outcome

    def _sweep(self) -> None:
        while self._under_way and self._under_way[0][1].done():
            self._under_way[0][1].result()
            self._under_way.popleft()


async def _told(telling: Telling) -> Iterable[Event]:
    """What a telling brings; one that nobody can read brings nothing."""
    try:
        found = telling()
        return await found if isinstance(found, Awaitable) else found
    except Exception as error:  # noqa: BLE001 - whatever a platform sends, the rest is heard
        log.warning("discord event unreadable", error=type(error).__name__)
        return ()


def _is_kept(task: asyncio.Task[Any]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
