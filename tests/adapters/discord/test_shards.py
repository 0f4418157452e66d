"""Several connections to Discord in one process: each hears its servers, and breaks by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.model import Community, Space
from bot.kernel.provision import Provision
from tests.adapters.discord.village import PLUGINS, Village
from tests.fakediscord.gateway import Session
from tests.fakediscord.places import Channel, Guild
from tests.fakediscord.server import FakeDiscord

SHARDS = 2


class Villages(Village):
    """A server on each of two shards, each with a community of its own."""

    def __init__(self, discord: FakeDiscord, folder: Path) -> None:
        super().__init__(discord, folder, shards=SHARDS)
        self.servers: dict[int, Guild] = {shard_of(self.garden): self.garden}
        while len(self.servers) < SHARDS:
            other = discord.guild("Orchard", self.hana)
            self.servers.setdefault(shard_of(other), other)
        self.other = self.servers[1 - shard_of(self.garden)]
        self.places: dict[int, Channel] = {
            shard: self.lobby if guild is self.garden else guild.channel("lobby")
            for shard, guild in self.servers.items()
        }
        theirs = self.places[shard_of(self.other)]
        orchard = Community(
            "orchard",
            "The orchard",
            spaces=(Space("discord", str(theirs.id), "lobby", "lobby"),),
            hosts=frozenset({f"discord:{self.hana.id}"}),
        )
        self.provisions = [Provision(self.community, PLUGINS, {}), Provision(orchard, PLUGINS, {})]

    def is_ready(self) -> bool:
        line = self.adapter.listening and self.adapter.listening.line
        everywhere = len(self.discord.world.guilds)
        return super().is_ready() and line is not None and len(line.guilds) == everywhere

    @property
    def sessions(self) -> dict[int, Session]:
        """What is connected, by shard."""
        return {each.shard: each for each in self.discord.gateway.connected()}


def shard_of(guild: Guild) -> int:
    return (int(guild.id) >> 22) % SHARDS


@pytest.fixture
def villages(discord: FakeDiscord, hurried: None, tmp_path: Path) -> Iterator[Villages]:
    villages = Villages(discord, tmp_path)
    villages.starts()
    yield villages
    villages.ends()


def heard_once(villages: Villages, *messages: Any) -> None:
    villages.waits_until(lambda: all(villages.logged(each) for each in messages))
    villages.is_quiet()
    posts = [row["post"].rpartition("/")[2] for row in villages.posts if not row["bot"]]
    assert sorted(posts) == sorted(each.id for each in messages)


def test_each_shard_hears_its_own_servers(villages: Villages) -> None:
    assert sorted(villages.sessions) == [0, 1]
    assert villages.discord.gateway.identifies == SHARDS
    said = [villages.hana.says(place, "Good morning.") for place in villages.places.values()]
    heard_once(villages, *said)

    guest = villages.discord.person("Guest")
    for shard, guild in villages.servers.items():
        guest.joins(guild)
        place = villages.places[shard]
        villages.waits_until(lambda place=place: any("Guest" in m.content for m in place.by_bot))
        asked = villages.hana.runs(place, "chats list")
        villages.waits_until(lambda asked=asked: asked.words)
    villages.hana.says(villages.hana.direct, "help")  # which the first shard alone is told
    where = "I look after more than one community"
    villages.waits_until(
        lambda: [one for one in villages.hana.direct.by_bot if one.content.startswith(where)]
    )


@pytest.mark.parametrize("broken", [0, 1])
def test_a_line_that_breaks_is_resumed_without_touching_the_other(
    villages: Villages, broken: int
) -> None:
    gateway, before = villages.discord.gateway, villages.sessions
    identified = gateway.identifies

    def breaks() -> list[Any]:
        gateway.drop(shard=broken)
        places = villages.places.values()
        return [villages.hana.says(place, f"Meanwhile {n}.") for n in range(3) for place in places]

    said = villages.discord.do(breaks)

    heard_once(villages, *said)
    villages.waits_until(lambda: len(villages.sessions) == SHARDS)
    after = villages.sessions
    assert (gateway.resumes, gateway.identifies) == (1, identified)
    assert after[1 - broken].connection is before[1 - broken].connection
    assert after[broken] is before[broken]


@pytest.mark.parametrize("broken", [0, 1])
def test_what_a_lost_session_missed_is_fetched_for_its_servers_alone(
    villages: Villages, broken: int
) -> None:
    gateway, before = villages.discord.gateway, villages.sessions
    first = [villages.hana.says(place, "Before.") for place in villages.places.values()]
    heard_once(villages, *first)

    def loses() -> list[Any]:
        gateway.drop(shard=broken)
        del gateway.sessions[before[broken].id]
        return [villages.hana.says(place, "Meanwhile.") for place in villages.places.values()]

    asked = len(villages.discord.requests)
    missed = villages.discord.do(loses)

    heard_once(villages, *first, *missed)
    villages.waits_until(lambda: len(villages.sessions) == SHARDS)
    assert (gateway.resumes, gateway.identifies) == (0, SHARDS + 1)
    assert villages.sessions[1 - broken].connection is before[1 - broken].connection
    read = [one for one in villages.discord.requests[asked:] if "/messages" in str(one)]
    untouched = villages.places[1 - broken]
    assert read
    assert not [one for one in read if str(untouched.id) in str(one)]
