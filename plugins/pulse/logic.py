"""Is this a conversation? The share of replies, and the rule for when it says broadcast.

Pure: counts go in, sentences' figures come out. Every count here is of people's posts only, bots
and reposts left out. ``k of n`` is replies of (originals + replies); quotes are originals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from bot.api import Talk, half_up, wilson

ENOUGH = 24
"""Under so many posts nobody can tell a reply share from luck."""
WEEK = timedelta(days=7)
RECENT, EXTENDED, USUAL = 4, 12, 26
"""Weeks that are judged; that are judged where people post little; that say what is usual."""
ACTIVE_WEEKS = 3
"""In fewer weeks than this one occasion would decide."""
BUSY = 2
"""A week counts for at most so many usual ones."""
ALIKE = 0.03
"""How alike the posts of one week are (intra-week correlation): they count for fewer."""
FLOOR = 0.15
"""Between the broadcasts (under 10 %) and the conversations (over 60 %) of the 2020 audit."""
RECOVERED = 0.25
RUNNING_BAD, RUNNING_GOOD = 2, 3
REST = 8 * WEEK


@dataclass(frozen=True, slots=True)
class Share:
    """``k`` of ``n`` posts were replies; ``low`` and ``high`` are the 90 % limits, as shares."""

    k: int
    n: int
    low: float
    high: float

    @property
    def percent(self) -> int:
        """The share in per cent, half up."""
        return int(half_up(100 * self.k, self.n, 0) or 0)

    @property
    def low_percent(self) -> int:
        """The lower limit in per cent, half up."""
        return percent(self.low)

    @property
    def high_percent(self) -> int:
        """The upper limit in per cent, half up."""
        return percent(self.high)

    @property
    def enough(self) -> bool:
        """Whether there are posts enough to read anything into."""
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True)
class Recent:
    """What the last closed weeks say; ``share`` and its limits are after capping busy weeks."""

    weeks: int
    k: int
    n: int
    share: float
    low: float
    high: float
    capped: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a space from one weekly check to the next; nothing about people."""

    bad: int = 0
    good: int = 0
    alarmed: bool = False
    last_alarm: datetime | None = None


def percent(share: float) -> int:
    """Give a share in per cent, half up."""
    return int(share * 100 + 0.5)


def posts(talk: Talk) -> int:
    """Count what people said themselves: originals and replies."""
    return talk.originals + talk.replies


def together(talks: Iterable[Talk]) -> Talk:
    """Add up several spaces; people are counted per space, so they are not added up."""
    parts = list(talks)
    return Talk(
        sum(talk.originals for talk in parts),
        sum(talk.replies for talk in parts),
        sum(talk.reposts for talk in parts),
        sum(talk.bot_posts for talk in parts),
        people=0,
    )


def share(talk: Talk) -> Share | None:
    """Give s = replies / (originals + replies) with its 90 % interval; None without posts."""
    limits = wilson(talk.replies, posts(talk))
    return None if limits is None else Share(talk.replies, posts(talk), *limits)


def recent(weeks: Sequence[Talk]) -> Recent | None:
    """Read the last 4 closed weeks, oldest first, or 12 where people post little; None if too few.

    One event cannot decide: a week counts for at most twice the median active week of the last 26.
    And the posts of a week are alike, so the interval is of the effective number of posts,
    m / (1 + (m / active weeks - 1) * 0.03).
    """
    chosen = weeks[-RECENT:]
    if sum(map(posts, chosen)) < ENOUGH:
        chosen = weeks[-EXTENDED:]
    sizes = [posts(week) for week in chosen]
    active = sum(size > 0 for size in sizes)
    if sum(sizes) < ENOUGH or active < ACTIVE_WEEKS:
        return None
    most = BUSY * median([size for week in weeks[-USUAL:] if (size := posts(week))])
    counted = [min(1.0, most / size) if size else 1.0 for size in sizes]
    m = sum(size * part for size, part in zip(sizes, counted, strict=True))
    replies = sum(week.replies * part for week, part in zip(chosen, counted, strict=True))
    effective = m / (1 + (m / active - 1) * ALIKE)
    limits = wilson(replies / m * effective, effective)
    assert limits is not None
    return Recent(
        weeks=len(chosen),
        k=sum(week.replies for week in chosen),
        n=sum(sizes),
        share=replies / m,
        low=limits[0],
        high=limits[1],
        capped=min(counted) < 1,
    )


def broadcasts(reading: Recent) -> bool:
    """Say whether even the upper limit lies under the floor: the talk goes one way."""
    return reading.high < FLOOR


def check(before: Standing, reading: Recent | None, at: datetime) -> tuple[Standing, bool]:
    """Go from one weekly check to the next; True when the hosts should now be told.

    Told after 2 bad checks running, at most once in 8 weeks; over after 3 running in which more
    than a quarter were replies. Too few posts to tell change nothing.
    """
    if reading is None:
        return before, False
    bad = before.bad + 1 if broadcasts(reading) else 0
    good = before.good + 1 if before.alarmed and reading.share > RECOVERED else 0
    if before.alarmed:
        over = good >= RUNNING_GOOD
        return replace(before, bad=bad, good=0 if over else good, alarmed=not over), False
    rested = before.last_alarm is None or at - before.last_alarm >= REST
    if bad >= RUNNING_BAD and rested:
        return Standing(bad=bad, alarmed=True, last_alarm=at), True
    return replace(before, bad=bad, good=0), False
