"""Moved dates and closures: when a series takes place after all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.api import Occurrence, Recurrence, to_utc
from bot.testing import ADA, HOST, Harness
from plugins.chats.dates import Closure, Dates
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / What came of it?'
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def days(bot: Harness) -> list[int]:
    """On which days of March there was a chat."""
    return [act.at.day for act in bot.ledger if act.key.endswith(":hello") and act.state == "done"]


def test_one_date_may_be_moved(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, 'chats move 1 next "Wednesday 4 March 8 pm"')
    bot.passes_to(march(11, 12))

    assert answer == (
        "Chat 1 of Tuesday 3 March at 7:30 pm London time (7:30 pm UTC) moves to Wednesday "
        "4 March at 8 pm London time (8 pm UTC). To take it back: chats restore 1 date:2026-03-04"
    )
    assert [words[:8] for words in said()] == [
        *("04 19:00", "04 20:00", "04 20:00", "04 20:10", "04 21:00"),
        *("10 18:30", "10 19:30", "10 20:30"),
    ]


def test_a_move_after_the_announcement_is_told_and_announced_anew(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.calls(HOST, 'chats move 1 next "9 pm"')
    bot.passes_to(march(4, 12))

    assert said()[1] == (
        "03 19:00 The Tuesday chat of Tuesday 3 March at 7:30 pm London time (7:30 pm UTC) moves "
        "to Tuesday 3 March at 9 pm London time (9 pm UTC). Same place, and you are as welcome."
    )
    assert [words[3:8] for words in said()[2:5]] == ["20:00", "21:00", "21:00"]


def test_a_moved_date_may_be_put_back(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, 'chats move 1 next "4 March"')

    assert bot.calls(HOST, "chats restore 1 date:2026-03-04").startswith(
        "Chat 1 takes place on Tuesday 3 March at 7:30 pm"
    )


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        ("7:30 pm", "chat 1 is at that time already"),
        ("10 March", "chat 1 takes place at that time anyway"),
        ("1 March", "1 March 2026 has passed"),
        ("soon", "at what time?"),
        ("8 pm on the moon", "Weaver does not understand 'moon' in that"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(bot: Harness, to: str, answer: str) -> None:
    bot.calls(HOST, WEEKLY)

    assert bot.calls(HOST, f'chats move 1 next "{to}"').startswith(answer)


def test_chats_on_closed_days_are_left_out(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, 'chats close "9 March" "20 March" name:Half-term')
    bot.passes_to(march(26, 12))

    assert answer == (
        "Half-term, from Monday 9 March to Friday 20 March: chats are left out. That changes chat "
        "1, next on Tuesday 3 March at 7:30 pm London time (7:30 pm UTC). To take it back: chats "
        "reopen 1"
    )
    assert days(bot) == [3, 24]
    assert bot.calls(ADA, "chats closures").startswith("No days are closed")


def test_chats_may_be_put_off_until_after_a_closure(bot: Harness) -> None:
    bot.calls(HOST, 'chats schedule "first Tuesday of the month 7 pm" "Roses" open floor')
    bot.calls(HOST, 'chats close "2 March" "8 March" postpone')
    bot.passes_to(march(26, 12))

    assert days(bot) == [10]


def test_a_closure_after_the_announcement_calls_the_chat_off_and_reopening_takes_that_back(
    bot: Harness, said: Said
) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.calls(HOST, 'chats close "3 March" "3 March"')
    assert said()[-1].startswith("03 19:00 There will be no Tuesday chat on Tuesday 3 March")

    assert bot.calls(HOST, "chats reopen 1").startswith("Closure 1 is taken back. That changes")
    bot.passes_to(march(3, 19, 31))

    assert said()[-1] == "03 19:30 Q1 What did you try?"


def test_days_the_wrong_way_round_are_refused(bot: Harness) -> None:
    assert bot.calls(HOST, 'chats close "20 March 2026" "9 March 2026"') == (
        "the last day is before the first; write the first day first"
    )


def test_a_closure_over_new_year_needs_no_year(bot: Harness) -> None:
    assert bot.calls(HOST, 'chats close "19 December" "4 January"').startswith(
        "From Saturday 19 December to Monday 4 January 2027"
    )


def by_hand(dates: Dates, instant: datetime, until: datetime) -> list[Occurrence]:
    """The same, from every occurrence there is."""
    found: dict[datetime, Occurrence] = {}
    for one in dates.times.following(NOON - timedelta(days=400)):
        if one.at > until + timedelta(days=400):
            break
        local: datetime | None = one.local
        if one.local in dates.moved:
            local = dates.moved[one.local]
        else:
            while local and (shut := [c for c in dates.closures if c.has(local.date())]):
                if shut[0].how == "usual":
                    break
                local = None if shut[0].how == "skip" else local + timedelta(days=7)
        if local is not None:
            at = to_utc(local, dates.times.zone)
            if at not in found or local == one.local:
                found[at] = Occurrence(one.local, at)
    return [found[at] for at in sorted(found) if instant < at <= until]


spans = st.builds(
    lambda start, length, how: Closure(
        date(2026, 1, 1) + timedelta(days=start),
        date(2026, 1, 1) + timedelta(days=start + length),
        how,
    ),
    st.integers(0, 400),
    st.integers(0, 40),
    st.sampled_from(["skip", "postpone", "usual"]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=1TU"]),
    st.lists(spans, max_size=4),
    st.dictionaries(st.integers(0, 20), st.integers(-100, 100), max_size=3),
    st.integers(0, 300),
)
def test_dates_are_those_that_every_occurrence_leads_to(
    rule: str, closed: list[Closure], moves: dict[int, int], later: int
) -> None:
    times = Recurrence(datetime.fromisoformat("2026-01-06T19:30"), "Europe/London", rule)
    known = times.upcoming(NOON - timedelta(days=100), 21)
    moved = {
        known[index].local: known[index].local + timedelta(hours=7 * hours)
        for index, hours in moves.items()
    }
    dates = Dates(times, moved, closed)
    instant = NOON + timedelta(days=later)

    found = dates.upcoming(instant, 6)

    assert found == by_hand(dates, instant, found[-1].at)
    assert all(dates.at(one.local) == one.at for one in found)
