"""What a plugin already decided, as the ledger knows it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.kernel import ledger
from bot.kernel.statements import LEDGER


@dataclass(frozen=True, slots=True)
class Decided:
    """The acts of one plugin in one community."""

    connection: Connection
    community: str
    plugin: str

    def state(self, key: str) -> str | None:
        """The state of an act in the ledger, by its key; None when there is no such act."""
        return ledger.state_of(self.connection, key)

    def made(self, post_id: str) -> bool:
        """Whether an act of this plugin's in this community made a post."""
        query = select(LEDGER.c.seq).where(
            LEDGER.c.community == self.community,
            LEDGER.c.plugin == self.plugin,
            LEDGER.c.receipt == post_id,
        )
        return self.connection.execute(query.limit(1)).first() is not None
