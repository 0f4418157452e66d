"""How much the ring costs: ``make bench-ring``.

Events per CPU second through dispatch with the four plugins on, fifty to a commit, as a ratio to
raw sqlite3 inserting the same rows under the same pragmas; the time from event to perform at fifty
events a second; and what an idle Weaver uses.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.config import EXAMPLE, load
from bot.domain.events import Event, MemberJoined, PostSeen
from bot.domain.model import Member, Post, Space
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.provision import Provision
from bot.kernel.registry import installed, owners
from bot.kernel.weaver import Weaver
from bot.kernel.writer import Job
from bot.storage.database import open_database
from bot.storage.migrate import migrate
from bot.testing import FakeAdapter, SetClock

EVENTS, BATCH, PACE, SECONDS, IDLE = 10_000, 50, 50, 20, 10
LOBBY = Space("sandbox", "lobby")


def happenings(clock: SetClock, count: int, start: int = 0) -> Iterator[Event]:
    """A talkative community: of twenty events one is a join and two are tagged posts."""
    for number in range(start, start + count):
        clock.move(clock.now() + timedelta(seconds=30))
        who = Member("sandbox", f"m{number % 400}", f"Member {number % 400}")
        if number % 20 == 0:
            newcomer = Member("sandbox", f"new{number}", "Newcomer")
            yield MemberJoined(f"j{number}", clock.now(), LOBBY, newcomer)
            continue
        tags = ("TallyMathMS",) if number % 10 == 3 else ()
        answer = f"p{number - 1}" if number % 3 == 1 else None
        kind = "reply" if answer else "original"
        text = "How do you begin a lesson?"
        post = Post(f"p{number}", LOBBY, who, text, clock.now(), kind, answer, answer, tags)
        yield PostSeen(f"e{number}", clock.now(), LOBBY, post)


def weaver_in(
    folder: Path, clock: SetClock, adapter: FakeAdapter
) -> tuple[Weaver, list[Provision]]:
    """A whole kernel with the example community and its four plugins."""
    config = load({"WEAVER_DATA": str(folder)}, EXAMPLE)
    plugins = installed(name for one in config.communities.values() for name in one.plugins)
    database = open_database(str(folder / "weaver.db"))
    migrate(database, owners(plugins.values()))
    keyring = Keyring(installation_key(folder))
    adapter.platform = "sandbox"
    weaver = Weaver(database, plugins, keyring, {"sandbox": adapter}, clock=clock)
    wanted = [
        Provision(one.community(name), one.plugins, one.settings)
        for name, one in config.communities.items()
    ]
    return weaver, wanted


async def throughput(folder: Path) -> tuple[float, Path]:
    """Events per CPU second through dispatch, fifty to a commit; and the database it left."""
    clock = SetClock()
    weaver, wanted = weaver_in(folder, clock, FakeAdapter())
    await weaver.start(wanted, deliver=False)
    events = [(event, event.at) for event in happenings(clock, EVENTS)]
    began = time.process_time()
    for at in range(0, EVENTS, BATCH):
        group = events[at : at + BATCH]
        jobs = [Job(partial(weaver.ring.handle, event, now, str(at))) for event, now in group]
        weaver.writer.commit(jobs)
        assert all(job.error is None for job in jobs)
    took = time.process_time() - began
    await weaver.stop()
    weaver.database.close()
    return EVENTS / took, folder / "weaver.db"


def raw(source: Path, folder: Path) -> tuple[float, int]:
    """The same rows through bare sqlite3, as many to a commit; events per CPU second, and rows."""
    told = sqlite3.connect(source)
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        bare.execute(f"PRAGMA {pragma}")
    rows: list[tuple[str, Sequence[object]]] = []
    for name, sql in told.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        bare.execute(sql)
        if sql.startswith("CREATE TABLE"):
            found = told.execute(f"SELECT * FROM {name}").fetchall()
            marks = ", ".join("?" * len(found[0])) if found else ""
            rows += [(f"INSERT INTO {name} VALUES ({marks})", row) for row in found]
    commits = EVENTS // BATCH
    size = -(-len(rows) // commits)
    began = time.process_time()
    for at in range(0, len(rows), size):
        bare.execute("BEGIN IMMEDIATE")
        for statement, row in rows[at : at + size]:
            bare.execute(statement, row)
        bare.execute("COMMIT")
    took = time.process_time() - began
    told.close()
    bare.close()
    return EVENTS / took, len(rows)


class Watching(FakeAdapter):
    """A platform that notes when an act arrives."""

    arrived: dict[str, float]

    async def perform(self, action, delivery):  # noqa: ANN001, ANN201 - as its parent
        """Note the time, then do it."""
        self.arrived[delivery.key] = time.perf_counter()
        return await super().perform(action, delivery)


async def latency(folder: Path) -> tuple[list[float], float]:
    """Milliseconds from event to perform at a steady pace; then the CPU share of doing nothing."""
    clock, adapter = SetClock(), Watching()
    adapter.arrived = {}
    weaver, wanted = weaver_in(folder, clock, adapter)
    await weaver.start(wanted)
    weaver.listen()
    sent: dict[str, float] = {}

    async def tell(event: Event) -> None:
        began = time.perf_counter()
        outcome = await weaver.ring(event)
        sent.update(dict.fromkeys(outcome.acts, began))

    told = set()
    [community] = (looked.community for looked in weaver.registry.communities.values())
    doors = [space for space in community.spaces if space.purpose != "hosts"]
    begin = time.perf_counter()
    for number in range(PACE * SECONDS):
        await asyncio.sleep(max(0.0, begin + number / PACE - time.perf_counter()))
        clock.move(clock.now() + timedelta(minutes=2))  # or it would be a raid, and nobody greeted
        newcomer = Member("sandbox", f"n{number}", "Newcomer")
        space = doors[number % len(doors)]  # in one space, one greeting waits for another
        task = asyncio.create_task(tell(MemberJoined(f"j{number}", clock.now(), space, newcomer)))
        told.add(task)
    await asyncio.gather(*told)
    await weaver.delivery.drain()
    waits = [(adapter.arrived[key] - began) * 1000 for key, began in sent.items()]
    used, at = time.process_time(), time.perf_counter()
    await asyncio.sleep(IDLE)
    idle = (time.process_time() - used) / (time.perf_counter() - at)
    await weaver.stop()
    weaver.database.close()
    return waits, idle


def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="weaver-bench-") as name:
        folder = Path(name)
        (folder / "a").mkdir()
        (folder / "b").mkdir()
        ours, database = asyncio.run(throughput(folder / "a"))
        bare, rows = raw(database, folder)
        print(f"dispatch, four plugins, {BATCH} to a commit: {ours:8,.0f} events per CPU second")
        print(f"raw sqlite3, the same {rows:,} rows:          {bare:8,.0f} events per CPU second")
        print(f"ratio: {bare / ours:.1f} times the bare inserts")
        waits, idle = asyncio.run(latency(folder / "b"))
        cuts = statistics.quantiles(waits, n=100)
        print(f"event to perform at {PACE}/s ({len(waits)} acts): ", end="")
        print(f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")
        print(f"idle: {idle:.2%} of one CPU")


if __name__ == "__main__":
    sys.exit(main())
