"""The weekly note: who waits, three numbers, one thing to try; and when there is none."""

from datetime import timedelta

import pytest

from bot.api import Member
from bot.domain.actions import NotifyHosts, SendPost
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.pulse import plugin
from tests.plugins.pulse.talking import WEEK, logs, post


@pytest.fixture
def bot() -> Harness:
    return Harness(plugin)


def talks(bot: Harness, originals: int, replies: int) -> None:
    begun = [post(bot, ADA) for _ in range(originals)]
    answers = [post(bot, GRACE, begun[number % originals].id, 1) for number in range(replies)]
    logs(bot, *begun, *answers)


def notes(bot: Harness) -> list[str]:
    return [text for text in bot.told if "One thing to try" in text and "bots and reposts" in text]


def test_the_note_has_three_numbers_a_chart_and_one_suggestion(bot: Harness) -> None:
    talks(bot, 20, 20)
    bot.passes(WEEK)

    [text] = notes(bot)
    [told] = [
        act for act in bot.sent if isinstance(act, SendPost | NotifyHosts) and act.text == text
    ]
    assert told.text.splitlines() == [
        "The week from Monday 2 March, bots and reposts left out:",
        "Replies: 20 of 40 posts (50 %, likely between 37 and 63).",
        (
            "Answered within a day: 20 of 20 posts that began something "
            "(100 %, likely between 88 and 100)."
        ),
        "Took part: 2 people.",
        "One thing to try: thank somebody who answered others this week.",
    ]
    assert len(told.pictures) == 1


def test_newcomers_who_wait_come_first(bot: Harness) -> None:
    talks(bot, 20, 20)
    first = post(bot, Member("fake", "nia", "Nia"))
    logs(bot, first)
    bot.passes(WEEK)

    [told] = notes(bot)
    assert told.splitlines()[:2] == [
        "Newcomers who have waited a day or longer for a first answer:",
        f"Lobby, Monday 2 March: fake://lobby/{first.id}",
    ]
    assert told.endswith("ask somebody else to answer the next.")
    assert "Nia" not in told


def test_a_week_with_nothing_to_say_has_no_note(bot: Harness) -> None:
    bot.passes(3 * WEEK)
    assert notes(bot) == []

    assert bot.calls(HOST, "pulse note").startswith("There is nothing to say this week")


def test_day_and_time_can_be_set_and_the_note_switched_off_and_on_again(bot: Harness) -> None:
    assert bot.calls(HOST, "pulse weekly") == ("The weekly note comes Mondays at 9 am London time.")
    assert bot.calls(HOST, "pulse weekly fr 16:30") == (
        "The weekly note comes Fridays at 4:30 pm London time."
    )
    talks(bot, 20, 20)
    bot.passes(WEEK)
    talks(bot, 20, 20)
    assert bot.calls(HOST, "pulse weekly off").startswith("There is no weekly note.")
    before = len(notes(bot))
    bot.passes(2 * WEEK)
    assert len(notes(bot)) == before
    assert "is no time of day" in bot.calls(HOST, "pulse weekly mo noon")


def test_what_hosts_set_holds_after_a_restart(bot: Harness) -> None:
    bot.calls(HOST, "pulse weekly off")
    bot.restarts()
    talks(bot, 20, 20)
    bot.passes(WEEK)

    assert notes(bot) == []


def test_the_note_of_now_can_be_read(bot: Harness) -> None:
    talks(bot, 20, 5)
    bot.passes(timedelta(days=8))

    note = bot.calls(HOST, "pulse note")
    assert "Replies: 5 of 25 posts (20 %, likely between 10 and 36)." in note
    assert note.endswith("ask somebody by name what they make of it.")


def test_what_the_week_is_held_against_is_said_as_it_is(bot: Harness) -> None:
    for replies in (20, 20, 20, 5):
        talks(bot, 20, replies)
        bot.passes(WEEK)

    first, second, third, fourth = [text.splitlines()[1] for text in notes(bot)]
    assert first.endswith("likely between 37 and 63).")
    assert second.endswith("; over the week before, 50 %.")
    assert third.endswith("; over the 2 weeks before, 50 %.")
    assert fourth == (
        "Replies: 5 of 25 posts (20 %, likely between 10 and 36); over the 3 weeks before, 50 %."
    )


def test_an_alarm_is_repeated_until_hosts_say_that_they_know(bot: Harness) -> None:
    for _ in range(6):
        talks(bot, 30, 1)
        bot.passes(WEEK)
    line = "Still few replies, as Weaver told you: Lobby."
    assert line in notes(bot)[-1]

    bot.calls(HOST, "pulse seen lobby")
    bot.passes(WEEK)
    talks(bot, 30, 1)
    bot.passes(WEEK)
    assert line not in notes(bot)[-1]

    bot.calls(HOST, "pulse unseen lobby")
    assert line in bot.calls(HOST, "pulse note")
