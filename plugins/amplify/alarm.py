"""Tell when a tag is being hijacked, and what was seen. Pure.

Unknown accounts alone are no sign: a conference or a drive for newcomers brings dozens, and they
are whom all this is for. What hijackings have besides is in `README.md`, with how it was tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from plugins.amplify.prints import ENOUGH, Print

Sign = Literal["copies", "spray", "links", "rush"]
COPYING, SPRAYING, LINKING, RUSHING = 5, 6, 10, 15
"""Unknown accounts that it takes: saying much the same, with too many tags, with links, at once."""
DAY, HALF_DAY, TWO_HOURS, MINUTES = (
    timedelta(days=1),
    timedelta(hours=12),
    timedelta(hours=2),
    timedelta(minutes=4),
)
LATEST = 60
"""How many sightings are looked at."""
SHARE = 0.8
"""Share of a short while's posts that come from unknown accounts when they take a tag over."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One use of a tag, as it is remembered for two days."""

    who: str
    at: datetime
    is_known: bool
    tags: int
    has_link: bool
    text: Print


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was seen: the sign, how many unknown accounts, in how long."""

    sign: Sign
    accounts: int
    within: timedelta


def look(latest: Sequence[Sighting], most_tags: int) -> Alarm | None:
    """Look at a tag's latest sightings, oldest first, the newest of them the one that just came."""
    if not latest or latest[-1].is_known:
        return None
    seen = latest[-LATEST:]
    return _copies(seen) or _spray(seen, most_tags) or _links(seen) or _rush(seen)


def _copies(seen: Sequence[Sighting]) -> Alarm | None:
    """Unknown accounts say much the same, in words enough that it is no chance."""
    new = seen[-1].text
    if new.words < ENOUGH:
        return None
    return _enough(seen, "copies", COPYING, DAY, lambda one: one.text.is_like(new))


def _spray(seen: Sequence[Sighting], most_tags: int) -> Alarm | None:
    """Unknown accounts carry the tag among more others than anybody needs."""
    if seen[-1].tags <= most_tags:
        return None
    return _enough(seen, "spray", SPRAYING, HALF_DAY, lambda one: one.tags > most_tags)


def _links(seen: Sequence[Sighting]) -> Alarm | None:
    """Unknown accounts post links, and hardly anybody who is known here says anything."""
    if not seen[-1].has_link:
        return None
    found = _enough(seen, "links", LINKING, TWO_HOURS, lambda one: one.has_link)
    return found if found and _taken_over(seen, found.within) else None


def _rush(seen: Sequence[Sighting]) -> Alarm | None:
    """So many unknown accounts within minutes that no room of people types that fast."""
    found = _enough(seen, "rush", RUSHING, MINUTES, lambda _: True)
    return found if found and _taken_over(seen, found.within) else None


def _taken_over(seen: Sequence[Sighting], within: timedelta) -> bool:
    since = seen[-1].at - within
    recent = [one for one in seen if one.at >= since]
    unknown = sum(not one.is_known for one in recent)
    return unknown >= SHARE * len(recent)


def _enough(
    seen: Sequence[Sighting],
    sign: Sign,
    count: int,
    within: timedelta,
    like: Callable[[Sighting], bool],
) -> Alarm | None:
    since = seen[-1].at - within
    found = [one for one in seen if not one.is_known and one.at >= since and like(one)]
    accounts = {one.who for one in found}
    if len(accounts) < count:
        return None
    return Alarm(sign, len(accounts), seen[-1].at - found[0].at)
