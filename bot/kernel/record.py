"""The ledger and the timetable as the pages may read them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.model import Member
from bot.domain.pages import Act, Listing, Panel, Sheet, Upcoming, Visit
from bot.kernel import ledger
from bot.kernel.panels import feed, listing, offered, panels, sheet
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

    async def sheet(self, name: str, asked: tuple[str, str], base: str) -> Sheet | None:
        """A plugin's page that anybody can read, without the words of who is not for everybody."""
        ring, database = self.weaver.ring, self.weaver.database
        community, about = asked
        found = sheet(ring, database, name, community, Visit(about, base))
        if found is None or not found.people:
            return found
        withheld = await self._withheld(sorted(found.people))
        if not withheld:
            return found
        return sheet(ring, database, name, community, Visit(about, base, withheld))

    async def _withheld(self, people: Sequence[str]) -> frozenset[str]:
        """Whose words must not be on a page that anybody can read, by their keys."""
        open_ = await asyncio.gather(*(self._is_for_everybody(one) for one in people))
        return frozenset(one for one, yes in zip(people, open_, strict=True) if not yes)

    async def _is_for_everybody(self, key: str) -> bool:
        """What the platform says that a member wants; nobody is shown where it cannot be asked."""
        member = Member.of(key)
        adapter = self.weaver.adapters.get(member.platform)
        return adapter is not None and await adapter.is_for_everybody(member)

    def offered(self, platform: str) -> Sequence[str]:
        """The feeds that stand on a platform, by its ids of them."""
        return offered(self.weaver.database, platform)

    def listing(self, feed: str, limit: int, cursor: str) -> Listing | None:
        """A part of a feed, by the platform's id of it; None where there is no such feed."""
        return listing(self.weaver.ring, self.weaver.database, feed, limit, cursor)

    async def undo(self, key: str, why: str) -> bool:
        """Take an act back; False when there is nothing to take back."""
        return await self.weaver.undo(key, why)
