"""What `me` tells a member: what may be done, what was done, and how to change it."""

import pytest

from bot.domain.actions import (
    DirectMessage,
)
from bot.domain.ports import Declined
from bot.storage.members import ConsentRow
from bot.testing import GRACE
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, WHY, Garden
from tests.kernel.orchard import ORCHARD, asks, notes, repost


@pytest.fixture
def garden(plant: Plant) -> Garden:
    return plant(notes(), communities=(GARDEN, ORCHARD))


def test_me_tells_what_may_be_done_what_was_done_and_how_to_change_it(garden: Garden) -> None:
    garden.adapter.known.add("post-1")
    garden.decides(repost("1"))
    garden.decides(DirectMessage("notes:garden:2", LOBBY, GRACE, "Hello.", why=WHY))
    garden.delivers()

    answer = asks(garden, "me")

    assert answer.private
    assert answer.text == (
        "What Weaver may do towards you in The garden:\n"
        "- pass your tagged posts on: you have not said\n"
        "- greet you when you arrive: you have not said\n"
        "\n"
        "What it did lately:\n"
        f"- Monday 2 March: it passed a post of yours on. {WHY}"
    )
    assert [button.command for button in answer.buttons] == [
        "me yes amplify",
        "me no amplify",
        "me yes welcome",
        "me no welcome",
        "me mute 7",
        "me pause",
        "stop",
    ]
    for button in answer.buttons:
        assert not asks(garden, button.command, GRACE).mistake


def test_me_tells_of_what_is_done_on_request_only_who_asked(garden: Garden) -> None:
    assert "look in" not in asks(garden, "me").text

    assert asks(garden, "me yes look-in").text.startswith("Noted: Weaver may look in on you.")

    answer = asks(garden, "me")
    assert "- look in on you: you said yes" in answer.text
    assert "me no look-in" in [button.command for button in answer.buttons]


def test_me_tells_that_an_act_was_held_back_and_why(garden: Garden) -> None:
    garden.adapter.moods["notes:garden:1"] = [Declined("they blocked the account")]
    garden.decides(repost("1"))
    garden.delivers()

    assert "it held back (they blocked the account)" in asks(garden, "me").text


def test_me_of_somebody_new_says_so(plant: Plant) -> None:
    assert asks(plant(), "me").text == (
        "Weaver does nothing towards single members in The garden.\n\nIt has done nothing yet."
    )


@pytest.mark.parametrize("text", ["me maybe", "me no", "me no moss", "me yes amplify now"])
def test_what_is_not_clear_is_answered_and_changes_nothing(garden: Garden, text: str) -> None:
    answer = asks(garden, text)

    assert answer.mistake
    assert answer.text.endswith("Say me no amplify or me no welcome or me no look-in.")
    assert garden.count(ConsentRow) == 0
