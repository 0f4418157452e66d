"""Every kind of act has its place in the ledger, and may be about what an earlier one made."""

from collections.abc import Callable

import pytest

from bot.domain.actions import (
    Action,
    GiveRole,
    OpenThread,
    React,
    Ref,
    Reply,
    ScheduleEvent,
    SendPost,
    TakeRole,
    builds_on,
)
from bot.testing import ADA, NOON
from tests.kernel.garden import LOBBY, TEA, WHY, Garden

Plant = Callable[..., Garden]
ONE, TWO = "notes:garden:1", "notes:garden:2"


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (Reply("b", TEA, Ref("a"), "Yes.", why=WHY), "a"),
        (OpenThread("b", TEA, "Roses", of=Ref("a"), why=WHY), "a"),
        (React("b", TEA, Ref("a"), "👍", why=WHY), "a"),
        (React("b", TEA, "p1", "👍", why=WHY), None),
        (OpenThread("b", TEA, "Roses", text="Which?", why=WHY), None),
        (SendPost("b", TEA, "Hello.", why=WHY), None),
    ],
    ids=repr,
)
def test_an_act_names_the_earlier_one_that_it_builds_on(act: Action, key: str | None) -> None:
    assert builds_on(act) == key


@pytest.mark.parametrize(
    "act",
    [
        OpenThread(TWO, LOBBY, "Roses", of=Ref(ONE), why=WHY),
        OpenThread(TWO, LOBBY, "Roses", text="Which?", tags=("red",), why=WHY),
        React(TWO, LOBBY, Ref(ONE), "👍", why=WHY),
        ScheduleEvent(TWO, LOBBY, "Roses", NOON, NOON, why=WHY),
        GiveRole(TWO, LOBBY, ADA, "gardener", why=WHY),
        TakeRole(TWO, LOBBY, ADA, "gardener", why=WHY),
    ],
    ids=lambda act: type(act).__name__,
)
def test_every_kind_of_act_goes_through_the_ledger_unchanged(plant: Plant, act: Action) -> None:
    garden = plant()
    garden.decides(SendPost(ONE, LOBBY, "Roses, then.", why=WHY), act)
    garden.delivers()

    assert garden.states == {ONE: "done", TWO: "done"}
    assert garden.adapter.sent[-1] == act
