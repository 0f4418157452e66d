"""Intervals, roundings and bins come out as the audit has them."""

import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.measures import DAY, WEEK, activity, half_up, iso_utc, percentage, sparkline, wilson

MAY_20 = 1589932800  # 2020-05-20T00:00:00Z, a Wednesday
counts = st.integers(0, 10**9)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_the_interval_agrees_with_the_published_rows(shared: Path) -> None:
    for row in json.loads((shared / "data/audit-2020.json").read_text())["rows"]:
        share, expected = row.get("reply_share_no_reposts"), row.get("wilson90")
        if share is None:
            continue
        replies = sum(row["reply_counts_consistent"]) // 2  # of the counts that round alike
        reposts = sum(row["rt_counts_consistent"]) // 2
        interval = wilson(replies, row["posts"] - reposts)
        assert interval == pytest.approx(tuple(expected), abs=2e-3)


def test_the_interval_of_one_in_four_is_wide() -> None:
    assert wilson(1, 4) == pytest.approx((0.058, 0.644), abs=5e-4)


@given(n=st.integers(1, 10**6), data=st.data())
def test_the_interval_holds_the_share_and_mirrors(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    interval, mirrored = wilson(k, n), wilson(n - k, n)
    assert interval
    assert mirrored
    assert 0 <= interval[0] <= k / n <= interval[1] <= 1
    assert interval == pytest.approx((1 - mirrored[1], 1 - mirrored[0]))


@given(k=counts, n=counts, digits=st.integers(0, 4))
def test_half_up_rounds_exactly(k: int, n: int, digits: int) -> None:
    if n == 0:
        assert half_up(k, n, digits) is None
        return
    step = Decimal(1).scaleb(-digits)
    # the quotient is cut, never rounded: exact when it ends, and else away from every half
    exact = Decimal(k * 10**30 // n).scaleb(-30)
    assert half_up(k, n, digits) == float(exact.quantize(step, ROUND_HALF_UP))


def test_half_goes_up_where_floats_and_bankers_would_not() -> None:
    assert half_up(1, 8, 2) == 0.13
    assert half_up(5, 100, 1) == 0.1
    assert percentage(37, 41) == 90.2
    assert percentage(1, 2000) == 0.1
    assert percentage(0, 0) is None


def test_the_two_weeks_of_the_sector_audit_are_sixteen_days() -> None:
    until = MAY_20 + 16 * DAY - 1
    assert activity({MAY_20: 3, MAY_20 + 15 * DAY: 1}, MAY_20, until) == [3, *[0] * 14, 1]


def test_up_to_31_days_is_days_and_longer_is_iso_weeks() -> None:
    assert len(activity({}, MAY_20, MAY_20 + 31 * DAY)) == 32
    weekly = activity({MAY_20: 1, MAY_20 + 5 * DAY: 2}, MAY_20, MAY_20 + 31 * DAY + 1)
    assert weekly == [1, 2, 0, 0, 0]  # the Monday after is 25 May


@given(
    days=st.dictionaries(st.integers(-900, 900).map(lambda day: day * DAY), st.integers(1, 9)),
    start=st.integers(-900 * DAY, 900 * DAY),
    length=st.integers(0, 90 * DAY),
)
def test_every_day_inside_is_counted_once(days: dict[int, int], start: int, length: int) -> None:
    bins = activity(days, start, start + length)
    first, last = start // DAY, (start + length) // DAY
    if length > 31 * DAY:
        first, last = (first - 4) // 7 * 7 + 4, (last - 4) // 7 * 7 + 10
        assert len(bins) == (last - first + 1) * DAY // WEEK
    else:
        assert len(bins) == last - first + 1
    inside = Counter({day: n for day, n in days.items() if first <= day // DAY <= last})
    assert sum(bins) == inside.total()


def test_a_sparkline_reaches_the_top_and_leaves_empty_bins_empty() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▁▄█"
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "  "


@given(st.lists(counts))
def test_a_sparkline_has_one_sign_a_bin(heights: list[int]) -> None:
    line = sparkline(heights)
    assert len(line) == len(heights)
    assert [sign == " " for sign in line] == [height == 0 for height in heights]


def test_instants_are_written_in_utc() -> None:
    assert iso_utc(MAY_20) == "2020-05-20T00:00:00Z"
