"""How much the pulse's table costs on long logs: ``make bench-pulse``.

The two-week table of one space and of all spaces, and the weekly series of two years, read as the
plugin reads them, over 1 and 10 million logged posts in 200 spaces of very different size (zipf),
on SQLite and PostgreSQL; as ratios to a bare query of the same rows through the driver and the
same index, and between the sizes. On SQLite, which works inside this process, it is processor time
that is measured, so that other work on the machine does not show. Each database is made in a
temporary folder, which is removed; a million posts take about half a gigabyte there. To make it
smaller: ``ARGS="--posts 200000 1000000 --on sqlite"``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, text

from bot.domain.model import Community, Space
from bot.kernel.counts import Log
from bot.kernel.days import count_days, day_of
from bot.kernel.registry import Looked
from bot.kernel.statements import SPACES
from bot.storage.database import Database
from bot.storage.migrate import CORE, migrate
from bot.storage.types import micros
from tests.storage.databases import Server, opened
from tests.storage.server import Missing, running

MANY, YEARS = 200, timedelta(days=3 * 365)
END = datetime(2026, 3, 2, tzinfo=UTC)
BEGIN, WINDOW = END - YEARS, timedelta(days=14)
ROOM = 700
"""Bytes of disk that a post takes at most, with its indexes and while they are made."""
MOST, MOST_LONGER = 1.5, 2.0
SECONDS, LEAST_TURNS, MOST_TURNS = 3.0, 6, 400

_ROWS = {
    "sqlite": "WITH RECURSIVE few(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM few WHERE i < {n})",
    "postgresql": "WITH few(i) AS (SELECT * FROM generate_series(1::bigint, {n}))",
}
_NAME = {"sqlite": "printf('{s}-%09d', {i})", "postgresql": "'{s}-' || lpad(({i})::text, 9, '0')"}
_INSERT = """
INSERT INTO core_post (space, post, author, at, kind, bot, parent, root, likes, link, bare, marked,
                       first_answer, first_answerer)
{rows}, drawn(i, h) AS (SELECT i, (i * 2654435761 + {s} * 40503) % 4294967291 FROM few)
SELECT {s}, {name}, 'x:a' || (h / 100 % {people}), {begin} + i * {step},
    CASE WHEN h % 100 < 45 THEN 'reply' WHEN h % 100 < 90 THEN 'original'
         WHEN h % 100 < 96 THEN 'repost' ELSE 'quote' END,
    {bot}, CASE WHEN h % 100 < 45 AND i > 20 THEN {parent} END, NULL, 0, {no}, {no}, {no},
    CASE WHEN h % 3 = 0 THEN {begin} + i * {step} + 3600000000 END, NULL
FROM drawn"""


Work = Callable[[], Any]


class Taken(NamedTuple):
    """Milliseconds of ours and of the bare query, and how many times as long ours took."""

    ours: float
    bare: float
    ratio: float


@dataclass(frozen=True)
class Filled:
    """A database with a long log, and its spaces by how much is said in them."""

    database: Database
    looked: Looked
    sizes: dict[str, int]


def sizes(posts: int) -> list[int]:
    """Posts of each space: the first has most, the k-th a k-th of that."""
    whole = sum(1 / rank for rank in range(1, MANY + 1))
    return [max(1, round(posts / rank / whole)) for rank in range(1, MANY + 1)]


def fill(database: Database, posts: int) -> Filled:
    """Log so many posts, space by space, with the indexes made after them."""
    kind = database.url.get_backend_name()
    spaces = [Space("x", f"s{number}") for number in range(1, MANY + 1)]
    ids = {space.key: number for number, space in enumerate(spaces, 1)}
    looked = Looked(Community("c", "C", spaces=tuple(spaces)), (), False, ids, {}, {})
    with database.write.begin() as connection:
        connection.execute(
            insert(SPACES),
            [
                {
                    "id": number,
                    "community": "c",
                    "platform": "x",
                    "native": space.id,
                    "name": "",
                    "purpose": "talk",
                    "position": number,
                    "account": "",
                }
                for number, space in enumerate(spaces, 1)
            ],
        )
        indexes = list(_without_indexes(connection, kind))
    for number, count in enumerate(sizes(posts), 1):
        with database.write.begin() as connection:
            connection.execute(text(_posts_of(kind, number, count)))
    for index in indexes:
        with database.write.begin() as connection:
            connection.execute(text(index))
    with database.write.begin() as connection:
        count_days(connection)
    if kind == "postgresql":  # as autovacuum does in time
        with database.write.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        with database.write.begin() as connection:
            connection.execute(text("ANALYZE"))
    return Filled(database, looked, dict(zip(ids, sizes(posts), strict=True)))


def _posts_of(kind: str, space: int, count: int) -> str:
    name = _NAME[kind]
    no, bot = ("0", "h % 50 = 0") if kind == "sqlite" else ("false", "h % 50 = 0")
    return _INSERT.format(
        rows=_ROWS[kind].format(n=count),
        s=space,
        name=name.format(s=space, i="i"),
        parent=name.format(s=space, i="i - 1 - h % 19"),
        people=max(20, count // 30),
        begin=micros(BEGIN),
        step=micros(END) // count - micros(BEGIN) // count,
        bot=bot,
        no=no,
    )


def _without_indexes(connection: Connection, kind: str) -> Iterator[str]:
    """Drop the log's indexes; yields what makes each again."""
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'core_post' "
        "AND type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'core_post' "
        "AND indexname LIKE 'ix%'",
    }[kind]
    for name, made in connection.execute(text(query)).all():
        connection.execute(text(f"DROP INDEX {name}"))
        yield made


def taken(ours: Work, bare: Work, clock: Work) -> Taken:
    """Run both by turns, as often as fits; the first turn, which warms, is left out.

    The median of each, and of turn against turn the median ratio: whatever else the machine does
    falls on both alike.
    """
    runs: list[tuple[float, float]] = []
    until = time.perf_counter() + SECONDS
    while len(runs) < MOST_TURNS and (len(runs) < LEAST_TURNS or time.perf_counter() < until):
        turn = []
        for work in (ours, bare):
            began = clock()
            work()
            turn.append((clock() - began) * 1000)
        runs.append((turn[0], turn[1]))
    del runs[0]
    mine, other = (statistics.median(each) for each in zip(*runs, strict=True))
    return Taken(mine, other, statistics.median(one / two for one, two in runs))


def measure(filled: Filled) -> dict[str, Taken]:
    """Read as the plugin does, and bare, by turns on one connection."""
    since, years, keys = END - WINDOW, END - timedelta(days=728), list(filled.sizes)
    ids = filled.looked.space_ids
    kind = filled.database.url.get_backend_name()
    mark, clock = ("?", time.process_time) if kind == "sqlite" else ("%s", time.perf_counter)
    one = (
        "SELECT count(*), count(DISTINCT author) FROM core_post "
        f"WHERE space = {mark} AND at >= {mark} AND at < {mark}"
    )
    days = (
        "SELECT day, originals, replies, reposts, bot_posts, bare FROM core_day "
        f"WHERE space = {mark} AND day >= {mark} AND day < {mark}"
    )
    window, span = (micros(since), micros(END)), (day_of(years), day_of(END))
    with filled.database.read.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        log = Log(connection, filled.looked)
        cursor = driver.cursor()

        def plain(query: str, *values: Any) -> Work:
            def run() -> Any:
                cursor.execute(query, values)
                return cursor.fetchall()

            return run

        def table(places: Sequence[str]) -> Taken:
            queries = [plain(one, ids[key], *window) for key in places]
            return taken(
                lambda: log.talks(places, since, END), lambda: [ask() for ask in queries], clock
            )

        return {
            "table, biggest space": table(keys[:1]),
            "table, middling space": table([keys[MANY // 10]]),
            "table, all spaces": table(keys),
            "two years by week": taken(
                lambda: log.by_week(keys[:1], years, END), plain(days, ids[keys[0]], *span), clock
            ),
        }


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Callable[[], Any]]:
    """Give what makes an empty database of a kind."""
    if kind == "sqlite":

        @contextmanager
        def file() -> Iterator[str]:
            with tempfile.TemporaryDirectory(dir=folder) as place:
                yield str(Path(place) / "weaver.db")

        yield file
        return
    with running() as address:
        server = Server(address)
        try:
            yield server.empty
        finally:
            server.close()


def report(kind: str, found: dict[int, dict[str, Taken]]) -> None:
    """Print ratios to the bare query, and of the longest log to the shortest."""
    for posts, measured in found.items():
        for what, took in measured.items():
            ratio = f"{took.ratio:5.2f} times the bare {took.bare:8.3f} ms"
            more = f"{(took.ours - took.bare) * 1000:+9,.0f} µs"
            print(f"{kind:<10} {posts:>11,} {what:<22} {took.ours:8.3f} ms, {ratio}, {more}")
    if len(found) > 1:
        least, most = min(found), max(found)
        for what, took in found[most].items():
            times, bare = took.ours / found[least][what].ours, took.bare / found[least][what].bare
            longer = f"{times:.2f} times as long (bare {bare:.2f})"
            print(f"{kind:<10} {least:,} to {most:,}: {what}: {longer}", flush=True)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--on", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"]
    )
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="weaver-bench-") as name:
        folder = Path(name)
        need, free = max(chosen.posts) * ROOM, shutil.disk_usage(folder).free
        if need > free:
            sys.exit(
                f"{folder}: {need / 1e9:.1f} GB are needed and {free / 1e9:.1f} free: "
                "ask for fewer --posts"
            )
        print(
            f"aims: at most {MOST} times bare; at most {MOST_LONGER} times as long where days serve"
        )
        for kind in chosen.on:
            try:
                with databases(kind, folder) as new:
                    report(kind, {posts: _one(new, posts) for posts in sorted(chosen.posts)})
            except Missing as why:
                print(f"{kind}: left out, {why}")


def _one(new: Callable[[], Any], posts: int) -> dict[str, Taken]:
    with new() as address, opened(address) as database:
        began = time.perf_counter()
        migrate(database, [CORE])
        if database.path is not None:
            database.hurry()
        filled = fill(database, posts)
        print(f"{posts:,} posts logged in {time.perf_counter() - began:.0f} s", flush=True)
        return measure(filled)


if __name__ == "__main__":
    main(sys.argv[1:])
