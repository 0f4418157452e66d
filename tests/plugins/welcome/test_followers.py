"""Who begins to follow arrives without a word, and is left to people until they speak."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.actions import Reply
from bot.domain.events import MemberJoined, PostSeen
from bot.domain.model import Member, Post
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.welcome import plugin

DAY = timedelta(days=1)
OLD = Member("fake", "old", "Old hand")
WEAVER = Member("fake", "weaver", is_bot=True, account="weaver")


@pytest.fixture
def bot() -> Harness:
    """Run Weaver where an old hand has spoken, and nobody else is known."""
    bot = Harness(plugin, raid_joins=3)
    bot.posts(OLD, "Spring is late.")
    return bot


def follows(bot: Harness, member: Member) -> None:
    event = MemberJoined(
        f"followed/{member.id}", bot.now, bot.lobby, member, how="followed",
        profile=f"fake://people/{member.id}",
    )  # fmt: skip
    bot.dispatches(event)


def names_weaver(bot: Harness, member: Member) -> Post:
    post = Post(f"p-{member.id}", bot.lobby, member, "Hello.", bot.now, mentions=(WEAVER,))
    bot.adapter.known.add(post.id)
    bot.dispatches(PostSeen(f"seen-{post.id}", bot.now, bot.lobby, post))
    return post


def test_who_follows_is_told_to_greeters_and_not_spoken_to(bot: Harness) -> None:
    follows(bot, ADA)
    bot.passes(DAY)
    follows(bot, replace(GRACE, name=""))

    assert not bot.sent
    said = bot.calls(HOST, "welcome waiting")
    assert said.index("fake://people/ada") < said.index("fake://people/grace")
    assert "fake://" not in bot.calls(OLD, "welcome waiting"), "members are not shown who"
    bot.calls(OLD, "welcome greet 1")
    assert "fake://people/ada" in bot.calls(OLD, "welcome waiting")
    assert "2 new people follow and have said nothing yet" in bot.panel()

    bot.passes(14 * DAY)
    assert "follow" not in bot.calls(HOST, "welcome waiting")


def test_the_first_word_of_who_follows_is_a_newcomers_whatever_is_known(bot: Harness) -> None:
    follows(bot, ADA)
    post = bot.posts(ADA, "How do I prune a rose?")

    said = bot.calls(HOST, "welcome waiting")
    assert post.id in said
    assert "fake://people" not in said
    assert not bot.sent, "they did not name Weaver"
    assert bot.tells(ADA)["met"] == {"garden": "listed"}


def test_who_follows_and_then_names_weaver_is_greeted_once(bot: Harness) -> None:
    follows(bot, ADA)
    post = names_weaver(bot, ADA)
    follows(bot, ADA)
    bot.posts(ADA, "Me again.")

    [reply] = bot.sent
    assert isinstance(reply, Reply)
    assert reply.to == post.id


def test_an_old_hand_who_follows_is_no_newcomer(bot: Harness) -> None:
    follows(bot, OLD)

    assert not bot.tells(OLD)["arrived"]
    assert "follow" not in bot.calls(HOST, "welcome waiting")


def test_a_crowd_that_follows_is_no_raid_and_keeps_nobody_from_being_greeted(bot: Harness) -> None:
    for number in range(20):
        follows(bot, Member("fake", f"m{number}"))
    bot.joins(ADA)

    assert not bot.told
    assert len(bot.sent) == 1


def test_nobody_can_have_weaver_speak_to_who_follows(bot: Harness) -> None:
    follows(bot, ADA)
    bot.dispatches(MemberJoined("joined", bot.now, bot.lobby, ADA))
    bot.passes(DAY)

    assert not bot.sent


def test_who_is_forgotten_is_on_the_list_no_more(bot: Harness) -> None:
    follows(bot, ADA)
    assert bot.tells(ADA)["profile"] == {"garden": "fake://people/ada"}
    bot.forgets(ADA)

    assert "fake://" not in bot.calls(HOST, "welcome waiting")
