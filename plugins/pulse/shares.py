"""Who answers whom, and how soon: the shares beside the share of replies. Pure.

People are numbers here, and no figure is of one person. A share over fewer than ten of its kind
is withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil
from statistics import median

from bot.api import Said
from plugins.pulse.jackknife import Figure, jackknife
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
    effective: Figure
    """1 / sum(p^2), p being each person's share of the replies: so many who answered alike."""
    many_to_many: Figure
    """s (1 - sum(p^2)): how much of the talk is answers, and by how many; 0 to 1."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """How unevenly people post."""

    people: int
    gini: Figure
    top_tenth: Figure
    """The share of posts by the tenth of people who post most, that number rounded up."""


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
    hours: Figure | None
    """The median of hours to the first answer, over those answered within a week."""
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


def middle(values: Iterable[float]) -> Figure | None:
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
    return Figure(median(ordered), ordered[place - 1], ordered[n - place])


def reciprocity(said: Iterable[Said]) -> Share | None:
    """Give the share of directed pairs a -> b whose b -> a is there too; answers to oneself out."""
    pairs = {(one.who, one.to) for one in said if one.to is not None and one.to != one.who}
    return _enough(sum((b, a) in pairs for a, b in pairs), len(pairs))


def breadth(said: Sequence[Said]) -> Breadth | None:
    """Tell by how many people the replies come; None under ten replies or three people.

    The range is that of leaving out each person who said anything.
    """
    wrote = Counter(one.who for one in said)
    by = Counter(one.who for one in said if one.is_reply)
    posts, replies = wrote.total(), by.total()
    if replies < SMALLEST or len(by) < FEWEST:
        return None
    squares = sum(count * count for count in by.values())

    def both(without: int, of_replies: int) -> tuple[float, float]:
        left = replies - of_replies
        alone = (squares - of_replies * of_replies) / left**2  # exact in any order
        return 1 / alone, left / (posts - without) * (1 - alone)

    effective, many = both(0, 0)
    others = [both(count, by[who]) for who, count in wrote.items()]
    return Breadth(
        len(by),
        jackknife(effective, [one[0] for one in others], least=1),
        jackknife(many, [one[1] for one in others], least=0, most=1),
    )


def inequality(counts: Iterable[int]) -> Inequality | None:
    """Give Gini's index, sum((2i - m - 1) c_i) / (m sum(c)), c ascending; None under ten people.

    The range of both figures is that of leaving out each person.
    """
    c = sorted(counts)
    m, total = len(c), sum(c)
    if m < SMALLEST:
        return None
    weighed = sum(i * count for i, count in enumerate(c, 1))
    upto = list(accumulate(c, initial=0))

    def top(place: int) -> float:
        """What the top tenth of all but the one at a place wrote; 0 leaves out nobody."""
        people = ceil((m - bool(place)) / 10)
        without = c[place - 1] if place else 0
        first = m - people - (place > m - people)
        return (total - upto[first] - (without if place > first else 0)) / (total - without)

    def gini(place: int) -> float:
        """Gini's index of all but the one at a place, in the same way."""
        left = m - bool(place)
        without = c[place - 1] if place else 0
        moved = place * without + total - upto[place] if place else 0
        return (2 * (weighed - moved) / (total - without) - left - 1) / left

    everyone = range(1, m + 1)
    return Inequality(
        m,
        jackknife(gini(0), [gini(place) for place in everyone], least=0, most=1),
        jackknife(top(0), [top(place) for place in everyone], least=0, most=1),
    )


def _enough(k: int, n: int) -> Share | None:
    return share_of(k, n) if n >= SMALLEST else None
