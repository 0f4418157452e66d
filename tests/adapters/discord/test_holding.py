"""Roles are told of when that is news: of each server and community, and never of bots."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.adapters.discord import holding
from bot.adapters.discord.holding import Holding
from bot.domain.model import Space

LOBBIES = (Space("discord", "1", "lobby", "lobby"), Space("discord", "2", "other lobby", "lobby"))
ADA = {"id": "175928847299117063", "username": "ada"}
NAMES = {7: SimpleNamespace(name="Passed on")}


def guild(identity: int = 10) -> Any:
    return SimpleNamespace(id=identity, get_role=NAMES.get)


@pytest.fixture
def heard() -> Holding:
    places: Any = SimpleNamespace(lobbies=lambda _guild: LOBBIES)
    return Holding(places)


def test_what_is_new_is_told_to_each_community_and_what_stays_is_not(heard: Holding) -> None:
    first = heard.news(guild(), ADA, {"roles": ["7", "8"]})

    assert [event.space for event in first] == list(LOBBIES)
    assert [(role.id, role.name) for role in first[0].roles] == [("7", "Passed on"), ("8", "")]
    assert first[0].member.key == "discord:175928847299117063"
    assert heard.news(guild(), ADA, {"roles": ["8", "7"], "nick": "Ada of the roses"}) == []
    assert heard.news(guild(), ADA, {"nick": "Ada"}) == [], "nothing is said of roles"

    assert [event.roles for event in heard.news(guild(), ADA, {"roles": []})] == [(), ()]
    assert heard.news(guild(11), ADA, {"roles": []}) != [], "another server, other roles"


def test_of_bots_nothing_is_told(heard: Holding) -> None:
    assert heard.news(guild(), {**ADA, "bot": True}, {"roles": ["7"]}) == []


def test_who_was_forgotten_is_told_of_again(
    heard: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "REMEMBERED", 1)
    grace = {"id": "175928847299117064", "username": "grace"}
    for person in (ADA, grace):
        assert heard.news(guild(), person, {"roles": ["7"]})

    assert heard.news(guild(), grace, {"roles": ["7"]}) == []
    assert heard.news(guild(), ADA, {"roles": ["7"]})
