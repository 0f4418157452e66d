"""When posts go and in what order: spread evenly, never made up for, the unanswered first."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.amplify.pace import Pace, Waiting, first

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NIGHT = (time(22), time(7))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
moments = st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda span: NOON + span)
times = st.times().map(lambda one: one.replace(second=0, microsecond=0))


def test_slots_are_as_far_apart_as_the_hour_allows() -> None:
    pace = Pace(hourly=12)

    assert pace.slot(None, NOON) == NOON
    assert pace.slot(NOON, NOON + MINUTE) == NOON + 5 * MINUTE
    assert pace.slot(NOON - HOUR, NOON) == NOON


def test_without_a_cap_posts_go_as_they_come() -> None:
    assert Pace(hourly=0).slot(NOON, NOON) == NOON


@given(st.integers(1, 60), st.lists(st.integers(0, 600), max_size=60))
def test_no_hour_ever_holds_more_than_its_share_whatever_was_missed(
    hourly: int, waits: list[int]
) -> None:
    pace, at, last = Pace(hourly), NOON, None
    went: list[datetime] = []
    for wait in waits:
        at = max(pace.slot(last, at), at + wait * MINUTE)
        last = at
        went.append(at)

    for start in went:
        within = [one for one in went if start <= one < start + HOUR]
        assert len(within) <= hourly


@pytest.mark.parametrize(
    ("clock", "wakes"),
    [
        ("2026-03-02T21:59", "2026-03-02T21:59"),
        ("2026-03-02T22:00", "2026-03-03T07:00"),
        ("2026-03-03T03:00", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
    ],
)
def test_nothing_goes_in_the_quiet_hours(clock: str, wakes: str) -> None:
    pace = Pace(quiet=NIGHT)
    at = datetime.fromisoformat(clock).replace(tzinfo=UTC)

    assert pace.awake(at) == datetime.fromisoformat(wakes).replace(tzinfo=UTC)


def test_quiet_hours_are_the_communitys_and_keep_to_its_clock_in_spring() -> None:
    pace = Pace(quiet=NIGHT, zone="Europe/London")

    assert pace.awake(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == datetime(
        2026, 3, 29, 6, tzinfo=UTC
    )


def test_quiet_hours_may_lie_within_a_day() -> None:
    pace = Pace(quiet=(time(9), time(16)))

    assert pace.awake(NOON) == NOON.replace(hour=16)
    assert pace.awake(NOON.replace(hour=8)) == NOON.replace(hour=8)


@given(moments, times, times, st.sampled_from(["UTC", "Europe/London", "America/New_York"]))
def test_whoever_is_awake_stays_so(at: datetime, start: time, end: time, zone: str) -> None:
    pace = Pace(quiet=(start, end), zone=zone)
    woken = pace.awake(at)

    assert at <= woken <= at + timedelta(hours=25)
    assert pace.awake(woken) == woken


def waiting(number: int, answered: bool, newcomers: bool, today: int = 0) -> Waiting:
    return Waiting(number, NOON + number * MINUTE, answered, newcomers, today)


def test_unanswered_newcomers_go_first_then_the_unanswered_then_the_rest() -> None:
    queue = [
        waiting(1, answered=True, newcomers=True),
        waiting(2, answered=False, newcomers=False),
        waiting(3, answered=False, newcomers=True),
        waiting(4, answered=False, newcomers=True),
    ]
    order = []
    while (turn := first(queue, Pace())) is not None:
        order.append(turn.number)
        queue.remove(turn)

    assert order == [3, 4, 2, 1]


def test_whoever_had_their_share_lets_others_go_first() -> None:
    queue = [waiting(1, False, True, today=3), waiting(2, True, False, today=2)]

    assert first(queue, Pace(author_daily=3)) == queue[1]
    assert first(queue[:1], Pace(author_daily=3)) is None
    assert first(queue[:1], Pace(author_daily=0)) == queue[0]
