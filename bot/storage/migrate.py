"""Bring the tables up to date: one Alembic lineage and version table per owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData

from bot.domain.errors import UserError
from bot.storage.database import Database
from bot.storage.types import CoreTable

ROOT = Path(__file__).parents[2] / "migrations"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose tables they are: ``core`` or a plugin, with its folder of revisions."""

    name: str
    revisions: Path
    metadata: MetaData

    @property
    def version_table(self) -> str:
        """Where the owner's revision is kept."""
        return f"{self.name}_migration"


CORE = Owner("core", ROOT / "core", CoreTable.metadata)


def _config(owner: Owner, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT).replace("%", "%%"))
    config.set_main_option("version_locations", str(owner.revisions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(owner=owner, connection=connection)
    return config


def pending(database: Database, owners: Sequence[Owner]) -> list[Owner]:
    """The owners whose tables are behind; UserError when a newer Weaver wrote the database."""
    behind = []
    with database.read.connect() as connection:
        for owner in owners:
            context = MigrationContext.configure(
                connection, opts={"version_table": owner.version_table}
            )
            script = ScriptDirectory.from_config(_config(owner))
            here, newest = context.get_current_revision(), script.get_current_head()
            if here == newest:
                continue
            try:
                script.get_revision(here) if here else None
            except CommandError:
                raise UserError(
                    f"the database holds revision {here} of {owner.name}, which this Weaver does "
                    "not know: a newer one wrote it; install that version again"
                ) from None
            behind.append(owner)
    return behind


def migrate(database: Database, owners: Sequence[Owner]) -> list[Owner]:
    """Bring every owner's tables up to date in one transaction; returns those that changed."""
    behind = pending(database, owners)
    if behind:
        with database.write.begin() as connection:
            for owner in behind:
                command.upgrade(_config(owner, connection), "head")
    return behind
