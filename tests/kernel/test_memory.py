"""What an adapter remembers is there after a restart, and belongs to it alone."""

import asyncio

from bot.kernel.memory import Memory
from bot.kernel.weaver import LoopBell
from bot.kernel.writer import Writer
from bot.storage.database import Database


async def remembered(database: Database, platform: str, **words: str) -> dict[str, str | None]:
    """Keep words in one life of a process; returns what is there at its end."""
    writer = Writer(database, LoopBell())
    writer.start()
    memory = Memory(platform, database, writer)
    for name, value in words.items():
        await memory.keep(name, value)
    found = {name: await memory.get(name) for name in ("session", "budget")}
    await writer.stop()
    return found


def test_what_was_kept_is_there_in_the_next_life(database: Database) -> None:
    asyncio.run(remembered(database, "bluesky", session="first"))
    asyncio.run(remembered(database, "bluesky", session="second"))

    found = asyncio.run(remembered(database, "bluesky"))

    assert found == {"session": "second", "budget": None}


def test_adapters_do_not_read_one_anothers_memory(database: Database) -> None:
    asyncio.run(remembered(database, "bluesky", session="secret"))

    assert asyncio.run(remembered(database, "discord"))["session"] is None
