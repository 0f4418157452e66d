"""On a real network nothing is done towards somebody who, by then, does not want it."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.bluesky.appview import KEPT
from bot.adapters.bluesky.parting import Parting
from bot.domain.actions import Reply, Repost
from bot.domain.events import Blocked
from bot.domain.model import Basis, Grounds, Member, Space
from bot.domain.ports import Declined, Outcome
from tests.adapters.contract import WHY, perform
from tests.live.bluesky.grounds import REPOST, BlueskyGrounds, Crew
from tests.live.bluesky.network import NOW, Network, Person
from tests.live.bluesky.test_society import BLOCK, FOLLOW, full_crew

__all__ = ["full_crew"]
TAG = Space("bluesky", "#TallyMath")


class Scene:
    """Somebody who posts, and the account that may pass it on."""

    def __init__(self, network: Network, grounds: BlueskyGrounds) -> None:
        self.network, self.grounds = network, grounds
        self.ada, self.now = network.person("ada"), 1_800_000_000.0
        self.adapter = grounds.adapter = grounds.started(lambda: self.now)
        self._serial = 0

    def does(self, kind: str, whom: Person) -> str:
        record = {"$type": kind, "subject": whom.did, "createdAt": NOW}
        return str(self.ada.creates(kind, record)["uri"])

    def passes_on(self, basis: Basis = "asked", post: str = "") -> str:
        """Try it, once the network knows all, with nothing kept from before."""
        post = post or self.ada.posts("A counter each.")
        self.network.indexed()
        self.now += KEPT
        self._serial += 1
        grounds = Grounds(Member("bluesky", self.ada.did), "amplify", basis)
        act = Repost(
            f"key-{self._serial}", self.grounds.audience, TAG, post, why=WHY, grounds=grounds
        )
        perform(self.grounds, act)
        return post

    def passed_on(self) -> list[str]:
        """What the account has passed on, as its server lists it."""
        records = self.grounds.person("passing").records(REPOST)
        return [one["value"]["subject"]["uri"] for one in records]


@pytest.fixture
def scene(full_network: Network, full_crew: Crew) -> Iterator[Scene]:
    grounds = BlueskyGrounds(full_network, full_crew)
    scene = Scene(full_network, grounds)
    yield scene
    grounds.close()


def test_who_follows_is_passed_on_until_they_no_longer_do(scene: Scene) -> None:
    with pytest.raises(Declined, match="does not follow"):
        scene.passes_on("follows")

    follow = scene.does(FOLLOW, scene.grounds.person("passing"))
    post = scene.passes_on("follows")

    scene.ada.deletes(follow)
    with pytest.raises(Declined, match="does not follow"):
        scene.passes_on("follows")
    assert scene.passed_on() == [post]


def test_a_block_stops_the_next_act_and_is_noticed_after_a_repost(scene: Scene) -> None:
    post = scene.passes_on()
    scene.does(BLOCK, scene.grounds.person("passing"))

    with pytest.raises(Declined, match="they have blocked the account"):
        scene.passes_on()

    heard: list[Any] = []

    async def ring(event: Any, cursor: str | None = None) -> Outcome:
        heard.append(event)
        return Outcome()

    accounts, adapter = scene.adapter.accounts, scene.adapter
    parting = Parting(scene.grounds.view, accounts, lambda: [("passing", post)], lambda: scene.now)
    adapter.parting = parting
    scene.grounds.loop.run(parting.look(ring))
    [event] = heard
    assert isinstance(event, Blocked)
    assert (event.space, event.member.id) == (scene.grounds.audience, scene.ada.did)


def test_nobot_in_the_profile_is_obeyed(scene: Scene) -> None:
    record = {"$type": "app.bsky.actor.profile", "description": "Maths. (#NoBot)"}
    where = {"repo": scene.ada.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    scene.ada.do("com.atproto.repo.putRecord", where | {"record": record})

    with pytest.raises(Declined, match="nobot"):
        scene.passes_on("agreed")
    assert scene.passed_on() == []


def test_a_labelled_post_is_not_spread(scene: Scene) -> None:
    values = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}

    with pytest.raises(Declined, match="it is labelled nudity"):
        scene.passes_on(post=scene.ada.posts("A study.", labels=values))


def test_a_threadgate_stops_a_reply_and_no_repost(scene: Scene) -> None:
    post = scene.ada.posts("Just saying.")
    gate = {"$type": "app.bsky.feed.threadgate", "post": post, "allow": [], "createdAt": NOW}
    where = {"repo": scene.ada.did, "collection": "app.bsky.feed.threadgate"}
    body = where | {"rkey": post.rpartition("/")[2], "record": gate}
    scene.ada.do("com.atproto.repo.putRecord", body)
    scene.network.indexed()

    with pytest.raises(Declined, match="limits who may answer"):
        perform(scene.grounds, Reply("reply", scene.grounds.lobby, post, "Hello.", why=WHY))
    scene.passes_on(post=post)
    assert scene.passed_on() == [post]
