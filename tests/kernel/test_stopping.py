"""What is in flight when Weaver stops finishes; what it had claimed when it died is taken up."""

import asyncio

import pytest

from bot.kernel import delivery
from tests.kernel.conftest import Plant
from tests.kernel.garden import sends

ONE, TWO = "notes:garden:1", "notes:garden:2"


def test_on_stop_what_is_in_flight_finishes_and_the_rest_stays_queued(plant: Plant) -> None:
    garden = plant()
    free = asyncio.Event()
    garden.adapter.moods[ONE] = [free]
    garden.decides(sends("1"), sends("2"))

    async def story() -> None:
        await garden.adapter.called.wait()
        stopping = asyncio.create_task(garden.weaver.delivery.stop())
        await asyncio.sleep(0)
        free.set()
        await stopping

    garden.run(story())
    assert garden.states == {ONE: "done", TWO: "todo"}

    garden.close()
    garden.start()
    garden.delivers()
    assert garden.states == {ONE: "done", TWO: "done"}
    assert garden.adapter.keys == [ONE, TWO]


def test_stopping_waits_no_longer_than_it_may(plant: Plant) -> None:
    garden = plant()
    garden.adapter.moods[ONE] = [asyncio.Event()]
    garden.decides(sends("1"))

    async def story() -> None:
        await garden.adapter.called.wait()
        await garden.weaver.delivery.stop(seconds=0.01)

    garden.run(story())
    assert garden.states == {ONE: "sending"}


def test_what_a_dead_process_had_claimed_is_performed_again_under_its_key(plant: Plant) -> None:
    garden = plant()
    garden.adapter.moods[ONE] = [asyncio.Event()]
    garden.decides(sends("1"), sends("2"))
    garden.run(garden.adapter.called.wait())
    garden.crash()
    assert garden.states == {ONE: "sending", TWO: "todo"}

    garden.start()
    garden.delivers()
    assert garden.adapter.calls == [(ONE, 1), (ONE, 2), (TWO, 1)]
    assert set(garden.states.values()) == {"done"}


def test_what_is_decided_while_weaver_stands_still_waits_for_it(plant: Plant) -> None:
    garden = plant(deliver=False)
    garden.decides(sends("1"))
    garden.close()
    garden._deliver = True
    garden.start()
    garden.delivers()

    assert garden.states == {ONE: "done"}


def test_stopping_at_once_after_starting_takes_no_nap(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "NAP", 3600.0)
    garden = plant()

    async def story() -> None:
        async with asyncio.timeout(60):
            await garden.weaver.stop()
            await garden.weaver.start()

    garden.run(story())
