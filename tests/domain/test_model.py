"""The nouns: known by what stays the same."""

import dataclasses

import pytest

from bot.domain import actions, events
from bot.domain.model import Community, Member, Space

LOBBY = Space("fake", "lobby", "Lobby", "lobby")
TEA = Space("fake", "c1", "Tea room", "chat")
PORCH = Space("fake", "c2", "Porch", "chat")
ROSES = Space("fake", "GardenRoses", "#GardenRoses", "audience")
GARDEN = Community("garden", "The garden", spaces=(TEA, LOBBY, PORCH, ROSES))


def test_a_member_is_the_same_whatever_they_call_themselves() -> None:
    assert Member("fake", "1", "Ada") == Member("fake", "1", "Countess", is_bot=True)
    assert Member("fake", "1", "Ada") != Member("fake", "2", "Ada")
    assert Member("fake", "1") != Member("other", "1")
    assert Member("fake", "1", "Ada").key == "fake:1"


def test_a_space_is_the_same_whatever_it_is_called_or_used_for() -> None:
    assert Space("fake", "lobby") == LOBBY
    assert len({LOBBY, Space("fake", "lobby", "Hall", "talk")}) == 1
    assert Space("other", "lobby") != LOBBY
    assert LOBBY.key == "fake:lobby"


def test_spaces_for_a_purpose_come_in_the_order_they_were_declared() -> None:
    assert list(GARDEN.for_("chat")) == [TEA, PORCH]
    assert list(GARDEN.for_("hosts")) == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tea room", TEA),
        ("C1", TEA),
        ("#lobby", LOBBY),
        ("gardenroses", ROSES),
        ("#GARDENROSES", ROSES),
        ("pond", None),
        ("", None),
    ],
)
def test_a_space_is_found_by_what_a_person_calls_it(said: str, meant: Space | None) -> None:
    assert GARDEN.space_named(said) == meant


@pytest.mark.parametrize("module", [actions, events])
def test_actions_and_events_are_values_that_nobody_changes(module: object) -> None:
    kinds = [kind for kind in vars(module).values() if dataclasses.is_dataclass(kind)]

    assert kinds
    assert all(kind.__dataclass_params__.frozen for kind in kinds)  # type: ignore[union-attr]


def test_every_action_has_a_key_and_says_why() -> None:
    for kind in actions.Action.__subclasses__():
        names = {field.name: field for field in dataclasses.fields(kind)}
        assert names["key"].default is dataclasses.MISSING
        assert names["why"].default is dataclasses.MISSING
        assert names["why"].kw_only
