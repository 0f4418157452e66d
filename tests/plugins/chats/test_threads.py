"""Sessions that are held in a thread of their own."""

import re

import pytest

from bot.domain.actions import Action, OpenThread, Ref, Reply, SendPost
from bot.domain.ports import Delivery, Rejected
from bot.testing import ADA, HOST, FakeAdapter, Harness
from plugins.chats import plugin
from tests.plugins.chats.march import WEEKLY, march


@pytest.fixture
def bot() -> Harness:
    """Give a Weaver whose hosts want threads, with a chat that has just opened."""
    bot = Harness(plugin, thread=True)
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 35))
    return bot


def hello_of(bot: Harness) -> str:
    [receipt] = [made for act, made in bot.adapter.made.values() if isinstance(act, OpenThread)]
    return receipt


def test_what_follows_the_hello_is_said_in_its_thread(bot: Harness) -> None:
    bot.passes_to(march(3, 21))

    [thread] = [act for act in bot.sent if isinstance(act, OpenThread)]
    assert thread.title == "Wrong answers worth keeping"
    assert isinstance(thread.of, Ref)
    assert thread.of.key.endswith(":hello")
    replies = [act for act in bot.sent if isinstance(act, Reply)]
    assert [act.text[:8] for act in replies] == ["Q1 What ", "Q2 What ", "Q3 What ", "That was"]
    assert {act.to for act in replies} == {Ref(thread.key)}


def test_what_people_say_in_it_answers_the_question_they_are_in(bot: Harness) -> None:
    def answered() -> list[str]:
        return re.findall(r"(\d) answers?, whose", bot.calls(HOST, "chats transcript 1"))

    thread = hello_of(bot)
    bot.posts(ADA, "Mulch.", bot.chat, reply_to=thread)
    assert answered() == ["1"]
    bot.passes_to(march(3, 19, 45))
    bot.posts(ADA, "It rotted.", bot.chat, reply_to=thread)
    bot.posts(ADA, "A1 And straw.", bot.chat, reply_to=thread)
    assert answered() == ["2", "1"]
    bot.passes_to(march(3, 21))
    bot.posts(ADA, "Thank you all.", bot.chat, reply_to=thread)
    bot.posts(ADA, "A3 Bark.", bot.chat, reply_to=thread)

    assert answered() == ["2", "1", "1"]
    with bot.weaver.database.read.connect() as connection:
        heard = connection.exec_driver_sql("SELECT position FROM chats_answer ORDER BY at, post")
        assert sorted(row[0] for row in heard) == [1, 1, 2, 3, 4]


class NoThreads(FakeAdapter):
    """A place in which Weaver may not open threads."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Refuse to open one."""
        if isinstance(action, OpenThread):
            raise Rejected("Weaver lacks Create Public Threads")
        return await super().perform(action, delivery)


def test_without_its_thread_a_session_goes_on_in_the_space() -> None:
    bot = Harness(plugin, thread=True, adapter=NoThreads())
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 19, 35))
    assert any("Create Public Threads" in words for words in bot.told)
    bot.calls(HOST, "chats run 1 Q1")
    bot.passes_to(march(3, 21))

    posts = [a.text[:8] for a in bot.sent if isinstance(a, SendPost) and a.space == bot.chat]
    assert posts[2:] == ["Q1 What ", "Q2 What ", "Q3 What ", "That was"]


def questioned() -> Harness:
    bot = Harness(plugin, thread="question")
    bot.calls(HOST, WEEKLY)
    bot.passes_to(march(3, 21))
    return bot


def test_each_question_may_have_a_thread_for_its_answers() -> None:
    bot = questioned()
    opened = [(act, made) for act, made in bot.adapter.made.values() if isinstance(act, OpenThread)]

    assert [act.title for act, _ in opened] == [
        "Q1: What did you try?",
        "Q2: What came of it?",
        "Q3: What next?",
    ]
    assert not [act for act in bot.sent if isinstance(act, Reply)]
    bot.posts(ADA, "Late, without a number.", bot.chat, reply_to=opened[1][1])
    shown = bot.calls(HOST, "chats transcript 1")
    assert "1 answer, whose author" in shown[shown.index("Q2 ") : shown.index("Q3 ")]


def forum(**settings: object) -> Harness:
    bot = Harness(plugin, thread="forum", tags=["Weekly"], **settings)
    bot.calls(HOST, WEEKLY)
    return bot


def test_a_session_in_a_forum_is_one_post_in_which_all_is_said() -> None:
    bot = forum()
    bot.passes_to(march(3, 21))

    [post] = [act for act in bot.sent if isinstance(act, OpenThread)]
    assert (post.title, post.tags, post.of) == ("Wrong answers worth keeping", ("Weekly",), None)
    assert post.text.startswith("This post is the Tuesday chat about “Wrong answers worth keeping”")
    replies = [act for act in bot.sent if isinstance(act, Reply)]
    assert [act.text[:7] for act in replies] == [
        *("Tuesday", "Welcome", "Q1 What", "Q2 What", "Q3 What", "That wa")
    ]
    assert {act.to for act in replies} == {Ref(post.key)}
    begins = hello_of(bot)
    bot.posts(ADA, "A2 Bark, and late.", bot.chat, reply_to=begins)
    assert "1 answer, whose author" in bot.calls(HOST, "chats transcript 1")


def test_the_hello_begins_the_forums_post_where_nothing_was_announced() -> None:
    bot = forum(announce_minutes=0)
    bot.passes_to(march(3, 19, 31))

    kinds = [type(act) for act in bot.sent if getattr(act, "space", None) == bot.chat]
    assert kinds == [OpenThread, Reply, Reply]


def test_what_is_called_off_is_called_off_in_the_forums_post() -> None:
    bot = forum()
    bot.passes_to(march(3, 19))
    bot.calls(HOST, "chats cancel 1 date:next")

    assert any(
        isinstance(act, Reply) and act.text.startswith("There will be no") for act in bot.sent
    )
    assert len([act for act in bot.sent if isinstance(act, OpenThread)]) == 1
