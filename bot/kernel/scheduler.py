"""The clock's way into the ring: APScheduler wakes us, our own tables say what is due.

APScheduler keeps no truth here: a job it would lose costs nothing, since the next look finds the
same rows. Housekeeping runs beside it once an hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, runtime_checkable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import RowMapping, delete, update

from bot.domain.actions import NotifyHosts
from bot.domain.events import Due
from bot.kernel import muting, timers
from bot.kernel.dispatch import Ring, Turn
from bot.kernel.registry import Looked
from bot.kernel.statements import LEDGER, POSTS, table
from bot.kernel.writer import Transaction
from bot.storage.database import Database
from bot.storage.tables import InboxRow

log = structlog.get_logger()
KEPT = timedelta(days=7)
"""How long the words of a settled act, and the ids of heard events, are kept."""
NAMED = timedelta(days=14)
"""How long it is kept whom a post names."""
WINDOW = 3600
"""A wake-up is never too late to be of use."""


@runtime_checkable
class MovableClock(Protocol):
    """A clock that a visitor of the sandbox may move."""

    def now(self) -> datetime:
        """The present, in UTC."""
        ...

    def move(self, to: datetime) -> None:
        """Make it ``to`` now."""
        ...


class Scheduler:
    """Wake at the next due timer, hand out what is due, keep the house."""

    def __init__(self, ring: Ring, database: Database) -> None:
        self._ring, self._database = ring, database
        self._waker = AsyncIOScheduler(timezone="UTC")
        self._busy, self._stopped = asyncio.Lock(), False
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to wake; call inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._ring.writer.on_timers = self.reconsider
        common = {"misfire_grace_time": WINDOW, "coalesce": True, "max_instances": 1}
        self._waker.add_job(self.tick, "interval", seconds=30, id="sweep", **common)
        self._waker.add_job(self.keep_house, "interval", hours=1, id="housekeeping", **common)
        self._waker.start()
        self.reconsider()

    async def stop(self) -> None:
        """Wake no more; what has begun is finished."""
        if self._waker.running:
            self._waker.pause()
            async with self._busy:
                self._stopped = True  # for a job that was called and has not begun
                self._waker.shutdown(wait=False)

    def reconsider(self) -> None:
        """Timers changed: wake when the earliest is due. Safe from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._plan)

    def _plan(self) -> None:
        if not self._waker.running:
            return
        with self._database.read.connect() as connection:
            due = timers.earliest(connection)
        if due is None:
            return
        wait = max(timedelta(0), due - self._ring.clock.now())
        self._waker.add_job(
            self.tick,
            "date",
            run_date=self._ring.real() + wait,
            id="next",
            replace_existing=True,
            misfire_grace_time=WINDOW,
        )

    async def tick(self) -> int:
        """Hand out everything that is due now; returns how many timers that were."""
        async with self._busy:
            total = 0
            while not self._stopped:
                now = self._ring.clock.now()
                handled = await self._ring.writer.write(partial(self._tick_now, now))
                total += handled
                if handled == 0:
                    break
            return total

    def _tick_now(self, now: datetime, transaction: Transaction) -> int:
        muting.expire(transaction.connection, now)
        rows = timers.take_due(transaction, now)
        for row in rows:
            looked = self._ring.registry.communities.get(row["community"])
            if looked is not None:
                self._fire(transaction, looked, row, now)
        return len(rows)

    def _fire(
        self, transaction: Transaction, looked: Looked, row: RowMapping, now: datetime
    ) -> None:
        """Call the plugin whose timer it is; of a time that was missed the hosts hear."""
        enabled = looked.enabled(row["plugin"])
        if enabled is None:
            return
        late = now - row["next_at"]
        missed = late > timedelta(seconds=row["grace"])
        place = f"{row['community']}:{row['plugin']}:{row['name']}"
        event = Due(
            f"due:{place}:{row['next_local']:%Y-%m-%dT%H:%M:%S}",
            row["next_at"],
            row["name"],
            row["next_local"],
            late,
            missed,
            row["payload"],
        )
        turn = Turn(transaction, looked, event.id, now)
        for prefix, handler in enabled.installed.plugin.timers:
            if row["name"].startswith(prefix):
                self._ring.run(turn, enabled, handler.__name__, partial(handler, event))
        if missed and not turn.told:
            self._miss(turn, row, event)

    def _miss(self, turn: Turn, row: RowMapping, event: Due) -> None:
        minutes = round(event.late.total_seconds() / 60)
        text = (
            f"Missed: \u201c{row['label']}\u201d was due at {row['next_local']:%H:%M on %d %B %Y} "
            f"({row['zone']}), {_long(minutes)} ago, while Weaver was not running. "
            "It was left out: too late is worse than not at all."
        )
        why = "What is later than its grace allows is not done, and the hosts are told."
        notice = NotifyHosts(f"core:{event.id}", text, why=why)
        self._ring.record(turn, "core", notice)

    async def keep_house(self) -> None:
        """Forget what is no longer needed: words of settled acts, ids of events long heard."""
        real, now = self._ring.real(), self._ring.clock.now()

        def work(transaction: Transaction) -> tuple[int, int]:
            words = transaction.connection.execute(
                update(LEDGER)
                .where(LEDGER.c.settled_at < real - KEPT, LEDGER.c.body.is_not(None))
                .values(body=None)
            ).rowcount
            inbox = table(InboxRow)
            heard = transaction.connection.execute(
                delete(inbox).where(inbox.c.at < now - KEPT)
            ).rowcount
            named = POSTS.c.mentions.is_not(None)
            transaction.connection.execute(
                update(POSTS).where(named, POSTS.c.at < now - NAMED).values(mentions=None)
            )
            return words, heard

        async with self._busy:
            if self._stopped:
                return
            words, heard = await self._ring.writer.write(work)
        log.info("kept house", words_forgotten=words, events_forgotten=heard)

    async def advance(
        self, to: datetime | None, quiet: Callable[[], Awaitable[None]]
    ) -> datetime | None:
        """Move a sandbox's clock to ``to``, or to the next thing due, living through all between.

        ``quiet`` waits until everything that a step led to is done. Returns the new time; None
        when nothing is due.
        """
        clock = self._ring.clock
        assert isinstance(clock, MovableClock)
        to = to or self._earliest()
        if to is None:
            return None
        while (due := self._earliest()) is not None and due <= to:
            clock.move(max(due, clock.now()))
            await self.tick()
            await quiet()
        clock.move(max(to, clock.now()))
        self.reconsider()
        return clock.now()

    def _earliest(self) -> datetime | None:
        with self._database.read.connect() as connection:
            return timers.earliest(connection)


def _long(minutes: int) -> str:
    """A lateness as people say it."""
    if minutes < 120:  # noqa: PLR2004 - two hours
        return f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"  # noqa: PLR2004
