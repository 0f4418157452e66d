"""Write down what many events say at once, as dispatch does for each, with no handler run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.events import PostSeen, SpaceEvent
from bot.kernel import facts
from bot.kernel.registry import Registry
from bot.kernel.statements import table
from bot.kernel.writer import Transaction
from bot.storage.tables import InboxRow

_INBOX = table(InboxRow)
_HEARD = select(_INBOX.c.event).where(
    _INBOX.c.platform == bindparam("platform"),
    _INBOX.c.event.in_(bindparam("events", expanding=True)),
)


def keep(
    events: Sequence[SpaceEvent], registry: Registry, now: datetime, transaction: Transaction
) -> int:
    """Keep the facts of events of one platform, in order; returns how many were not heard before.

    Repetitions and spaces of nobody's are dropped, as in dispatch.
    """
    fresh = _unheard((event for event in events if registry.concerned(event.space)), transaction)
    if not fresh:
        return 0
    platform = fresh[0].space.platform
    heard = [{"platform": platform, "event": event.id, "at": now} for event in fresh]
    transaction.connection.execute(transaction.statements.hear, heard)
    rows: list[dict[str, Any]] = []
    for event in fresh:
        concerned = registry.concerned(event.space)
        if isinstance(event, PostSeen):
            rows += [facts.row(event.post, one.space_ids[event.space.key]) for one in concerned]
            continue
        _log(rows, transaction)
        for looked in concerned:
            facts.log(transaction, event, looked)
    _log(rows, transaction)
    return len(fresh)


def _unheard(events: Iterable[SpaceEvent], transaction: Transaction) -> list[SpaceEvent]:
    """Those that are not in the inbox, each once."""
    found = {event.id: event for event in reversed(list(events))}
    if not found:
        return []
    platform = next(iter(found.values())).space.platform
    asked = {"platform": platform, "events": list(found)}
    for identity in transaction.connection.execute(_HEARD, asked).scalars():
        del found[identity]
    return list(found.values())[::-1]


def _log(rows: list[dict[str, Any]], transaction: Transaction) -> None:
    if rows:
        transaction.connection.execute(transaction.statements.log_post, rows)
        rows.clear()
