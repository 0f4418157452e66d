"""What adapters remember across restarts, written through the writer like everything else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.kernel.statements import table
from bot.kernel.writer import Transaction, Writer
from bot.storage.database import Database
from bot.storage.tables import AdapterStateRow

STATE = table(AdapterStateRow)


@dataclass(frozen=True, slots=True)
class Memory:
    """One adapter's memory. It may hold secrets, so nothing of it is logged or shown."""

    platform: str
    database: Database
    writer: Writer

    async def get(self, name: str) -> str | None:
        """What was kept under a name; None when nothing was."""
        query = select(STATE.c.value).where(STATE.c.platform == self.platform, STATE.c.name == name)
        with self.database.read.connect() as connection:
            value: str | None = connection.execute(query).scalar()
            return value

    async def keep(self, name: str, value: str) -> None:
        """Keep a value in place of an earlier one; returns once it is committed."""
        row = {"platform": self.platform, "name": name, "value": value}

        def work(transaction: Transaction) -> None:
            transaction.connection.execute(transaction.statements.remember, row)

        await self.writer.write(work)
