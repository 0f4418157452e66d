"""Who said that two accounts are theirs is greeted once, with whichever comes first."""

import re

import pytest

from bot.domain.events import RolesChanged
from bot.domain.model import Member, Role
from bot.testing import ADA, Harness
from plugins.welcome import plugin

ADA_TOO = Member("fake", "ada-too", "Ada Too")
IN = Role("in", "members")


@pytest.fixture
def bot() -> Harness:
    return Harness(plugin)


@pytest.fixture
def speaking() -> Harness:
    """A community where first posts are answered."""
    return Harness(plugin, first_posts=["Lobby"], settle_days=0)


def links(bot: Harness) -> None:
    found = re.search(r"me link \w{8}", bot.calls(ADA, "me link"))
    assert found
    assert bot.calls(ADA_TOO, found[0]).startswith("Done.")


def greeted(bot: Harness) -> list[str]:
    """Who was greeted, by the names in the greetings."""
    texts = [getattr(act, "text", "") for act in bot.sent]
    names = ("Ada Too", "Ada")
    return [next(name for name in names if name in text) for text in texts if "Ada" in text]


@pytest.mark.parametrize(("first", "second"), [(ADA, ADA_TOO), (ADA_TOO, ADA)])
def test_one_person_is_greeted_once(bot: Harness, first: Member, second: Member) -> None:
    links(bot)
    bot.joins(first)
    bot.joins(second)
    assert greeted(bot) == [first.name]

    bot.calls(ADA, "me unlink")
    bot.joins(second)
    assert greeted(bot) == [first.name], "who was known is no newcomer afterwards"


def test_nobody_is_taken_for_another_who_did_not_say_so(bot: Harness) -> None:
    bot.joins(ADA)
    bot.joins(ADA_TOO)

    assert greeted(bot) == ["Ada", "Ada Too"]


def test_one_person_is_answered_once_who_arrives_by_speaking(speaking: Harness) -> None:
    links(speaking)
    speaking.posts(ADA, "Hello, I teach maths.")
    speaking.posts(ADA_TOO, "Hello from here as well.")

    assert len(speaking.sent) == 1


def test_a_role_lets_one_person_in_once() -> None:
    bot = Harness(plugin, role="members")
    links(bot)
    for member in (ADA, ADA_TOO):
        bot.joins(member)
        event = RolesChanged(f"role-{member.id}", bot.now, bot.lobby, member, (IN,))
        bot.dispatches(event)

    assert greeted(bot) == ["Ada"]
