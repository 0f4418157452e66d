"""Draw the reply share week by week as a small line: where it lies, not what it is worth. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from bot.api import Talk
from plugins.pulse.logic import USUAL, Share, posts, share, together

SHOWN = 12
"""Closed weeks on the chart, before this week so far."""
FEW = 10
"""A week with fewer posts gets an open dot: its share is mostly luck."""
NORMAL_POSTS, NORMAL_WEEKS = 40, 8
"""What it takes to speak of a community's own normal."""
LEFT, RIGHT, BOTTOM, HEIGHT = 8.0, 232.0, 58.0, 52.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the chart, in its own units."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:.1f},{self.y:.1f}"


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws, and what its text alternative says."""

    lines: tuple[tuple[Dot, ...], ...]
    """Runs of weeks in which people posted; a week without posts breaks the line."""
    alone: tuple[Dot, ...]
    """Weeks between two without posts, where no line can be drawn."""
    few: tuple[Dot, ...]
    """Weeks with under 10 posts."""
    now: Dot | None
    normal: Dot | None
    """The height of the own normal; None until there is one."""
    band: tuple[Dot, Dot] | None
    """Upper and lower edge of where 8 in 10 own weeks lie."""
    weeks: int
    """Weeks with posts, this one included."""
    lowest: int
    highest: int


def chart(closed: Sequence[Talk], this_week: Talk) -> Chart | None:
    """Draw the last closed weeks, oldest first, and this week so far; None without any post."""
    weeks = [*_from_first_post(closed[-SHOWN:]), this_week]
    step = (RIGHT - LEFT) / max(len(weeks) - 1, 1)
    placed = [
        (Dot(RIGHT - step * (len(weeks) - 1 - place), _height(found)), found)
        if (found := share(week))
        else None
        for place, week in enumerate(weeks)
    ]
    shown = [found for found in placed if found]
    if not shown:
        return None
    now = placed[-1][0] if placed[-1] else None
    few = tuple(dot for dot, found in shown if found.n < FEW and dot != now)
    runs = _runs([found and found[0] for found in placed])
    return Chart(
        lines=tuple(run for run in runs if len(run) > 1),
        alone=tuple(run[0] for run in runs if len(run) == 1 and run[0] not in (*few, now)),
        few=few,
        now=now,
        normal=_normal(closed),
        band=_band(closed),
        weeks=len(shown),
        lowest=min(found.percent for _, found in shown),
        highest=max(found.percent for _, found in shown),
    )


def _from_first_post(weeks: Sequence[Talk]) -> Sequence[Talk]:
    first = next((place for place, week in enumerate(weeks) if posts(week)), len(weeks))
    return weeks[first:]


def _height(found: Share) -> float:
    return _level(found.k / found.n)


def _level(part: float) -> float:
    return BOTTOM - HEIGHT * part


def _runs(dots: Sequence[Dot | None]) -> tuple[tuple[Dot, ...], ...]:
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return tuple(map(tuple, runs))


def _normal(closed: Sequence[Talk]) -> Dot | None:
    """The pooled share of the last 26 closed weeks, when those are enough to call it normal."""
    usual = closed[-USUAL:]
    found = share(together(usual))
    if found is None or found.n < NORMAL_POSTS or sum(map(bool, map(posts, usual))) < NORMAL_WEEKS:
        return None
    return Dot(LEFT, _height(found))


def _band(closed: Sequence[Talk]) -> tuple[Dot, Dot] | None:
    parts = [week.replies / posts(week) for week in closed[-USUAL:] if posts(week) >= FEW]
    if len(parts) < NORMAL_WEEKS:
        return None
    tenths = quantiles(parts, n=10, method="inclusive")
    return Dot(LEFT, _level(tenths[-1])), Dot(RIGHT, _level(tenths[0]))
