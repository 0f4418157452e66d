"""When a repeated thing happens: wall-clock time, IANA zone and RFC 5545 rule are the truth.

UTC instants are derived from them. A wall time that a clock change repeats counts once, the first
time; one that it skips comes later by the length of the gap (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

_GAP_ROOM = timedelta(days=1)
_OFTEN = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


def zone_named(name: str) -> ZoneInfo:
    """Look up an IANA zone; ValueError in plain words when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"there is no time zone {name!r}; write one like Europe/London or America/New_York"
        ) from None


def to_utc(local: datetime, zone: str) -> datetime:
    """Turn a naive wall-clock time into its instant, by the two rules above."""
    return local.replace(tzinfo=zone_named(zone), fold=0).astimezone(UTC)


def to_local(instant: datetime, zone: str) -> datetime:
    """Turn an instant into the naive wall-clock time of a zone."""
    return instant.astimezone(zone_named(zone)).replace(tzinfo=None)


def _refuse_endless(rule: str) -> None:
    """Refuse what is more than one RRULE value, and what could be searched through for ever."""
    if ":" in rule or len(rule.split()) != 1:
        raise ValueError("it is a single RRULE value, without a name or line breaks")
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if parts.get("FREQ") not in _OFTEN:
        raise ValueError(f"FREQ is one of {', '.join(_OFTEN)}")
    if not parts.get("INTERVAL", "1").isdecimal() or int(parts.get("INTERVAL", "1")) == 0:
        raise ValueError("INTERVAL is 1 or more")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a rule gives: the wall time it stands for, naive, and its instant in UTC."""

    local: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Recurrence:
    """DTSTART (naive, in ``zone``), an RRULE value or None for once, and EXDATEs (naive)."""

    start: datetime
    zone: str
    rule: str | None = None
    skipped: tuple[datetime, ...] = ()

    def __post_init__(self) -> None:
        """Refuse, in plain words, what could never be computed later."""
        if self.start.tzinfo is not None:
            raise ValueError("a recurrence starts at a wall-clock time, without an offset")
        zone_named(self.zone)
        self._dates()

    def _dates(self) -> rruleset:
        dates = rruleset()
        if self.rule is None:
            dates.rdate(self.start)
        else:
            try:
                _refuse_endless(self.rule)
                dates.rrule(rrulestr(self.rule, dtstart=self.start))  # type: ignore[arg-type]
            except (ValueError, KeyError, AttributeError, TypeError) as error:
                raise ValueError(
                    f"{self.rule!r} is no recurrence rule ({error}); "
                    "write one like FREQ=WEEKLY;BYDAY=TH"
                ) from None
        for date in self.skipped:
            dates.exdate(date)
        return dates

    def after(self, instant: datetime) -> Occurrence | None:
        """Give the first occurrence strictly after an instant; None when there is no more."""
        return next(iter(self.upcoming(instant, 1)), None)

    def upcoming(self, instant: datetime, count: int) -> list[Occurrence]:
        """Give up to ``count`` occurrences strictly after an instant, soonest first."""
        return list(islice(self.following(instant), count))

    def following(self, instant: datetime) -> Iterator[Occurrence]:
        """Go through the occurrences strictly after an instant, soonest first, as far as asked."""
        last = instant
        for local in self._dates().xafter(to_local(instant, self.zone) - _GAP_ROOM):
            at = to_utc(local, self.zone)
            if at > last:
                last = at
                yield Occurrence(local, at)
