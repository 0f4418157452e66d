"""Who begins to follow is told of once; who did before, is a bot or wants none never is."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky.adapter import BlueskyAdapter
from bot.adapters.bluesky.following import Follower, Page, name_of
from bot.adapters.bluesky.newcomers import EDGE, Newcomers, new_among
from bot.adapters.bluesky.settings import read
from bot.adapters.bluesky.standing import Person
from bot.domain.events import Event
from bot.domain.ports import Outcome, TryLater
from tests.adapters.bluesky.society import ADA
from tests.adapters.bluesky.test_settings import ACCOUNTS, SOURCE, settings
from tests.adapters.notebook import Notebook

BEA = "did:plc:bea"


class Scene:
    """An account called ``weaver`` and its followers, newest first, as a network tells them."""

    def __init__(self, page: int = 100) -> None:
        self.notebook, self.page = Notebook(), page
        self.people: list[Follower] = []
        self.stopped: set[str] = set()
        self.heard: list[Any] = []
        self.down = False
        self.dies_after: int | None = None

    def followed_by(self, *dids: str, **so: Any) -> None:
        self.people[:0] = [Follower(did, Person(follows=True, **so)) for did in dids]

    async def _page(self, account: Any, place: str) -> Page:
        if self.down:
            raise TryLater("nobody can say")
        start = int(place or 0)
        after = start + self.page
        return Page(self.people[start:after], str(after) if after < len(self.people) else "")

    async def _take(self, event: Event, cursor: str | None = None) -> Outcome:
        if self.dies_after is not None and len(self.heard) >= self.dies_after:
            raise asyncio.CancelledError
        repeated = event.id in {one.id for one in self.heard}
        if not repeated:
            self.heard.append(event)
        return Outcome(repeated=repeated)

    def looks(self, times: int = 1) -> list[str]:
        """Look as after a start; returns whom it told of so far, the earliest first."""
        weaver: Any = SimpleNamespace(name="weaver")
        for _ in range(times):
            one = Newcomers(
                [weaver],
                {"did:plc:wall": "wall"},
                self.notebook,
                lambda: self.stopped,
                lambda: 1_800_000_000.0,
                self._page,
            )
            try:
                asyncio.run(one.look(self._take, {"weaver": "#TallyMath"}))
            except asyncio.CancelledError:
                self.dies_after = None
        return [event.member.id for event in self.heard]


@pytest.fixture
def scene() -> Scene:
    """Give an account that was looked at once, with a follower of long ago."""
    scene = Scene()
    scene.followed_by("did:plc:old")
    assert scene.looks() == []
    return scene


def test_who_begins_to_follow_is_told_of_once(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.looks(2)
    scene.followed_by(BEA)

    assert scene.looks(2) == [ADA, BEA]
    event = scene.heard[0]
    assert (event.how, event.space.id, event.space.account) == ("followed", "#TallyMath", "weaver")
    assert event.profile == f"https://bsky.app/profile/{ADA}"
    assert not event.member.is_bot
    assert ADA not in json.dumps(scene.notebook.pages), "of people only hashes are kept"


def test_who_goes_and_comes_again_is_told_of_once(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.looks()
    scene.people = scene.people[1:]
    scene.looks()
    scene.followed_by(ADA)

    assert scene.looks(2) == [ADA]


def test_the_first_who_ever_follow_are_told_of() -> None:
    scene = Scene()
    scene.looks()
    crowd = [f"did:plc:{number:03}" for number in range(EDGE + 50)]
    for did in crowd:
        scene.followed_by(did)

    assert scene.looks(2) == crowd


def test_who_came_later_is_found_though_all_who_were_known_are_gone(scene: Scene) -> None:
    scene.people = []
    scene.followed_by(ADA)

    assert scene.looks() == [ADA]


@pytest.mark.parametrize(
    "so",
    [{"labels": frozenset({"bot"})}, {"bio": "Gardener. #nobot"}, {"blocks": "theirs"}],
)
def test_bots_and_who_wants_none_are_not_told_of(scene: Scene, so: Any) -> None:
    scene.followed_by("did:plc:that", **so)
    scene.followed_by("did:plc:wall")
    scene.followed_by(BEA)

    assert scene.looks(2) == [BEA]


def test_who_asked_weaver_to_stop_is_not_told_of(scene: Scene) -> None:
    scene.stopped.add(ADA)
    scene.followed_by(ADA, BEA)

    assert scene.looks() == [BEA]


def test_a_crowd_of_many_pages_is_told_of_in_the_order_it_came() -> None:
    scene = Scene(page=20)
    scene.followed_by("did:plc:old")
    scene.looks()
    crowd = [f"did:plc:{number:03}" for number in range(150)]
    for did in crowd:
        scene.followed_by(did)

    assert scene.looks(2) == crowd


def test_what_was_cut_short_is_told_after_it(scene: Scene) -> None:
    crowd = [f"did:plc:{number:03}" for number in range(9)]
    for did in crowd:
        scene.followed_by(did)
    scene.dies_after = 4

    assert scene.looks() == crowd[:4]
    assert scene.looks(2) == crowd


def test_while_the_network_cannot_say_it_waits(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.down = True
    assert scene.looks() == []

    scene.down = False
    assert scene.looks() == [ADA]


def test_where_new_cannot_be_told_from_old_nobody_is_taken_for_new() -> None:
    scene = Scene()
    scene.followed_by(*(f"did:plc:{number:03}" for number in range(EDGE + 50)))
    scene.looks()
    scene.people = scene.people[EDGE:]
    scene.followed_by(ADA)

    assert scene.looks() == []
    scene.followed_by(BEA)
    assert scene.looks() == [BEA]


def test_accounts_tell_of_nobody_unless_they_are_set_to() -> None:
    weaver = {"id": "weaver.example", "followers_arrive": True}
    found = read(settings(accounts=ACCOUNTS | {"weaver": weaver}), {}, SOURCE)

    adapter = BlueskyAdapter(found, Notebook())
    assert [account.name for account in adapter.newcomers.accounts] == ["weaver"]


def test_who_dates_their_follow_back_is_told_of_all_the_same(scene: Scene) -> None:
    scene.people.append(Follower(ADA, Person(follows=True)))

    assert scene.looks(2) == [ADA]


DIDS = st.integers(0, 30).map(lambda number: f"did:plc:{number:03}")


@given(st.lists(st.one_of(st.tuples(st.just("follow"), DIDS), st.tuples(st.just("leave"), DIDS),
                          st.tuples(st.just("look"), st.none())), max_size=40))  # fmt: skip
def test_whatever_the_order_everybody_new_is_told_of_once(steps: list[tuple[str, Any]]) -> None:
    scene = Scene(page=4)
    scene.followed_by("did:plc:keeps")
    scene.looks()
    unseen: set[str] = set()
    expected: set[str] = set()
    for what, did in steps:
        there = [one.did for one in scene.people]
        if what == "follow" and did not in there:
            scene.followed_by(did)
            unseen.add(did)
        elif what == "leave":
            scene.people = [one for one in scene.people if one.did != did]
            unseen.discard(did)
        elif what == "look":
            expected |= unseen
            unseen.clear()
            scene.looks()
    told = scene.looks()

    assert len(told) == len(set(told))
    assert set(told) == expected | unseen


def test_of_a_full_edge_older_ones_are_not_new_and_backdated_ones_are() -> None:
    edge = [f"did:plc:{number:03}" for number in range(EDGE)]
    hashes = [name_of(did) for did in edge]

    def new(*dids: str) -> list[str] | None:
        found = new_among([Follower(did, Person()) for did in dids], hashes)
        return None if found is None else [one.did for one in found]

    assert new(BEA, *edge, "did:plc:old") == [BEA]
    assert new(BEA, edge[0], ADA, edge[7], "did:plc:old") == [BEA, ADA]
    assert new(*edge) == []
    assert new(BEA, "did:plc:old") is None
