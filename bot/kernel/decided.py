"""What a plugin already decided, as the ledger knows it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from bot.kernel import ledger
from bot.kernel.statements import LEDGER

MADE = (
    select(LEDGER.c.seq)
    .where(
        LEDGER.c.receipt == bindparam("this"),
        LEDGER.c.community == bindparam("here"),
        LEDGER.c.plugin == bindparam("whose"),
    )
    .limit(1)
)
"""Look for an act by what it made."""


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
        asked = {"here": self.community, "whose": self.plugin, "this": post_id}
        return self.connection.execute(MADE, asked).first() is not None
