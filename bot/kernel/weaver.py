"""A running kernel: writer, ring, scheduler and delivery put together between their ports."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlmodel import Session

from bot.domain.actions import Undo
from bot.domain.contact import whom_to_ask
from bot.domain.model import Space
from bot.domain.ports import Adapter, Bell, Clock
from bot.kernel import ledger
from bot.kernel.consent import Gate
from bot.kernel.days import Mended, rebuild
from bot.kernel.delivery import Delivery
from bot.kernel.dispatch import Ring, Turn
from bot.kernel.keys import Keyring
from bot.kernel.provision import Provision, known_key, provision
from bot.kernel.registry import Installed, Registry
from bot.kernel.scheduler import Scheduler
from bot.kernel.statements import LEDGER, table
from bot.kernel.writer import Transaction, Writer
from bot.storage.database import Database
from bot.storage.tables import CursorRow

log = structlog.get_logger()


class WallClock:
    """The time everybody else has."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)


class LoopBell:
    """A bell inside one process; rung from any thread."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._rung = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def ring(self) -> None:
        """Wake the sleeper, or whoever is about to sleep."""
        self._rung = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Sleep until rung, at most ``seconds``."""
        self._loop = asyncio.get_running_loop()
        if not self._rung:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._event.wait()
        self._rung = False
        self._event.clear()


@dataclass
class Weaver:
    """Everything between the ports, started and stopped as one."""

    database: Database
    plugins: Mapping[str, Installed]
    keyring: Keyring
    adapters: Mapping[str, Adapter]
    clock: Clock = field(default_factory=WallClock)
    gate: Gate = field(default_factory=Gate)
    bell: Bell = field(default_factory=LoopBell)
    backoff: Callable[[int], float] | None = None
    writing: InitVar[Writer | None] = None
    """The writer, where adapters remember things through it; it rings the same bell."""
    base: str = ""
    """Where people reach the pages for everybody, ending in a slash."""
    contact: str = ""
    """How people reach whoever runs it."""

    def __post_init__(self, writing: Writer | None) -> None:
        """Put the parts together; nothing runs yet."""
        self.registry = Registry(self.plugins, whom_to_ask(self.contact))
        self.writer = writing or Writer(self.database, self.bell)
        self.writer.on_communities = self.reload
        self._addresses: dict[str, Callable[[Space, str], str]] = {}
        self._longest: dict[str, int] = {}
        self._feeds: set[str] = set()
        self.ring = Ring(
            self.registry,
            self.writer,
            self.keyring,
            self.clock,
            addresses=self._addresses,
            longest=self._longest,
            feeds=self._feeds,
            base=self.base,
        )
        self._know_platforms()
        self.delivery = Delivery(
            self.ring, self.adapters, self.bell, self.gate, backoff=self.backoff
        )
        self.scheduler = Scheduler(self.ring, self.database)
        self._tasks: list[asyncio.Task[Any]] = []

    def _know_platforms(self) -> None:
        """Know what plugins may ask of platforms, of those that were connected later as well."""
        for platform, adapter in self.adapters.items():
            self._addresses[platform] = adapter.address
            self._longest[platform] = adapter.max_length
            if adapter.has_feeds:
                self._feeds.add(platform)

    def reload(self) -> None:
        """Read communities and settings again."""
        with Session(self.database.read) as session:
            self.registry.load(session)

    async def start(self, wanted: Sequence[Provision] = (), *, deliver: bool = True) -> None:
        """Provision, take up what a stopped process left, open every community.

        Delivery runs from here on; time and platforms are heard after ``listen``.
        """
        self._know_platforms()
        self.writer.start()
        await self.writer.write(partial(known_key, keyring=self.keyring))
        await self.writer.write(lambda transaction: provision(transaction, wanted, self.plugins))
        self.reload()
        released = await self.writer.write(self.delivery.release)
        now = self.clock.now()
        for looked in self.registry.communities.values():
            await self.writer.write(partial(self.ring.open, looked=looked, now=now))
        if deliver:
            self._tasks.append(asyncio.create_task(self.delivery.run(), name="delivery"))
        log.info("started", communities=len(self.registry.communities), released=released)

    def listen(self) -> None:
        """Hear the clock and every platform."""
        self.scheduler.start()
        for platform, adapter in self.adapters.items():
            cursor = self._cursor(platform)
            listening = adapter.listen(self.ring, cursor)
            self._tasks.append(asyncio.create_task(listening, name=f"listen {platform}"))

    @property
    def tasks(self) -> Sequence[asyncio.Task[Any]]:
        """What runs; one that ends before ``stop`` has failed."""
        return self._tasks

    def _cursor(self, platform: str) -> str | None:
        cursors = table(CursorRow)
        with self.database.read.connect() as connection:
            query = select(cursors.c.cursor).where(cursors.c.platform == platform)
            cursor: str | None = connection.execute(query).scalar()
            return cursor

    async def stop(self) -> None:
        """No new claims; what is in flight finishes; the rest stays queued."""
        await self.scheduler.stop()
        for task in self._tasks:
            if task.get_name() != "delivery":
                task.cancel()
        await self.delivery.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.writer.stop()
        log.info("stopped")

    async def undo(self, key: str, why: str, actor: str | None = None) -> bool:
        """Take an act back by a person's wish; False when there is nothing to take back."""

        def work(transaction: Transaction) -> bool:
            found = transaction.connection.execute(
                select(LEDGER).where(LEDGER.c.key == key)
            ).first()
            looked = self.registry.communities.get(found.community) if found else None
            if found is None or looked is None or found.kind == "Undo":
                return False
            unknown = found.state == "dead" and found.attempts > 0
            if found.state not in ("todo", "held", "sending", "done") and not unknown:
                return False
            now = self.clock.now()
            act = Undo(f"core:{found.community}:undo:{key}", of=key, why=why)
            return self.ring.record(Turn(transaction, looked, act.key, now, actor), "core", act)

        return await self.writer.write(work)

    async def retry(self, key: str) -> bool:
        """Give an act that was given up another eight tries."""
        real = self.ring.real()
        return await self.writer.write(lambda transaction: ledger.retry(transaction, key, real))

    async def recount(self) -> Mended:
        """Make what is kept beside the log of posts anew from it; it stands still meanwhile."""
        return await self.writer.write(lambda transaction: rebuild(transaction.connection))
