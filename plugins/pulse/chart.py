"""Show a space's reply share week by week: as a picture under words, and on the page. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.api import ChartWeek, Picture, Talk, WeeklyChart, weekly_chart, yarn
from plugins.pulse.logic import USUAL, posts
from plugins.pulse.shares import SMALLEST
from plugins.pulse.weeks import Week

LOOKED_AT = USUAL + 4
"""Closed weeks that a chart is made from: the usual ones, and the four that are shown in gold."""
SPUN = 28
"""Days that a yarn shows, today among them."""


def picture(
    weeks: Sequence[Week],
    where: str,
    normal: float | None = None,
    events: Collection[date] = (),
) -> Picture | None:
    """Draw closed weeks, oldest first, to send with an alarm or a note; None without any post.

    ``normal`` is the share that the words beside it speak of (else it is counted from the weeks);
    ``events`` are the Mondays of weeks that looked like an event.
    """
    shown = [
        ChartWeek(w.monday, w.posts, w.replies, w.quiet, event=w.monday in events) for w in weeks
    ]
    title = f"Share of posts that were replies in {where}"
    chart = weekly_chart(shown, title=title, normal=normal)
    return Picture(alt=chart.alt, svg=chart.drawn("wide", "light")) if chart else None


def page_yarn(days: Iterable[Talk]) -> str:
    """Draw how much was said day by day; nothing of so few posts that they are single people's."""
    counts = [posts(talk) for talk in days]
    return yarn(counts) if sum(counts) >= SMALLEST else ""


def page_chart(
    closed: Iterable[tuple[date, Talk]],
    this_week: tuple[date, Talk],
    is_quiet: Callable[[date], bool],
    events: Collection[date] = (),
) -> WeeklyChart | None:
    """Chart the closed weeks, oldest first, and this week so far; None without any post.

    ``events`` are the Mondays of weeks that looked like an event.
    """
    weeks = [
        ChartWeek(monday, posts(talk), talk.replies, quiet=is_quiet(monday), event=monday in events)
        for monday, talk in (*closed, this_week)
    ]
    return weekly_chart([*weeks[:-1], replace(weeks[-1], so_far=True)])
