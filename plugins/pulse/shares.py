"""Who answers whom, and how soon: the shares beside the share of replies. Pure.

People are numbers here, and no figure is of one person. A share over fewer than ten of its kind
is withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from bot.api import Said
from plugins.pulse.logic import Share, share_of

SMALLEST = 10
"""Under so many of a kind a figure says more about persons than about the space."""
FEWEST = 3
"""The same for people who answered."""
HOUR, DAY, THREE_DAYS, WEEK = (timedelta(hours=count) for count in (1, 24, 72, 168))


@dataclass(frozen=True, slots=True)
class Breadth:
    """By how many people the answers come."""

    people: int
    effective: float
    """1 / sum(p^2), p being each person's share of the replies: so many who answered alike."""
    many_to_many: float
    """s (1 - sum(p^2)): how much of the talk is answers, and by how many; 0 to 1."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """How unevenly people post."""

    people: int
    gini: float
    top_tenth: float
    """The share of posts by the tenth of people who post most, that number rounded up."""


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of some values, and its 90 % limits by their order: no shape is assumed."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Every figure with its n inside it; None where there are too few to say."""

    replies: Share | None
    """Posts that were replies."""
    bare: Share | None
    """Posts that began something with nothing but a link."""
    hosts: Share | None
    """Posts that hosts wrote; None where fewer than two of them did."""
    day: Share | None
    """Posts that start a thread and were answered by another person within 24 hours."""
    three_days: Share | None
    newcomers: Share | None
    """People whose first post ever started a thread, answered within 72 hours."""
    hours: Median | None
    """Hours to the first answer, over those answered within a week."""
    answered: int
    """How many those are."""
    reciprocity: Share | None
    """Pairs in which one answered the other, and the other answered back."""
    breadth: Breadth | None
    inequality: Inequality | None


def shares(said: Sequence[Said], as_of: datetime) -> Shares:
    """Compute every share of a window that ends at ``as_of``."""
    roots = [one for one in said if not one.is_reply]
    waits = [one.answered - one.at for one in roots if one.answered]
    soon = [wait / HOUR for wait in waits if wait <= WEEK]
    return Shares(
        replies=_enough(len(said) - len(roots), len(said)),
        bare=_enough(sum(one.is_bare for one in roots), len(roots)),
        hosts=by_hosts(said),
        day=answered(roots, DAY, as_of),
        three_days=answered(roots, THREE_DAYS, as_of),
        newcomers=answered([one for one in roots if one.is_first], THREE_DAYS, as_of),
        hours=middle(soon),
        answered=len(soon),
        reciprocity=reciprocity(said),
        breadth=breadth(said),
        inequality=inequality(Counter(one.who for one in said).values()),
    )


def answered(roots: Iterable[Said], within: timedelta, as_of: datetime) -> Share | None:
    """Give the share answered in time; those younger than that are left out, not unanswered."""
    old = [one for one in roots if one.at <= as_of - within]
    k = sum(one.answered is not None and one.answered - one.at <= within for one in old)
    return _enough(k, len(old))


def by_hosts(said: Sequence[Said]) -> Share | None:
    """Give the share that hosts wrote; None when a single host did: that would be about them."""
    theirs = [one.who for one in said if one.is_host]
    return None if len(set(theirs)) == 1 else _enough(len(theirs), len(said))


def middle(values: Iterable[float]) -> Median | None:
    """Give the median and its 90 % limits by order statistics; None under ten values.

    The limits are the j-th value from each end, j - 1 being the most of n fair coins that fall on
    one side with a chance of at most 5 %.
    """
    ordered = sorted(values)
    n = len(ordered)
    if n < SMALLEST:
        return None
    place, ways, least = 0, 1, 1
    while least * 20 <= 2**n:
        place += 1
        ways = ways * (n - place + 1) // place
        least += ways
    return Median(median(ordered), ordered[place - 1], ordered[n - place])


def reciprocity(said: Iterable[Said]) -> Share | None:
    """Give the share of directed pairs a -> b whose b -> a is there too; answers to oneself out."""
    pairs = {(one.who, one.to) for one in said if one.to is not None and one.to != one.who}
    return _enough(sum((b, a) in pairs for a, b in pairs), len(pairs))


def breadth(said: Sequence[Said]) -> Breadth | None:
    """Tell by how many people the replies come; None under ten replies or three people."""
    by = Counter(one.who for one in said if one.is_reply)
    replies = by.total()
    if replies < SMALLEST or len(by) < FEWEST:
        return None
    alone = sum(count * count for count in by.values()) / replies**2  # exact in any order
    return Breadth(len(by), 1 / alone, replies / len(said) * (1 - alone))


def inequality(counts: Iterable[int]) -> Inequality | None:
    """Give Gini's index, sum((2i - m - 1) c_i) / (m sum(c)), c ascending; None under ten people."""
    c = sorted(counts)
    m, total = len(c), sum(c)
    if m < SMALLEST:
        return None
    gini = sum((2 * i - m - 1) * count for i, count in enumerate(c, 1)) / (m * total)
    return Inequality(m, gini, sum(c[-ceil(m / 10) :]) / total)


def _enough(k: int, n: int) -> Share | None:
    return share_of(k, n) if n >= SMALLEST else None
