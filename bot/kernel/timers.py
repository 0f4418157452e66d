"""Timers of plugins: rows that say when, and what is done when the time has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, select, update

from bot.books import GRACE
from bot.domain.pages import Upcoming
from bot.domain.recurrence import Occurrence, Recurrence, to_local
from bot.kernel.statements import TIMERS
from bot.kernel.writer import Transaction
from bot.storage.types import MICROSECOND


def recurrence_of(row: RowMapping) -> Recurrence:
    """The rule of a timer."""
    skipped = tuple(datetime.fromisoformat(date) for date in row["skipped"])
    return Recurrence(row["start"], row["zone"], row["rule"], skipped)


_THIS = (
    TIMERS.c.community == bindparam("here"),
    TIMERS.c.plugin == bindparam("whose"),
    TIMERS.c.name == bindparam("named"),
)
_NEXT = select(TIMERS.c.next_at).where(*_THIS)
_FORGET = delete(TIMERS).where(*_THIS)


@dataclass(frozen=True, slots=True)
class Timers:
    """One plugin's timers in one community, inside one transaction."""

    transaction: Transaction
    community: str
    plugin: str
    zone: str
    now: datetime

    def _mine(self, name: str) -> Any:
        return and_(
            TIMERS.c.community == self.community,
            TIMERS.c.plugin == self.plugin,
            TIMERS.c.name == name,
        )

    def once(
        self,
        name: str,
        at: datetime,
        label: str,
        payload: Mapping[str, Any] | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> None:
        """Call the due handler at ``at``; setting a name again replaces its timer."""
        rule = Recurrence(to_local(at, self.zone).replace(microsecond=0), self.zone)
        self._set(name, rule, Occurrence(rule.start, at), **_said(label, payload, grace))

    def repeat(
        self,
        name: str,
        rule: Recurrence,
        label: str,
        payload: Mapping[str, Any] | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> datetime | None:
        """Call the due handler at each occurrence after now; an unchanged timer stays as it is."""
        standing = (
            self.transaction.connection.execute(select(TIMERS).where(self._mine(name)))
            .mappings()
            .first()
        )
        if standing is not None and recurrence_of(standing) == rule:
            changes = {"label": label, "payload": dict(payload or {})}
            self.transaction.connection.execute(
                update(TIMERS).where(self._mine(name)).values(**changes)
            )
            due: datetime = standing["next_at"]
            return due
        first = rule.after(self.now)
        if first is None:
            self.cancel(name)
            return None
        self._set(name, rule, first, **_said(label, payload, grace))
        return first.at

    def _set(self, name: str, rule: Recurrence, first: Occurrence, **values: object) -> None:
        row = {
            "community": self.community,
            "plugin": self.plugin,
            "name": name,
            "zone": rule.zone,
            "start": rule.start,
            "rule": rule.rule,
            "skipped": [date.isoformat() for date in rule.skipped],
            "next_local": first.local,
            "next_at": first.at,
            **values,
        }
        self.transaction.connection.execute(self.transaction.statements.set_timer, row)
        self.transaction.timers_changed = True

    def cancel(self, name: str) -> bool:
        """Forget a timer; False when there is none of that name."""
        asked = {"here": self.community, "whose": self.plugin, "named": name}
        gone = self.transaction.connection.execute(_FORGET, asked).rowcount
        self.transaction.timers_changed |= gone > 0
        return gone > 0

    def next(self, name: str) -> datetime | None:
        """When a timer is next due, in UTC; None when it is not set."""
        asked = {"here": self.community, "whose": self.plugin, "named": name}
        due: datetime | None = self.transaction.connection.execute(_NEXT, asked).scalar()
        return due


def _said(label: str, payload: Mapping[str, Any] | None, grace: timedelta) -> dict[str, object]:
    """What a plugin says about a timer, as the table keeps it."""
    return {"label": label, "payload": dict(payload or {}), "grace": int(grace.total_seconds())}


def earliest(connection: Connection) -> datetime | None:
    """When the next timer of all is due."""
    query = select(TIMERS.c.next_at).order_by(TIMERS.c.next_at).limit(1)
    due: datetime | None = connection.execute(query).scalar()
    return due


def upcoming(connection: Connection, community: str | None, limit: int) -> list[Upcoming]:
    """What is due next, soonest first; of one community or of all."""
    query = select(TIMERS.c.next_at, TIMERS.c.label, TIMERS.c.community)
    if community is not None:
        query = query.where(TIMERS.c.community == community)
    soonest = query.order_by(TIMERS.c.next_at, TIMERS.c.name).limit(limit)
    return [Upcoming(at, label, whose) for at, label, whose in connection.execute(soonest)]


def take_due(transaction: Transaction, now: datetime, limit: int = 100) -> list[RowMapping]:
    """Take the timers that are due, soonest first, and advance or remove each."""
    rows = (
        transaction.connection.execute(
            select(TIMERS)
            .where(TIMERS.c.next_at <= now)
            .order_by(TIMERS.c.next_at, TIMERS.c.community, TIMERS.c.plugin, TIMERS.c.name)
            .limit(limit)
        )
        .mappings()
        .all()
    )
    over: list[dict[str, str]] = []
    for row in rows:
        this = {"here": row["community"], "whose": row["plugin"], "named": row["name"]}
        following = _following(row, now)
        if following is None:
            over.append(this)
        else:
            changes = {"next_local": following.local, "next_at": following.at}
            transaction.connection.execute(update(TIMERS).where(*_THIS).values(**changes), this)
    if over:
        transaction.connection.execute(_FORGET, over)
    transaction.timers_changed |= bool(rows)
    return list(rows)


def _following(row: RowMapping, now: datetime) -> Occurrence | None:
    """The occurrence after this one; those that are beyond the grace by now are passed over."""
    if row["rule"] is None:
        return None
    in_grace = now - timedelta(seconds=row["grace"])
    passed = max(row["next_at"], in_grace - MICROSECOND)  # what is late by all of it still runs
    return recurrence_of(row).after(passed)
