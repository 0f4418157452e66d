"""Two accounts are one person once that person said so with both, and not before."""

import re
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actions import Answer
from bot.domain.events import CommandCalled
from bot.domain.model import Member
from bot.kernel.consent import EVERYWHERE, stopped, word_of
from bot.kernel.linking import LETTERS
from bot.storage.members import LinkCodeRow, LinkRow
from bot.testing import ADA, GRACE, HOST, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, Garden, says
from tests.kernel.orchard import ORCHARD, notes, repost

ADA_TOO, ADA_THREE = Member("fake", "ada-too", "Ada"), Member("fake", "ada-three", "Ada")
CODE = re.compile(rf"me link ([{LETTERS}]{{8}})")


@pytest.fixture
def garden(plant: Plant) -> Garden:
    return plant(notes(), communities=(GARDEN, ORCHARD))


NUMBERS = count()


def asks(garden: Garden, text: str, member: Member = ADA) -> Answer:
    event = CommandCalled(f"call-{next(NUMBERS)}", NOON, LOBBY, member, text)
    [answer] = garden.hears(event).answers
    garden.delivers()
    return answer


def code(garden: Garden, member: Member = ADA) -> str:
    """A code as Weaver gives it."""
    answer = asks(garden, "me link", member)
    assert answer.personal
    found = CODE.search(answer.text)
    assert found
    return found[1]


def links(garden: Garden, *members: Member) -> None:
    """Somebody says that accounts are theirs."""
    for member in members[1:]:
        answer = asks(garden, f"me link {code(garden, members[0]).lower()}", member)
        assert answer.text.startswith("Done.")


def word(garden: Garden, member: Member) -> bool | None:
    with garden.database.read.connect() as connection:
        return word_of(connection, "garden", member.key, "amplify")


@pytest.mark.parametrize("said", [True, False])
def test_what_is_said_with_one_account_holds_for_the_other(garden: Garden, said: bool) -> None:
    asks(garden, f"me {'yes' if said else 'no'} amplify", ADA)
    assert word(garden, ADA_TOO) is None

    links(garden, ADA, ADA_TOO)
    assert (word(garden, ADA), word(garden, ADA_TOO)) == (said, said)
    assert word(garden, GRACE) is None
    assert "You linked another account to this one" in asks(garden, "me", ADA_TOO).text


def test_a_code_is_good_once_and_for_an_hour(garden: Garden) -> None:
    first, second = code(garden), code(garden)
    refused = asks(garden, f"me link {first}", ADA_TOO)
    assert (refused.mistake, refused.personal) == (True, True), "a later one took its place"
    garden.clock.move(garden.clock.now() + timedelta(minutes=61))
    assert asks(garden, f"me link {second}", ADA_TOO).mistake

    third = code(garden)
    assert not asks(garden, f"me link {third}", ADA_TOO).mistake
    assert asks(garden, f"me link {third}", GRACE).mistake
    assert garden.count(LinkRow) == 2
    assert garden.count(LinkCodeRow) == 0


def test_nobody_is_linked_to_themselves(garden: Garden) -> None:
    answer = asks(garden, f"me link {code(garden)}", ADA)
    assert answer.mistake
    assert garden.count(LinkRow) == 0


def test_those_that_were_linked_before_come_along(garden: Garden) -> None:
    links(garden, ADA, ADA_TOO)
    links(garden, ADA_THREE, ADA_TOO)
    asks(garden, "me no amplify", ADA_THREE)

    assert [word(garden, one) for one in (ADA, ADA_TOO, ADA_THREE)] == [False] * 3
    assert "2 other accounts" in asks(garden, "me", ADA).text


def test_stop_with_one_account_takes_back_what_was_passed_on_of_the_other(garden: Garden) -> None:
    garden.adapter.known.add("post-1")
    garden.hears(says("Look.", 1))
    garden.decides(repost("act"))
    garden.delivers()
    links(garden, ADA, ADA_TOO)
    asks(garden, "stop", ADA_TOO)
    garden.delivers()

    assert garden.states["notes:garden:act"] == "undone"
    with garden.database.read.connect() as connection:
        assert stopped(connection, "fake") == ["ada", "ada-too"]
        assert word_of(connection, EVERYWHERE, ADA.key, "welcome") is False

    assert asks(garden, "start", ADA).text.startswith("Welcome back")
    assert word(garden, ADA_TOO) is None


def test_a_mute_is_of_the_person(garden: Garden) -> None:
    links(garden, ADA, ADA_TOO)
    asks(garden, "me mute 3", ADA_TOO)
    assert word(garden, ADA) is False
    assert asks(garden, "me unmute", ADA).text.startswith("Welcome back")
    assert word(garden, ADA_TOO) is None


@pytest.mark.parametrize("gone", [ADA, ADA_TOO])
def test_who_parts_an_account_is_two_again(garden: Garden, gone: Member) -> None:
    links(garden, ADA, ADA_TOO)
    asks(garden, "me no amplify", ADA)
    assert asks(garden, "me unlink", gone).text.startswith("Done.")

    assert garden.count(LinkRow) == 0, "one alone is linked to nothing"
    assert (word(garden, ADA), word(garden, ADA_TOO)) == (False, None)
    assert "linked to no other" in asks(garden, "me unlink", gone).text


@pytest.mark.parametrize("said", [(True, False), (False, True)])
def test_of_two_words_at_the_same_moment_the_no_holds(
    garden: Garden, said: tuple[bool, bool]
) -> None:
    links(garden, ADA, ADA_TOO)
    for member, yes in zip((ADA, ADA_TOO), said, strict=True):
        garden.agrees(member, "amplify", yes)

    assert [word(garden, one) for one in (ADA, ADA_TOO)] == [False, False]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from([ADA, ADA_TOO]), st.booleans()), min_size=1, max_size=6))
def test_the_latest_word_of_any_account_is_the_persons(
    garden: Garden, course: list[tuple[Member, bool]]
) -> None:
    if garden.count(LinkRow) == 0:
        links(garden, ADA, ADA_TOO)
    for member, said in course:
        garden.clock.move(garden.clock.now() + timedelta(minutes=1))
        asks(garden, f"me {'yes' if said else 'no'} amplify", member)
        assert {word(garden, one) for one in (ADA, ADA_TOO)} == {said}
    assert word(garden, HOST) is None
