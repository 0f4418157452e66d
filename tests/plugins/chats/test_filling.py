"""What hosts leave open in a prompt is filled when it is asked; what is not there is refused."""

from datetime import UTC, datetime

import pytest

from bot.domain.actions import SendPost
from bot.testing import HOST, Harness

PLAN = 'chats schedule "Tuesdays 7:30 pm" Roses'


def asked(bot: Harness) -> list[str]:
    posts = [act.text for act in bot.sent if isinstance(act, SendPost) and act.space == bot.chat]
    return [text for text in posts if text[:1] == "Q"]


def test_a_name_is_filled_with_what_holds_when_the_chat_opens(bot: Harness) -> None:
    bot.calls(HOST, f"{PLAN} What do you know of {{{{ topic }}}}? / Why this {{{{ chat }}}}?")
    assert "Q1 What do you know of Roses?" in bot.calls(HOST, "chats rehearse 1")
    bot.passes_to(datetime(2026, 3, 3, 20, 31, tzinfo=UTC))

    assert asked(bot) == ["Q1 What do you know of Roses?", "Q2 Why this Tuesday chat?"]
    assert "Q2 Why this Tuesday chat?" in bot.calls(HOST, "chats transcript 1")


@pytest.mark.parametrize("words", ["Hello {{ name }}?", "{{ topic.secret }}?", "{% if x %}?"])
def test_a_name_that_is_not_there_is_refused_where_it_is_written(bot: Harness, words: str) -> None:
    refusal = "in your words only these may stand in braces: {{ topic }}, {{ chat }}"
    assert refusal in bot.calls(HOST, f"{PLAN} {words}")
    bot.calls(HOST, f"{PLAN} One? / Two?")

    for command in (f"chats prompts 1 {words}", f"chats edit 1 1 {words}"):
        assert refusal in bot.calls(HOST, command)
    bot.passes_to(datetime(2026, 3, 3, 19, 31, tzinfo=UTC))
    assert refusal in bot.calls(HOST, f"chats edit 1 2 {words}")


def test_a_question_of_5000_characters_is_refused_and_says_by_how_much(bot: Harness) -> None:
    said = bot.calls(HOST, f"{PLAN} {'why ' * 1250}?")

    assert "too long for one post: Q1 by " in said
    assert "a prompt may have 300 with its number in front" in said
