"""The ledger and the timetable as the pages may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.pages import Act, Panel, Upcoming
from bot.kernel import ledger
from bot.kernel.panels import feed, panels
from bot.kernel.timers import upcoming
from bot.kernel.weaver import Weaver


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """What the pages may ask of the kernel, answered from the read engine."""

    weaver: Weaver

    def acts(self, community: str, limit: int = 200) -> Sequence[Act]:
        """The latest acts, newest first."""
        with self.weaver.database.read.connect() as connection:
            return ledger.acts(connection, community, limit)

    def act(self, key: str) -> Act | None:
        """One act by its key."""
        with self.weaver.database.read.connect() as connection:
            return next(iter(ledger.acts(connection, None, 1, key=key)), None)

    def upcoming(self, community: str, limit: int = 6) -> Sequence[Upcoming]:
        """What is due next, soonest first."""
        with self.weaver.database.read.connect() as connection:
            return upcoming(connection, community, limit)

    def panels(self, community: str) -> Sequence[Panel]:
        """What each plugin shows beside the stream."""
        return panels(self.weaver.ring, self.weaver.database, community)

    def feed(self, name: str, asked: tuple[str, str], base: str) -> tuple[str, bytes] | None:
        """A plugin's file for other programs; None where there is no such thing."""
        return feed(self.weaver.ring, self.weaver.database, name, asked, base)

    async def undo(self, key: str, why: str) -> bool:
        """Take an act back; False when there is nothing to take back."""
        return await self.weaver.undo(key, why)
