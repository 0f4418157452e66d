"""Pulse in a community: what it says when asked, and when it speaks up."""

from datetime import timedelta

import pytest

from bot.api import UserError
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.pulse import plugin
from tests.plugins.pulse.talking import ROBOT, WEEK, alarms, broadcasts, talks


@pytest.fixture
def bot() -> Harness:
    return Harness(plugin)


def test_the_share_is_told_with_its_doubt_and_its_window(bot: Harness) -> None:
    talks(bot, 40, 20)

    assert bot.calls(ADA, "pulse share lobby") == (
        "Over the last 28 days 20 of 60 posts in Lobby were replies: "
        "33 %, likely between 24 and 44."
    )


def test_few_posts_are_too_few_to_read_anything_into(bot: Harness) -> None:
    talks(bot, 8, 6)

    assert bot.calls(ADA, "pulse share") == (
        "Over the last 28 days 6 of 14 posts were replies: "
        "43 %, likely between 24 and 64. Too few to read anything into."
    )


def test_where_nobody_posted_that_is_what_is_said(bot: Harness) -> None:
    assert bot.calls(ADA, "pulse share days:7") == "Nobody has posted in the last 7 days."


def test_what_is_older_than_the_window_is_not_counted(bot: Harness) -> None:
    talks(bot, 30, 0)
    bot.passes(timedelta(days=8))
    talks(bot, 15, 15)

    assert "15 of 30 posts" in bot.calls(ADA, "pulse share days:7")
    assert "15 of 60 posts" in bot.calls(ADA, "pulse share")


def test_posts_of_bots_change_no_figure_and_are_named_as_left_out(bot: Harness) -> None:
    talks(bot, 40, 20)
    before = bot.calls(ADA, "pulse share")
    for number in range(12):
        bot.posts(ROBOT, f"Beep {number}")

    assert bot.calls(ADA, "pulse share") == f"{before} Left out: 12 posts of bots."


def test_only_spaces_where_people_talk_can_be_asked_about(bot: Harness) -> None:
    for name in ("hosts", "GardenRoses"):
        assert "is no space where people talk" in bot.calls(ADA, f"pulse share {name}")
    assert "there is no space 'nowhere' here" in bot.calls(ADA, "pulse share nowhere")
    assert "between 1 and 366" in bot.calls(ADA, "pulse share days:0")


def test_hosts_are_told_of_a_broadcast_after_two_bad_checks_and_once(bot: Harness) -> None:
    broadcasts(bot, 3)
    assert alarms(bot) == []

    broadcasts(bot, 5)

    [told] = alarms(bot)
    assert told.startswith("In Lobby, over the last four weeks, 4 of 124 posts were replies")
    assert "That is broadcast mode" in told
    assert "There are too few weeks before them to know your normal" in told
    assert "One thing to try:" in told


def test_a_fall_is_told_against_the_own_normal(bot: Harness) -> None:
    for _ in range(14):
        talks(bot, 5, 7)
        bot.passes(WEEK)
    for _ in range(5):
        talks(bot, 14, 2)
        bot.passes(WEEK)

    [told] = alarms(bot)
    assert told.startswith("In Lobby, over the last four weeks, ")
    assert "Your normal, in the months before, is 58 %. That is well under two thirds" in told
    assert "likely between" in told
    assert "One thing to try:" in told


def test_weeks_that_a_closure_touches_are_left_out() -> None:
    bot = Harness(plugin, closures=["2026-03-05/2026-05-31"])
    broadcasts(bot, 12)

    assert alarms(bot) == []


@pytest.mark.parametrize("wrong", ["soon", "2026-05-02/2026-05-01"])
def test_a_closure_that_makes_no_sense_is_refused(wrong: str) -> None:
    with pytest.raises(UserError, match=r"closure|swap"):
        Harness(plugin, closures=[wrong])


def test_checks_that_were_missed_are_made_up_for(bot: Harness) -> None:
    broadcasts(bot, 2)
    for _ in range(4):
        talks(bot, 30, 1)
        bot.clock.move(bot.now + WEEK)
    bot.sleeps(timedelta(0))
    broadcasts(bot, 1)

    assert len(alarms(bot)) == 1


def test_the_page_says_when_there_are_somewhat_fewer_replies_than_normal(bot: Harness) -> None:
    for _ in range(14):
        talks(bot, 20, 30)
        bot.passes(WEEK)
    assert "Somewhat fewer replies" not in bot.panel()
    for _ in range(5):
        talks(bot, 32, 18)
        bot.passes(WEEK)

    assert alarms(bot) == []
    assert "Somewhat fewer replies than normal in Lobby" in bot.panel()


def test_a_conversation_is_left_in_peace(bot: Harness) -> None:
    for _ in range(8):
        talks(bot, 10, 8)
        bot.passes(WEEK)

    assert alarms(bot) == []


def test_the_count_goes_on_over_a_restart(bot: Harness) -> None:
    for _ in range(6):
        broadcasts(bot, 1)
        bot.restarts()

    assert len(alarms(bot)) == 1


def test_a_space_meant_for_announcements_is_never_called_a_broadcast() -> None:
    for mode in ("announcements", "resources"):
        bot = Harness(plugin, mode=mode)
        broadcasts(bot, 8)

        assert alarms(bot) == []


def test_posts_of_bots_neither_raise_nor_hide_an_alarm(bot: Harness) -> None:
    for _ in range(8):
        first = bot.posts(ADA, "Good morning")
        for number in range(9):
            bot.posts(GRACE if number % 2 else ADA, "Good morning to you", reply_to=first.id)
        for number in range(30):
            bot.posts(ROBOT, f"Beep {number}")
        bot.passes(WEEK)

    assert alarms(bot) == []


def test_the_panel_is_empty_in_words_before_anybody_posts(bot: Harness) -> None:
    html = bot.panel()

    assert "Nobody has posted yet" in html
    assert "<svg" not in html


def test_the_panel_says_this_week_in_words_beside_the_line(bot: Harness) -> None:
    talks(bot, 20, 20)
    bot.passes(WEEK)
    talks(bot, 8, 6)

    html = bot.panel()

    assert "<strong>6 of 14</strong> posts this week were replies: 43&nbsp;%" in html
    assert "give or take (24 to 64&nbsp;%). Too few to read anything into." in html
    assert "In order: 50 %, 43 %. So far this week, 6 of 14 were replies." in html
    assert "the same as a table" in html
    assert "how is this counted?" in html
    assert "style=" not in html


def test_pulse_holds_nothing_of_anybody(bot: Harness) -> None:
    broadcasts(bot, 3)

    assert bot.tells(ADA) == {}
    bot.forgets(ADA)
    assert "posts in Lobby" in bot.calls(HOST, "pulse share lobby")
