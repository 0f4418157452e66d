"""Bluesky's limits on writing are kept by our own count, which survives a restart."""

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky.budget import BLOCK, DAY, HOUR, LIMITS, SLOT, Budget, left, wait
from bot.domain.ports import TryLater
from tests.adapters.notebook import Notebook


@dataclass
class Watch:
    time: float = 1_000_000.0

    def __call__(self) -> float:
        return self.time


def budget(notebook: Notebook, watch: Watch) -> Budget:
    return Budget("weaver", notebook, watch)


def test_an_hours_points_and_no_more_are_spent_in_an_hour() -> None:
    watch, notebook = Watch(), Notebook()

    async def story() -> None:
        spending = budget(notebook, watch)
        for _ in range(LIMITS[HOUR] // 2):
            await spending.spend(2)
        assert await spending.left() == 0
        with pytest.raises(TryLater) as told:
            await spending.spend(1)
        assert told.value.after is not None
        watch.time += told.value.after
        await spending.spend(1)

    asyncio.run(story())


def test_after_a_restart_the_count_is_never_too_low() -> None:
    watch, notebook = Watch(), Notebook()

    async def story() -> None:
        for _ in range(20):  # as many processes, each killed after three writes
            spending = budget(notebook, watch)
            for _ in range(3):
                await spending.spend(2)
        left_over = await budget(notebook, watch).left()
        assert LIMITS[HOUR] - 20 * BLOCK <= left_over <= LIMITS[HOUR] - 20 * 6

    asyncio.run(story())


def test_what_was_written_counts_to_the_last_second_of_its_hour() -> None:
    slots, latest = {10: LIMITS[HOUR]}, 11 * SLOT - 1

    assert left(slots, latest + HOUR) == 0
    assert left(slots, latest + HOUR + 1) == LIMITS[HOUR]


def test_a_days_points_and_no_more_are_spent_in_a_day() -> None:
    hours = LIMITS[DAY] // LIMITS[HOUR]
    slots = {hour * HOUR // SLOT: LIMITS[HOUR] for hour in range(hours)}
    now = (hours + 2) * HOUR

    assert left(slots, now) == 0
    assert wait(slots, now, 1) == SLOT + DAY - now
    assert left(slots, DAY + SLOT) == LIMITS[HOUR]


@given(
    st.dictionaries(st.integers(0, DAY // SLOT), st.integers(0, 3000), max_size=30),
    st.integers(1, 300),
)
def test_after_the_wait_the_points_are_there_and_not_a_slot_earlier(
    slots: dict[int, int], points: int
) -> None:
    now = DAY + SLOT / 2.0

    seconds = wait(slots, now, points)

    assert left(slots, now + seconds) >= points
    assert seconds == 0 or left(slots, now + seconds - 2 * SLOT) < points
