"""What hosts say to pulse: modes, closures, events, quiet, bots, each with a way back."""

from datetime import timedelta

import pytest

from bot.api import Member
from bot.domain.actions import NotifyHosts, SendPost
from bot.testing import ADA, HOST, Harness
from plugins.pulse import plugin
from tests.plugins.pulse.talking import WEEK, alarms, broadcasts, logs, post, talks

FEED = Member("fake", "feed", "Feed")


@pytest.fixture
def bot() -> Harness:
    return Harness(plugin, weekly="off")


def commands(bot: Harness) -> list[str]:
    """What can be pressed under the last word to hosts."""
    told = [act for act in bot.sent if isinstance(act, SendPost | NotifyHosts) and act.buttons]
    return [button.command for button in told[-1].buttons]


def test_an_alarm_comes_with_a_chart_and_three_things_to_press(bot: Harness) -> None:
    broadcasts(bot, 5)

    told = [act for act in bot.sent if isinstance(act, SendPost | NotifyHosts)][-1]
    [chart] = told.pictures
    assert "Lobby" in chart.alt
    assert commands(bot) == ["pulse seen lobby", "pulse mute lobby 8", "pulse event lobby 4"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_button_is_a_command_that_works_as_it_stands(bot: Harness, number: int) -> None:
    broadcasts(bot, 5)

    answer = bot.calls(HOST, commands(bot)[number])

    assert answer.startswith(("Noted.", "Weaver says nothing of Lobby until", "Weeks from"))


def test_an_event_ends_the_alarm_and_reopening_brings_it_back_untold(bot: Harness) -> None:
    broadcasts(bot, 5)
    assert len(alarms(bot)) == 1

    answer = bot.calls(HOST, "pulse event lobby 8")
    assert answer.endswith("Without them there is no alarm in Lobby.")
    assert "an event in Lobby now" in answer
    assert "event in Lobby" in bot.calls(HOST, "pulse closures")

    assert bot.calls(HOST, "pulse reopen 1").endswith("With that, the alarm in Lobby is back.")
    broadcasts(bot, 3)
    assert len(alarms(bot)) == 1


def test_an_alarm_that_other_weeks_bear_out_stays(bot: Harness) -> None:
    broadcasts(bot, 12)

    assert "The alarm in Lobby stays" in bot.calls(HOST, "pulse event lobby 2")


def test_a_closure_by_command_leaves_its_weeks_out(bot: Harness) -> None:
    bot.calls(HOST, "pulse close 2026-03-01 2026-06-30")
    broadcasts(bot, 10)

    assert alarms(bot) == []
    assert "1: Sunday 1 March 2026 to Tuesday 30 June 2026, closure" in bot.calls(
        HOST, "pulse closures"
    )
    assert "there is no closure 7 here" in bot.calls(HOST, "pulse reopen 7")
    assert "ends before it begins" in bot.calls(HOST, "pulse close 2026-06-30 2026-03-01")


def test_a_muted_space_is_told_of_when_the_quiet_is_over(bot: Harness) -> None:
    bot.calls(HOST, "pulse mute lobby 6")
    broadcasts(bot, 5)
    assert alarms(bot) == []

    broadcasts(bot, 3)
    assert len(alarms(bot)) == 1
    assert bot.calls(HOST, "pulse unmute lobby") == "It was not muted."


def test_what_hosts_declare_is_never_called_a_broadcast(bot: Harness) -> None:
    answer = bot.calls(HOST, "pulse mode announcements lobby")
    broadcasts(bot, 8)

    assert answer.startswith("So Lobby is meant for announcements.")
    assert alarms(bot) == []
    assert "Lobby: announcements\nTea room: conversation" in bot.calls(HOST, "pulse mode")

    bot.calls(HOST, "pulse mode conversation lobby")
    broadcasts(bot, 1)
    assert len(alarms(bot)) == 1


def test_a_mode_that_the_operator_set_is_not_changed_for_all_by_command() -> None:
    bot = Harness(plugin, mode="resources")

    assert "change it there" in bot.calls(HOST, "pulse mode conversation")
    assert "Lobby is meant for conversation" in bot.calls(HOST, "pulse mode conversation lobby")


def feeds(bot: Harness) -> None:
    """An account that posts and never replies, among people who talk."""
    for _ in range(4):
        talks(bot, 6, 8)
        logs(bot, *(post(bot, FEED) for _ in range(8)))
        bot.passes(WEEK)


def test_hosts_are_asked_whether_an_account_is_a_bot_and_may_say_so(bot: Harness) -> None:
    feeds(bot)

    [asked] = [text for text in bot.told if text.startswith("Is this account a bot?")]
    assert "28 posts began something; one account wrote 16 of those" in asked
    assert "and replied to nobody" in asked
    assert "Its latest post: fake://lobby/" in asked
    assert "Feed" not in asked
    counted = bot.calls(ADA, "pulse share lobby days:40")
    assert "32 of 88 posts" in counted

    bot.calls(HOST, "pulse bot 1")
    assert "32 of 56 posts" in bot.calls(ADA, "pulse share lobby days:40")
    bot.posts(FEED, "Another headline")
    assert "32 of 56 posts" in bot.calls(ADA, "pulse share lobby days:40")
    assert "33 posts of bots" in bot.calls(ADA, "pulse share lobby days:40")

    assert bot.calls(HOST, "pulse person 1") == "Its posts count again, looking back too."
    assert "32 of 89 posts" in bot.calls(ADA, "pulse share lobby days:40")


def test_hosts_are_asked_about_an_account_once(bot: Harness) -> None:
    feeds(bot)
    bot.calls(HOST, "pulse person 1")
    for _ in range(3):
        feeds(bot)

    assert len([text for text in bot.told if text.startswith("Is this account a bot?")]) == 1


def test_a_question_that_was_never_asked_has_no_answer(bot: Harness) -> None:
    for _ in range(4):
        talks(bot, 3, 8)
        logs(bot, *(post(bot, HOST) for _ in range(20)))
        bot.passes(WEEK)

    assert "there is no question 1 here" in bot.calls(HOST, "pulse bot 1")
    assert bot.calls(HOST, "pulse bots") == "Weaver has asked about no account yet."


def test_members_cannot_decide_for_hosts(bot: Harness) -> None:
    for command in ("mode", "closures", "mute lobby", "event lobby", "bots", "note", "weekly"):
        assert "hosts" in bot.calls(ADA, f"pulse {command}")


def test_one_person_who_carries_a_space_is_a_note_without_a_name(bot: Harness) -> None:
    for _ in range(4):
        talks(bot, 6, 8)
        bot.passes(WEEK)
    broadcast_free = alarms(bot)

    [told] = [text for text in bot.told if text.startswith("One person carries Lobby")]
    assert broadcast_free == []
    assert "all 24 replies of the last four weeks came from one person" in told
    assert "Grace" not in told


def test_a_space_that_falls_silent_is_said_to_go_quiet(bot: Harness) -> None:
    for _ in range(34):
        talks(bot, 6, 6)
        bot.passes(WEEK)
    for _ in range(8):
        talks(bot, 1, 1)
        bot.passes(WEEK)

    [told] = [text for text in bot.told if "is going quiet" in text]
    assert told.startswith("Lobby is going quiet: ")
    assert "where 12 were usual" in told


def test_newcomers_who_wait_are_a_note(bot: Harness) -> None:
    for number in range(10):
        logs(bot, post(bot, Member("fake", f"new{number}")))
        talks(bot, 2, 4)
        bot.passes(timedelta(days=4))
    bot.passes(2 * WEEK)

    told = [text for text in bot.told if text.startswith("Newcomers wait in Lobby")]
    assert len(told) == 1
    assert "people began something with their first post, and none of them was answered" in told[0]
    assert "Even with luck allowed for, that is fewer than half." in told[0]
