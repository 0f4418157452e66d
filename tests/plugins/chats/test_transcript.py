"""What a transcript shows: words of people who said yes, counts of the rest."""

import re
from datetime import timedelta

import pytest

from bot.domain.actions import SendPost
from bot.domain.model import Member
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.chats import plugin
from tests.plugins.chats.march import march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" "Roses" What did you try? / What came of it?'
MAY = Member("fake", "may", "May")


@pytest.fixture
def held(bot: Harness) -> Harness:
    """Give a Weaver with a chat in which Ada and May said yes and Grace nothing."""
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "me yes transcript")
    bot.calls(MAY, "me yes transcript")
    bot.passes_to(march(3, 19, 31))
    bot.posts(ADA, "A1 I pruned in March.", bot.chat)
    first = bot.posts(GRACE, "A1 I did not.", bot.chat)
    bot.posts(MAY, "Why not?", bot.chat, reply_to=first.id)
    bot.passes_to(march(3, 19, 41))
    bot.posts(GRACE, "Nothing came of it", bot.chat)
    bot.posts(ADA, "a1: and in April too", bot.chat)
    bot.passes_to(march(4, 9))
    bot.posts(MAY, "A2 Late, but: flowers.", bot.chat)
    bot.posts(GRACE, "Good morning", bot.chat)
    return bot


def test_answers_stand_under_their_question(held: Harness) -> None:
    held.passes(timedelta(minutes=1))
    shown = re.sub(r" \(\w+://\S+\)|^\w+://\S+\n", "", transcript(held), flags=re.MULTILINE)

    assert shown.splitlines()[:-2] == [
        "“Roses”, the Tuesday chat of Tuesday 3 March at 7:30 pm London time (7:30 pm UTC).",
        (
            "Three people posted; 1 of 7 posts were replies. Weaver’s own posts and reposts are "
            "left out."
        ),
        "1 answer came after the hour, and just as welcome.",
        "",
        "Q1 What did you try?",
        "Ada: A1 I pruned in March.",
        "May: Why not?",
        "Ada: a1: and in April too",
        "1 more answer, whose author did not ask to be shown.",
        "",
        "Q2 What came of it?",
        "May, later: A2 Late, but: flowers.",
        "1 more answer, whose author did not ask to be shown.",
    ]
    assert shown.endswith(
        "Answers still count until Thursday 5 March at 8:30 pm London time (8:30 pm UTC)."
    )


def transcript(bot: Harness) -> str:
    return bot.calls(ADA, "chats transcript 1")


def test_every_answer_and_question_leads_to_its_original(held: Harness) -> None:
    lines = transcript(held).splitlines()
    links = [line for line in lines if "://" in line]

    assert len(links) == 6


def test_nothing_is_kept_of_who_did_not_say_yes(held: Harness) -> None:
    assert held.tells(GRACE)["answers"] == []


@pytest.mark.parametrize("words", ["me no transcript", "stop"])
def test_a_withdrawal_takes_the_words_down_at_once(held: Harness, words: str) -> None:
    held.calls(ADA, words)

    shown = held.calls(MAY, "chats transcript 1")
    assert "Ada" not in shown
    assert "pruned" not in shown
    assert "3 more answers, whose authors did not ask to be shown." in shown
    assert held.tells(ADA)["answers"] == []


def test_forgetting_takes_the_answers_away(held: Harness) -> None:
    held.forgets(ADA)

    assert "Ada" not in held.calls(MAY, "chats transcript 1")


def test_an_edit_is_followed_and_a_deletion_too(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "me yes transcript")
    bot.passes_to(march(3, 19, 31))
    post = bot.posts(ADA, "A1 I pruend.", bot.chat)
    bot.edits(post, "A1 I pruned.")
    assert "Ada: A1 I pruned." in bot.calls(ADA, "chats transcript 1")

    bot.deletes(post)

    assert "pruned" not in bot.calls(ADA, "chats transcript 1")
    assert bot.tells(ADA)["answers"] == []


def test_after_the_window_answers_count_no_more_and_hosts_hear_of_the_transcript(
    held: Harness,
) -> None:
    held.passes_to(march(5, 21))
    held.posts(ADA, "A1 Much later", held.chat)

    assert held.told[-1].endswith("is over. Its transcript is ready.")
    shown = held.calls(ADA, "chats transcript 1 2026-03-03")
    assert "Much later" not in shown
    assert "Answers still count" not in shown


def test_the_page_shows_the_past_and_escapes_it(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "me yes transcript")
    bot.passes_to(march(3, 19, 31))
    bot.posts(ADA, "A1 <b>Bold</b>", bot.chat)
    assert "Past chats" not in bot.panel()
    bot.passes_to(march(6, 12))

    assert "“Roses”, Tuesday 3 March" in bot.panel()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in bot.panel()


def test_a_chat_that_was_never_held_has_no_transcript(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)

    assert bot.calls(ADA, "chats transcript 1") == (
        "chat 1 was not held yet; chats list shows what is planned"
    )


def test_a_rehearsal_is_what_the_session_then_says() -> None:
    bot = Harness(plugin)
    bot.calls(HOST, 'chats schedule "Tuesdays 7 pm" "Roses" warmup:5 Which? (15 min) / Why?')
    bot.calls(ADA, "chats propose Left hands")
    bot.calls(HOST, "chats approve 1 One?")
    rehearsed = bot.calls(HOST, "chats rehearse 1")
    bot.passes_to(march(4, 12))

    decided = {act.key: act.at for act in bot.ledger}
    posts = [a for a in bot.sent if isinstance(a, SendPost) and a.space == bot.chat]
    clock = {f"{decided[a.key]:%H:%M}": a for a in posts}
    assert list(clock) == ["18:00", "19:00", "19:05", "19:20", "20:00"]
    for act, said in zip(posts, ("6 pm", "7 pm", "7:05 pm", "7:20 pm", "8 pm"), strict=True):
        assert f"\n{said}\n{getattr(act, 'text', '')}" in rehearsed


def test_a_script_is_read_by_hosts_and_whoever_leads(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    assert "for its hosts and for whoever leads it" in bot.calls(ADA, "chats rehearse 1")
    bot.calls(ADA, "chats host 1")

    assert bot.calls(ADA, "chats rehearse 1").startswith("This is how the chat on Tuesday 3 March")


def test_a_rehearsal_changes_nothing(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    before = bot.calls(HOST, "chats list")
    bot.calls(HOST, "chats rehearse 1")

    assert bot.calls(HOST, "chats list") == before
    assert bot.sent == []
    assert timedelta(0) == bot.now - bot.clock.now()


def test_a_question_that_nobody_answered_says_so_once_it_is_over(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 22))
    assert "No answers yet." in transcript(bot)
    bot.passes_to(march(6, 12))

    assert transcript(bot).count("Nobody answered.") == 2
