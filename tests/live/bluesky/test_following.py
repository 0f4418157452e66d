"""On a real network followers are followed back once, and let go when they say so."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.bluesky.following import Following
from tests.live.bluesky.grounds import BlueskyGrounds, Crew
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.test_society import BLOCK, FOLLOW, full_crew

__all__ = ["full_crew"]


class Scene:
    """The account ``passing``, which follows back, seen by its server and by people."""

    def __init__(self, network: Network, grounds: BlueskyGrounds) -> None:
        self.network, self.grounds = network, grounds
        self.wall = grounds.person("passing")
        self.stopped: set[str] = set()

    def looks(self) -> list[str]:
        """Look as after a start, once the network knows all; returns whom the account follows."""
        self.network.indexed()
        adapter = self.grounds.adapter
        following = Following(
            self.grounds.view,
            [adapter.accounts["passing"]],
            adapter.own,
            self.grounds.notebook,
            lambda: self.stopped,
            lambda _: False,
            time.time,
        )
        self.grounds.loop.run(following.look())
        return [one["value"]["subject"] for one in self.follows()]

    def follows(self) -> list[dict[str, Any]]:
        return self.wall.records(FOLLOW)


@pytest.fixture
def scene(full_network: Network, full_crew: Crew) -> Iterator[Scene]:
    grounds = BlueskyGrounds(full_network, full_crew)
    scene = Scene(full_network, grounds)
    yield scene
    for one in scene.follows():
        scene.wall.deletes(one["uri"])
    grounds.close()


def people(network: Network, *names: str) -> list[Person]:
    return [network.person(name) for name in names]


def test_followers_are_followed_back_once_until_they_say_otherwise(scene: Scene) -> None:
    ada, bea, cai, dot = people(scene.network, "ada", "bea", "cai", "dot")
    profile = {"$type": "app.bsky.actor.profile", "description": "Gardener. #nobot"}
    where = {"repo": dot.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    dot.do("com.atproto.repo.putRecord", where | {"record": profile})
    for person in (ada, bea, cai, dot):
        person.minds(FOLLOW, scene.wall)

    assert set(scene.looks()) == {ada.did, bea.did, cai.did}
    before, revision = scene.follows(), scene.wall.revision()
    notes = scene.grounds.notebook.pages
    notes["follows:passing"] = notes["follows:passing"].replace("followed", "begun")  # as if killed
    assert len(scene.looks()) == 3
    assert (scene.follows(), scene.wall.revision()) == (before, revision), "a repeat writes nothing"

    ada.minds(BLOCK, scene.wall)
    scene.stopped.add(bea.did)
    assert scene.looks() == [cai.did]

    scene.stopped.clear()
    scene.wall.deletes(scene.follows()[0]["uri"])
    assert scene.looks() == [], "nobody is followed a second time"
