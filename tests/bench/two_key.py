"""The rule that the weekly alarm was measured against: an earlier trial's, written down plainly.

Recent is the last 4 usable weeks (12, where those have under 24 posts), normal the pooled share of
the 26 before or the 52 before those, a week counts for at most twice the median, and a check is bad
when the upper 90 % limit is under 60 % of normal and under 35 %, or under 15 % outright. Two bad
checks raise the alarm, three good ones end it.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bot.domain.measures import wilson
from plugins.pulse.weeks import Week

RECENT, LONG, USUAL, MEMORY, ENOUGH, ACTIVE = 4, 12, 26, 52, 24, 3
ALIKE, FLOOR, DROP, CEILING = 0.03, 0.15, 0.60, 0.35


def two_key(weeks: Sequence[Week]) -> list[bool]:
    """The weeks that end in alarm."""
    bad = good = 0
    normal_then: float | None = None
    is_on = False
    alarmed: set[int] = set()
    told = []
    for now, week in enumerate(weeks):
        found = None if week.quiet else _check(weeks, now, alarmed)
        if found is not None:
            share, high, normal = found
            is_bad = high < FLOOR or (
                normal is not None and high < DROP * normal and high < CEILING
            )
            bad = bad + 1 if is_bad else 0
            if not is_on and bad >= 2:
                is_on, good, normal_then = True, 0, normal
            elif is_on:
                over = 0.25 if normal_then is None else min(0.8 * normal_then, 0.5)
                good = good + 1 if share > over else 0
                if good >= 3:
                    is_on, bad = False, 0
        if is_on:
            alarmed.add(now)
        told.append(is_on)
    return told


def _check(
    weeks: Sequence[Week], now: int, alarmed: set[int]
) -> tuple[float, float, float | None] | None:
    """The recent share, its upper limit, and the normal; None of too few posts."""
    usable = [(n, weeks[n]) for n in range(now, -1, -1) if not weeks[n].quiet]
    most = 2 * median([week.posts for _, week in usable[:USUAL] if week.posts] or [1])
    recent = usable[:RECENT]
    if sum(week.posts for _, week in recent) < ENOUGH:
        recent = usable[:LONG]
    active = sum(week.posts > 0 for _, week in recent)
    if sum(week.posts for _, week in recent) < ENOUGH or active < ACTIVE:
        return None
    replies, posts = _pooled([week for _, week in recent], most)
    effective = posts / (1 + (posts / active - 1) * ALIKE)
    limits = wilson(replies / posts * effective, effective)
    assert limits is not None
    before = usable[len(recent) :]
    normals = []
    for span in (before[:USUAL], before[USUAL : USUAL + MEMORY]):
        calm = [week for n, week in span if n not in alarmed]
        if sum(week.posts for week in calm) >= 40 and sum(w.posts > 0 for w in calm) >= 8:
            k, n = _pooled(calm, most)
            normals.append(k / n)
    return replies / posts, limits[1], max(normals, default=None)


def _pooled(weeks: Sequence[Week], most: float) -> tuple[float, float]:
    parts = [(week, min(1.0, most / week.posts)) for week in weeks if week.posts]
    return sum(w.replies * part for w, part in parts), sum(w.posts * part for w, part in parts)
