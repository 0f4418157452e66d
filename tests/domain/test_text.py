"""Times and lists, said as people say them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import Button
from bot.domain.text import (
    clock_words,
    day_words,
    join_words,
    when_words,
    with_choices,
    zone_words,
)

EVENING = datetime(2026, 5, 12, 23, 30, tzinfo=UTC)


def test_a_time_is_said_in_its_zone_and_in_utc() -> None:
    assert (
        when_words(EVENING, "America/New_York")
        == "Tuesday 12 May at 7:30 pm New York time (11:30 pm UTC)"
    )


def test_the_day_in_utc_is_said_when_it_is_another_one() -> None:
    later = EVENING + timedelta(hours=1)

    assert (
        when_words(later, "America/New_York")
        == "Tuesday 12 May at 8:30 pm New York time (12:30 am UTC on Wednesday 13 May)"
    )


def test_utc_is_not_said_twice() -> None:
    assert when_words(EVENING, "UTC") == "Tuesday 12 May at 11:30 pm UTC"


def test_an_instant_may_come_with_any_offset() -> None:
    there = EVENING.astimezone(ZoneInfo("Asia/Tokyo"))

    assert when_words(there, "Europe/London") == when_words(EVENING, "Europe/London")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "Tuesday 12 May at"),
        (datetime(2025, 12, 1, tzinfo=UTC), "Tuesday 12 May at"),
        (datetime(2025, 6, 1, tzinfo=UTC), "Tuesday 12 May 2026 at"),
        (datetime(2027, 1, 1, tzinfo=UTC), "Tuesday 12 May 2026 at"),
    ],
)
def test_the_year_is_said_when_it_is_in_doubt(now: datetime, said: str) -> None:
    assert when_words(EVENING, "America/New_York", now).startswith(said)


def test_a_far_new_year_is_told_with_both_years() -> None:
    new_year = datetime(2028, 1, 1, 4, tzinfo=UTC)

    assert (
        when_words(new_year, "America/New_York", EVENING)
        == "Friday 31 December 2027 at 11 pm New York time (4 am UTC on Saturday 1 January 2028)"
    )


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05 am"),
        (time(8, 0), "8 am"),
        (time(12, 0), "noon"),
        (time(12, 30), "12:30 pm"),
        (time(19, 30), "7:30 pm"),
    ],
)
def test_the_clock_in_words(at: time, words: str) -> None:
    assert clock_words(at) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/London", "London time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5 time"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, words: str) -> None:
    assert zone_words(zone) == words


def test_a_day_in_words() -> None:
    assert day_words(date(2026, 12, 3)) == "Thursday 3 December"


def test_an_hour_that_comes_twice_is_told_apart_by_utc() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert when_words(first, "Europe/London").endswith("1:30 am London time (12:30 am UTC)")
    assert when_words(first + timedelta(hours=1), "Europe/London").endswith("(1:30 am UTC)")


@given(
    st.integers(0, 365 * 24 * 60 * 10),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=7)),
    st.sampled_from(["Europe/London", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_moments_of_one_week_never_share_their_words(
    minutes: int, step: timedelta, zone: str
) -> None:
    at = EVENING + timedelta(minutes=minutes)

    assert when_words(at, zone) != when_words(at + step, zone) or step == timedelta(days=7)


def test_words_are_joined_as_people_do() -> None:
    assert join_words([]) == ""
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b"]) == "a and b"
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert join_words(["8 am", "8 pm"], "or") == "8 am or 8 pm"


def test_without_buttons_each_choice_is_said() -> None:
    choices = [
        Button("Leave it be for a while", "pulse mute"),
        Button("It was an event", "pulse event 3"),
    ]

    assert with_choices("People stopped answering.", choices, "@weaver.example ") == (
        "People stopped answering.\n\n"
        "Leave it be for a while: say “@weaver.example pulse mute”\n"
        "It was an event: say “@weaver.example pulse event 3”"
    )


def test_words_without_choices_stay_as_they_are() -> None:
    assert with_choices("All is well.", ()) == "All is well."
