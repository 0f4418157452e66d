"""When the hosts are told of an alarm, and when not again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plugins.pulse.detector import Finding, Standing
from plugins.pulse.watch import REST, Telling, telling
from plugins.pulse.weeks import Reading

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(weeks=1)
CALM, ALARM = Standing(), Standing(alarm="fall", normal=0.6)
BAD = Finding(Reading(4, 9, 84, 0.11, 0.06, 0.18, capped=False), 0.6, "fall")
FINE = Finding(Reading(4, 50, 84, 0.6, 0.5, 0.7, capped=False), 0.6, None)


def course(*steps: tuple[Standing, Finding | None]) -> list[int]:
    """The checks at which the hosts are told."""
    state, told = Telling(), []
    for number, (standing, found) in enumerate(steps):
        after = telling(state, standing, found, MONDAY + number * WEEK)
        if after.last != state.last:
            told.append(number)
        state = after
    return told


def test_an_alarm_is_told_once() -> None:
    assert course(*[(ALARM, BAD)] * 30) == [0]


def test_a_relapse_is_told_when_eight_weeks_have_passed_and_it_is_still_bad() -> None:
    relapse = [(ALARM, BAD), (CALM, FINE), (CALM, FINE)]

    assert course(*relapse, *[(ALARM, BAD)] * 9) == [0, 8]
    assert course(*relapse, *[(ALARM, BAD)] * 3, *[(ALARM, FINE)] * 6) == [0]


def test_a_check_that_cannot_tell_tells_nothing() -> None:
    assert course((ALARM, None), (ALARM, BAD)) == [1]


@given(st.lists(st.sampled_from([(CALM, FINE), (ALARM, BAD), (ALARM, FINE), (ALARM, None)])))
def test_hosts_are_never_told_twice_in_eight_weeks(
    steps: list[tuple[Standing, Finding | None]],
) -> None:
    told = course(*steps)

    assert all((later - earlier) * WEEK >= REST for earlier, later in pairwise(told))
