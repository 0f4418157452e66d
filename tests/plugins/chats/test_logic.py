"""The rules of a chat, without a Weaver around them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Recurrence, UserError
from plugins.chats.days import CODES, NAMES
from plugins.chats.logic import (
    Prompt,
    Slot,
    announcement_at,
    check_pace,
    check_prompts,
    check_topic,
    clash,
    prompts_in,
    step_at,
)
from plugins.chats.when import times_meant

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TUESDAY = datetime.fromisoformat("2026-03-03T19:30")
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("What did you try? / What came of it?", ["What did you try?", "What came of it?"]),
        ("Try this and/or that?", ["Try this and/or that?"]),
        ("One?\n\n Two / three?\n", ["One?", "Two / three?"]),
        ("Q1 One? / Q2: Two? / 3. Three?", ["One?", "Two?", "Three?"]),
        ("3 things you learned?", ["3 things you learned?"]),
        ("open floor", []),
        ("None", []),
    ],
)
def test_prompts_are_taken_from_a_text(text: str, prompts: list[str]) -> None:
    assert [prompt.text for prompt in prompts_in(text)] == prompts


def test_a_text_without_a_prompt_is_asked_back() -> None:
    with pytest.raises(UserError, match="there is no prompt in that"):
        prompts_in(" / ")


def test_every_prompt_that_is_too_long_is_named() -> None:
    with pytest.raises(UserError, match="too long for one post: Q2 by 1 and Q4 by 20 characters"):
        check_prompts([Prompt(words) for words in ("a" * 297, "b" * 298, "c", "d" * 317)], 300)


def test_prompts_that_fit_with_their_number_are_fine() -> None:
    check_prompts([Prompt("a" * 297)] * 9, 300)


def test_a_topic_is_trimmed_and_has_an_end() -> None:
    assert check_topic("  Wrong   answers ") == "Wrong answers"
    with pytest.raises(UserError, match="3 characters too long"):
        check_topic("a" * 83)


@pytest.mark.parametrize(
    ("count", "minutes", "pace", "words"),
    [
        (7, 60, 10, "7 prompts, one every 10 minutes, need 70 minutes and the chat has 60"),
        (1, 4, 1, "minutes is from 5 to 480, not 4"),
        (0, 60, -1, "pace is from 1 to 120 minutes, not -1"),
    ],
)
def test_more_prompts_than_there_is_time_for_are_refused(
    count: int, minutes: int, pace: int, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        check_pace([Prompt("Why?")] * count, minutes, pace)


def test_steps_are_a_pace_apart_and_the_wrap_up_is_at_the_end() -> None:
    script = [Prompt("Why?")] * 3
    steps = [step_at(NOON, step, script, 60, 10) - NOON for step in range(1, 5)]

    assert steps == [timedelta(minutes=minutes) for minutes in (0, 10, 20, 60)]


def test_an_announcement_comes_ahead_or_at_once_or_not_at_all() -> None:
    start = NOON + timedelta(hours=2)

    assert announcement_at(start, 60, NOON) == start - timedelta(hours=1)
    assert announcement_at(start, 180, NOON) == NOON
    assert announcement_at(start, 180, start - timedelta(minutes=9)) is None
    assert announcement_at(start, 0, NOON) is None


def test_two_chats_at_one_time_are_found_on_their_first_common_date() -> None:
    weekly = Slot(1, Recurrence(TUESDAY, "Europe/London", "FREQ=WEEKLY;BYDAY=TU"), 60)
    monthly = Recurrence(
        TUESDAY + timedelta(days=28, minutes=59), "Europe/London", "FREQ=MONTHLY;BYDAY=-1TU"
    )

    found = clash(Slot(2, monthly, 60), [weekly], NOON)

    assert found is not None
    assert (found.number, found.at) == (1, datetime(2026, 3, 31, 19, 29, tzinfo=UTC))


def test_chats_that_follow_each_other_do_not_clash() -> None:
    first = Recurrence(TUESDAY, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
    second = Recurrence(TUESDAY + timedelta(hours=1), "Europe/London", "FREQ=WEEKLY;BYDAY=TU")

    assert clash(Slot(2, second, 60), [Slot(1, first, 60)], NOON) is None


def test_chats_of_two_zones_may_clash_only_while_their_clocks_differ_so() -> None:
    london = Recurrence(TUESDAY, "Europe/London", "FREQ=WEEKLY;BYDAY=TU")
    york = Recurrence(TUESDAY - timedelta(hours=4), "America/New_York", "FREQ=WEEKLY;BYDAY=TU")

    found = clash(Slot(2, york, 30), [Slot(1, london, 30)], NOON)

    assert found is not None
    assert found.at == datetime(2026, 3, 10, 19, 30, tzinfo=UTC)


@given(
    days=st.sets(st.integers(0, 6), min_size=1, max_size=3),
    hour=st.integers(0, 23),
    minute=st.sampled_from([0, 5, 30, 59]),
    other=st.booleans(),
    zone=st.sampled_from(ZONES),
    start=st.integers(0, 365 * 24),
)
def test_the_dates_of_a_series_are_those_of_the_rule(
    *, days: set[int], hour: int, minute: int, other: bool, zone: str, start: int
) -> None:
    now = NOON + timedelta(hours=start)
    names = " and ".join(NAMES[day] for day in days)
    clock = f"{hour % 12 or 12}:{minute:02} {'pm' if hour >= 12 else 'am'}"
    words = f"every {'other ' if other else ''}{names} {clock}"

    times = times_meant(words, now, zone).recurrence

    codes = ",".join(CODES[day] for day in sorted(days))
    interval = 2 if other else 1
    rule = rrulestr(f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={codes}", dtstart=times.start)
    expected = [
        local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for local in rule.xafter(times.start - timedelta(seconds=1), count=30)
    ]
    assert [date.at for date in times.upcoming(now, 30)] == expected
    assert now < expected[0] <= now + timedelta(days=8)


@given(st.text(st.sampled_from("0123456789:.,- /aeimnopstuvyFMTW|"), max_size=40))
def test_whatever_is_written_is_understood_or_asked_back(text: str) -> None:
    for before in ("", "Tuesdays ", "3 May "):
        try:
            found = times_meant(before + text, NOON, "Europe/London")
        except UserError:
            continue
        assert found.recurrence.after(NOON) is not None
