"""Newcomers get a person's answer: the list, the greeters' notes, the chance."""

from datetime import timedelta

import pytest

from bot.domain.actions import DirectMessage, Reply
from bot.domain.model import Member
from bot.domain.ports import Rejected
from bot.testing import ADA, GRACE, HOST, FakeAdapter, Harness
from plugins.welcome import plugin

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVE = Member("fake", "eve", "Eve")
OLD = Member("fake", "old", "Old hand")


@pytest.fixture
def bot() -> Harness:
    """Run Weaver where an old hand has spoken for a while."""
    bot = Harness(plugin)
    bot.posts(OLD, "Spring is late.")
    return bot


def letters(bot: Harness) -> list[DirectMessage]:
    return [act for act in bot.sent if isinstance(act, DirectMessage)]


def test_a_newcomers_post_waits_until_another_person_answers(bot: Harness) -> None:
    bot.joins(ADA)
    post = bot.posts(ADA, "How do I prune a rose?")
    assert f"fake://lobby/{post.id}" in bot.calls(GRACE, "welcome waiting")

    bot.posts(ADA, "Anybody?", reply_to=post.id)
    bot.posts(Member("fake", "robot", is_bot=True), "Beep.", reply_to=post.id)
    assert post.id in bot.calls(GRACE, "welcome waiting")

    bot.posts(GRACE, "In March.", reply_to=post.id)
    assert bot.calls(GRACE, "welcome waiting") == "Nobody is waiting. Lovely."


def test_old_hands_and_the_first_days_of_listening_make_nobody_wait(bot: Harness) -> None:
    bot.posts(EVE, "I have been here for years.")

    assert bot.calls(GRACE, "welcome waiting") == "Nobody is waiting. Lovely."


def test_a_post_that_is_gone_waits_no_more(bot: Harness) -> None:
    bot.joins(ADA)
    bot.deletes(bot.posts(ADA, "Never mind."))

    assert bot.calls(GRACE, "welcome waiting") == "Nobody is waiting. Lovely."


def test_who_waits_longest_comes_first_and_goes_after_two_weeks(bot: Harness) -> None:
    bot.joins(ADA)
    bot.joins(GRACE)
    first = bot.posts(ADA, "One?")
    bot.passes(DAY)
    second = bot.posts(GRACE, "Two?")
    said = bot.calls(HOST, "welcome waiting")
    assert said.index(first.id) < said.index(second.id)

    bot.passes(timedelta(days=13, hours=12))
    said = bot.calls(HOST, "welcome waiting")
    assert first.id not in said
    assert second.id in said


def test_hosts_are_told_once_when_nobody_offers_to_greet(bot: Harness) -> None:
    bot.joins(ADA)
    post = bot.posts(ADA, "How do I prune a rose?")
    bot.passes(50 * timedelta(minutes=1))
    assert not bot.told

    bot.passes(DAY)
    bot.restarts()
    bot.passes(DAY)

    [told] = bot.told
    assert f"fake://lobby/{post.id}" in told
    assert "Ada" not in told


def test_who_was_answered_in_time_is_not_told_of(bot: Harness) -> None:
    bot.joins(ADA)
    post = bot.posts(ADA, "How do I prune a rose?")
    bot.passes(30 * timedelta(minutes=1))
    bot.posts(GRACE, "In March.", reply_to=post.id)
    bot.passes(DAY)

    assert not bot.told


def test_greeters_take_turns_and_none_gets_more_than_they_want(bot: Harness) -> None:
    bot.calls(GRACE, "welcome greet 1")
    bot.calls(EVE, "welcome greet 2")
    for number in range(4):
        newcomer = Member("fake", f"n{number}")
        bot.joins(newcomer)
        bot.posts(newcomer, "Hello?")
        bot.passes(2 * HOUR)

    assert [letter.member for letter in letters(bot)] == [EVE, GRACE, EVE]
    assert len(bot.told) == 1

    bot.passes(timedelta(days=8))
    bot.joins(ADA)
    bot.posts(ADA, "Hello?")
    bot.passes(2 * HOUR)
    assert len(letters(bot)) == 4


def test_who_stops_greeting_gets_no_more_notes(bot: Harness) -> None:
    bot.calls(GRACE, "welcome greet")
    bot.calls(GRACE, "welcome rest")
    bot.joins(ADA)
    bot.posts(ADA, "Hello?")
    bot.passes(2 * HOUR)

    assert not letters(bot)
    assert len(bot.told) == 1


class Closed(FakeAdapter):
    """A place where everybody has closed their private messages."""

    def _check(self, action, delivery):  # noqa: ANN001, ANN202
        if isinstance(action, DirectMessage):
            raise Rejected("they take no private messages")
        super()._check(action, delivery)


@pytest.mark.parametrize("hour", [0, 10, 21, 23])
def test_when_a_greeter_cannot_be_reached_hosts_are_told_once_a_day(hour: int) -> None:
    bot = Harness(plugin, adapter=Closed())
    bot.posts(OLD, "Spring is late.")
    bot.calls(GRACE, "welcome greet 50")
    bot.passes(timedelta(hours=12 + hour))
    for number in range(24):
        newcomer = Member("fake", f"n{number}")
        bot.joins(newcomer)
        bot.posts(newcomer, "Hello?")
        bot.passes(2 * HOUR)

    assert len([told for told in bot.told if "could not be delivered" in told]) == 2


def test_the_chance_of_an_answer_is_told_with_its_doubt(bot: Harness) -> None:
    for number in range(12):
        newcomer = Member("fake", f"n{number}")
        bot.joins(newcomer)
        post = bot.posts(newcomer, "Hello?")
        if number < 9:
            bot.passes(HOUR)
            bot.posts(OLD, "Hello.", reply_to=post.id)
        elif number == 9:
            bot.passes(30 * HOUR)
            bot.posts(OLD, "Hello.", reply_to=post.id)
    bot.passes(4 * DAY)

    said = bot.calls(ADA, "welcome chance")
    assert "9 of 12 first posts had a person’s answer within 24 hours" in said
    assert "10 of 12" in said
    assert "about 8 in 10, likely between 51 and 90 %" in said


def test_the_chance_of_few_is_withheld(bot: Harness) -> None:
    bot.joins(ADA)
    bot.posts(ADA, "Hello?")
    bot.passes(4 * DAY)

    said = bot.calls(GRACE, "welcome chance")
    assert "too few to say" in said
    assert "1" not in said.split("Counted")[0].replace("10", "")


def test_the_page_lists_who_waits(bot: Harness) -> None:
    assert "Nobody is waiting. Lovely." in bot.panel()
    bot.joins(ADA)
    post = bot.posts(ADA, "Hello?")

    assert f'href="fake://lobby/{post.id}"' in bot.panel()


def test_where_nobody_joins_a_first_word_is_an_arrival_once_weaver_knows_the_old_hands(
    bot: Harness,
) -> None:
    bot.passes(15 * DAY)
    post = bot.posts(EVE, "Hello, I am new.")

    assert post.id in bot.calls(GRACE, "welcome waiting")
    assert bot.tells(EVE)["met"] == {"garden": "listed"}
    assert not [act for act in bot.sent if isinstance(act, Reply)]


def test_where_hosts_want_it_a_first_word_is_answered_with_the_greeting_once() -> None:
    bot = Harness(plugin, first_posts=["Lobby"])
    bot.posts(OLD, "Spring is late.")
    bot.passes(15 * DAY)
    post = bot.posts(EVE, "Hello, I am new.")
    bot.posts(EVE, "Me again.")
    bot.posts(ADA, "Elsewhere.", bot.chat)

    [reply] = [act for act in bot.sent if isinstance(act, Reply)]
    assert reply.to == post.id
    assert "Eve" in reply.text
