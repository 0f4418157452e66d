"""What people do to one another on a real network is what Weaver's accounts see there."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.bluesky.appview import AppView
from tests.adapters.bluesky.society import Society, SocietyContract
from tests.live.bluesky.grounds import BlueskyGrounds, Crew
from tests.live.bluesky.network import NOW, Network, Person

FOLLOW, BLOCK = "app.bsky.graph.follow", "app.bsky.graph.block"


class LiveSociety(Society):
    """Ada and Weaver on the reference PDS, seen through the reference AppView."""

    def __init__(self, network: Network, grounds: BlueskyGrounds) -> None:
        self.loop, self.network = grounds.loop, network
        self.person, self.weaver = network.person("ada"), grounds.person("weaver")
        self.ada, self.view = self.person.did, AppView()
        self.account = grounds.adapter.accounts["weaver"]
        self._made: dict[str, str] = {}

    def settled(self) -> None:
        self.network.indexed()

    def _is(self, kind: str, who: Person, whom: Person, *, still: bool) -> None:
        if still:
            record = {"$type": kind, "subject": whom.did, "createdAt": NOW}
            self._made[kind + who.did] = who.creates(kind, record)["uri"]
        else:
            who.deletes(self._made.pop(kind + who.did))

    def follows(self, *, still: bool = True) -> None:
        self._is(FOLLOW, self.person, self.weaver, still=still)

    def blocks(self, *, still: bool = True) -> None:
        self._is(BLOCK, self.person, self.weaver, still=still)

    def is_blocked(self, *, still: bool = True) -> None:
        self._is(BLOCK, self.weaver, self.person, still=still)

    def is_muted(self, *, still: bool = True) -> None:
        what = "muteActor" if still else "unmuteActor"
        self.weaver.do(f"app.bsky.graph.{what}", {"actor": self.ada})

    def says_of_herself(self, bio: str, *labels: str) -> None:
        profile = {"description": bio} | labelled(labels)
        self._puts("app.bsky.actor.profile", "self", profile)

    def _puts(self, kind: str, rkey: str, record: dict[str, Any]) -> None:
        where = {"repo": self.ada, "collection": kind, "rkey": rkey}
        self.person.do("com.atproto.repo.putRecord", where | {"record": record | {"$type": kind}})

    def posts(self, *labels: str) -> str:
        return self.person.posts("One question each.", **labelled(labels))

    def gates(self, uri: str) -> None:
        rkey = uri.rpartition("/")[2]
        self._puts("app.bsky.feed.threadgate", rkey, {"post": uri, "allow": [], "createdAt": NOW})
        none = [{"$type": "app.bsky.feed.postgate#disableRule"}]
        self._puts(
            "app.bsky.feed.postgate", rkey, {"post": uri, "embeddingRules": none, "createdAt": NOW}
        )

    def deletes(self, uri: str) -> None:
        self.person.deletes(uri)


def labelled(labels: tuple[str, ...]) -> dict[str, Any]:
    values = [{"val": label} for label in labels]
    said = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
    return {"labels": said} if labels else {}


@pytest.fixture(scope="session")
def full_crew(full_network: Network) -> Crew:
    return Crew(full_network)


@pytest.fixture
def society(full_network: Network, full_crew: Crew) -> Iterator[Society]:
    grounds = BlueskyGrounds(full_network, full_crew)
    yield LiveSociety(full_network, grounds)
    grounds.close()


class TestLiveSociety(SocietyContract):
    pass
