"""A chat in two spaces leads people from one to the other, and copies nothing."""

from datetime import UTC, datetime

from bot.domain.actions import SendPost
from bot.domain.model import Space
from bot.testing import ADA, GRACE, HOST, FakeAdapter, Harness
from plugins.chats import plugin

DEN = Space("fake", "den", "Den", "talk")
BOTH = 'chats schedule "3 March 2026 7:30 pm" Ropes also:Den Which? / Why?'


def held(adapter: FakeAdapter | None = None) -> Harness:
    bot = Harness(plugin, spaces=(DEN,), adapter=adapter or FakeAdapter())
    bot.calls(HOST, BOTH)
    bot.passes_to(datetime(2026, 3, 3, 19, 31, tzinfo=UTC))
    return bot


def posted(bot: Harness, space: Space, begins: str) -> str:
    [found] = [
        act.text
        for act in bot.sent
        if isinstance(act, SendPost) and act.space == space and act.text.startswith(begins)
    ]
    return found


def test_the_next_question_leads_to_answers_elsewhere_and_says_how_many() -> None:
    bot = held()
    bot.posts(ADA, "A1 Hemp.", bot.chat)
    bot.posts(GRACE, "A1 Jute.", DEN)
    bot.posts(GRACE, "A1 And sisal.", DEN)
    bot.passes_to(datetime(2026, 3, 3, 19, 41, tzinfo=UTC))

    here, there = posted(bot, bot.chat, "Q2"), posted(bot, DEN, "Q2")
    assert here.startswith("Q2 Why?\n\nTwo answers to Q1 in Den: fake://den/")
    assert there.startswith(f"Q2 Why?\n\nOne answer to Q1 in Tea room: fake://{bot.chat.id}/")
    assert "Hemp" not in there
    assert "Jute" not in here


def test_nothing_is_said_of_a_space_in_which_nobody_answered() -> None:
    bot = held()
    bot.posts(ADA, "A1 Hemp.", bot.chat)
    bot.passes_to(datetime(2026, 3, 3, 20, 31, tzinfo=UTC))

    assert posted(bot, bot.chat, "Q2") == "Q2 Why?"
    assert "Q1 in Tea room" in posted(bot, DEN, "Q2")
    assert "answer to Q" not in posted(bot, DEN, "That was")


def test_a_link_for_which_there_is_no_room_is_left_out() -> None:
    bot = held(FakeAdapter(max_length=40))
    bot.posts(GRACE, "A1 Jute.", DEN)
    bot.passes_to(datetime(2026, 3, 3, 19, 41, tzinfo=UTC))

    assert posted(bot, bot.chat, "Q2") == "Q2 Why?"
