"""Tell when a tag is being hijacked, and what was seen. Pure.

Unknown accounts alone are no sign: a conference or a drive for newcomers brings dozens, and they
are whom all this is for. So each sign is something that crowds of people do not do, and each is
held against what everybody else does with the tag at the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from plugins.amplify.prints import ENOUGH, NEAR, Print

Sign = Literal["copies", "spray", "links", "rush"]
KEPT, MOST = timedelta(days=2), 200
"""For how long a sighting is remembered, and how many at most."""
LATEST = 100
"""How many of them are looked at."""
CHANGED = 16
"""Bits in which copies without a link may differ: 4 deviations below chance. It takes many of
them, so each may be one by a little less."""
QUOTED = 12
"""Words that no two people say alike by chance, without a link; and accounts that may say them."""


class Sighting(NamedTuple):
    """One use of a tag, as it is remembered for two days."""

    who: str
    at: datetime
    is_known: bool
    """Whether they were known here; or a host has seen it since and said to go on."""
    tags: int
    has_link: bool
    text: Print


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was seen: the sign, how many unknown accounts, in how long."""

    sign: Sign
    accounts: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """So many unknown accounts with a sign among so many of a crowd, within a time.

    The crowd is who was last seen with the sign, known here or not; the last unknown accounts, with
    the sign or not; or both. Who was seen before an attack began is no reason to wait.
    """

    sign: Sign
    shares: tuple[tuple[int, int], ...]
    """So many of so many accounts: any of these is enough. The fewest first."""
    within: timedelta
    crowd: Literal["sign", "unknown", "either"] = "sign"


COPIES = Rule("copies", ((5, 5),), timedelta(days=1))
QUOTES = Rule("copies", ((QUOTED, 13),), timedelta(days=1))
SPRAY = Rule("spray", ((6, 10),), timedelta(hours=12), "unknown")
LINKS = Rule(
    "links",
    ((13, 14), (14, 16), (16, 19), (17, 21)),
    timedelta(hours=2),
    "either",
)
"""Hardly anybody known here posts links at the time, and hardly a newcomer goes without. The longer
it lasts the more others there may be among them: in an evening to which 45 of 100 come as
strangers, and 80 of 100 with a link, each is met by chance in one of 5,000 looks or fewer."""
RUSH = Rule("rush", ((15, 18),), timedelta(minutes=4))
Test = Callable[[Sighting], bool]


def remember(seen: Sequence[Sighting], new: Sighting) -> list[Sighting]:
    """What is remembered of a tag once there is a new sighting: oldest first, it at the end."""
    since = new.at - KEPT
    return [*(one for one in seen[1 - MOST :] if one.at > since), new]


def let_through(seen: Iterable[Sighting]) -> list[Sighting]:
    """What is left of these sightings as signs when a host says to go on: none.

    They have been looked at, so they count as of people known here. Whatever comes after that
    counts as ever, the same accounts and words included: an attack that goes on, or comes again,
    is noticed as early as it was at first.
    """
    return [one._replace(is_known=True) for one in seen]


def look(latest: Sequence[Sighting], most_tags: int, *, is_young: bool = False) -> Alarm | None:
    """Look at a tag's latest sightings, oldest first, the newest of them the one that just came.

    ``is_young``: too little of the past is known to tell who is a stranger, so that only signs
    are looked for which nobody would give, known or not.
    """
    if not latest or latest[-1].is_known:
        return None
    seen, new = latest[-LATEST:], latest[-1]
    rules = [*_copying(new), (SPRAY, lambda one: one.tags > most_tags)]
    if not is_young:
        rules += [(LINKS, lambda one: one.has_link), (RUSH, lambda _: True)]
    broken = (_broken(rule, seen, has_sign) for rule, has_sign in rules if has_sign(new))
    return next((alarm for alarm in broken if alarm), None)


def _copying(new: Sighting) -> list[tuple[Rule, Test]]:
    """The rule for copies of a post: one for those that lead somewhere, one for mere words."""
    rule, least, near = (COPIES, ENOUGH, NEAR) if new.has_link else (QUOTES, QUOTED, CHANGED)
    if new.text.words < least:
        return []
    return [(rule, lambda one: one.has_link == new.has_link and one.text.is_like(new.text, near))]


def _broken(rule: Rule, seen: Sequence[Sighting], has_sign: Test) -> Alarm | None:
    """The alarm of a rule, when it is broken by the latest accounts of its crowd, each once."""
    in_crowd: dict[str, Test] = {
        "sign": has_sign,
        "unknown": lambda one: not one.is_known,
        "either": lambda one: not one.is_known or has_sign(one),
    }
    crowd = _latest(rule, seen, in_crowd[rule.crowd])
    for enough, of in rule.shares:
        found = [one for one in crowd[:of] if not one.is_known and has_sign(one)]
        if len(found) >= enough:
            return Alarm(rule.sign, len(found), seen[-1].at - found[-1].at)
    return None


def _latest(rule: Rule, seen: Sequence[Sighting], in_crowd: Test) -> list[Sighting]:
    """The last use of the tag by each of the latest accounts of a crowd, newest first."""
    crowd: dict[str, Sighting] = {}
    for one in reversed(seen):
        if one.at < seen[-1].at - rule.within or len(crowd) == rule.shares[-1][1]:
            break
        if in_crowd(one):
            crowd.setdefault(one.who, one)
    return list(crowd.values())
