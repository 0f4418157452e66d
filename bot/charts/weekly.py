"""The share of replies week by week against one's own band: what it shows, in marks and in words.

Pure. Counts are of people's posts, bots and reposts left out; a share is replies of posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import quantiles

from bot.charts.canvas import WIDTHS, Theme, Width, draw
from bot.charts.plot import Plot
from bot.domain.measures import half_up
from bot.domain.text import day_words, join_words

FEW = 10
"""A week with fewer posts gets an open dot: its share is mostly luck."""
USUAL, USUAL_POSTS, USUAL_WEEKS = 26, 40, 8
"""Weeks that say what is normal; the posts, and the weeks with posts, that this takes."""
RECENT = 4
"""Closed weeks that are shown in gold, as a check of the weekly alarm reads so many."""
_COUNTS = ("no week", "week", "two weeks", "three weeks", "four weeks")
SHOWN = 30
"""Weeks on a wide chart, unless it is asked for more."""


@dataclass(frozen=True, slots=True)
class ChartWeek:
    """What people posted in one week."""

    monday: date
    posts: int
    replies: int
    quiet: bool = False
    """Marked as no usual week, such as a holiday: not counted."""
    event: bool = False
    """Busy with an event: shown and marked, and no part of what is normal."""
    so_far: bool = False
    """Not over yet."""
    label: str = ""
    """What kept it quiet, such as "half-term"."""

    @property
    def share(self) -> float | None:
        """Replies of posts; None where nothing is counted."""
        return None if self.quiet or not self.posts else self.replies / self.posts

    @property
    def words(self) -> str:
        """The share in words."""
        if self.quiet:
            return "quiet"
        return f"{_percent(self.replies, self.posts)} %" if self.posts else "no posts"


@dataclass(frozen=True, slots=True)
class WeeklyChart:
    """A chart of weeks, oldest first: ``drawn`` makes the SVG, ``alt`` says all that it shows."""

    weeks: Sequence[ChartWeek]
    title: str
    whose: str
    normal: float | None
    """Own normal, as a share; None until there is one."""
    band: tuple[float, float] | None
    """Where 8 in 10 of the own weeks lie, as shares."""
    recent: frozenset[date]
    """Mondays of the latest closed weeks that count, which are shown in gold."""

    @property
    def normal_percent(self) -> int | None:
        """The own normal in per cent, half up."""
        return None if self.normal is None else int(self.normal * 100 + 0.5)

    @property
    def last(self) -> ChartWeek | None:
        """The latest week that has a mark."""
        return next((week for week in reversed(self.weeks) if week.share is not None), None)

    @property
    def legend(self) -> list[str]:
        """Say what its shapes mean, those that it has."""
        counted = [week for week in self.weeks if week.share is not None]
        gold = sum(week.monday in self.recent for week in self.weeks)
        shapes = (
            (self.normal is not None, f"dotted: {self.whose} normal"),
            (self.band is not None, f"shaded across: where 8 in 10 of {self.whose} weeks lie"),
            (any(week.quiet for week in self.weeks), "shaded down: quiet weeks, not counted"),
            (any(week.posts < FEW for week in counted), f"open dot: under {FEW} posts"),
            (any(week.event for week in self.weeks), "triangle: a week with an event"),
            (
                gold > 0,
                f"gold: the latest {_COUNTS[gold]}",
            ),
            (any(week.so_far for week in counted), "diamond: this week so far"),
        )
        return [words for is_there, words in shapes if is_there]

    @property
    def alt(self) -> str:
        """Say all that the chart shows: what, when, against what, and every week."""
        parts = [
            (
                f"{self.title}, week by week from {_day(self.weeks[0].monday)} to the week of "
                f"{_day(self.weeks[-1].monday)}"
            )
        ]
        if self.normal is not None:
            parts.append(f"{self.whose.capitalize()} normal is {self.normal_percent} %")
        if self.band is not None:
            low, high = (int(edge * 100 + 0.5) for edge in self.band)
            parts.append(f"8 in 10 of {self.whose} weeks lie between {low} and {high} %")
        parts.append("In order: " + ", ".join(week.words for week in self.weeks))
        for name, weeks in (
            ("Under 10 posts", [w for w in self.weeks if w.share is not None and w.posts < FEW]),
            ("Event", [week for week in self.weeks if week.event]),
        ):
            if weeks:
                parts.append(f"{name} in the week of {join_words([_short(w) for w in weeks])}")
        if self.last:
            when = "So far this week" if self.last.so_far else f"In the week of {_short(self.last)}"
            parts.append(f"{when}, {self.last.replies} of {self.last.posts} were replies")
        return ". ".join(parts) + "."

    def drawn(self, width: Width = "wide", theme: Theme | None = None) -> str:
        """Draw it as SVG: whole in itself under a theme, else for a page that has the tokens."""
        plot = Plot(self, WIDTHS[width])
        return draw("weekly.svg", width, theme, plot=plot, alt=self.alt)


def weekly_chart(
    weeks: Sequence[ChartWeek],
    *,
    title: str = "Share of posts that were replies",
    whose: str = "your",
    normal: float | None = None,
    shown: int = SHOWN,
) -> WeeklyChart | None:
    """Chart the latest weeks, oldest first and without gaps; None when nobody posted in them.

    What is normal is the given share; else the pooled share of the 26 weeks before the latest
    four, once those have 40 posts in 8 weeks. The band needs 8 of them with 10 posts or more.
    """
    latest = _from_first_post(weeks[-shown:])
    if not any(week.share is not None for week in latest):
        return None
    counted = [week for week in weeks if week.share is not None and not week.so_far]
    fresh = frozenset(week.monday for week in counted[-RECENT:])
    before = [week for week in counted if week.monday not in fresh and not week.event][-USUAL:]
    band = _band(before)
    return WeeklyChart(
        latest, title, whose, _normal(before) if normal is None else normal, band, fresh
    )


def _from_first_post(weeks: Sequence[ChartWeek]) -> Sequence[ChartWeek]:
    first = next((place for place, week in enumerate(weeks) if week.posts), len(weeks))
    return weeks[first:]


def _normal(weeks: Sequence[ChartWeek]) -> float | None:
    posts = sum(week.posts for week in weeks)
    if posts < USUAL_POSTS or len(weeks) < USUAL_WEEKS:
        return None
    return sum(week.replies for week in weeks) / posts


def _band(weeks: Sequence[ChartWeek]) -> tuple[float, float] | None:
    parts = [week.replies / week.posts for week in weeks if week.posts >= FEW]
    if len(parts) < USUAL_WEEKS:
        return None
    tenths = quantiles(parts, n=10, method="inclusive")
    return tenths[0], tenths[-1]


def _percent(k: int, n: int) -> int:
    return int(half_up(100 * k, n, 0) or 0)


def _day(day: date) -> str:
    return f"{day_words(day).partition(' ')[2]} {day.year}"


def _short(week: ChartWeek) -> str:
    return day_words(week.monday).partition(" ")[2]
