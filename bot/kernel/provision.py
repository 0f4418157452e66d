"""Write the operator's communities into the database, where everything else reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session, col, delete, select

from bot.domain.errors import UserError
from bot.domain.model import Community
from bot.kernel.keys import Keyring
from bot.kernel.registry import Installed, settings_from
from bot.kernel.statements import table
from bot.kernel.writer import Transaction
from bot.storage.tables import CommunityRow, HostRow, MetaRow, SettingRow, SpaceRow


@dataclass(frozen=True, slots=True)
class Provision:
    """A community as the operator's config.toml has it."""

    community: Community
    plugins: tuple[str, ...]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def provision(
    transaction: Transaction, wanted: Sequence[Provision], plugins: Mapping[str, Installed]
) -> None:
    """Make the database say what config.toml says; what hosts set themselves stays."""
    names = {one.community.id for one in wanted}
    for row in transaction.session.exec(select(CommunityRow).where(CommunityRow.provisioned)):
        row.active = row.id in names
    for one in wanted:
        for name, chosen in one.settings.items():
            where = f"[community.{one.community.id}.{name}]"
            if name not in plugins:
                raise UserError(f"{where}: there is no plugin {name!r} in its list of plugins")
            settings_from(plugins[name].plugin, chosen, where)
        _community(transaction.session, one)
    transaction.communities_changed = True


def _community(session: Session, one: Provision) -> None:
    community = one.community
    row = session.get(CommunityRow, community.id) or CommunityRow(
        id=community.id, name="", zone="", language=""
    )
    row.name, row.zone, row.language = community.name, community.zone, community.language
    row.plugins, row.provisioned, row.active = list(one.plugins), True, True
    session.add(row)
    _spaces(session, community)
    session.exec(delete(HostRow).where(col(HostRow.community) == community.id))
    for member in sorted(community.hosts):
        session.add(HostRow(community=community.id, member=member))
    session.exec(
        delete(SettingRow).where(
            col(SettingRow.community) == community.id, col(SettingRow.provisioned)
        )
    )
    for name, chosen in one.settings.items():
        session.add(
            SettingRow(community=community.id, plugin=name, provisioned=True, chosen=dict(chosen))
        )
    session.flush()


def _spaces(session: Session, community: Community) -> None:
    """Keep the row of a space that stays, since the posts logged in it point there."""
    standing = {
        (row.platform, row.native): row
        for row in session.exec(select(SpaceRow).where(SpaceRow.community == community.id))
    }
    for position, space in enumerate(community.spaces):
        row = standing.pop((space.platform, space.id), None) or SpaceRow(
            community=community.id, platform=space.platform, native=space.id, name="", purpose=""
        )
        row.name, row.purpose, row.position = space.name, space.purpose, position
        row.account = space.account
        session.add(row)
    for row in standing.values():
        session.delete(row)


def fingerprint_of(connection: Connection) -> str | None:
    """What the database knows its key by; None before the first start."""
    meta = table(MetaRow)
    query = select(meta.c.value).where(meta.c.name == "fingerprint")
    found: str | None = connection.execute(query).scalar()
    return found


def known_key(transaction: Transaction, keyring: Keyring) -> None:
    """Refuse an installation key that is not the one the ledger's keys were made with."""
    row = transaction.session.get(MetaRow, "fingerprint")
    if row is None:
        transaction.session.add(MetaRow(name="fingerprint", value=keyring.fingerprint))
    elif row.value != keyring.fingerprint:
        raise UserError(
            "installation.key is not the one this database was made with; bring the old one back "
            "from a backup, or everybody would be welcomed again"
        )
