"""Who follows an account is followed back once, and never against their word."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky import following
from bot.adapters.bluesky.following import BATCH, Follower, Following, Page, due, name_of
from bot.adapters.bluesky.records import FOLLOW, follow_rkey
from bot.adapters.bluesky.standing import Person
from bot.domain.ports import TryLater
from tests.adapters.bluesky.society import ADA, FakeView
from tests.adapters.notebook import Notebook

WALL = "did:plc:wall"
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


class Books:
    """An account's follows on a server that may stop answering."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.puts: list[str] = []
        self.fails_after: int | None = None

    def __call__(self, account: Any) -> "Books":
        return self

    async def did(self) -> str:
        return WALL

    async def own(self, collection: str, rkey: str) -> str | None:
        assert collection == FOLLOW
        return self.rows.get(rkey)

    async def put(self, collection: str, rkey: str, record: dict[str, Any]) -> None:
        if self.fails_after is not None and len(self.puts) >= self.fails_after:
            raise TryLater("written as much as Bluesky allows")
        self.rows[rkey] = record["subject"]
        self.puts.append(record["subject"])

    async def delete(self, collection: str, rkey: str) -> None:
        self.rows.pop(rkey, None)

    async def follows(self, place: str, limit: int) -> tuple[list[str], str]:
        return list(self.rows.values())[:limit], ""


class Scene:
    """An account called ``wall`` that follows back, and its followers, newest first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.books, self.notebook, self.view = Books(), Notebook(), FakeView(open=True)
        monkeypatch.setattr(following, "Repository", self.books)
        self.people: list[Follower] = []
        self.stopped: set[str] = set()
        self.resting = False
        self.page = 100

    def followed_by(self, *dids: str, **so: Any) -> None:
        self.people[:0] = [Follower(did, Person(follows=True, **so)) for did in dids]

    async def _page(self, account: Any, place: str) -> Page:
        start = int(place or 0)
        after = start + self.page
        return Page(self.people[start:after], str(after) if after < len(self.people) else "")

    def looks(self, times: int = 1) -> list[str]:
        """Look as after a start; returns whom the account follows now."""
        wall: Any = SimpleNamespace(name="wall")
        for _ in range(times):
            one = Following(
                self.view,
                [wall],
                {WALL: "wall"},
                self.notebook,
                lambda: self.stopped,
                lambda _: self.resting,
                lambda: 1_800_000_000.0,
                self._page,
            )
            asyncio.run(one.look())
        return sorted(self.books.rows.values())


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def test_a_follower_is_followed_back_once(scene: Scene) -> None:
    scene.followed_by(ADA)

    assert scene.looks(3) == [ADA]
    assert scene.books.puts == [ADA]
    assert ADA not in json.dumps(scene.notebook.pages), "of people only hashes are kept"


def test_whom_a_person_unfollowed_is_never_followed_again(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.looks()
    scene.books.rows.clear()

    assert scene.looks(2) == []


def test_whom_a_person_followed_by_hand_is_let_be_for_good(scene: Scene) -> None:
    scene.people = [Follower(ADA, Person(follows=True), followed=True)]
    scene.looks()
    scene.people = [Follower(ADA, Person(follows=True))]
    scene.stopped.add(ADA)

    assert scene.looks(2) == []
    assert scene.books.puts == []


@pytest.mark.parametrize(
    "so",
    [
        {"blocks": "theirs"},
        {"blocks": "ours"},
        {"muted": True},
        {"bio": "Gardener. #nobot"},
        {"labels": frozenset({"spam"})},
        {"labels": frozenset({"!hide"})},
    ],
)
def test_who_may_not_be_or_does_not_want_it_is_not_followed(scene: Scene, so: Any) -> None:
    scene.followed_by(ADA, **so)
    scene.followed_by("did:plc:bea")

    assert scene.looks(2) == ["did:plc:bea"]


def test_who_stops_is_let_go_for_good(scene: Scene) -> None:
    scene.followed_by(ADA, "did:plc:bea")
    scene.looks()
    scene.stopped.add(ADA)
    assert scene.looks() == ["did:plc:bea"]

    scene.stopped.clear()
    assert scene.looks(2) == ["did:plc:bea"]


def test_who_stopped_before_is_not_followed(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.stopped.add(ADA)

    assert scene.looks(2) == []


@pytest.mark.parametrize("person", [Person(blocks="theirs"), Person(bio="nobot")])
def test_who_blocks_or_wants_no_bots_later_is_let_go(scene: Scene, person: Person) -> None:
    scene.followed_by(ADA, "did:plc:bea")
    scene.looks()
    scene.people = scene.people[1:]
    scene.view.known[ADA] = person

    assert scene.looks() == ["did:plc:bea"]


def test_while_the_community_rests_nothing_is_done(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.resting = True
    assert scene.looks() == []

    scene.resting = False
    assert scene.looks() == [ADA]


def test_weavers_own_accounts_are_not_followed(scene: Scene) -> None:
    scene.followed_by(WALL)

    assert scene.looks() == []


def test_many_are_followed_a_batch_a_look_and_nobody_is_left_out(scene: Scene) -> None:
    scene.page = 40
    many = [f"did:plc:{number:03}" for number in range(90)]
    scene.followed_by(*many)
    assert len(scene.looks()) == BATCH
    scene.followed_by("did:plc:new")

    assert scene.looks(9) == sorted([*many, "did:plc:new"])
    assert len(scene.books.puts) == 91


def test_what_was_cut_short_goes_on_and_a_stop_after_it_is_obeyed(scene: Scene) -> None:
    scene.followed_by(ADA, "did:plc:bea", "did:plc:cai")
    scene.books.fails_after = 2
    assert len(scene.looks()) == 2

    scene.books.fails_after = None
    scene.stopped.add(ADA)
    assert scene.looks() == ["did:plc:bea", "did:plc:cai"]
    assert sorted(scene.books.puts) == sorted([ADA, "did:plc:bea", "did:plc:cai"])


def test_while_nobody_can_say_follows_stand_and_it_does_not_end(scene: Scene) -> None:
    scene.followed_by(ADA)
    scene.looks()
    scene.view.down = True

    assert scene.looks() == [ADA]


DIDS = st.sampled_from([f"did:plc:{letter}" for letter in "abcdef"])


@given(st.lists(DIDS), st.sets(DIDS), st.dictionaries(DIDS, st.sampled_from(["followed", "over"])))
def test_nobody_is_due_against_a_note_or_their_word(
    dids: list[str], never: set[str], notes: dict[str, Any]
) -> None:
    people: Iterable[Follower] = [Follower(did, Person(follows=True)) for did in dids]
    wanted = due(people, {name_of(did): note for did, note in notes.items()}, never)

    assert set(wanted) == set(dids) - never - set(notes)


@given(DIDS, DIDS)
def test_a_follow_has_one_key_of_the_form_that_servers_ask_for(account: str, whom: str) -> None:
    key = follow_rkey(account, whom)

    assert key == follow_rkey(account, whom)
    assert len(key) == 13
    micros = sum(ALPHABET.index(one) << 5 * place for place, one in enumerate(key[::-1])) >> 10
    made = datetime.fromtimestamp(micros / 1_000_000, UTC)
    assert datetime(2022, 1, 1, tzinfo=UTC) <= made < datetime(2023, 3, 1, tzinfo=UTC)
    assert account == whom or key != follow_rkey(whom, account)
