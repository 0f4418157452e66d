"""The kernel's statements, built once: Core inserts cost a tenth of ORM objects."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, bindparam, text

from bot.storage.database import Database
from bot.storage.members import ConsentRow
from bot.storage.prepared import Prepared
from bot.storage.tables import (
    OPEN_STATES,
    AdapterStateRow,
    BotRow,
    CursorRow,
    DayRow,
    InboxRow,
    LedgerRow,
    OccasionRow,
    PostRow,
    SpaceRow,
    TimerRow,
)


def table(row: Any) -> Table:
    """The Core table behind a model."""
    found = row.__table__
    assert isinstance(found, Table)
    return found


BOTS = table(BotRow)
DAYS = table(DayRow)
LEDGER = table(LedgerRow)
OCCASIONS = table(OccasionRow)
POSTS = table(PostRow)
SPACES = table(SpaceRow)
TIMERS = table(TimerRow)

_HEAD = f"""
    SELECT act.seq FROM core_ledger AS act
    WHERE act.{OPEN_STATES} AND act.due <= :now
      AND (act.state = 'todo' OR act.lease < :now)
      AND act.account NOT IN :resting
      AND NOT EXISTS (
        SELECT 1 FROM core_ledger AS earlier
        WHERE earlier.lane = act.lane AND earlier.seq < act.seq AND earlier.{OPEN_STATES})
    ORDER BY act.urgency, act.seq LIMIT :count"""  # noqa: S608 - literals of ours


def _replacing(into: Any, this: Table) -> Any:
    """Insert a row, in place of the one that has its key."""
    keys = [column.name for column in this.primary_key]
    others = [column.name for column in this.c if column.name not in keys]
    return into.on_conflict_do_update(
        index_elements=keys, set_={name: into.excluded[name] for name in others}
    )


class Statements:
    """Statements in the dialect of one database."""

    def __init__(self, database: Database) -> None:
        insert = database.insert
        postgres = database.url.get_backend_name() == "postgresql"
        inbox = table(InboxRow)
        self.hear = insert(inbox).on_conflict_do_nothing()
        self.hear_all = Prepared(self.hear, inbox.c.keys())
        logged = [column.name for column in POSTS.c if not column.name.startswith("first_")]
        self.log_posts = Prepared(insert(POSTS).on_conflict_do_nothing(), logged)
        counted = insert(DAYS)
        columns = [column for column in DAYS.c if not column.primary_key]
        more = {column.name: column + counted.excluded[column.name] for column in columns}
        on_top = counted.on_conflict_do_update(index_elements=["space", "day"], set_=more)
        self.add_days = Prepared(on_top, DAYS.c.keys())
        self.mark_bot = insert(BOTS).on_conflict_do_nothing()
        held = insert(OCCASIONS)
        self.record_occasion = held.on_conflict_do_update(
            index_elements=["community", "plugin", "name"],
            set_={name: held.excluded[name] for name in ("space", "kind", "begins", "ends")},
        )
        self.set_timer = _replacing(insert(TIMERS), TIMERS)
        self.record = insert(LEDGER).on_conflict_do_nothing(index_elements=["key"])
        keep = insert(table(CursorRow))
        self.keep_cursor = keep.on_conflict_do_update(
            index_elements=["platform"], set_={"cursor": keep.excluded.cursor}
        )
        remember = insert(table(AdapterStateRow))
        self.remember = remember.on_conflict_do_update(
            index_elements=["platform", "name"], set_={"value": remember.excluded.value}
        )
        say = insert(table(ConsentRow))
        self.say = say.on_conflict_do_update(
            index_elements=["community", "member", "purpose"],
            set_={"given": say.excluded.given, "at": say.excluded.at},
        )
        self.claim = text(
            "UPDATE core_ledger SET state = 'sending', owner = :owner, lease = :lease, "  # noqa: S608
            f"attempts = attempts + 1 WHERE seq IN ({_HEAD}"
            f"{' FOR UPDATE SKIP LOCKED' if postgres else ''}) RETURNING seq"
        ).bindparams(bindparam("resting", expanding=True))
