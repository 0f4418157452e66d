"""The weekly chart: what it shows, in marks and in words, and that its picture can be read."""

import itertools
import re
import struct
import zlib
from datetime import date, timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vl_convert import svg_to_png

from bot.charts.canvas import TOKENS, WIDTHS, Theme, Width
from bot.charts.plot import Plot
from bot.charts.weekly import ChartWeek, WeeklyChart, weekly_chart
from tests.pages import ROOT

SCALE = 1
FIRST = date(2025, 10, 13)
WEEK = timedelta(weeks=1)
FELL = {26: (26, 8), 27: (24, 5), 28: (25, 4), 29: (22, 2)}
QUIET = {2: "half-term", 10: "winter break", 11: "", 18: "half-term", 25: "spring break"}


def weeks_of(*counts: tuple[int, int]) -> list[ChartWeek]:
    """Weeks of so many posts and replies, one after another."""
    return [ChartWeek(FIRST + place * WEEK, n, k) for place, (n, k) in enumerate(counts)]


def charted(weeks: list[ChartWeek], **asked: Any) -> WeeklyChart:
    chart = weekly_chart(weeks, **asked)
    assert chart is not None
    return chart


@cache
def desk() -> WeeklyChart:
    """A year of school that ends in a fall, with every kind of week."""
    weeks = []
    for place in range(30):
        n, k = FELL.get(place, (6, 5) if place == 5 else (70, 21) if place == 14 else (20, 12))
        quiet, event = place in QUIET, place == 14
        label = QUIET.get(place, "")
        weeks.append(ChartWeek(FIRST + place * WEEK, n, k, quiet, event=event, label=label))
    return charted(weeks, title="Share of posts that were replies in Lobby")


def test_where_nobody_posted_there_is_no_chart() -> None:
    assert weekly_chart([]) is None
    assert weekly_chart(weeks_of((0, 0), (0, 0))) is None
    assert weekly_chart([ChartWeek(FIRST, 9, 3, quiet=True)]) is None


def test_the_words_say_all_that_it_shows() -> None:
    assert desk().alt == (
        "Share of posts that were replies in Lobby, week by week from 13 October 2025 to the week "
        "of 4 May 2026. Your normal is 60 %. 8 in 10 of your weeks lie between 60 and 60 %. "
        "In order: 60 %, 60 %, quiet, 60 %, 60 %, 83 %, 60 %, 60 %, 60 %, 60 %, quiet, quiet, "
        "60 %, 60 %, 30 %, 60 %, 60 %, 60 %, quiet, 60 %, 60 %, 60 %, 60 %, 60 %, 60 %, quiet, "
        "31 %, 21 %, 16 %, 9 %. Under 10 posts in the week of 17 November. "
        "Event in the week of 19 January. In the week of 4 May, 2 of 22 were replies."
    )


def test_the_own_normal_needs_forty_posts_in_eight_weeks_before_the_latest_four() -> None:
    assert charted(weeks_of(*[(50, 25)] * 11)).normal is None
    assert charted(weeks_of(*[(4, 2)] * 13)).normal is None
    assert charted(weeks_of(*[(5, 2)] * 8, *[(50, 0)] * 4)).normal == pytest.approx(0.4)


def test_a_normal_that_is_given_stands() -> None:
    assert charted(weeks_of((9, 3)), normal=0.591).normal_percent == 59


def test_events_quiet_and_running_weeks_are_no_part_of_what_is_normal() -> None:
    usual = weeks_of(*[(10, 5)] * 13)
    odd = [
        ChartWeek(FIRST + 3 * WEEK, 90, 0, event=True),
        ChartWeek(FIRST + 4 * WEEK, 90, 0, quiet=True),
    ]
    chart = charted([*usual[:3], *odd, *usual[5:], ChartWeek(FIRST + 13 * WEEK, 9, 0, so_far=True)])
    assert chart.normal is None  # seven weeks are left
    more = charted([*usual, ChartWeek(FIRST + 13 * WEEK, 9, 0, so_far=True)])
    assert (more.normal, more.band) == (0.5, (0.5, 0.5))
    assert "So far this week, 0 of 9 were replies" in more.alt


@pytest.mark.parametrize(
    ("week", "mark"),
    [
        (ChartWeek(FIRST, 9, 3), "few"),
        (ChartWeek(FIRST, 10, 3), "now"),
        (ChartWeek(FIRST, 10, 3, so_far=True), "soon"),
    ],
)
def test_each_kind_of_week_has_a_shape_of_its_own(week: ChartWeek, mark: str) -> None:
    [[dot]] = Plot(charted([week]), WIDTHS["wide"]).runs
    assert dot.mark == mark


def test_a_week_that_does_not_count_breaks_the_line() -> None:
    weeks = [*weeks_of((20, 9), (20, 9), (0, 0), (20, 9))]
    quiet = ChartWeek(FIRST + 4 * WEEK, 20, 9, quiet=True)
    runs = Plot(charted([*weeks, quiet]), WIDTHS["wide"]).runs
    assert [len(run) for run in runs] == [2, 1]


def test_the_narrow_one_keeps_the_last_thirteen_weeks() -> None:
    assert len(Plot(desk(), WIDTHS["narrow"]).weeks) == 13
    assert len(Plot(desk(), WIDTHS["wide"]).weeks) == 30


COUNTS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda two: (sum(two), two[0]))


@settings(deadline=None)
@given(
    counts=st.lists(COUNTS, min_size=1, max_size=60),
    quiet=st.sets(st.integers(0, 59), max_size=9),
    normal=st.none() | st.floats(0, 1),
    width=st.sampled_from(list(WIDTHS)),
    theme=st.sampled_from([None, *TOKENS]),
    title=st.text(min_size=1, max_size=30),
)
def test_everything_lies_inside_and_no_words_meet(  # noqa: PLR0917 - each drawn by hypothesis
    counts: list[tuple[int, int]],
    quiet: set[int],
    normal: float | None,
    width: Width,
    theme: Theme | None,
    title: str,
) -> None:
    weeks = [
        ChartWeek(FIRST + place * WEEK, n, k, quiet=place in quiet)
        for place, (n, k) in enumerate(counts)
    ]
    chart = weekly_chart(weeks, normal=normal, title=title, shown=60)
    if chart is None:
        return
    frame = WIDTHS[width]
    plot = Plot(chart, frame)
    for dot in (dot for run in plot.runs for dot in run):
        assert frame.left - 0.1 <= dot.x <= frame.right + 0.1
        assert frame.top - 0.1 <= dot.y <= frame.bottom + 0.1
    for left, across, _ in plot.quiet:
        assert frame.left <= left <= left + across <= frame.right + 0.1
    lines = sorted(label.y for label in plot.words)
    assert all(below - above >= 16 for above, below in itertools.pairwise(lines))
    assert all(label.y <= frame.height for label in plot.words)
    named = [label.x for label in plot.months]
    assert all(right - left >= 40 for left, right in itertools.pairwise(named))
    assert len(chart.alt) <= 1024  # what Discord takes


def test_a_title_is_words_and_never_markup() -> None:
    svg = charted(weeks_of((20, 9)), title='<script>"&').drawn("wide", "light")
    root = ET.fromstring(svg)
    assert root.get("aria-label", "").startswith('<script>"&, week by week')
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


@pytest.mark.parametrize("theme", TOKENS)
def test_a_picture_stands_alone(theme: Theme) -> None:
    svg = desk().drawn("wide", theme)
    assert "var(" not in svg
    assert "url(" not in svg
    assert not re.findall(r"(?:href|src)=", svg)
    root = ET.fromstring(svg)
    shapes = {one.get("class") for one in root.iter() if one.get("class")}
    assert {"band", "normal", "quiet", "line", "dot", "few", "now", "mark"} <= shapes


def test_the_tokens_are_those_of_the_pages() -> None:
    css = (ROOT / "bot/web/static/tokens.css").read_text("utf-8")
    light, _, dark = css.partition("@media (prefers-color-scheme: dark)")
    for text, theme in ((light, TOKENS["light"]), (dark, TOKENS["dark"])):
        for name, value in theme.items():
            assert f"--{name.replace('_', '-')}: {value};" in text


@cache
def grey(theme: Theme) -> Any:
    """The picture as a screen or a printer without colours shows it: linear light, 0 to 1."""
    drawn = svg_to_png(desk().drawn("wide", theme), scale=SCALE)
    width, height = struct.unpack(">II", drawn[16:24])
    data, place = b"", 8
    while place < len(drawn):
        length, kind = struct.unpack(">I4s", drawn[place : place + 8])
        data += drawn[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + 4 * width)
    pixels = np.zeros((height, width, 4), np.uint8)
    above = np.zeros((width, 4), np.uint8)
    for row, line in enumerate(rows):
        above = _unfiltered(int(line[0]), line[1:].reshape(width, 4), above)
        pixels[row] = above
    parts = pixels[..., :3] / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def _unfiltered(kind: int, line: Any, above: Any) -> Any:
    """Undo a filter of PNG on one row (section 9 of its specification)."""
    out = np.zeros_like(line)
    left, corner = np.zeros(4, int), np.zeros(4, int)
    if kind == 0:
        return line
    if kind == 2:
        return line + above
    for place in range(len(line)):
        up = above[place].astype(int)
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            aim = left + up - corner
            a, b, c = abs(aim - left), abs(aim - up), abs(aim - corner)
            guess = np.where((a <= b) & (a <= c), left, np.where(b <= c, up, corner))
        out[place] = (line[place] + guess) & 255
        left, corner = out[place].astype(int), up
    return out


def shade(theme: Theme, x: float, y: float) -> float:
    """How light the picture is at a place of the drawing."""
    above = Plot(desk(), WIDTHS["wide"]).above
    return float(grey(theme)[round((y + above) * SCALE), round((x + 16) * SCALE)])


def contrast(one: float, other: float) -> float:
    """The contrast of two shades, as WCAG 2 defines it."""
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", TOKENS)
def test_marks_stand_out_in_grey(theme: Theme) -> None:
    plot = Plot(desk(), WIDTHS["wide"])
    cloth = shade(theme, 60, 150)
    dots = {dot.mark: dot for run in plot.runs for dot in run}
    for mark in ("dot", "now"):
        assert contrast(shade(theme, dots[mark].x, dots[mark].y), cloth) >= (
            3 if mark == "dot" else 1.5
        )
    few, now = dots["few"], dots["now"]
    assert shade(theme, few.x, few.y) == pytest.approx(cloth, abs=0.01)  # open
    for ringed in (few, now):
        assert contrast(shade(theme, ringed.x + ringed.radius, ringed.y), cloth) >= 3
    [event] = plot.events
    assert contrast(shade(theme, event, WIDTHS["wide"].top + 3), cloth) >= 3
    assert plot.normal is not None
    row = [shade(theme, x / 4, plot.normal) for x in range(4 * 440, 4 * 452)]
    assert max(contrast(one, shade(theme, 446, plot.normal + 9)) for one in row) >= 2.5


@pytest.mark.parametrize("theme", TOKENS)
def test_shaded_weeks_can_be_told_from_the_ground_in_grey(theme: Theme) -> None:
    plot = Plot(desk(), WIDTHS["wide"])
    left, across, _ = plot.quiet[1]
    assert contrast(shade(theme, left + across / 2, 150), shade(theme, 60, 150)) >= 1.08
