"""However many acts wait, Discord is asked fifty times in any second and no more."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import api
from bot.adapters.discord.api import SECOND, Pace


class Time:
    """Time that goes by only when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 3), min_size=1, max_size=12), st.integers(1, 90))
def test_no_second_has_more_requests_than_discord_takes(pauses: list[float], at_once: int) -> None:
    clock, asked = Time(), []

    async def sleep(seconds: float) -> None:
        asked[-1] = clock.now + seconds

    async def story() -> None:
        pace = Pace()
        for pause in pauses:
            clock.now += pause
            for _ in range(at_once):
                asked.append(clock.now)
                await pace.turn()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "time", clock)
        patch.setattr(api.asyncio, "sleep", sleep)
        asyncio.run(story())

    assert all(later >= earlier for earlier, later in pairwise(asked)), "nobody is overtaken"
    beyond = zip(asked, asked[SECOND:], strict=False)
    assert all(later - earlier > 1 - 1e-6 for earlier, later in beyond)


def test_who_asks_rarely_never_waits() -> None:
    clock, waited = Time(), []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def story() -> None:
        pace = Pace()
        for _ in range(200):
            clock.now += 1 / SECOND
            await pace.turn()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "time", clock)
        patch.setattr(api.asyncio, "sleep", sleep)
        asyncio.run(story())

    assert sum(waited) < 1e-6
