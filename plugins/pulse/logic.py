"""Is this a conversation? The share of replies, with its doubt.

Pure: counts go in, sentences' figures come out. Every count here is of people's posts only, bots
and reposts left out. ``k of n`` is replies of (originals + replies); quotes are originals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.api import Space, Talk, half_up, wilson

ENOUGH = 24
"""Under so many posts nobody can tell a reply share from luck."""
WEEK = timedelta(days=7)
USUAL = 26
"""Weeks that say what is usual."""


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
    return share_of(talk.replies, posts(talk))


def share_of(k: int, n: int) -> Share | None:
    """Give k of n with its 90 % interval; None of nothing."""
    limits = wilson(k, n)
    return None if limits is None else Share(k, n, *limits)


@dataclass(frozen=True, slots=True)
class Audit:
    """A space as the sector audit of 2020 read it: reposts are posts, too; to one decimal."""

    posts: int
    people: int
    replies: float
    reposts: float
    each: float


def audit(talk: Talk) -> Audit | None:
    """Give the audit's columns, shares in per cent, rounded half up; None without posts."""
    count = posts(talk) + talk.reposts
    if not count or not talk.people:
        return None
    replies, reposts = half_up(100 * talk.replies, count, 1), half_up(100 * talk.reposts, count, 1)
    each = half_up(count, talk.people, 1)
    assert replies is not None
    assert reposts is not None
    assert each is not None
    return Audit(count, talk.people, replies, reposts, each)


def named(space: Space) -> str:
    """The name of a space as people know it."""
    return space.name or space.id
