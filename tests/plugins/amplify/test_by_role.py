"""A role by which people say yes: one book, and their own words stand above it."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Member, Role, RolesChanged
from bot.testing import ADA
from plugins.amplify.by_role import has, word_for
from tests.plugins.amplify.conftest import Garden

Grow = Callable[..., Garden]
SERIAL = count()
ROLE, OTHER = Role("fake", "77", "Passed on"), Role("fake", "78", "Rosarian")


@pytest.fixture
def bot(grow: Grow) -> Garden:
    return grow(role="passed on")


def holds(bot: Garden, *roles: Role, member: Member = ADA) -> None:
    """The platform tells which roles somebody has now."""
    event = RolesChanged(
        f"roles-{len(bot.ledger)}-{bot._next('r')}", bot.now, bot.lobby, member, roles
    )
    bot.dispatches(event)


def says(bot: Garden, words: str) -> str:
    return bot.posts(ADA, f"{words} #Bulbs").id


def test_who_takes_the_role_is_passed_on_and_giving_it_back_takes_that_back(bot: Garden) -> None:
    before = says(bot, "Before I had it")
    holds(bot, OTHER, ROLE)
    after = says(bot, "Now that I have it, look")
    assert bot.passed_on == [after]
    assert "You have the role passed on, which says yes" in bot.calls(ADA, "amplify status")
    assert "you said yes" in bot.calls(ADA, "me")

    holds(bot, OTHER)
    says(bot, "And then I gave it back again")
    assert bot.passed_on == []
    assert "You gave the role passed on back" in bot.calls(ADA, "amplify status")

    holds(bot, ROLE)
    again = says(bot, "Here it is once more, my friends")
    assert bot.passed_on == [again]
    assert before not in bot.reposts


@pytest.mark.parametrize("no", ["amplify no", "me no amplify", "stop"])
def test_a_no_in_words_stands_whatever_becomes_of_the_role(bot: Garden, no: str) -> None:
    holds(bot, ROLE)
    bot.calls(ADA, no)
    holds(bot)
    holds(bot, ROLE)
    says(bot, "Only for those who read along")

    assert bot.passed_on == []


def test_a_yes_in_words_stands_without_the_role(bot: Garden) -> None:
    bot.calls(ADA, "amplify yes")
    holds(bot, ROLE)
    holds(bot)
    post = says(bot, "Everybody may see these")

    assert bot.passed_on == [post]


def test_without_the_setting_no_role_says_anything(grow: Grow) -> None:
    bot = grow()
    holds(bot, ROLE)
    says(bot, "Only for those who read along")

    assert bot.passed_on == []
    assert bot.tells(ADA)["role"] == []


def test_what_is_kept_of_the_role_is_told_and_forgotten(bot: Garden) -> None:
    holds(bot, ROLE)
    assert bot.tells(ADA)["role"] == [{"community": "garden", "held": True}]

    bot.forgets(ADA)
    assert bot.tells(ADA)["role"] == []


def test_a_role_is_known_by_its_name_or_its_id() -> None:
    assert has([OTHER, ROLE], "Passed On")
    assert has([ROLE], "77")
    assert not has([OTHER], "77")
    assert not has([], "")


@given(st.sampled_from([None, True, False]), st.booleans(), st.booleans())
def test_a_role_never_overrules_what_somebody_said(
    word: bool | None, held: bool, ours: bool
) -> None:
    new = word_for(word=word, held=held, ours=ours)

    if word is not None and not ours:
        assert new is None
    if new is not None:
        assert new == held
