"""Closed weeks, what some of them say together, and what is normal for a space. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.api import wilson

USUAL, MEMORY = 26, 52
"""Weeks that say what is normal; those before them, so that a slow slide moves no goal posts."""
USUAL_POSTS, USUAL_ACTIVE = 40, 8
"""Posts, and weeks with posts, that it takes to speak of a normal."""
ALIKE, MOST_ALIKE = 0.03, 0.30
"""How alike the posts of one week are, at least and at most (intra-week correlation)."""


@dataclass(frozen=True, slots=True)
class Week:
    """A closed week: what people posted, bots and reposts left out."""

    monday: date
    originals: int
    replies: int
    quiet: bool = False
    """Marked as a holiday or an event: skipped, neither recent nor normal."""

    @property
    def posts(self) -> int:
        """What people said themselves."""
        return self.originals + self.replies


@dataclass(frozen=True, slots=True)
class Reading:
    """What some weeks say: ``k`` of ``n``; share and 90 % limits after capping busy weeks."""

    weeks: int
    k: int
    n: int
    share: float
    low: float
    high: float
    capped: bool


@dataclass(frozen=True, slots=True)
class Normal:
    """A space's own normal: its share of replies, and how alike the posts of its weeks are."""

    share: float
    alike: float


@dataclass(frozen=True, slots=True)
class Pool:
    """Weeks counted together, each for at most ``most`` posts."""

    weeks: Sequence[Week]
    most: float

    @property
    def posts(self) -> int:
        """What people said in them, nothing capped."""
        return sum(week.posts for week in self.weeks)

    @property
    def active(self) -> int:
        """Weeks in which anybody posted."""
        return sum(week.posts > 0 for week in self.weeks)

    @property
    def capped(self) -> tuple[float, float]:
        """Replies and posts, as far as they count."""
        parts = [(w, min(1.0, self.most / w.posts)) for w in self.weeks if w.posts]
        return sum(w.replies * part for w, part in parts), sum(w.posts * part for w, part in parts)

    def reading(self, alike: float) -> Reading:
        """The share and its limits, the posts of a week being so much alike."""
        replies, posts = self.capped
        effective = posts / (1 + (posts / self.active - 1) * alike)
        limits = wilson(replies / posts * effective, effective)
        assert limits is not None
        return Reading(
            weeks=len(self.weeks),
            k=sum(week.replies for week in self.weeks),
            n=self.posts,
            share=replies / posts,
            low=limits[0],
            high=limits[1],
            capped=any(week.posts > self.most for week in self.weeks),
        )


def normal_of(usable: Sequence[Week], most: float, alarmed: frozenset[date]) -> Normal | None:
    """The higher share of the weeks before and of the year before those; None when too few."""
    found: list[Normal] = []
    for span in (usable[:USUAL], usable[USUAL : USUAL + MEMORY]):
        pool = Pool([week for week in span if week.monday not in alarmed], most)
        if pool.posts >= USUAL_POSTS and pool.active >= USUAL_ACTIVE:
            replies, posts = pool.capped
            found.append(Normal(replies / posts, _alike(pool.weeks, replies / posts)))
    if not found:
        return None
    return Normal(max(one.share for one in found), max(one.alike for one in found))


def _alike(weeks: Iterable[Week], share: float) -> float:
    """How alike the posts of a week are here: the intra-week correlation, by moments.

    With n_i posts in week i, sum((r_i - n_i s)^2 / (n_i s (1 - s))) is expected to be the number of
    weeks plus the correlation times sum(n_i - 1). A space that always varies much is not called
    broken for varying.
    """
    active = [week for week in weeks if week.posts]
    chance = max(share * (1 - share), 1e-3)
    spread = sum((w.replies - w.posts * share) ** 2 / (w.posts * chance) for w in active)
    pairs = sum(week.posts - 1 for week in active)
    return min(MOST_ALIKE, max(ALIKE, (spread - len(active) + 1) / pairs if pairs else 0.0))
