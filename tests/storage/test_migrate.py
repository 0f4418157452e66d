"""The migrations make the tables that the code describes, for each owner apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text

from bot.domain.errors import UserError
from bot.kernel.registry import installed, owners
from bot.storage.database import Database
from bot.storage.migrate import CORE, Owner, migrate, pending
from tests.storage.databases import opened

OURS = ("welcome", "amplify", "chats", "pulse")
OWNERS = {owner.name: owner for owner in owners(installed(OURS).values())}


@pytest.fixture
def blank(empty: str) -> Iterator[Database]:
    with opened(empty) as database:
        yield database


def differences(database: Database, owner: Owner) -> list[Any]:
    """What alembic would still have to change for an owner, types and indexes included."""
    with database.read.connect() as connection:
        own = {
            "version_table": owner.version_table,
            "compare_type": True,
            "include_name": lambda name, kind, _: (
                kind != "table" or str(name).startswith(f"{owner.name}_")
            ),
        }
        context = MigrationContext.configure(connection, opts=own)
        found: list[Any] = compare_metadata(context, owner.metadata)
    return found


def tables(database: Database) -> set[str]:
    return set(inspect(database.write).get_table_names())


def revisions(database: Database, owner: Owner) -> list[str]:
    with database.read.connect() as connection:
        query = text(f"SELECT version_num FROM {owner.version_table}")
        return list(connection.execute(query).scalars())


def test_from_nothing_to_all_tables(blank: Database) -> None:
    changed = migrate(blank, list(OWNERS.values()))

    assert changed == list(OWNERS.values())
    expected = {name for owner in OWNERS.values() for name in owner.metadata.tables}
    assert tables(blank) == expected | {owner.version_table for owner in OWNERS.values()}


@pytest.mark.parametrize("name", OWNERS)
def test_the_migrations_make_what_the_models_say(blank: Database, name: str) -> None:
    migrate(blank, list(OWNERS.values()))

    assert differences(blank, OWNERS[name]) == []


def test_the_comparison_would_see_a_missing_index_a_column_and_a_type(blank: Database) -> None:
    migrate(blank, [CORE])
    with blank.write.begin() as connection:
        connection.execute(text("DROP INDEX ix_core_ledger_lane"))
        connection.execute(text("ALTER TABLE core_meta ADD COLUMN more TEXT"))
        connection.execute(text("DROP TABLE core_cursor"))
        connection.execute(
            text(
                "CREATE TABLE core_cursor "
                "(platform VARCHAR NOT NULL PRIMARY KEY, cursor INT NOT NULL)"
            )
        )

    assert len(differences(blank, CORE)) == 3


@pytest.mark.parametrize("name", OWNERS)
def test_an_owner_covers_its_own_tables_and_no_others(name: str) -> None:
    metadata: MetaData = OWNERS[name].metadata

    assert metadata.tables
    assert all(table.startswith(f"{name}_") for table in metadata.tables)
    assert OWNERS[name].version_table not in metadata.tables


def test_each_owner_has_a_version_of_its_own(blank: Database) -> None:
    migrate(blank, list(OWNERS.values()))

    for owner in OWNERS.values():
        assert revisions(blank, owner) == ["0001"]


def test_migrating_twice_changes_nothing(blank: Database) -> None:
    migrate(blank, list(OWNERS.values()))

    assert pending(blank, list(OWNERS.values())) == []
    assert migrate(blank, list(OWNERS.values())) == []


def test_a_plugin_that_comes_later_brings_only_its_own(blank: Database) -> None:
    migrate(blank, [CORE])

    assert migrate(blank, [CORE, OWNERS["pulse"]]) == [OWNERS["pulse"]]
    brought = {name for name in tables(blank) if not name.startswith("core_")}
    assert brought == {*OWNERS["pulse"].metadata.tables, "pulse_migration"}


def test_a_plugin_that_is_left_out_keeps_its_tables(blank: Database) -> None:
    migrate(blank, list(OWNERS.values()))

    assert migrate(blank, [CORE]) == []
    assert "welcome_arrival" in tables(blank)


@pytest.mark.parametrize("name", ["core", "welcome"])
def test_a_database_of_a_newer_weaver_is_refused_and_left_as_it_is(
    blank: Database, name: str
) -> None:
    owner = OWNERS[name]
    migrate(blank, [owner])
    with blank.write.begin() as connection:
        connection.execute(text(f"UPDATE {owner.version_table} SET version_num = '0099'"))

    with pytest.raises(UserError, match=rf"revision 0099 of {name}.*install that version again"):
        migrate(blank, list(OWNERS.values()))

    assert revisions(blank, owner) == ["0099"]
    assert owner.version_table in tables(blank)
    assert len({table for table in tables(blank) if table.endswith("_migration")}) == 1


def test_a_migration_that_fails_takes_all_of_them_back(blank: Database, tmp_path: Path) -> None:
    (tmp_path / "0001_broken.py").write_text(
        "from alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = '0001', None, None, None\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE broken_half (id INTEGER)')\n"
        "    raise RuntimeError('the power went')\n"
    )
    broken = Owner("broken", tmp_path, MetaData())

    with pytest.raises(RuntimeError, match="the power went"):
        migrate(blank, [CORE, broken])

    assert tables(blank) == set()
    assert migrate(blank, [CORE]) == [CORE]
