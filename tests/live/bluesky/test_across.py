"""One Weaver between a real Bluesky network and a Discord server: links there and back."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.fakediscord.people import Channel
from tests.fakediscord.server import FakeDiscord
from tests.live.bluesky import town as towns
from tests.live.bluesky.grounds import POST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Faults
from tests.live.bluesky.town import Town, now, town_on, until

_serial = count(1)
COMMUNITY = """
[discord]
api = "{api}"
gateway = "{gateway}"

[community.garden]
name = "The garden"
plugins = ["amplify"]
hosts = ["discord:{host}"]
spaces = [
    {{ platform = "bluesky", id = "#{roses}" }},
    {{ platform = "bluesky", id = "science", purpose = "audience" }},
    {{ platform = "discord", id = "{lobby}", name = "lobby", purpose = "lobby" }},
    {{ platform = "discord", id = "{column}", name = "roses", purpose = "audience" }},
]
[community.garden.amplify]
hourly = 0
author_daily = 0
routes = [
    {{ tag = "{roses}", audience = "roses", asks = "tag" }},
    {{ tag = "{weeds}", audience = "science", asks = "tag" }},
]
"""


class Between:
    """A server called Garden, a hashtag on Bluesky, and the two channels of the server."""

    def __init__(self, town: Town, discord: FakeDiscord) -> None:
        number = next(_serial)
        self.town, self.discord = town, discord
        self.roses, self.weeds = f"AcrossRoses{number}", f"AcrossWeeds{number}"
        hana = discord.person("Hana")
        garden = discord.guild("Garden", hana)
        self.ada = discord.person("Ada").joins(garden)
        self.lobby, self.column = garden.channel("lobby"), garden.channel("roses")
        town.settles(
            COMMUNITY.format(
                api=discord.url,
                gateway=discord.gateway_url,
                host=hana.id,
                lobby=self.lobby.id,
                column=self.column.id,
                roses=self.roses,
                weeds=self.weeds,
            )
        )
        town.environment["WEAVER_DISCORD_TOKEN"] = discord.token

    def linked(self) -> list[str]:
        """What the channel of the audience on Discord shows."""
        return [message.content for message in _by_bot(self.column)]

    def passed(self) -> list[dict[str, Any]]:
        """What the audience on Bluesky posted."""
        return [one["value"] for one in self.town.accounts["science"].records(POST)]

    def says(self, person: Person, words: str) -> str:
        """Somebody on Bluesky posts under the tag of the roses."""
        return person.posts(f"{words} #{self.roses}", createdAt=now())


def _by_bot(channel: Channel) -> list[Any]:
    return list(channel.by_bot)


@pytest.fixture
def between(full_network: Network, discord: FakeDiscord, tmp_path: Path) -> Iterator[Between]:
    with town_on(full_network, tmp_path, Faults(), "weaver", "science") as town:
        yield Between(town, discord)


def test_links_go_there_and_back_and_hold_nothing_of_a_post(between: Between) -> None:
    town = between.town
    priya, joel, nadia = town.members
    weaver = town.starts()
    until(between.discord.gateway.connected, "Weaver on Discord")
    for tag in (between.roses, between.weeds):
        assert town.asks("do", f"amplify across {tag} yes")[0] == 0

    private = {"$type": "com.atproto.label.defs#selfLabels"}
    private |= {"values": [{"val": "!no-unauthenticated"}]}
    record = {"$type": "app.bsky.actor.profile", "labels": private}
    where = {"repo": nadia.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    nadia.do("com.atproto.repo.putRecord", where | {"record": record})
    town.network.indexed()

    shy = between.says(nadia, "For those who are signed in")
    hers, his = between.says(priya, "Mine have blackspot"), between.says(joel, "Mine too")
    urls = {
        post: f"https://bsky.app/profile/{one.did}/post/{post.rpartition('/')[2]}"
        for post, one in ((hers, priya), (his, joel))
    }
    cards = [f"From Bluesky, with the tag {between.roses}: {url}" for url in urls.values()]
    until(
        lambda: sorted(between.linked()) == sorted(cards) and not town.unsettled(),
        "two links",
        amiss=lambda: (between.linked(), town.said()),
    )
    assert "shown to people on Bluesky alone" in " ".join(
        town.asks("do", f"amplify why {shy}")[1].split()
    )

    priya.deletes(hers)
    until(lambda: between.linked() == cards[1:], "the first link to go")
    said = towns.answer(town, towns.says(town, joel, "amplify no"))
    assert "The one that was passed on is being taken back" in said
    until(lambda: between.linked() == [], "the second link to go")

    message = between.ada.says(between.lobby, f"Is this bindweed? #{between.weeds}")
    until(lambda: len(between.passed()) == 1, "a link on Bluesky", amiss=town.said)
    [card] = between.passed()
    link = card["embed"]["external"]["uri"]
    assert link.endswith(f"/{between.lobby.id}/{message.id}")
    assert card["text"] == f"From Discord, with the tag {between.weeds}: {link}"
    assert "bindweed" not in repr(card)
    between.ada.deletes(message)
    until(lambda: between.passed() == [], "the link on Bluesky to go")
    assert weaver.stop() == 0
