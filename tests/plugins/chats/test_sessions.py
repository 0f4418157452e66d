"""Whole sessions, from the announcement to the wrap-up; a Monday noon in March is the start."""

from dataclasses import replace

from bot.domain.actions import SendPost
from bot.testing import HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import DAY, WEEK, WEEKLY, begins, march

THREE_STEPS = [
    "03 18:30 Tuesday 3 March at 7:30 pm London time (7:30 pm UTC): “Wrong answers worth keeping”.",
    "03 19:30 Welcome to the Tuesday chat: “Wrong answers worth keeping”. Three questions, one",
    "03 19:30 Q1 What did you try?",
    "03 19:40 Q2 What came of it?",
    "03 19:50 Q3 What next?",
    "03 20:30 That was the Tuesday chat. Thank you, all of you. Late answers are as welcome",
]


def test_a_session_goes_from_announcement_to_wrap_up(bot: Harness, said: Said, told: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes(2 * DAY)

    assert begins(said(), THREE_STEPS)
    assert said()[0].endswith("Three questions, an hour, come late if you need to.")
    assert "Start your answer to Q1 with A1" in said()[1]
    assert said()[-1].endswith("Next chat: Tuesday 10 March at 7:30 pm London time (7:30 pm UTC).")
    assert told() == []


def test_every_step_is_a_chat_step_and_says_why(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes(2 * DAY)

    assert {act.urgency.name for act in bot.sent} == {"CHAT_STEP"}
    assert all(act.why for act in bot.sent)


def test_next_week_asks_what_hosts_wrote_for_it(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes(2 * DAY)
    bot.calls(HOST, 'chats prompts 1 topic:"Left hands" Which? / Why?')
    bot.passes(WEEK)

    assert begins(
        said()[6:],
        [
            "10 18:30 Tuesday 10 March at 7:30 pm London time (7:30 pm UTC): “Left hands”. Two",
            "10 19:30 Welcome to the Tuesday chat: “Left hands”. Two questions",
            "10 19:30 Q1 Which?",
            "10 19:40 Q2 Why?",
            "10 20:30 That was the Tuesday chat.",
        ],
    )


def test_prompts_are_never_asked_again_and_hosts_hear_that_none_are_left(
    bot: Harness, said: Said, told: Said
) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes(2 * DAY)
    bot.passes(WEEK)

    assert begins(
        said()[6:],
        [
            "10 18:30 Tuesday 10 March at 7:30 pm London time (7:30 pm UTC): an open Tuesday chat.",
            "10 19:30 Welcome to the Tuesday chat. No set questions this time",
            "10 20:30 That was the Tuesday chat. Thank you, all of you.",
        ],
    )
    [words] = told()
    assert words.startswith("The Tuesday chat on Tuesday 10 March at 7:30 pm London time")
    assert words.endswith("before it starts: chats prompts 1 First question / Second question")


def test_prompts_written_after_the_announcement_are_in_time(bot: Harness, said: Said) -> None:
    bot.calls(HOST, 'chats schedule "Tuesdays 7:30 pm" "Roses" open floor')
    bot.passes_to(march(3, 19))
    bot.calls(HOST, "chats prompts 1 Just one?")
    bot.passes(DAY)

    assert "03 19:30 Q1 Just one?" in said()
    assert "start with A1." in said()[-1]


def test_without_an_announcement_hosts_hear_at_the_opening() -> None:
    bot = Harness(plugin, announce_minutes=0)
    bot.calls(HOST, 'chats schedule "Tuesdays 7:30 pm" "Roses" open floor')
    bot.passes(2 * DAY)

    assert "so it is an open floor. For the next one, write: chats prompts 1" in bot.told[-2]


def test_the_wall_clock_time_stays_when_the_clocks_change(bot: Harness, said: Said) -> None:
    bot.calls(HOST, 'chats schedule "Sundays 7 pm" "Roses" open floor')
    bot.passes_to(march(30, 12))

    hellos = [words[:8] for words in said() if "Welcome" in words]
    assert hellos == ["08 19:00", "15 19:00", "22 19:00", "29 18:00"]
    assert any(words.startswith("29 17:00 Sunday 29 March at 7 pm London") for words in said())


def test_a_single_chat_names_no_next_date(bot: Harness, said: Said) -> None:
    bot.calls(HOST, 'chats schedule "3 March 2026 19:30" "Roses" One?')
    bot.passes(2 * DAY)

    assert said()[-1].endswith("start with A1.")
    assert bot.calls(HOST, "chats list").startswith("No chats are planned.")


def test_a_chat_planned_at_short_notice_is_announced_at_once(bot: Harness, said: Said) -> None:
    bot.calls(HOST, 'chats schedule "today 12:30 pm" "Roses" One?')

    assert begins(said(), ["02 12:00 Monday 2 March at 12:30 pm"])


def test_length_and_pace_are_the_hosts_to_choose(bot: Harness, said: Said) -> None:
    bot.calls(HOST, 'chats schedule "Tuesdays 7 pm" "Roses" minutes:30 pace:5 One? / Two?')
    bot.passes(2 * DAY)

    assert [words[3:8] for words in said()] == ["18:00", "19:00", "19:00", "19:05", "19:30"]


def test_a_chat_may_be_in_another_space(bot: Harness) -> None:
    bot.calls(HOST, 'chats schedule "Tuesdays 7 pm" "Roses" space:lobby One?')
    bot.passes(2 * DAY)

    assert {getattr(act, "space", None) for act in bot.sent} == {bot.lobby, bot.hosts}


def test_the_longest_words_fit_in_a_post() -> None:
    bot = Harness(plugin, zone="America/Argentina/Buenos_Aires")
    topic = "t" * 80
    prompts = " / ".join("p" * 296 for _ in range(9))
    bot.calls(HOST, f'chats schedule "Wednesdays 9:45 pm" {topic} minutes:120 pace:11 {prompts}')
    bot.passes(2 * WEEK)

    posts = [act for act in bot.sent if isinstance(act, SendPost) and act.space == bot.chat]
    assert len(posts) == 15
    assert max(len(getattr(act, "text", "")) for act in posts) <= 300


def test_a_chat_whose_space_is_gone_is_told_to_hosts(bot: Harness, said: Said, told: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot.community = replace(bot.community, spaces=(bot.lobby, bot.hosts))
    bot.restarts()
    bot.passes(2 * DAY)

    assert said() == []
    [words] = told()
    assert "its space is not among this community's any more" in words
    assert "in a space that is gone" in bot.calls(HOST, "chats list")


def test_a_changed_setting_moves_the_announcement(bot: Harness, said: Said) -> None:
    bot.calls(HOST, WEEKLY)
    bot._settings["announce_minutes"] = 90
    bot.restarts()
    bot.passes(2 * DAY)

    assert said()[0].startswith("03 18:00 Tuesday 3 March at 7:30 pm")
    assert len(said()) == 6
