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
    """A yarn of so many bins; it has no axis, and is never compared with another's."""

    counts: Sequence[int]
    late: Sequence[int] = ()
    """Bins of what came late, which follow in gold."""
    most: int = 0
    """What is as thick as can be, where several yarns are one picture; else the own most."""

    @property
    def width(self) -> int:
        """A unit a bin."""
        return len(self.counts) + len(self.late)

    @property
    def talk(self) -> str:
        """The path of what came in time; empty without bins."""
        return self._path(self.counts, 0)

    @property
    def after(self) -> str:
        """The path of what came late; empty without bins."""
        return self._path(self.late, len(self.counts))

    def _path(self, counts: Sequence[int], left: int) -> str:
        """One smooth closed path, along the upper edge and back along the lower."""
        if not counts:
            return ""
        most = self.most or max((*self.counts, *self.late)) or 1
        halves = [THREAD + (THICKEST - THREAD) * min(count / most, 1) for count in counts]
        upper = [
            (float(left), THREAD),
            *((left + place + 0.5, half) for place, half in enumerate(halves)),
            (float(left + len(counts)), THREAD),
        ]
        middle = HEIGHT / 2
        there = [(x, middle - half) for x, half in upper]
        back = [(x, middle + half) for x, half in reversed(upper)]
        return f"M{_point(*there[0])}{_curve(there)}L{_point(*back[0])}{_curve(back)}z"


def yarn(counts: Sequence[int], alt: str = "", *, late: Sequence[int] = (), most: int = 0) -> str:
    """Draw a yarn for a page that has the tokens; without ``alt`` it stands beside words.

    ``late`` are bins that follow in gold; ``most`` is the thickest of several that are one picture.
    """
    drawn = Yarn(counts, late, most)
    return draw("yarn.svg", "wide", None, yarn=drawn, alt=alt) if drawn.width else ""


def _curve(points: Sequence[tuple[float, float]]) -> str:
    parts = []
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        middle = (x + to_x) / 2
        parts.append(f"C{_point(middle, y)} {_point(middle, to_y)} {_point(to_x, to_y)}")
    return "".join(parts)


def _point(x: float, y: float) -> str:
    return f"{x:.4g} {y:.3g}"
