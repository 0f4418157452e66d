"""Where everything of a weekly chart lies, in the drawing's own units. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from bot.charts.canvas import Frame

if TYPE_CHECKING:
    from bot.charts.weekly import ChartWeek, WeeklyChart

_FEW = 10
_CLOSE = 46.0  # units that a month's name needs
_LINE = 38.0  # units that two lines of words need beside the plot
_LETTER, _BOLD, _LEADING = 7.6, 8.8, 18  # units that a letter, plain or bold, and a line need
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Mark = Literal["dot", "few", "now", "soon"]


@dataclass(frozen=True, slots=True)
class Dot:
    """A week's mark."""

    x: float
    y: float
    mark: Mark
    radius: float


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    strong: bool = False


@dataclass(frozen=True)
class Plot:
    """A weekly chart laid out in a frame; the template draws what it gives."""

    chart: WeeklyChart
    frame: Frame

    @cached_property
    def weeks(self) -> list[ChartWeek]:
        """The latest weeks that have room."""
        weeks = list(self.chart.weeks)
        return weeks if self.frame.most is None else weeks[-self.frame.most :]

    @cached_property
    def step(self) -> float:
        """From one week to the next."""
        return (self.frame.right - self.frame.left) / max(len(self.weeks) - 1, 1)

    def x(self, place: int) -> float:
        """Across: the latest week lies at the right edge."""
        return self.frame.right - self.step * (len(self.weeks) - 1 - place)

    def y(self, share: float) -> float:
        """Down: nothing at the bottom, all at the top."""
        return self.frame.bottom - (self.frame.bottom - self.frame.top) * share

    @property
    def grid(self) -> list[tuple[int, float]]:
        """Lines at every quarter, in per cent."""
        return [(percent, self.y(percent / 100)) for percent in (0, 25, 50, 75, 100)]

    @property
    def band(self) -> tuple[float, float] | None:
        """Upper edge and height of where 8 in 10 own weeks lie; never thinner than a line."""
        if self.chart.band is None:
            return None
        low, high = self.chart.band
        return self.y(high), max(self.y(low) - self.y(high), 2.0)

    @property
    def normal(self) -> float | None:
        """The height of the own normal."""
        return None if self.chart.normal is None else self.y(self.chart.normal)

    @property
    def quiet(self) -> list[tuple[float, float, str]]:
        """Left edge, width and label of each run of quiet weeks, inside the plot."""
        found = []
        for is_quiet, run in groupby(enumerate(self.weeks), lambda one: one[1].quiet):
            places = list(run)
            if is_quiet:
                left = max(self.x(places[0][0]) - self.step / 2, self.frame.left)
                right = min(self.x(places[-1][0]) + self.step / 2, self.frame.right)
                label = next((week.label for _, week in places if week.label), "")
                found.append((left, right - left, label))
        return found

    @cached_property
    def runs(self) -> list[list[Dot]]:
        """Weeks in a row that have a share; a line joins those of a run."""
        size = 4.0 if self.step >= 14 else 3.0  # noqa: PLR2004 - half of the room there is
        found: list[list[Dot]] = [[]]
        for place, week in enumerate(self.weeks):
            if week.share is None:
                found.append([])
                continue
            mark = self._mark(week)
            radius = size if mark == "dot" else size + 1
            found[-1].append(Dot(self.x(place), self.y(week.share), mark, radius))
        return [run for run in found if run]

    def _mark(self, week: ChartWeek) -> Mark:
        if week.so_far:
            return "soon"
        if week.posts < _FEW:
            return "few"
        return "now" if week.monday in self.chart.recent else "dot"

    @property
    def events(self) -> list[float]:
        """Where weeks with an event lie."""
        return [self.x(place) for place, week in enumerate(self.weeks) if week.event]

    @property
    def months(self) -> list[Label]:
        """The names of months under their first week; the year where there are two."""
        years = len({week.monday.year for week in self.weeks}) > 1
        found: list[Label] = []
        for place, week in enumerate(self.weeks):
            day, x = week.monday, self.x(place)
            starts = place == 0 or day.month != self.weeks[place - 1].monday.month
            room = self.frame.left if not found else found[-1].x + _CLOSE
            if not starts or x < room:
                continue
            named = years and (place == 0 or day.month == 1)
            text = f"{_MONTHS[day.month - 1]} {day.year}" if named else _MONTHS[day.month - 1]
            edge = "start" if x < self.frame.left + 16 else "middle"
            if edge == "start" and named:
                x += _CLOSE / 2  # the next name keeps clear of the year
                found.append(Label(x, self.frame.bottom + 20, text, "middle"))
            else:
                anchor = "end" if x > self.frame.right - 10 else edge
                found.append(Label(x, self.frame.bottom + 20, text, anchor))
        return found

    @property
    def words(self) -> list[Label]:
        """What is said beside the plot, or under it where there is no room beside."""
        chart, last = self.chart, self.chart.last
        pairs: list[tuple[float, str, str]] = []
        if chart.normal is not None:
            said = f"{chart.normal_percent} % of posts"
            pairs.append((self.y(chart.normal), f"{chart.whose} normal", said))
        if last and last.share is not None:
            is_latest = last.monday == self.weeks[-1].monday
            name = "this week" if last.so_far else "last week" if is_latest else "last week shown"
            said = f"{last.replies} of {last.posts} {'so far' if last.so_far else 'posts'}"
            pairs.append((self.y(last.share), name, said))
        if not self.frame.roomy:
            return [
                Label(
                    self.frame.left, self.frame.bottom + 42 + 18 * place, f"{name}: {said}", "start"
                )
                for place, (_, name, said) in enumerate(pairs)
            ]
        return self._beside(pairs)

    @property
    def heading(self) -> list[Label]:
        """The title above the drawing, in lines that have room."""
        lines = wrap(f"{self.chart.title}, week by week, %", int(self.frame.width / _BOLD))
        first = -20 - _LEADING * (len(lines) - 1)
        return [
            Label(0, first + _LEADING * place, line, "start", strong=True)
            for place, line in enumerate(lines)
        ]

    @property
    def above(self) -> float:
        """How much room that takes."""
        return 26 + _LEADING * len(self.heading)

    @property
    def legend(self) -> list[Label]:
        """What the shapes mean, in lines under the drawing."""
        words = "; ".join(self.chart.legend).capitalize() + "."
        lines = wrap(words, int((self.frame.width - 8) / _LETTER))
        return [
            Label(0, self.frame.height + 16 + _LEADING * place, line, "start")
            for place, line in enumerate(lines)
        ]

    @property
    def below(self) -> float:
        """How much room that takes."""
        return 18 + _LEADING * len(self.legend)

    def _beside(self, pairs: list[tuple[float, str, str]]) -> list[Label]:
        """Keep two pairs of lines apart, and inside the drawing."""
        found: list[Label] = []
        lowest = self.frame.bottom + 12
        heights = sorted(min(max(y, self.frame.top + 8), lowest - 16) for y, _, _ in pairs)
        if len(heights) > 1 and heights[1] - heights[0] < _LINE:
            middle = min(max(sum(heights) / 2, self.frame.top + 27), lowest - 16 - _LINE / 2)
            heights = [middle - _LINE / 2, middle + _LINE / 2]
        for y, (_, name, said) in zip(heights, sorted(pairs), strict=True):
            x = self.frame.right + 12
            found += Label(x, y, name, "start", strong=True), Label(x, y + 17, said, "start")
        return found
