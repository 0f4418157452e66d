"""Write down what many events say at once, as dispatch does for each, with no handler run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.events import SpaceEvent
from bot.kernel import facts
from bot.kernel.registry import Registry
from bot.kernel.statements import table
from bot.kernel.writer import Transaction
from bot.storage.tables import InboxRow
from bot.storage.types import micros

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
    fresh = _fresh([event for event in events if registry.concerned(event.space)], now, transaction)
    for event in fresh:
        for looked in registry.concerned(event.space):
            facts.log(transaction, event, looked)
    return len(fresh)


def _fresh(
    events: Sequence[SpaceEvent], now: datetime, transaction: Transaction
) -> Sequence[SpaceEvent]:
    """Put events into the inbox; returns those that were not there, each once.

    Mostly nothing is repeated, so that is only looked for when the inbox takes fewer than these.
    """
    if not events:
        return events
    connection, platform = transaction.connection, events[0].space.platform
    at = micros(now)

    def heard(found: Sequence[SpaceEvent]) -> int:
        rows = [{"platform": platform, "event": event.id, "at": at} for event in found]
        return transaction.statements.hear_all.each(connection, rows)

    with connection.begin_nested() as attempt:
        if heard(events) == len(events):
            return events
        attempt.rollback()
    found = {event.id: event for event in reversed(events)}
    asked = {"platform": platform, "events": list(found)}
    for identity in connection.execute(_HEARD, asked).scalars():
        del found[identity]
    fresh = list(found.values())[::-1]
    if fresh:
        heard(fresh)
    return fresh
