"""Whoever reads of a time can be shown it in their own zone, wherever it is said."""

from collections.abc import Sequence

from bot.domain.actions import DirectMessage, Moment, SendPost
from bot.testing import ADA, HOST, Harness
from tests.plugins.chats.march import march

WEEKLY = 'chats schedule "Tuesdays 7:30 pm" Roses Which? / Why?'


def all_said(text: str, moments: Sequence[Moment]) -> bool:
    """Whether every time that a text says in words is a moment, and every moment in it."""
    said = text.count(" time (")
    return said == sum(text.count(one.words) for one in moments) and said > 0


def test_answers_say_what_their_times_mean(bot: Harness) -> None:
    for words in (
        WEEKLY,
        "chats list",
        "chats prompts 1 Who?",
        "chats coming 1",
        "chats host 1",
        "chats rota 1",
        'chats move 1 next "8 pm"',
        "chats cancel 1 date:next",
        "chats restore 1 date:2026-03-03",
    ):
        answer = bot.asks(HOST, words)
        assert all_said(answer.text, answer.moments), answer.text


def test_so_do_notices_and_private_words(bot: Harness) -> None:
    bot.calls(HOST, WEEKLY)
    bot.calls(ADA, "chats remind 1")
    bot.passes_to(march(3, 18, 45))
    bot.calls(HOST, 'chats move 1 next "8 pm"')
    bot.passes_to(march(3, 19, 10))
    bot.calls(HOST, "chats cancel 1 date:next")
    bot.calls(ADA, "chats host 1 2026-03-10")
    bot.passes_to(march(9, 20))

    said = [act for act in bot.sent if isinstance(act, SendPost | DirectMessage)]
    timed = [act for act in said if " time (" in act.text]
    assert all(all_said(act.text, act.moments) for act in timed), [act.text for act in timed]
    assert {type(act) for act in timed} == {SendPost, DirectMessage}
    for begins in ("The Tuesday chat of", "There will be no Tuesday chat on", "You lead"):
        assert any(act.text.startswith(begins) for act in timed), begins
