"""Runs Weaver on a platform that fails, answers too late, repeats itself and takes its time."""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass

from bot import app
from bot.config import load
from bot.domain.actions import Action, Repost
from bot.domain.events import Event
from bot.domain.model import Member, Space
from bot.domain.ports import Adapter, Delivery, Dispatch, Outcome, TryLater

GOOD_FROM = 6
"""From this attempt on nothing fails, so that no act is ever given up."""


@dataclass
class Unreliable:
    """Any platform, on a bad day. Everything is decided by ``chance``."""

    inner: Adapter
    chance: random.Random
    faults: float
    slowness: float

    def __post_init__(self) -> None:
        self.platform, self.max_length = self.inner.platform, self.inner.max_length
        self.has_feeds = self.inner.has_feeds

    def address(self, space: Space, post_id: str) -> str:
        """Where it was all along."""
        return self.inner.address(space, post_id)

    async def is_for_everybody(self, member: Member) -> bool:
        """What they want."""
        return await self.inner.is_for_everybody(member)

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        """What it would say on any day."""
        return await self.inner.vouch(action, delivery)

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Tell of what happens, some of it twice, and some of it from too far back."""

        async def twice(event: Event, cursor: str | None = None) -> Outcome:
            outcome = await dispatch(event, cursor)
            if self.chance.random() < self.faults / 2:
                again = await dispatch(event, cursor)
                assert again.repeated or not outcome.acts, "heard twice"
            return outcome

        back = self.chance.choice([0, 0, 0, 5]) if self.faults else 0
        await self.inner.listen(twice, str(max(0, int(cursor or 0) - back)))

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Do it, or not, or more than once; say so, or not."""
        await asyncio.sleep(self.chance.uniform(self.slowness / 4, self.slowness))
        fate = self.chance.random() if delivery.attempt < GOOD_FROM else 1.0
        if fate < self.faults / 4:
            raise TryLater("the platform is busy", after=0.02)
        if fate < self.faults / 2:
            raise ConnectionError("the line broke before anything was done")
        receipt = await self.inner.perform(action, delivery)
        await asyncio.sleep(self.chance.uniform(self.slowness / 4, self.slowness))
        if fate < self.faults * 3 / 4:
            raise TimeoutError("it was done, but nobody heard")
        if fate < self.faults:
            again = await self.inner.perform(action, delivery)
            assert again == receipt, f"{delivery.key}: {receipt}, then {again}"
        return receipt


def main() -> None:
    """Run as ``weaver run`` does, with faults as the environment says."""
    seed = os.environ["TORTURE_SEED"]
    faults, slowness = (float(os.environ[f"TORTURE_{name}"]) for name in ("FAULTS", "SLOWNESS"))

    def wrap(adapter: Adapter) -> Adapter:
        return Unreliable(adapter, random.Random(seed), faults, slowness)

    def ready(address: str) -> None:
        print(f"Weaver is at {address}", flush=True)

    asyncio.run(app.run(load(os.environ), ready, wrap=wrap, backoff=lambda _: 0.15))


if __name__ == "__main__":
    main()
