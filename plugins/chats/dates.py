"""When a series takes place: its rule, less closures, with the dates that hosts moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.api import Occurrence, Recurrence, to_utc

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, first and last included, on which chats are left out, put off or held as usual."""

    begins: date
    ends: date
    how: str
    """skip, postpone or usual"""
    name: str = ""

    def has(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.begins <= day <= self.ends


@dataclass(frozen=True)
class Dates:
    """The dates of a series. A date is known by the time it was planned for, however it moves.

    A host's word about one date wins over closures; what is put off takes place at the same hour
    of the same weekday, the first time after the closure.
    """

    times: Recurrence
    moved: Mapping[datetime, datetime] = field(default_factory=dict)
    closures: Sequence[Closure] = ()

    def placed(self, local: datetime) -> datetime | None:
        """The wall-clock time at which a date takes place; None when a closure leaves it out."""
        if local in self.moved:
            return self.moved[local]
        while closure := next((one for one in self.closures if one.has(local.date())), None):
            if closure.how == "usual":
                return local
            if closure.how == "skip":
                return None
            local += _WEEK
        return local

    def at(self, local: datetime) -> datetime:
        """The moment (UTC) at which a date takes place, or would."""
        return to_utc(self.placed(local) or local, self.times.zone)

    def after(self, instant: datetime) -> Occurrence | None:
        """Give the first date strictly after an instant; None when there is no more."""
        return next(iter(self.upcoming(instant, 1)), None)

    def upcoming(self, instant: datetime, count: int) -> list[Occurrence]:
        """Give up to ``count`` dates strictly after an instant, soonest first."""
        found: dict[datetime, Occurrence] = {}
        for planned, placed in self.moved.items():
            if (at := to_utc(placed, self.times.zone)) > instant:
                found[at] = Occurrence(planned, at)
        for one in self.times.following(instant - self._reach()):
            if sum(at < one.at for at in found) >= count:
                break
            wall = None if one.local in self.moved else self.placed(one.local)
            if wall is None:
                continue
            at = one.at if wall == one.local else to_utc(wall, self.times.zone)
            if at > instant and (at not in found or wall == one.local):
                found[at] = Occurrence(one.local, at)
        return [found[at] for at in sorted(found)][:count]

    def _reach(self) -> timedelta:
        """How far back a date may lie that was put off until now."""
        spans = [one.ends - one.begins + 2 * _WEEK for one in self.closures if one.how != "usual"]
        return sum(spans, timedelta())
