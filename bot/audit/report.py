"""The sector mirror: many archives on one page that needs nothing but a browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from bot.audit.export import LEFT_OUT, Figure, figures_of
from bot.audit.table import Audit, Line, date_words, plain, window_words
from bot.charts.canvas import TOKENS, templates_in
from bot.charts.weekly import ChartWeek, WeeklyChart, weekly_chart
from bot.charts.yarn import yarn
from bot.domain.measures import DAILY_UP_TO, iso_utc

_TEMPLATES = templates_in(Path(__file__).parent / "templates")
_WEEKS = 53
"""Weeks on a chart: a year, so that the seasons show."""
_FEWEST_WEEKS = 4
"""Weeks with posts that it takes to draw a line."""


@dataclass(frozen=True)
class Row:
    """One archive, as the page shows it."""

    line: Line
    audit: Audit
    number: int

    @property
    def name(self) -> str:
        """Its name, safe to show."""
        return plain(self.line.name)

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Its figures by name."""
        return {figure.name: figure for figure in figures_of(self.line, self.audit)}

    @property
    def yarn(self) -> str:
        """Its activity over time."""
        counts = self.line.figures.activity
        each = "day" if self._is_daily else "week"
        return yarn(
            counts,
            f"Posts a {each}: {len(counts)} {each}s, at most {max(counts)} posts" if counts else "",
        )

    @property
    def _is_daily(self) -> bool:
        found = self.line.figures
        return (found.last or 0) - (found.first or 0) <= DAILY_UP_TO

    @cached_property
    def chart(self) -> WeeklyChart | None:
        """Its share of replies week by week, against its own normal; None of too few weeks."""
        weeks = self.line.detail.weeks if self.line.detail else ()
        shown = [ChartWeek(week.monday, week.posts, week.replies) for week in weeks]
        title = f"Share of posts that were replies in {self.name}"
        if sum(week.posts > 0 for week in shown) < _FEWEST_WEEKS:
            return None
        return weekly_chart(shown, title=title, whose="its own", shown=_WEEKS)

    def date(self, instant: int | None) -> str:
        """Write a day of its time, in the audit's zone."""
        return "-" if instant is None else date_words(instant, self.audit)[:10]


def report(audit: Audit, left_out: Sequence[str]) -> str:
    """Write the page: one table, charts, method and exclusions; archives by name, nobody named."""
    lines = sorted(audit.lines, key=lambda line: (line.name.casefold(), line.name))
    rows = [Row(line, audit, number) for number, line in enumerate(lines, 1)]
    rules: dict[str, list[str]] = {}
    for row in rows:
        rules.setdefault(row.line.rules, []).append(row.name)
    return _TEMPLATES.get_template("report.html.j2").render(
        rows=rows,
        rules=rules,
        as_of=iso_utc(audit.as_of),
        zone=audit.zone.key,
        window=window_words(audit.window),
        named=len(audit.bots),
        exclusions=LEFT_OUT,
        left_out=left_out,
        light=TOKENS["light"],
        styles=[_style("tokens.css"), _style("weaver.css")],
    )


def _style(name: str) -> str:
    return (files("bot.web") / "static" / name).read_text("utf-8")
