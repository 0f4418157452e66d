"""Begin to look after a community that somebody set up on a platform, and stop when told to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from bot.domain.commands import Holder
from bot.domain.errors import UserError
from bot.domain.model import Community
from bot.kernel.roles import named_rows
from bot.kernel.statements import DAYS, LEDGER, POSTS, SPACES, table
from bot.kernel.weaver import Weaver
from bot.kernel.writer import Transaction
from bot.storage.members import ConsentRow
from bot.storage.tables import (
    BotRow,
    CommunityRow,
    HostRow,
    OccasionRow,
    RoleRow,
    SettingRow,
    SpaceRow,
    TimerRow,
)

log = structlog.get_logger()
COMMUNITIES = table(CommunityRow)
_OWN = (BotRow, ConsentRow, HostRow, OccasionRow, RoleRow, SettingRow, TimerRow)
"""Tables of the core that say something of one community, beside its posts and its ledger."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What an adapter may ask when Weaver comes to a place, and when it has to go."""

    weaver: Weaver

    async def found(self, community: Community, hosts: Sequence[Holder]) -> None:
        """Look after a community from now on; UserError when a space of it is another's already."""
        await self.weaver.writer.write(
            partial(_found, community, hosts, list(self.weaver.registry.plugins))
        )
        looked = self.weaver.registry.communities[community.id]
        now = self.weaver.clock.now()
        await self.weaver.writer.write(partial(self.weaver.ring.open, looked=looked, now=now))

    async def left(self, communities: Sequence[str]) -> None:
        """Weaver was sent away: what is due rests, and all is kept for now."""
        real = self.weaver.ring.real()
        values = {"paused": True, "left_at": real}
        await self.weaver.writer.write(partial(_mark, communities, values, gone=False))

    async def returned(self, communities: Sequence[str]) -> None:
        """Weaver is back where it had been sent away from, and goes on."""
        values = {"paused": False, "left_at": None}
        await self.weaver.writer.write(partial(_mark, communities, values, gone=True))

    async def bury(self, after: timedelta) -> int:
        """Forget all about the communities that sent Weaver away so long ago; tells how many.

        Those of config.toml stay: they are the operator's to remove.
        """
        until = self.weaver.ring.real() - after
        plugins = [one.plugin for one in self.weaver.registry.plugins.values()]
        tables = [model.__table__ for plugin in plugins for model in plugin.tables]  # type: ignore[attr-defined]

        def work(transaction: Transaction) -> int:
            gone = select(COMMUNITIES.c.id).where(
                COMMUNITIES.c.left_at < until, COMMUNITIES.c.provisioned.is_(False)
            )
            found = list(transaction.connection.execute(gone).scalars())
            for community in found:
                _bury(transaction, community, tables)
            return len(found)

        buried = await self.weaver.writer.write(work)
        if buried:
            log.info("communities buried", count=buried)
        return buried


def _found(
    community: Community, hosts: Sequence[Holder], plugins: list[str], transaction: Transaction
) -> None:
    session: Session = transaction.session
    for space in community.spaces:
        taken = session.exec(
            select(col(SpaceRow.community)).where(  # type: ignore[call-overload]
                col(SpaceRow.platform) == space.platform, col(SpaceRow.native) == space.id
            )
        ).first()
        if taken is not None:
            raise UserError(f"{space.name or space.id} belongs to another community already")
    if session.get(CommunityRow, community.id) is not None:
        raise UserError("this community is set up already; change it with Weaver's commands")
    row = CommunityRow(
        id=community.id, name=community.name, zone=community.zone, language=community.language
    )
    row.plugins = plugins
    session.add(row)
    for position, space in enumerate(community.spaces):
        session.add(
            SpaceRow(
                community=community.id,
                platform=space.platform,
                native=space.id,
                name=space.name,
                purpose=space.purpose,
                position=position,
                account=space.account,
            )
        )
    session.flush()
    for values in named_rows(community.id, hosts, "hosts"):
        transaction.connection.execute(insert(table(RoleRow)).values(**values))
    transaction.communities_changed = True


def _mark(
    communities: Sequence[str],
    values: Mapping[str, object],
    transaction: Transaction,
    *,
    gone: bool,
) -> None:
    """Pause what was left, or let go on what is back; what hosts paused themselves stays so."""
    left = COMMUNITIES.c.left_at.is_not(None) if gone else COMMUNITIES.c.left_at.is_(None)
    changed = transaction.connection.execute(
        update(COMMUNITIES).where(COMMUNITIES.c.id.in_(communities), left).values(**values)
    ).rowcount
    if not changed:
        return
    transaction.communities_changed = True
    if gone:
        transaction.connection.execute(
            update(LEDGER)
            .where(LEDGER.c.community.in_(communities), LEDGER.c.state == "held")
            .values(state="todo", error=None)
        )
        transaction.acts_waiting = True


def _bury(transaction: Transaction, community: str, tables: Sequence[object]) -> None:
    """Erase one community: posts, counts, its ledger, its people's words, what plugins hold."""
    spaces = select(SPACES.c.id).where(SPACES.c.community == community)
    transaction.settle()
    for logged in (POSTS, DAYS):
        transaction.connection.execute(delete(logged).where(logged.c.space.in_(spaces)))
    transaction.pending.began.clear()
    every = [*(table(row) for row in _OWN), LEDGER, SPACES, *tables]
    for each in every:
        columns = each.c  # type: ignore[attr-defined]
        if "community" in columns:
            transaction.connection.execute(delete(each).where(columns.community == community))  # type: ignore[arg-type]
    transaction.connection.execute(delete(COMMUNITIES).where(COMMUNITIES.c.id == community))
    transaction.communities_changed = True
