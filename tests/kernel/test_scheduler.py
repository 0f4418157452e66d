"""The clock's way into the ring: it wakes by itself, and a moved clock lives through it all."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.actions import Action, SendPost
from bot.domain.events import CommunityOpened, Delivered, Due
from bot.plugin import Context, Plugin
from bot.testing import NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, WHY, Garden, Note, a_plugin

HOUR = timedelta(hours=1)


def chatting(questions: int = 3) -> Plugin[Any]:
    """Make a plugin whose chat sets its next question when the one before is out."""
    plugin = a_plugin()

    @plugin.on(CommunityOpened)
    def plan(event: CommunityOpened, ctx: Context[Any]) -> Iterator[Action]:
        if ctx.schedule.next("Q1") is None and ctx.acts.state(ctx.key("ask", "Q1")) is None:
            ctx.schedule.once("Q1", NOON + HOUR, "Q1")
        yield from ()

    @plugin.due("Q")
    def ask(event: Due, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=f"{event.timer} at {ctx.now:%H:%M}"))
        yield SendPost(ctx.key("ask", event.timer), LOBBY, event.timer, why=WHY)
        number = int(event.timer[1:])
        if number < questions:
            minutes = timedelta(minutes=10)
            ctx.schedule.once(f"Q{number + 1}", event.at + minutes, f"Q{number + 1}")

    @plugin.on(Delivered, prefix="ask")
    def follow(event: Delivered, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=f"{event.key[-2:]} out at {ctx.now:%H:%M}"))
        if event.key.endswith(f"Q{questions}"):
            ctx.schedule.once("Q9", ctx.now + HOUR, "Q9", grace=timedelta(0))
        yield from ()

    return plugin


def advances(garden: Garden, to: datetime | None) -> datetime | None:
    scheduler, delivery = garden.weaver.scheduler, garden.weaver.delivery
    return garden.run(scheduler.advance(to, delivery.drain))


def test_a_moved_clock_visits_all_that_is_due_in_order_and_what_follows_on_the_way(
    plant: Plant,
) -> None:
    garden = plant(chatting())

    assert advances(garden, NOON + 3 * HOUR) == NOON + 3 * HOUR
    assert garden.texts() == sorted(
        f"Q{number} {what} {time}"
        for number, time in ((1, "13:00"), (2, "13:10"), (3, "13:20"), (9, "14:20"))
        for what in ("at", "out at")
    )
    assert [act.text for act in garden.acts] == ["Q1", "Q2", "Q3", "Q9"]
    assert garden.told == []


def test_it_moves_to_the_next_thing_due_and_no_further(plant: Plant) -> None:
    garden = plant(chatting())

    assert advances(garden, None) == NOON + HOUR
    assert advances(garden, None) == NOON + HOUR + timedelta(minutes=10)
    assert garden.clock.now() == NOON + HOUR + timedelta(minutes=10)
    assert [act.state for act in garden.acts] == ["done", "done"]


def test_it_says_when_nothing_is_due(plant: Plant) -> None:
    garden = plant(a_plugin())

    assert advances(garden, None) is None
    assert garden.clock.now() == NOON


def test_a_clock_is_never_moved_back(plant: Plant) -> None:
    garden = plant(chatting())
    garden.clock.move(NOON + 2 * HOUR)

    assert advances(garden, NOON) == NOON + 2 * HOUR


def test_many_that_are_due_at_once_are_all_handed_out(plant: Plant) -> None:
    plugin = a_plugin()

    @plugin.on(CommunityOpened)
    def plan(event: CommunityOpened, ctx: Context[Any]) -> Iterator[Action]:
        for number in range(120):
            ctx.schedule.once(f"timer {number}", NOON + HOUR, "x")
        yield from ()

    @plugin.due("timer")
    def note(event: Due, ctx: Context[Any]) -> Iterator[Action]:
        ctx.db.add(Note(community="", text=event.timer))
        yield from ()

    garden = plant(plugin)
    garden.clock.move(NOON + HOUR)

    assert garden.run(garden.weaver.scheduler.tick()) == 120
    assert garden.count(Note) == 120
    assert garden.run(garden.weaver.scheduler.tick()) == 0


def test_a_timer_of_a_plugin_that_is_gone_is_passed_over(plant: Plant) -> None:
    garden = plant(chatting())
    garden.close()
    garden.plugins = {}
    garden.start()
    garden.clock.move(NOON + HOUR)

    assert garden.run(garden.weaver.scheduler.tick()) == 1
    assert garden.acts == []


def test_it_wakes_by_itself_when_a_timer_is_set(plant: Plant) -> None:
    garden = plant(chatting(questions=1))
    garden.real.move(datetime.now(UTC))

    async def story() -> None:
        garden.weaver.scheduler.start()
        await asyncio.sleep(0)
        garden.clock.move(NOON + HOUR)
        garden.weaver.scheduler.reconsider()
        await garden.adapter.called.wait()

    garden.run(asyncio.wait_for(story(), 20))
    garden.delivers()
    assert [act.state for act in garden.acts] == ["done"]


def test_two_ticks_at_once_hand_out_each_time_once(plant: Plant) -> None:
    garden = plant(chatting(questions=1))
    garden.clock.move(NOON + HOUR)

    async def story() -> list[int]:
        return await asyncio.gather(*(garden.weaver.scheduler.tick() for _ in range(5)))

    assert sorted(garden.run(story())) == [0, 0, 0, 0, 1]
    assert len(garden.acts) == 1


def test_who_was_called_before_the_end_and_begins_after_it_does_nothing(plant: Plant) -> None:
    garden = plant(chatting())
    garden.clock.move(NOON + HOUR)

    async def ends() -> int:
        garden.weaver.listen()
        called = asyncio.create_task(garden.weaver.scheduler.tick())
        await garden.weaver.stop()
        return await asyncio.wait_for(called, 60)

    assert garden.run(ends()) == 0
    assert garden.texts() == []
