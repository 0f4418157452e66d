"""What plugins can look up: one post, and when somebody was first seen."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import BaseModel

from bot.api import Answer, Call, Context, Logged, Member, Plugin, Post
from bot.domain.events import PostDeleted, PostSeen
from bot.kernel import facts
from bot.kernel.counts import Log
from bot.kernel.writer import Job, Transaction
from bot.testing import ADA, GRACE, NOON, Harness

MINUTE = timedelta(minutes=1)


class Nothing(BaseModel):
    """No settings."""


plugin = Plugin("notes", package="plugins.pulse", settings=Nothing)
found: list[object] = []


@plugin.command(audience="members")
def about(call: Call, ctx: Context[Nothing], post: Post) -> Answer:
    """Look up a post: the one it is said under."""
    found.append(ctx.posts.about(post.id))
    return Answer("")


@plugin.command(audience="members")
def first(call: Call, ctx: Context[Nothing], who: str) -> Answer:
    """Look up a member."""
    found.append(ctx.posts.first_seen(Member("fake", who)))
    return Answer("")


@pytest.fixture
def bot() -> Iterator[Harness]:
    found.clear()
    yield Harness(plugin)
    found.clear()


def test_a_post_is_looked_up_with_its_first_answer_by_another_person(bot: Harness) -> None:
    post = bot.posts(ADA, "Mildew?", at=NOON)
    bot.posts(ADA, "Anybody?", reply_to=post.id)
    bot.posts(Member("fake", "robot", is_bot=True), "Beep.", reply_to=post.id)
    bot.calls(ADA, "notes about", under=post)
    bot.posts(GRACE, "Soap.", reply_to=post.id, at=NOON + MINUTE)
    bot.posts(GRACE, "And water.", reply_to=post.id, at=NOON + 2 * MINUTE)
    bot.calls(ADA, "notes about", under=post)
    bot.deletes(post)
    bot.calls(ADA, "notes about", under=post)

    unanswered = Logged(ADA, bot.lobby.key, NOON, "original")
    assert found == [unanswered, Logged(ADA, bot.lobby.key, NOON, "original", NOON + MINUTE), None]


def test_somebody_was_first_seen_with_their_first_post_that_stands(bot: Harness) -> None:
    first_post = bot.posts(ADA, "One", at=NOON - MINUTE)
    bot.posts(ADA, "Two", bot.chat, at=NOON)
    for _ in range(2):
        bot.calls(ADA, "notes first ada")
        bot.deletes(first_post)
    bot.calls(ADA, "notes first grace")

    assert found == [NOON - MINUTE, NOON, None]


@pytest.mark.parametrize("is_written", [True, False])
def test_what_waits_to_be_written_is_seen_at_once(bot: Harness, is_written: bool) -> None:
    """Neither answer forces the log out, and both follow what is taken out of it."""
    looked = next(iter(bot.weaver.registry.communities.values()))
    told: list[tuple[object, ...]] = []

    def work(transaction: Transaction) -> None:
        log = Log(transaction.connection, looked, transaction.settle, pending=transaction.pending)

        def tell() -> None:
            told.append((log.began(), log.first_seen(ADA), log.first_seen(GRACE)))

        tell()
        for number, (who, at) in enumerate([(GRACE, NOON), (ADA, NOON - MINUTE), (ADA, NOON)]):
            post = Post(f"p{number}", bot.lobby, who, "Hello", at)
            facts.log(transaction, PostSeen(f"e{number}", at, bot.lobby, post), looked)
        if is_written:
            transaction.settle()
        tell()
        facts.log(transaction, PostDeleted("gone", NOON, bot.lobby, "p1"), looked)
        tell()
        assert bool(transaction.pending.rows) is not is_written

    job = Job(work)
    bot.weaver.writer.commit([job])

    assert job.error is None
    assert told == [(None, None, None), (NOON - MINUTE, NOON - MINUTE, NOON), (NOON, NOON, NOON)]
