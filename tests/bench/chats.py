"""A whole network on a Thursday at eight: ``make bench-chats``.

A thousand series, each in a community and a space of its own, fall due in the same second on one
process. Prints what the ticks cost, how late each hello and first question reached the platform
(p50 and p99, from the moment they were due), and how the cost compares with inserting the same rows
of the ledger bare, and claiming and settling each, under the same pragmas.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from bot.domain.events import CommandCalled
from bot.domain.model import Community, Member, Space
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.provision import Provision
from bot.kernel.registry import checked, owners
from bot.kernel.weaver import Weaver
from bot.kernel.writer import Job, Transaction
from bot.storage.database import open_database
from bot.storage.migrate import migrate
from bot.testing import HOST, FakeAdapter, SetClock
from plugins.chats import plugin

SERIES = 1_000
THURSDAY = datetime(2026, 3, 5, 20, tzinfo=UTC)
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")


class Watching(FakeAdapter):
    """A platform that notes when an act arrives, and in which order in each space."""

    arrived: list[float]
    heard: dict[str, list[str]]

    async def perform(self, action, delivery):  # noqa: ANN001, ANN201 - as its parent
        """Note the time, then do it."""
        self.arrived.append(time.perf_counter())
        self.heard[action.space.key].append(delivery.key.rpartition(":")[2])
        return await super().perform(action, delivery)


def network(folder: Path, clock: SetClock, adapter: FakeAdapter) -> tuple[Weaver, list[Provision]]:
    """A Weaver that looks after a thousand communities."""
    chats = checked(plugin)
    database = open_database(str(folder / "weaver.db"))
    migrate(database, owners([chats]))
    keyring = Keyring(installation_key(folder))
    weaver = Weaver(database, {"chats": chats}, keyring, {"fake": adapter}, clock=clock)
    wanted = [
        Provision(
            Community(
                f"c{number}",
                f"Community {number}",
                "Europe/London",
                spaces=(Space("fake", f"s{number}", f"Room {number}", "chat"),),
                hosts=frozenset({HOST.key}),
            ),
            ("chats",),
            {"chats": {"announce_minutes": 0}},
        )
        for number in range(SERIES)
    ]
    return weaver, wanted


def counted(scheduler: Any) -> list[float]:
    """Note the CPU seconds of each tick from now on, as the writer's thread spends them."""
    spent: list[float] = []
    hand_out = scheduler._tick_now

    def tick(now: datetime, transaction: Transaction) -> int:
        began = time.thread_time()
        handled: int = hand_out(now, transaction)
        spent.append(time.thread_time() - began)
        return handled

    scheduler._tick_now = tick
    return spent


async def evening(folder: Path) -> tuple[float, float, float, list[float]]:
    """The hour comes: seconds until all is queued, CPU of the ticks and of it all, lateness."""
    clock, adapter = SetClock(), Watching()
    adapter.arrived, adapter.heard = [], defaultdict(list)
    weaver, wanted = network(folder, clock, adapter)
    await weaver.start(wanted, deliver=False)
    jobs = []
    for number in range(SERIES):
        event = CommandCalled(
            f"plan-{number}",
            clock.now(),
            Space("fake", f"s{number}"),
            Member(HOST.platform, HOST.id),
            'chats schedule "Thursdays 8 pm" "How do lessons begin?" Who? / What? / Why?',
        )
        jobs.append(Job(partial(weaver.ring.handle, event, clock.now(), None)))
    for at in range(0, SERIES, 50):
        weaver.writer.commit(jobs[at : at + 50])
    assert all(job.error is None for job in jobs)
    clock.move(THURSDAY)
    ticks = counted(weaver.scheduler)
    cpu, due = time.process_time(), time.perf_counter()
    delivering = asyncio.create_task(weaver.delivery.run())
    ticked = await weaver.scheduler.tick()
    assert ticked == SERIES, ticked
    queued = time.perf_counter() - due
    await weaver.delivery.drain()
    total = time.process_time() - cpu
    await weaver.stop()
    await delivering
    weaver.database.close()
    assert len(adapter.heard) == SERIES
    assert all(steps == ["hello", "Q1"] for steps in adapter.heard.values())
    late = sorted(1000 * (moment - due) for moment in adapter.arrived)
    return queued, sum(ticks), total, late


def bare(source: Path, folder: Path) -> float:
    """CPU seconds of the same ledger rows without Weaver: inserted, then claimed and settled."""
    told = sqlite3.connect(source)
    base = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in PRAGMAS:
        base.execute(f"PRAGMA {pragma}")
    where = "tbl_name = 'core_ledger' AND sql IS NOT NULL"
    for (sql,) in told.execute(f"SELECT sql FROM sqlite_master WHERE {where}"):
        base.execute(sql)
    rows = told.execute("SELECT * FROM core_ledger").fetchall()
    marks = ", ".join("?" * len(rows[0]))
    began = time.process_time()
    for at in range(0, len(rows), 200):
        base.execute("BEGIN IMMEDIATE")
        base.executemany(f"INSERT INTO core_ledger VALUES ({marks})", rows[at : at + 200])
        base.execute("COMMIT")
    numbers = [number for (number,) in base.execute("SELECT seq FROM core_ledger ORDER BY seq")]
    for state in ("sending", "done"):
        for at in range(0, len(numbers), 64):
            base.execute("BEGIN IMMEDIATE")
            for number in numbers[at : at + 64]:
                base.execute("UPDATE core_ledger SET state = ? WHERE seq = ?", (state, number))
            base.execute("COMMIT")
    took = time.process_time() - began
    told.close()
    base.close()
    return took


def main() -> None:
    """Measure, and say what was measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        queued, ticks, total, late = asyncio.run(evening(folder))
        least = bare(folder / "weaver.db", folder)
    p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99)]
    print(f"{SERIES} series due in one second, {len(late)} acts, each space's in order")
    print(f"one tick queues them all within {queued:.1f} s, while delivery goes on")
    print(f"from due to performed: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"ticks: {ticks:.2f} s of CPU, {1000 * ticks / SERIES:.1f} ms a series")
    print(f"ticks and delivery: {total:.2f} s of CPU, {1000 * total / SERIES:.1f} ms a series")
    print(f"the same rows bare: {least:.3f} s, so the ratio is {total / least:.0f}")
    assert p99 < timedelta(minutes=15) / timedelta(milliseconds=1)


if __name__ == "__main__":
    sys.exit(main())
