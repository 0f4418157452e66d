"""Dispatch what a stream brings: in order, several at once, and never faster than it is kept."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from bot.domain.events import Event
from bot.domain.ports import Dispatch, Outcome

ROOM = 256
"""Events on their way to the writer before the stream is left unread."""


class Flow:
    """The events between the stream and the writer. ``place`` is where a restart takes up.

    With every event goes a place from which nothing is missing, its own included: the earliest
    that is still on its way. Repeating from there does no harm, as the inbox knows what was heard.
    """

    def __init__(self, dispatch: Dispatch, place: int, room: int = ROOM) -> None:
        self._dispatch, self._room = dispatch, room
        self._latest = place
        self._under_way: deque[tuple[int, asyncio.Task[Outcome]]] = deque()
        self.waited = False
        """Whether the writer was behind since this was last set to False."""

    @property
    def place(self) -> int:
        """Microseconds since 1970 from which to read on."""
        return next((at for at, task in self._under_way if not _is_kept(task)), self._latest)

    async def tell(self, events: Iterable[Event], time_us: int) -> None:
        """Pass on what one line brought; returns once there is room for more.

        Raises what dispatch raised: then ``place`` is before what was not kept.
        """
        self._sweep()
        for event in events:
            dispatched = _dispatched(self._dispatch, event, str(self.place))
            self._under_way.append((time_us, asyncio.create_task(dispatched)))
        self._latest = max(self._latest, time_us)
        while len(self._under_way) > self._room:
            self.waited = True
            await asyncio.wait([self._under_way[0][1]])
            self._sweep()

    async def settle(self) -> None:
        """Return once everything on its way is kept."""
        while self._under_way:
            await asyncio.wait([self._under_way[0][1]])
            self._sweep()

    async def give_up(self) -> None:
        """Let go of what is on its way: it is heard again from ``place``."""
        tasks = [task for _, task in self._under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _sweep(self) -> None:
        """Take off what is kept, oldest first."""
        while self._under_way and self._under_way[0][1].done():
            self._under_way[0][1].result()
            self._under_way.popleft()


def _is_kept(task: asyncio.Task[Outcome]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def _dispatched(dispatch: Dispatch, event: Event, cursor: str) -> Outcome:
    return await dispatch(event, cursor)
