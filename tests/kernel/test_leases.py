"""An act that was claimed is one process's, until its lease is over; then it is another's."""

import asyncio
from datetime import timedelta

from bot.domain.ports import Rejected
from bot.kernel.consent import Gate
from bot.kernel.delivery import Delivery
from bot.kernel.weaver import LoopBell
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, TEA, WALL, Garden, sends
from tests.kernel.test_delivery import hearing

ONE = "notes:garden:1"


def another(garden: Garden) -> Delivery:
    """A second delivery on the same database, as of another process."""
    return Delivery(garden.weaver.ring, {"fake": garden.adapter}, LoopBell(), Gate())


def test_who_comes_back_after_the_lease_was_taken_over_changes_nothing(plant: Plant) -> None:
    garden = plant(hearing(), deliver=False)
    late = asyncio.Event()
    garden.adapter.moods[ONE] = [(late, Rejected("too late")), None]
    garden.decides(sends("1"))

    async def story() -> None:
        first, second = garden.weaver.delivery, another(garden)
        running = [asyncio.create_task(first.run())]
        await garden.adapter.called.wait()
        first.claim_no_more()
        await running[0]
        running.append(asyncio.create_task(second.run()))
        await second.drain()
        assert len(garden.adapter.calls) == 1, "a lease that holds is respected"

        garden.real.move(garden.real.now() + timedelta(seconds=31))
        await second.drain()
        late.set()
        await first.stop()
        await second.stop()
        await asyncio.gather(*running)

    garden.run(story())
    assert garden.adapter.calls == [(ONE, 1), (ONE, 2)]
    assert garden.act(ONE).state == "done"
    assert garden.texts() == [f"delivered {ONE} as fake-1"]
    assert garden.told == []


def test_who_comes_back_while_another_is_at_it_changes_nothing(plant: Plant) -> None:
    garden = plant(hearing(), deliver=False)
    late, later = asyncio.Event(), asyncio.Event()
    garden.adapter.moods[ONE] = [(late, Rejected("too late")), later]
    garden.decides(sends("1"))

    async def story() -> None:
        first, second = garden.weaver.delivery, another(garden)
        running = [asyncio.create_task(first.run())]
        await garden.adapter.called.wait()
        first.claim_no_more()
        await running[0]
        garden.real.move(garden.real.now() + timedelta(seconds=31))
        garden.adapter.called.clear()
        running.append(asyncio.create_task(second.run()))
        await garden.adapter.called.wait()
        late.set()
        await first.stop()
        assert garden.act(ONE).state == "sending", "it is the second's now"
        later.set()
        await second.stop()
        await asyncio.gather(*running)

    garden.run(story())
    assert garden.texts() == [f"delivered {ONE} as fake-1"]


def test_two_deliveries_share_the_work_and_do_nothing_twice(plant: Plant) -> None:
    garden = plant(deliver=False)
    garden.decides(*(sends(str(number), (LOBBY, TEA, WALL)[number % 3]) for number in range(30)))

    async def story() -> None:
        both = [garden.weaver.delivery, another(garden)]
        running = [asyncio.create_task(one.run()) for one in both]
        while "todo" in garden.states.values() or "sending" in garden.states.values():
            await asyncio.gather(*(one.drain() for one in both))
        await asyncio.gather(*(one.stop() for one in both))
        await asyncio.gather(*running)

    garden.run(story())
    assert len(garden.adapter.calls) == len(garden.adapter.sent) == 30
    in_lobby = [key for key in garden.adapter.keys if int(key.rpartition(":")[2]) % 3 == 0]
    assert in_lobby == [f"notes:garden:{number}" for number in range(0, 30, 3)]


def test_deaths_of_weaver_are_none_of_an_acts_tries(plant: Plant) -> None:
    garden = plant(hearing(), deliver=False)
    garden.adapter.moods[ONE] = [ConnectionError("no answer"), None]
    garden.decides(sends("1"))

    async def story() -> None:
        for _ in range(20):
            gone = another(garden)
            await gone._claim(20)
            await garden.weaver.writer.write(garden.weaver.delivery.release)
        running = asyncio.create_task(garden.weaver.delivery.run())
        await garden.weaver.delivery.drain()
        garden.real.move(garden.real.now() + timedelta(minutes=10))
        await garden.weaver.delivery.drain()
        await garden.weaver.delivery.stop()
        await running

    garden.run(story())
    assert garden.adapter.calls == [(ONE, 21), (ONE, 22)]
    assert garden.act(ONE).state == "done"
