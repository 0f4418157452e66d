"""Just before an act is performed it is asked once more whether it still may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.actions import Repost, Undo
from bot.domain.model import Basis, Community, Grounds
from bot.domain.ports import TryLater
from bot.kernel.consent import Gate
from bot.kernel.founding import Founding
from bot.testing import ADA, GRACE, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import GARDEN, LOBBY, TEA, WALL, WHY, Deaf, Garden, calls, sends

MINUTE = timedelta(minutes=1)
ONE = "notes:garden:1"
PURPOSE = "amplify"


def repost(basis: Basis) -> Repost:
    return Repost(ONE, WALL, LOBBY, "post", why=WHY, grounds=Grounds(ADA, PURPOSE, basis))


def with_a_post(garden: Garden) -> Garden:
    garden.adapter.known.add("post")
    return garden


def test_a_pause_holds_what_is_decided_until_a_host_says_resume(plant: Plant) -> None:
    garden = plant()
    [answer] = garden.hears(calls("pause")).answers
    assert answer.text.startswith("Weaver is quiet here")
    garden.decides(sends("1"), sends("2"))
    garden.delivers()

    assert set(garden.states.values()) == {"held"}
    assert garden.act(ONE).error == "the community is paused"
    assert garden.act(ONE).attempts == 0

    [answer] = garden.hears(calls("resume", 2)).answers
    assert "2 in all" in answer.text
    garden.delivers()
    assert garden.adapter.keys == [ONE, "notes:garden:2"]
    assert garden.act(ONE).error is None


def test_a_pause_outlives_a_restart(plant: Plant) -> None:
    garden = plant()
    garden.hears(calls("pause"))
    garden.close()
    garden.start()
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.states == {ONE: "held"}


def test_only_hosts_may_pause(plant: Plant) -> None:
    garden = plant()
    [answer] = garden.hears(calls("pause", member=GRACE)).answers

    assert "for the hosts to decide" in answer.text
    assert not garden.weaver.registry.communities["garden"].paused


def test_a_dry_run_sends_nothing(plant: Plant) -> None:
    garden = plant(gate=Gate(dry_run=True))
    garden.decides(sends("1"))
    garden.delivers()

    assert garden.adapter.calls == []
    assert garden.act(ONE).error == "this is a dry run: nothing is sent"


@pytest.mark.parametrize(
    ("basis", "word", "state"),
    [
        ("asked", None, "done"),
        ("asked", True, "done"),
        ("asked", False, "cancelled"),
        ("agreed", None, "cancelled"),
        ("agreed", True, "done"),
        ("agreed", False, "cancelled"),
        ("follows", None, "done"),
        ("follows", True, "done"),
        ("follows", False, "cancelled"),
    ],
)
def test_consent_is_asked_for_again(
    plant: Plant, basis: Basis, word: bool | None, state: str
) -> None:
    garden = with_a_post(plant())
    if word is not None:
        garden.agrees(ADA, PURPOSE, word)
    garden.agrees(GRACE, PURPOSE, not word)
    garden.agrees(ADA, "another purpose", not word)
    garden.decides(repost(basis))
    garden.delivers()

    assert garden.act(ONE).state == state
    assert (garden.adapter.calls == []) == (state == "cancelled")


@pytest.mark.parametrize("basis", ["asked", "agreed"])
def test_a_no_between_decision_and_delivery_is_heard(plant: Plant, basis: Basis) -> None:
    garden = with_a_post(plant(backoff=lambda _: 60.0))
    garden.agrees(ADA, PURPOSE, given=True)
    garden.adapter.moods[ONE] = [TryLater("busy")]
    garden.decides(repost(basis))
    garden.delivers()
    assert garden.act(ONE).state == "todo"

    garden.agrees(ADA, PURPOSE, given=False)
    garden.delivers(after=MINUTE)
    assert garden.act(ONE).state == "cancelled"
    assert garden.act(ONE).error == "the author said no before it was done"
    assert garden.adapter.made == {}


def test_what_may_have_come_about_before_the_no_is_removed(plant: Plant) -> None:
    garden = with_a_post(plant(backoff=lambda _: 60.0))
    garden.adapter.moods[ONE] = [Deaf(), ConnectionError("gone"), None]
    garden.decides(repost("asked"))
    garden.delivers()
    assert set(garden.adapter.made) == {ONE}

    garden.agrees(ADA, PURPOSE, given=False)
    garden.delivers(after=MINUTE)
    assert garden.act(ONE).state == "todo", "the removal failed, and is tried again"
    garden.delivers(after=MINUTE)
    assert garden.act(ONE).state == "cancelled"
    assert garden.adapter.made == {}


def test_it_is_removed_after_a_retry_too(plant: Plant) -> None:
    garden = with_a_post(plant())
    garden.adapter.moods[ONE] = [Deaf() for _ in range(8)]
    garden.decides(repost("asked"))
    garden.delivers()
    assert garden.act(ONE).state == "dead"

    garden.agrees(ADA, PURPOSE, given=False)
    garden.run(garden.weaver.retry(ONE))
    garden.delivers()
    assert garden.act(ONE).state == "cancelled"
    assert ONE not in garden.adapter.made


def test_a_no_while_paused_is_heard_on_resume(plant: Plant) -> None:
    garden = with_a_post(plant())
    garden.hears(calls("pause"))
    garden.decides(repost("asked"))
    garden.delivers()
    garden.agrees(ADA, PURPOSE, given=False)
    garden.hears(calls("resume", 2))
    garden.delivers()

    assert garden.act(ONE).state == "cancelled"
    assert garden.adapter.calls == []


def test_what_is_taken_back_does_not_wait_for_the_end_of_a_pause(plant: Plant) -> None:
    garden = with_a_post(plant())
    garden.decides(repost("asked"), sends("2"))
    garden.delivers()
    garden.hears(calls("pause"))
    garden.hears(calls("stop", 2, ADA))
    garden.decides(sends("3"))
    garden.delivers()

    assert garden.states[ONE] == "undone"
    assert ONE not in garden.adapter.made
    assert garden.act("notes:garden:3").state == "held"


def test_where_weaver_was_sent_away_what_is_taken_back_waits_until_it_returns(plant: Plant) -> None:
    garden = with_a_post(plant())
    founding = Founding(garden.weaver)
    garden.decides(repost("asked"))
    garden.delivers()
    garden.run(founding.left(["garden"]))
    garden.decides(Undo("notes:garden:undo", of=ONE, why=WHY))
    garden.delivers()
    assert garden.act("notes:garden:undo").state == "held"
    assert set(garden.adapter.made) == {ONE}

    garden.run(founding.returned(["garden"]))
    garden.delivers()
    assert garden.states[ONE] == "undone"
    assert garden.adapter.made == {}


@pytest.mark.parametrize(("late", "state"), [(0, "done"), (1, "cancelled")])
def test_what_has_its_time_is_done_by_then_or_not_at_all(
    plant: Plant, late: int, state: str
) -> None:
    garden = plant()
    garden.clock.move(NOON + MINUTE + timedelta(microseconds=late))
    garden.decides(replace(sends("1"), until=NOON + MINUTE))
    garden.delivers()

    assert garden.act(ONE).state == state
    assert (ONE in garden.adapter.made) == (state == "done")


def test_what_may_have_come_about_is_removed_when_its_time_is_over(plant: Plant) -> None:
    garden = plant(backoff=lambda _: 60.0)
    garden.adapter.moods[ONE] = [Deaf()]
    garden.decides(replace(sends("1"), until=NOON + MINUTE))
    garden.delivers()
    assert set(garden.adapter.made) == {ONE}

    garden.clock.move(NOON + 2 * MINUTE)
    garden.delivers(after=MINUTE)
    assert garden.act(ONE).state == "cancelled"
    assert garden.act(ONE).error == "by the time it could be done it was too late"
    assert garden.adapter.made == {}


def test_one_community_paused_is_not_all_of_them(plant: Plant) -> None:
    meadow = Community("meadow", "The meadow", spaces=(TEA,))
    garden = plant(communities=[GARDEN, meadow])
    garden.hears(calls("pause"))
    garden.decides(sends("1"))
    garden.decides(sends("2", TEA), community="meadow")
    garden.delivers()

    assert garden.states == {ONE: "held", "notes:garden:2": "done"}


def test_what_the_gate_stops_keeps_nobody_behind_it_waiting(plant: Plant) -> None:
    garden = with_a_post(plant())
    garden.agrees(ADA, PURPOSE, given=False)
    stopped = [replace(repost("asked"), key=f"{ONE}-{number}") for number in range(30)]
    garden.decides(*stopped, Repost("notes:garden:last", WALL, LOBBY, "post", why=WHY))
    garden.delivers()

    assert garden.adapter.keys == ["notes:garden:last"]
