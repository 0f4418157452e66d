"""The reply share and the floor rule, by themselves."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.api import Talk
from plugins.pulse.logic import (
    ENOUGH,
    FLOOR,
    REST,
    WEEK,
    Recent,
    Standing,
    broadcasts,
    check,
    percent,
    posts,
    recent,
    share,
    together,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def week(originals: int, replies: int = 0, reposts: int = 0, bot_posts: int = 0) -> Talk:
    return Talk(originals, replies, reposts, bot_posts, people=1)


weeks = st.builds(
    week, st.integers(0, 80), st.integers(0, 80), st.integers(0, 9), st.integers(0, 9)
)
histories = st.lists(weeks, min_size=26, max_size=26)
readings = st.none() | st.builds(
    lambda n, part: recent([week(n - round(n * part), round(n * part))] * 26),
    st.integers(3, 80),
    st.floats(0, 1),
)


def test_six_of_fourteen_is_between_24_and_64_per_cent_and_too_few() -> None:
    found = share(week(8, 6))

    assert found is not None
    assert (found.percent, found.low_percent, found.high_percent) == (43, 24, 64)
    assert not found.enough


def test_without_posts_there_is_no_share() -> None:
    assert share(week(0, 0, reposts=5, bot_posts=5)) is None


def test_half_a_per_cent_is_rounded_up() -> None:
    assert percent(0.125) == 13
    found = share(week(175, 25))
    assert found is not None
    assert found.percent == 13


def test_four_weeks_are_read_as_the_alarm_of_the_design_says_them() -> None:
    reading = recent([week(19, 5), week(20, 5), week(20, 5), week(19, 4)])

    assert reading is not None
    assert (reading.k, reading.n, reading.weeks) == (19, 97, 4)
    assert (percent(reading.share), percent(reading.low), percent(reading.high)) == (20, 12, 30)


def test_few_posts_make_the_window_twelve_weeks() -> None:
    reading = recent([week(50)] * 14 + [week(2, 1)] * 12)

    assert reading is not None
    assert (reading.weeks, reading.n) == (12, 36)


def test_under_24_posts_in_twelve_weeks_nobody_can_tell() -> None:
    assert recent([week(50)] * 14 + [week(1)] * 11 + [week(12)]) is None
    assert recent([week(50)] * 14 + [week(1)] * 11 + [week(13)]) is not None


def test_fewer_than_three_active_weeks_tell_nothing() -> None:
    assert recent([week(0)] * 24 + [week(100), week(100)]) is None


def test_one_event_counts_for_two_usual_weeks_at_most() -> None:
    usual = [week(10, 10)] * 25

    reading = recent([*usual, week(1000, 0)])

    assert reading is not None
    assert reading.capped
    assert reading.share == 30 / (60 + 40)


def test_many_posts_of_one_week_do_not_make_an_interval_narrow() -> None:
    reading = recent([week(900, 100)] * 4)

    assert reading is not None
    assert reading.high - reading.low > 0.06


def test_two_bad_checks_running_raise_the_alarm_once() -> None:
    bad = recent([week(30, 0)] * 26)
    assert bad is not None
    assert broadcasts(bad)

    state, told = Standing(), []
    for count in range(20):
        state, alarm = check(state, bad, MONDAY + count * WEEK)
        told.append(alarm)

    assert told == [False, True] + [False] * 18


def test_one_bad_check_between_good_ones_is_no_alarm() -> None:
    bad, good = recent([week(30, 0)] * 26), recent([week(15, 15)] * 26)

    state, told = Standing(), []
    for count, reading in enumerate([bad, good] * 5):
        state, alarm = check(state, reading, MONDAY + count * WEEK)
        told.append(alarm)

    assert not any(told)


def test_the_alarm_is_over_after_three_checks_above_a_quarter() -> None:
    state = Standing(bad=2, alarmed=True, last_alarm=MONDAY)
    good, middling = recent([week(15, 15)] * 26), recent([week(24, 6)] * 26)

    for reading in (good, good, middling, good, good):
        state, _ = check(state, reading, MONDAY)
    assert state.alarmed

    state, _ = check(state, good, MONDAY)
    assert not state.alarmed


def test_a_relapse_is_told_only_when_eight_weeks_have_passed() -> None:
    bad, good = recent([week(30, 0)] * 26), recent([week(15, 15)] * 26)

    state, told = Standing(), []
    for count, reading in enumerate([bad, bad, good, good, good, *[bad] * 8]):
        state, alarm = check(state, reading, MONDAY + count * WEEK)
        if alarm:
            told.append(count)

    assert told == [1, 9]


@given(histories)
def test_bots_and_reposts_change_nothing(history: list[Talk]) -> None:
    bare = [replace(talk, reposts=0, bot_posts=0) for talk in history]

    assert recent(history) == recent(bare)
    assert share(together(history)) == share(together(bare))


@given(histories, st.integers())
def test_the_order_of_the_recent_weeks_does_not_matter(history: list[Talk], seed: int) -> None:
    latest = history[-4:]
    Random(seed).shuffle(latest)

    here, there = recent(history), recent(history[:-4] + latest)
    assert (here is None) == (there is None)
    if here and there:
        assert (here.k, here.n, here.capped) == (there.k, there.n, there.capped)
        assert abs(here.high - there.high) < 1e-9


@given(histories)
def test_a_reading_needs_24_posts_and_lies_within_its_limits(history: list[Talk]) -> None:
    reading = recent(history)

    if sum(map(posts, history[-12:])) < ENOUGH:
        assert reading is None
    if reading:
        assert reading.n >= ENOUGH
        assert 0 <= reading.low <= reading.share <= reading.high <= 1


@given(st.builds(Standing, st.integers(0, 9), st.integers(0, 2), st.booleans(), st.none()))
def test_too_few_posts_keep_the_state(state: Standing) -> None:
    assert check(state, None, MONDAY) == (state, False)


@given(st.lists(readings, max_size=60))
def test_alarms_are_rare_deserved_and_never_on_the_first_bad_check(
    course: list[Recent | None],
) -> None:
    state, last, judged = Standing(), None, []
    for count, reading in enumerate(course):
        at = MONDAY + count * WEEK
        state, alarm = check(state, reading, at)
        judged += [reading] if reading else []
        if alarm:
            assert last is None or at - last >= REST
            assert all(one.high < FLOOR for one in judged[-2:])
            assert len(judged) > 1
            last = at
