"""Before an act towards somebody Bluesky is asked what they want; that is kept for moments."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from bot.adapters.bluesky.appview import KEPT, ROOM, Look
from bot.adapters.bluesky.asking import Asking, towards
from bot.adapters.bluesky.parting import Parting
from bot.adapters.bluesky.standing import Person, Subject
from bot.domain.actions import Action, DirectMessage, GiveRole, React, Ref, Reply, Repost, SendPost
from bot.domain.events import Blocked
from bot.domain.model import Basis, Grounds, Member, Space
from bot.domain.ports import Declined, Delivery, Outcome, TryLater
from tests.adapters.bluesky.society import ADA, FakeView

T = TypeVar("T")
WALL, TAG = Space("bluesky", "wall", account="wall"), Space("bluesky", "#Tea")
MEMBER, WHY = Member("bluesky", ADA), "A test wants it."
WEAVER: Any = SimpleNamespace(name="weaver")
POST = f"at://{ADA}/app.bsky.feed.post/1"
OURS = "at://did:plc:weaver/app.bsky.feed.post/1"


class Table:
    """Somebody to ask, and a clock."""

    def __init__(self) -> None:
        self.loop, self.now = asyncio.Runner(), 1_000.0
        self.view = FakeView({ADA: Person(follows=True)}, {POST: Subject()})
        self.asking = Asking(self.view, {"did:plc:weaver": "weaver"}, lambda: self.now)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    def allow(self, action: Action, attempt: int = 1, target: str | None = None) -> None:
        envelope = Delivery(action.key, datetime(2026, 3, 2, tzinfo=UTC), attempt, "x", target)
        self.run(self.asking.allow(action, envelope, WEAVER))


@pytest.fixture
def table() -> Iterator[Table]:
    table = Table()
    yield table
    table.loop.close()


def repost(basis: Basis | None = None, post: str = POST) -> Repost:
    grounds = Grounds(MEMBER, "amplify", basis) if basis else None
    return Repost("key", WALL, TAG, post, why=WHY, grounds=grounds)


def test_whoever_minds_nothing_is_passed_on_after_one_question_each(table: Table) -> None:
    table.allow(repost("follows"))

    assert table.view.asked == [[ADA], [POST]]


def test_whoever_minds_is_left_alone_and_the_reason_is_said(table: Table) -> None:
    table.view.known[ADA] = Person(follows=False)

    with pytest.raises(Declined, match="does not follow"):
        table.allow(repost("follows"))
    table.allow(repost("asked"))


ACTS: list[tuple[Action, str | None, list[list[str]]]] = [
    (Reply("k", TAG, POST, "Hello.", why=WHY), None, [[ADA], [POST]]),
    (Reply("k", TAG, Ref("other"), "Hello.", why=WHY), POST, [[ADA], [POST]]),
    (Reply("k", TAG, Ref("other"), "Hello.", why=WHY), OURS, []),
    (Reply("k", TAG, OURS, "Hello.", why=WHY), None, []),
    (React("k", TAG, POST, "x", why=WHY), None, [[ADA], [POST]]),
    (DirectMessage("k", WALL, MEMBER, "Hello.", why=WHY), None, [[ADA]]),
    (SendPost("k", TAG, "Hello, all.", why=WHY), None, []),
    (
        SendPost("k", TAG, "Hello.", why=WHY, grounds=Grounds(MEMBER, "welcome", "asked")),
        None,
        [[ADA]],
    ),
    (Repost("k", WALL, TAG, "no address", why=WHY), None, []),
    (GiveRole("k", TAG, MEMBER, "gardener", why=WHY), None, []),
]


@pytest.mark.parametrize(("act", "target", "asked"), ACTS)
def test_whom_an_act_is_towards_is_asked_about_and_nobody_else(
    table: Table, act: Action, target: str | None, asked: list[list[str]]
) -> None:
    table.allow(act, target=target)

    assert table.view.asked == asked


def test_a_member_of_another_platform_is_nobody_here() -> None:
    greeting = SendPost("k", TAG, "Hello.", why=WHY)
    elsewhere = replace(greeting, grounds=Grounds(Member("fake", "ada"), "welcome", "asked"))

    assert towards(elsewhere, Delivery("k", datetime.now(UTC), 1, "x")) is None


def test_nobody_guesses_while_nobody_can_say(table: Table) -> None:
    table.view.down = True

    for attempt in range(1, 9):
        with pytest.raises(TryLater):
            table.allow(repost("agreed"), attempt)
    table.view.down = False
    table.allow(repost("agreed"))


@pytest.mark.parametrize("missing", ["author", "post"])
def test_what_is_not_shown_is_waited_for_a_little(table: Table, missing: str) -> None:
    (table.view.known if missing == "author" else table.view.standing).clear()

    for attempt in (1, 2, 3):
        with pytest.raises(TryLater, match="yet"):
            table.allow(repost("asked"), attempt)
    with pytest.raises(Declined, match=missing):
        table.allow(repost("asked"), 4)


def test_an_answer_is_kept_for_a_short_while_and_then_asked_anew(table: Table) -> None:
    table.allow(repost("follows"))
    table.view.known[ADA] = Person(follows=False)
    table.now += KEPT - 0.1
    table.allow(repost("follows"))
    assert len(table.view.asked) == 2

    table.now += 0.1
    with pytest.raises(Declined):
        table.allow(repost("follows"))


def test_a_clock_that_goes_back_keeps_nothing(table: Table) -> None:
    table.allow(repost("follows"))
    table.now -= 3600
    table.view.known[ADA] = Person(blocks="theirs")

    with pytest.raises(Declined):
        table.allow(repost("follows"))


def test_many_at_once_are_asked_about_together_each_once() -> None:
    view = FakeView(open=True)
    look = Look(view.people, lambda: 0.0)
    names = [f"did:plc:{number}" for number in range(60)]

    async def all_at_once() -> list[Person | None]:
        return await asyncio.gather(*(look.at(WEAVER, name) for name in names * 2))

    assert asyncio.run(all_at_once()) == [Person()] * 120
    assert sorted(map(len, view.asked)) == [10, 25, 25]
    assert {name for asked in view.asked for name in asked} == set(names)


def test_who_stops_waiting_takes_nobody_along() -> None:
    view = FakeView(open=True)
    look = Look(view.people, lambda: 0.0)

    async def one_goes() -> Person | None:
        impatient = asyncio.create_task(look.at(WEAVER, ADA))
        patient = asyncio.create_task(look.at(WEAVER, ADA))
        await asyncio.sleep(0)
        impatient.cancel()
        return await patient

    assert asyncio.run(one_goes()) == Person()


def test_no_more_is_kept_than_there_is_room_for() -> None:
    look = Look(FakeView(open=True).people, lambda: 0.0)

    async def many() -> None:
        for start in range(0, ROOM + 100, 20):
            names = [f"did:plc:{number}" for number in range(start, start + 20)]
            await asyncio.gather(*(look.at(WEAVER, name) for name in names))

    asyncio.run(many())
    assert len(look._kept) == ROOM


def test_only_who_lets_everybody_see_is_for_everybody(table: Table) -> None:
    hers = table.run(table.asking.is_for_everybody(WEAVER, ADA))
    assert hers
    table.now += KEPT
    table.view.known[ADA] = Person(labels=frozenset({"!no-unauthenticated"}))

    assert not table.run(table.asking.is_for_everybody(WEAVER, ADA))
    assert not table.run(table.asking.is_for_everybody(WEAVER, "did:plc:unseen"))


class Ring:
    """Stands where the ring does."""

    def __init__(self) -> None:
        self.heard: list[Blocked] = []

    async def __call__(self, event: Any, cursor: str | None = None) -> Outcome:
        assert cursor is None
        self.heard.append(event)
        return Outcome()


def looked(view: FakeView, reposts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Look once; returns who is told to be parted from which account."""
    ring = Ring()
    accounts = {"wall": WEAVER, "fence": WEAVER, "weaver": WEAVER}
    parting = Parting(view, accounts, lambda: reposts, lambda: 7.0)
    asyncio.run(parting.look(ring))
    return [(event.space.id, event.member.id) for event in ring.heard]


@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_a_block_after_a_repost_is_told(whose: Any) -> None:
    view = FakeView({ADA: Person(blocks=whose)}, open=True)
    other = "at://did:plc:bea/app.bsky.feed.post/1"

    assert looked(view, [("wall", POST), ("wall", other), ("wall", POST)]) == [("wall", ADA)]
    assert view.asked == [[ADA, "did:plc:bea"]]


def test_a_block_after_a_link_elsewhere_is_told_where_the_post_was_said() -> None:
    view = FakeView({ADA: Person(blocks="theirs")}, open=True)

    assert looked(view, [("#Tea", POST)]) == [("#Tea", ADA)]


def test_each_account_asks_for_itself_and_25_at_once() -> None:
    view = FakeView(open=True)
    many = [("wall", f"at://did:plc:{n}/app.bsky.feed.post/1") for n in range(30)]

    assert looked(view, [*many, ("fence", POST), ("gone", POST), ("wall", "no address")]) == []
    assert [len(asked) for asked in view.asked] == [25, 5, 1]


def test_while_nobody_can_say_nothing_is_taken_back() -> None:
    view = FakeView({ADA: Person(blocks="theirs")}, down=True)

    assert looked(view, [("wall", POST)]) == []
