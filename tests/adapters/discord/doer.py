"""Performs acts on Discord in a process of its own, which can be killed."""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.settings import Discord
from bot.domain.actions import Action
from bot.domain.model import Community
from bot.domain.ports import Delivery
from bot.kernel.memory import Memory
from bot.kernel.weaver import LoopBell
from bot.kernel.writer import Writer
from bot.storage.database import open_database
from bot.storage.migrate import CORE, migrate
from tests.adapters.discord.grounds import Listed, Nobody

TASK, RECEIPTS = "task.pickle", "receipts.json"


@dataclass(frozen=True)
class Task:
    """What to do, all at once, and where."""

    found: Discord
    communities: tuple[Community, ...]
    acts: tuple[tuple[Action, Delivery], ...]


async def do(folder: Path) -> None:
    """Do it with a memory that outlives the process, and leave the receipts."""
    task: Task = pickle.loads((folder / TASK).read_bytes())
    database = open_database(str(folder / "weaver.db"))
    migrate(database, [CORE])
    writer = Writer(database, LoopBell())
    writer.start()
    memory = Memory("discord", database, writer)
    adapter = DiscordAdapter(task.found, memory, Listed(*task.communities), folder, Nobody())
    receipts = await asyncio.gather(*(adapter.perform(*act) for act in task.acts))
    (folder / RECEIPTS).write_text(json.dumps(receipts), encoding="utf-8")
    await adapter.close()
    await writer.stop()


if __name__ == "__main__":
    asyncio.run(do(Path(sys.argv[1])))
