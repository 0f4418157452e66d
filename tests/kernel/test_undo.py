"""An act can be taken back in whatever state it is; what never came about stays so."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.actions import LeaveAlone, Undo
from bot.domain.ports import Rejected, TryLater
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, WHY, Deaf, Garden, calls, sends

MINUTE = timedelta(minutes=1)
ONE, BACK = "notes:garden:1", "notes:garden:back"
TAKEN_BACK = "taken back before it was done"


def undo(key: str = BACK, of: str = ONE) -> Undo:
    return Undo(key, of=of, why=WHY)


def standing(garden: Garden) -> set[str]:
    """The keys of what exists on the platform."""
    return set(garden.adapter.made)


def untried(garden: Garden) -> None:
    garden.run(garden.weaver.delivery.stop())
    garden.decides(sends("1"))


def held(garden: Garden) -> None:
    garden.hears(calls("pause"))
    garden.decides(sends("1"))
    garden.delivers()


def put_off(garden: Garden) -> None:
    garden.adapter.moods[ONE] = [TryLater("busy", 60.0)]
    garden.decides(sends("1"))
    garden.delivers()


def unheard(garden: Garden) -> None:
    garden.adapter.moods[ONE] = [Deaf()]
    garden.decides(sends("1"))
    garden.delivers()


def unheard_and_held(garden: Garden) -> None:
    unheard(garden)
    garden.hears(calls("pause"))
    garden.delivers(after=MINUTE)


def done(garden: Garden) -> None:
    garden.decides(sends("1"))
    garden.delivers()


def refused(garden: Garden) -> None:
    garden.adapter.moods[ONE] = [Rejected("no")]
    garden.decides(sends("1"))
    garden.delivers()


def given_up_unheard(garden: Garden) -> None:
    garden.adapter.moods[ONE] = [Deaf() for _ in range(8)]
    garden.decides(sends("1"))
    for _ in range(8):
        garden.delivers(after=MINUTE)


def given_up_unheard_and_retried(garden: Garden) -> None:
    given_up_unheard(garden)
    garden.run(garden.weaver.delivery.stop())
    assert garden.run(garden.weaver.retry(ONE))


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (untried, "todo", "cancelled"),
        (held, "held", "cancelled"),
        (put_off, "todo", "cancelled"),
        (unheard, "todo", "cancelled"),
        (unheard_and_held, "held", "cancelled"),
        (done, "done", "undone"),
        (refused, "dead", "undone"),
        (given_up_unheard, "dead", "undone"),
        (given_up_unheard_and_retried, "todo", "cancelled"),
    ],
)
def test_whatever_became_of_an_act_nothing_of_it_stands_once_it_is_taken_back(
    plant: Plant, state: Callable[[Garden], None], before: str, after: str
) -> None:
    garden = plant(backoff=lambda _: 60.0)
    state(garden)
    assert garden.act(ONE).state == before

    garden.decides(undo())
    if garden.weaver.delivery._stopping:
        garden.close()
        garden.start()
    garden.hears(calls("resume", 2))
    for _ in range(3):
        garden.delivers(after=2 * MINUTE)

    assert standing(garden) & {ONE} == set()
    assert garden.act(ONE).state == after
    assert garden.act(BACK).state == "done"


def test_what_was_never_tried_is_cancelled_without_asking_the_platform(plant: Plant) -> None:
    garden = plant(deliver=False)
    garden.decides(sends("1"), undo())

    assert garden.states == {ONE: "cancelled", BACK: "done"}
    assert garden.act(ONE).error == TAKEN_BACK


def test_what_is_being_sent_is_removed_once_it_is_there(plant: Plant) -> None:
    garden = plant()
    free = asyncio.Event()
    garden.adapter.moods[ONE] = [free]
    garden.decides(sends("1"))
    garden.run(garden.adapter.called.wait())
    garden.decides(undo())
    assert garden.states == {ONE: "sending", BACK: "todo"}

    free.set()
    garden.delivers()
    assert garden.states == {ONE: "undone", BACK: "done"}
    assert standing(garden) == set()


def test_taking_back_twice_takes_back_once(plant: Plant) -> None:
    garden = plant()
    garden.decides(sends("1"))
    garden.delivers()
    garden.decides(undo(), undo())
    garden.delivers()
    garden.decides(undo("notes:garden:again"))
    garden.delivers()

    assert garden.act("notes:garden:again").state == "cancelled"
    assert garden.act("notes:garden:again").error == "nothing to take back: it is undone"
    assert garden.adapter.keys == [ONE, BACK]


def test_what_was_left_alone_leaves_nothing_to_take_back(plant: Plant) -> None:
    garden = plant()
    garden.decides(LeaveAlone(ONE, LOBBY, "post", why=WHY), undo())
    garden.delivers()

    assert garden.states == {ONE: "declined", BACK: "cancelled"}
    assert garden.adapter.calls == []


def test_what_was_never_decided_leaves_nothing_to_take_back(plant: Plant) -> None:
    garden = plant()
    garden.decides(undo(of="notes:garden:nothing"))
    garden.delivers()

    assert garden.act(BACK).state == "cancelled"
    assert garden.act(BACK).error == "there is no such act"


def test_an_act_that_was_taken_back_is_not_decided_again_under_its_key(plant: Plant) -> None:
    garden = plant()
    garden.decides(sends("1"), undo(), sends("1"))
    garden.delivers()

    assert garden.states == {ONE: "cancelled", BACK: "done"}


def test_taking_back_that_fails_is_tried_again(plant: Plant) -> None:
    garden = plant()
    garden.adapter.moods[BACK] = [ConnectionError("gone"), Deaf(), None]
    garden.decides(sends("1"))
    garden.delivers()
    garden.decides(undo())
    garden.delivers()

    assert garden.states == {ONE: "undone", BACK: "done"}
    assert standing(garden) == set()


def test_a_retry_after_it_was_taken_back_brings_nothing_about(plant: Plant) -> None:
    garden = plant(backoff=lambda _: 60.0)
    given_up_unheard(garden)
    garden.decides(undo())
    garden.delivers()

    assert not garden.run(garden.weaver.retry(ONE))
    assert standing(garden) & {ONE} == set()


@pytest.mark.parametrize("state", [untried, held, unheard, done, given_up_unheard])
def test_a_person_may_take_back_whatever_may_stand(
    plant: Plant, state: Callable[[Garden], None]
) -> None:
    garden = plant(backoff=lambda _: 60.0)
    state(garden)
    assert garden.run(garden.weaver.undo(ONE, "The operator wants it.", "terminal:operator"))
    assert not garden.run(garden.weaver.undo(ONE, "Twice.")) or state is given_up_unheard
    if not garden.weaver.delivery._stopping:
        garden.delivers()

    assert garden.act(ONE).state in ("cancelled", "undone")
    assert garden.act(f"core:garden:undo:{ONE}").actor == "terminal:operator"
    assert standing(garden) & {ONE} == set()


def test_a_person_is_told_when_there_is_nothing_to_take_back(plant: Plant) -> None:
    garden = plant()
    garden.decides(LeaveAlone(ONE, LOBBY, "post", why=WHY), sends("2"), undo(of="notes:garden:2"))
    garden.delivers()

    for key in (ONE, "notes:garden:2", BACK, "notes:garden:nothing"):
        assert not garden.run(garden.weaver.undo(key, "Why not."))
