"""Chats that hosts call off, one date or all of them, and bring back."""

from datetime import timedelta

import pytest

from bot.domain.actions import ScheduleEvent, SendPost, Undo
from bot.testing import ADA, HOST, Harness
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import DAY, WEEK, march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Wrong answers" What did you try? / What came of it?'


def test_a_cancelled_chat_is_heard_of_no_more(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, "chats cancel 1")
    bot.passes(2 * WEEK)

    assert answer == (
        "Cancelled: chat 1, every Tuesday at 7:30 pm London time. To bring it back: chats restore 1"
    )
    assert bot.sent == []
    assert bot.calls(ADA, "chats list").startswith("No chats are planned.")
    assert bot.calls(HOST, "chats cancel 1").startswith("chat 1 is cancelled; chats restore 1")


def test_a_number_is_never_given_twice(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1")

    assert bot.calls(HOST, WEEKLY).startswith("Planned as chat 2")


def test_a_chat_cancelled_while_it_goes_on_falls_silent(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 35))
    answer = bot.calls(HOST, "chats cancel 1")
    bot.passes(2 * WEEK)

    assert "The one that is going on ends without a further word" in answer
    assert said()[-1] == "03 19:30 Q1 What did you try?"


def test_a_chat_cancelled_after_its_announcement_is_called_off(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.calls(HOST, "chats cancel 1")
    bot.passes(WEEK)

    assert len(said()) == 2
    assert said()[1] == (
        "03 19:00 There will be no Tuesday chat on Tuesday 3 March at 7:30 pm London time "
        "(7:30 pm UTC): the hosts have called it off."
    )


def test_a_chat_called_off_and_brought_back_takes_place(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    for _ in range(2):
        bot.calls(HOST, "chats cancel 1")
        answer = bot.calls(HOST, "chats restore 1")
    bot.passes_to(march(4, 12))

    assert answer.startswith(
        "Chat 1 goes on, every Tuesday at 7:30 pm London time. Next: Tuesday 3"
    )
    assert len([act for act in bot.sent if isinstance(act, Undo) and ":off-" in act.of]) == 2
    standing = [type(act) for act in bot.standing if getattr(act, "space", None) == bot.chat]
    assert (standing.count(SendPost), standing.count(ScheduleEvent)) == (5, 1)
    assert "03 19:40 Q2 What came of it?" in said()


def test_one_date_may_be_left_out(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    answer = bot.calls(HOST, "chats cancel 1 date:2026-03-03")
    bot.passes(8 * DAY + timedelta(hours=12))

    assert answer == (
        "No chat 1 on Tuesday 3 March at 7:30 pm London time (7:30 pm UTC). "
        "Next: Tuesday 10 March at 7:30 pm London time (7:30 pm UTC). "
        "To bring it back: chats restore 1 date:2026-03-03"
    )
    assert [words[:8] for words in said()] == [
        *("10 18:30", "10 19:30", "10 19:30", "10 19:40", "10 20:30"),
    ]


@pytest.mark.parametrize("date", ["date:next", '"3 March"', "date:tomorrow", "Tuesday 3 March"])
def test_a_date_may_be_said_in_words(bot: Harness, date: str) -> None:
    bot.calls(HOST, WEEKLY)

    assert bot.calls(HOST, f"chats cancel 1 {date}").startswith("No chat 1 on Tuesday 3 March")


def test_a_date_left_out_by_mistake_is_brought_back(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19))
    bot.calls(HOST, "chats cancel 1 date:next")
    answer = bot.calls(HOST, "chats restore 1 date:2026-03-03")
    bot.passes(timedelta(hours=1))

    assert answer == ("Chat 1 takes place on Tuesday 3 March at 7:30 pm London time (7:30 pm UTC).")
    assert said()[-1] == "03 19:40 Q2 What came of it?"


def test_a_date_is_not_brought_back_where_another_chat_has_moved_in(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1 date:2026-03-10")
    bot.calls(HOST, 'chats schedule "10 March 7:30 pm" Roses One?')

    assert bot.calls(HOST, "chats restore 1 date:2026-03-10").startswith("chat 2 is in the same")


def test_todays_chat_may_be_ended_alone(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 35))
    bot.calls(HOST, "chats cancel 1 date:today")
    bot.passes(WEEK)

    assert said()[2] == "03 19:30 Q1 What did you try?"
    assert said()[3].startswith("10 18:30 Tuesday 10 March")


def test_a_cancelled_chat_stays_cancelled_over_a_restart(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(HOST, "chats cancel 1")
    bot.restarts()
    bot.passes(2 * WEEK)

    assert bot.sent == []
