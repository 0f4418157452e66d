"""Whether passing posts on raises their chance of an answer: two shares and their difference. Pure.

The interval is Newcombe's hybrid score interval for a difference of independent proportions (1998,
Statistics in Medicine 17, 873-890, method 10), from the Wilson intervals of both, 90 % two-sided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import copysign, floor, sqrt

from bot.api import half_up, wilson

WITHIN = timedelta(hours=24)
"""An answer counts when it comes so soon after the post."""
LEAST, ENOUGH = 5, 20
"""Posts on either side below which nothing is shown, and below which nothing is concluded."""


@dataclass(frozen=True, slots=True)
class Fate:
    """One post that asked for an answer: when it was said, passed on, and first answered."""

    at: datetime
    passed: datetime | None = None
    answered: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether it tells anything: what was answered before it was passed on does not."""
        return self.passed is None or self.answered is None or self.answered > self.passed

    @property
    def is_answered(self) -> bool:
        """Whether another person answered within a day of it."""
        return self.answered is not None and self.answered <= self.at + WITHIN


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    k: int
    n: int

    @property
    def percent(self) -> int:
        """The share in per cent, half up; there has to be something to share."""
        return int(half_up(100 * self.k, self.n, 0) or 0)


@dataclass(frozen=True, slots=True)
class Lift:
    """What became of the posts of a route, passed on and not."""

    passed: Share
    left: Share

    @property
    def is_shown(self) -> bool:
        """Whether there are posts enough on both sides to show anything."""
        return min(self.passed.n, self.left.n) >= LEAST

    @property
    def points(self) -> tuple[int, int, int]:
        """The difference in percentage points, and what it is likely to lie between."""
        low, high = difference(self.passed, self.left)
        middle = self.passed.k / self.passed.n - self.left.k / self.left.n
        return _whole(middle), _whole(low), _whole(high)

    @property
    def is_none(self) -> bool:
        """Whether posts enough were passed on, and were answered no more often for it."""
        enough = min(self.passed.n, self.left.n) >= ENOUGH
        return enough and self.passed.k * self.left.n <= self.left.k * self.passed.n


def _whole(share: float) -> int:
    """A difference in whole points, halves away from nought, as the shares beside it are told."""
    return int(copysign(floor(100 * abs(share) + 0.5), share))


def lift(fates: Iterable[Fate]) -> Lift:
    """Compare posts that were passed on with posts that were not."""
    counted = [fate for fate in fates if fate.counts]
    passed = [fate.is_answered for fate in counted if fate.passed is not None]
    left = [fate.is_answered for fate in counted if fate.passed is None]
    return Lift(Share(sum(passed), len(passed)), Share(sum(left), len(left)))


def difference(one: Share, other: Share) -> tuple[float, float]:
    """The interval of the first share less the second; from -1 to 1 when one is of nothing."""
    of_one, of_other = wilson(one.k, one.n), wilson(other.k, other.n)
    if of_one is None or of_other is None:
        return -1.0, 1.0
    first, second = one.k / one.n, other.k / other.n
    low = first - second - sqrt((first - of_one[0]) ** 2 + (of_other[1] - second) ** 2)
    high = first - second + sqrt((of_one[1] - first) ** 2 + (second - of_other[0]) ** 2)
    return low, high
