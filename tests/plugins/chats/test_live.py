"""What hosts do while a chat is on; a Tuesday evening in March, half past seven."""

from datetime import timedelta

import pytest

from bot.domain.actions import SendPost
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.conftest import Said
from tests.plugins.chats.march import WEEKLY, march


@pytest.fixture
def on(bot: Harness) -> Harness:
    """Give a Weaver in whose chat Q1 came four minutes ago."""
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 34))
    return bot


def times(said: Said) -> list[str]:
    """When each prompt and the wrap-up went out."""
    return [f"{words[3:8]} {words[9:11]}" for words in said() if words[9:11] in ("Q1", "Q2", "Q3")]


def labels(bot: Harness) -> dict[str, str]:
    """The buttons under what hosts were told last."""
    last = next(a for a in bot.sent[::-1] if isinstance(a, SendPost) and a.space == bot.hosts)
    return {button.label: button.command for button in last.buttons}


def test_hosts_hear_of_each_step_with_all_they_may_do(on: Harness) -> None:
    assert on.told[-1] == "Q1 of 3 is out. Q2 follows at 7:40 pm."
    assert labels(on) == {
        "Ask Q2 now": "chats next 1",
        "Hold Q2 five minutes": "chats hold 1",
        "End five minutes later": "chats extend 1",
        "Skip Q2": "chats skip 1",
        "End early…": "chats end 1",
    }


def test_every_button_is_a_command_that_works(on: Harness) -> None:
    for command in list(labels(on).values()):
        assert "not" not in on.calls(HOST, command).split()[:3], command


def test_the_next_question_may_come_now(on: Harness, said: Said) -> None:
    assert on.calls(HOST, "chats next") == "Q2 is out. Q3 follows at 7:50 pm."
    on.passes(timedelta(hours=2))

    assert times(said) == ["19:30 Q1", "19:34 Q2", "19:50 Q3"]
    assert said()[-1].startswith("03 20:30 That was the Tuesday chat.")


def test_a_hold_gives_the_question_more_time(on: Harness, said: Said) -> None:
    answer = on.calls(HOST, "chats hold")
    on.passes(timedelta(hours=2))

    assert answer == "Q2 follows at 7:45 pm. What comes after it moves up where it can."
    assert times(said) == ["19:30 Q1", "19:45 Q2", "19:55 Q3"]


def test_a_chat_may_end_later(on: Harness, said: Said) -> None:
    assert on.calls(HOST, "chats extend minutes:15") == "The chat ends at 8:45 pm."
    on.passes(timedelta(hours=2))

    assert said()[-1].startswith("03 20:45 That was")


def test_a_skipped_question_is_kept_for_later(on: Harness, said: Said) -> None:
    answer = on.calls(HOST, "chats skip")
    on.passes(timedelta(hours=2))

    assert answer == ("Q2 is left out and kept as topic 1 of the bank. Q3 follows at 7:50 pm.")
    assert times(said) == ["19:30 Q1", "19:50 Q3"]


def test_a_question_may_be_posted_once_more(on: Harness, said: Said) -> None:
    answer = on.calls(HOST, "chats repeat")

    assert answer == "Q1 is posted once more. Q2 follows at 7:40 pm."
    assert said()[-1] == "03 19:34 Q1 What did you try?"
    on.passes(timedelta(hours=2))
    assert times(said) == ["19:30 Q1", "19:34 Q1", "19:40 Q2", "19:50 Q3"]


def test_ending_early_asks_first(on: Harness, said: Said) -> None:
    asked = on.calls(HOST, "chats end")
    assert asked.startswith("End the chat now, with thanks and the next date? Q2 and Q3 would go")
    assert times(said) == ["19:30 Q1"]

    on.calls(HOST, "chats end 1 now")
    on.passes(timedelta(hours=2))

    assert said()[-1].startswith("03 19:34 That was the Tuesday chat.")


def test_what_is_to_come_may_still_be_edited_and_what_is_out_not(on: Harness, said: Said) -> None:
    assert on.calls(HOST, "chats edit 1 2 Who came?") == "Q2 will read: Who came?"
    assert on.calls(HOST, "chats edit 1 1 Who?") == (
        "Q1 is out already, and stays as people read it"
    )
    on.passes(timedelta(minutes=10))

    assert said()[-1] == "03 19:40 Q2 Who came?"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("chats next", "no chat is going on now; chats list says when"),
        ("chats hold 4", "chat 4 is not going on now; chats list says when"),
        ("chats run 1 Q2", "there is no chat 1 here"),
    ],
)
def test_without_a_chat_there_is_nothing_to_steer(bot: Harness, words: str, answer: str) -> None:
    assert bot.calls(HOST, words).startswith(answer)


def test_members_do_not_steer(on: Harness) -> None:
    assert "is for hosts" in on.calls(ADA, "chats next")


def test_whoever_comes_late_is_told_where_people_are(on: Harness) -> None:
    on.passes_to(march(3, 19, 42))

    assert on.calls(ADA, "chats where").splitlines() == [
        (
            "We are at Q2 of 3, since 7:40 pm, about “Wrong answers worth keeping”. Q3 follows at "
            "7:50 pm. Answer any of them, in any order; late is fine."
        ),
        "Q1 What did you try?",
        "Q2 What came of it?",
    ]


def test_a_silence_is_told_and_never_filled(on: Harness, said: Said) -> None:
    before = len(said())
    on.passes_to(march(3, 19, 36))

    assert on.told[-1].startswith("Nobody has answered Q1 yet, five minutes in.")
    assert len(said()) == before


def test_one_answer_is_no_silence(on: Harness) -> None:
    on.posts(ADA, "A1 Ask the class", on.chat)
    on.passes_to(march(3, 19, 39))

    assert "Nobody has answered" not in "".join(on.told)


def talk(bot: Harness, count: int) -> None:
    for index in range(count):
        bot.posts((ADA, GRACE)[index % 2], f"A1 Thought {index}", bot.chat)


def test_while_answers_flow_hosts_are_asked_whether_to_wait(on: Harness, said: Said) -> None:
    on.passes_to(march(3, 19, 37))
    talk(on, 7)
    on.passes_to(march(3, 19, 41))

    [asked] = [words for words in on.told if "in the last three minutes" in words]
    assert asked == (
        "Q2 is due at 7:40 pm, and seven answers came in the last three minutes, so people are "
        "still in this one. Hold it, or go on?"
    )
    assert times(said) == ["19:30 Q1", "19:40 Q2"]


def test_weaver_holds_by_itself_only_where_hosts_said_so() -> None:
    bot = Harness(plugin, hold_while_flowing=3)
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 38))
    for _ in range(8):
        talk(bot, 3)
        bot.passes(timedelta(minutes=1))

    asked = [act for act in bot.ledger if act.key.endswith(":Q2")]
    assert [act.at for act in asked] == [march(3, 19, 43)]
    [told] = [words for words in bot.told if words.startswith("Holding")]
    assert told.startswith("Holding Q2 until 7:43 pm at the latest: six answers in the last three")


def test_a_warm_up_comes_before_the_first_question(bot: Harness, said: Said) -> None:
    answer = bot.calls(
        HOST, 'chats schedule "Tuesdays 7 pm" "Roses" warmup:5 Which? (15 min) / Why? / Who?'
    )
    bot.passes_to(march(3, 22))

    assert "three questions, after 5 minutes to say hello" in answer
    assert "Say hello first: who are you, and what brings you here?" in said()[1]
    assert [words[3:8] for words in said()] == [
        "18:00",
        "19:00",
        "19:05",
        "19:20",
        "19:30",
        "20:00",
    ]


def test_a_prompt_may_have_a_picture_with_words_for_it(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    assert "ALT is missing" in bot.calls(HOST, "chats picture 1 1 map.png")
    bot.calls(HOST, "chats picture 1 1 map.png A map of the beds.")
    bot.passes_to(march(3, 19, 31))

    posts = [a for a in bot.sent if isinstance(a, SendPost) and a.space == bot.chat]
    [asked] = [a for a in posts if a.text.startswith("Q1 ")]
    [picture] = asked.pictures
    assert (picture.file, picture.alt) == ("map.png", "A map of the beds.")


def test_a_chat_may_be_held_in_two_spaces_at_once(bot: Harness) -> None:
    bot.calls(HOST, 'chats schedule "Tuesdays 7 pm" "Roses" also:lobby Which?')
    bot.passes_to(march(3, 22))

    hello = next(a.text for a in bot.sent if isinstance(a, SendPost) and "Welcome" in a.text)
    assert hello.endswith("We meet in Tea room and Lobby at once.")
    posts = [(a.space.id, a.text[:7]) for a in bot.sent if isinstance(a, SendPost)]
    for place in ("chat", "lobby"):
        assert [words for space, words in posts if space == place] == [
            *("Tuesday", "Welcome", "Q1 Whic", "That wa"),
        ]
