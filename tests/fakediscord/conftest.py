"""A garden with a lobby, which most of these tests begin with."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.fakediscord.people import Channel, Guild, Person
from tests.fakediscord.server import FakeDiscord


@dataclass(frozen=True)
class Place:
    """Where a test begins: Ada owns the guild, Bob is in it."""

    guild: Guild
    lobby: Channel
    ada: Person
    bob: Person


@pytest.fixture
def garden(discord: FakeDiscord) -> Place:
    """Found a guild with two people and the bot."""
    ada = discord.person("Ada")
    guild = discord.guild("Garden", ada)
    lobby = guild.channel("lobby")
    return Place(guild, lobby, ada, discord.person("Bob").joins(guild))
