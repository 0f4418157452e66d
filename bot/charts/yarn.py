"""Talk over time as a yarn: thick where people talked, a bare thread where they did not. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.canvas import draw

HEIGHT = 10.0
THREAD, THICKEST = 0.45, 4.7
"""Half of how thick the yarn is at least, and at most."""


@dataclass(frozen=True, slots=True)
class Yarn:
    """A yarn of so many bins; it has no axis, and is never compared with another."""

    counts: Sequence[int]

    @property
    def width(self) -> int:
        """A unit a bin."""
        return len(self.counts)

    @property
    def path(self) -> str:
        """One smooth closed path, along the upper edge and back along the lower."""
        most = max(self.counts, default=0) or 1
        halves = [THREAD + (THICKEST - THREAD) * count / most for count in self.counts]
        upper = [(0.0, THREAD), *((n + 0.5, half) for n, half in enumerate(halves))]
        upper.append((float(self.width), THREAD))
        middle = HEIGHT / 2
        there = [(x, middle - half) for x, half in upper]
        back = [(x, middle + half) for x, half in reversed(upper)]
        return f"M{_point(*there[0])}{_curve(there)}L{_point(*back[0])}{_curve(back)}z"


def yarn(counts: Sequence[int], alt: str = "") -> str:
    """Draw a yarn for a page that has the tokens; without ``alt`` it stands beside words."""
    return draw("yarn.svg", "wide", None, yarn=Yarn(counts), alt=alt) if counts else ""


def _curve(points: Sequence[tuple[float, float]]) -> str:
    parts = []
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        middle = (x + to_x) / 2
        parts.append(f"C{_point(middle, y)} {_point(middle, to_y)} {_point(to_x, to_y)}")
    return "".join(parts)


def _point(x: float, y: float) -> str:
    return f"{x:.4g} {y:.3g}"
