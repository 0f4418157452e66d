"""How much an account may still write: Bluesky shows its limit in no header before it is hit.

Counted by ourselves: 5,000 points an hour and 35,000 a day for each account, where a record put
costs 2 and one deleted 1. Points are set aside in blocks and kept before they are spent, so after
kill -9 the count is a little too high, never too low.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.ports import AdapterState, TryLater

HOUR, DAY = 3600, 86400
LIMITS = {HOUR: 5000, DAY: 35000}
"""Points by the seconds in which they may be spent."""
PUT, DELETE = 2, 1
SLOT = 300
"""Seconds that are counted as one."""
BLOCK = 50
"""Points that are set aside at once."""


def spent(slots: Mapping[int, int], now: float, seconds: int) -> int:
    """Points spent in the last ``seconds``, rounded up to whole slots."""
    oldest = (now - seconds) // SLOT
    return sum(points for slot, points in slots.items() if slot >= oldest)


def left(slots: Mapping[int, int], now: float) -> int:
    """Points that may still be spent now."""
    return min(limit - spent(slots, now, seconds) for seconds, limit in LIMITS.items())


def wait(slots: Mapping[int, int], now: float, points: int) -> float:
    """Seconds until so many points may be spent; 0 when they may be now."""
    longest = 0.0
    for seconds, limit in LIMITS.items():
        over = spent(slots, now, seconds) + points - limit
        for slot in sorted(slots):
            if over <= 0:
                break
            if slot >= (now - seconds) // SLOT:
                over -= slots[slot]
                longest = max(longest, (slot + 1) * SLOT + seconds - now)
    return longest


@dataclass
class Budget:
    """What one account spent, kept across restarts."""

    account: str
    state: AdapterState
    seconds: Callable[[], float]
    """Real time, in seconds since 1970."""
    slots: dict[int, int] | None = None
    reserve: int = field(default=0, init=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    @property
    def _name(self) -> str:
        return f"budget:{self.account}"

    async def left(self) -> int:
        """Points that may still be spent, those set aside included."""
        return left(await self._known(), self.seconds()) + self.reserve

    async def spend(self, points: int) -> None:
        """Count a write that is about to be sent; TryLater when it would be too many."""
        async with self._lock:
            if self.reserve < points:
                await self._set_aside()
            self.reserve -= points

    async def _set_aside(self) -> None:
        slots, now = await self._known(), self.seconds()
        seconds = wait(slots, now, BLOCK)
        if seconds > 0:
            raise TryLater(f"{self.account} has written as much as Bluesky allows", seconds)
        slot = int(now // SLOT)
        kept = {s: p for s, p in slots.items() if s >= (now - DAY) // SLOT}
        kept[slot] = kept.get(slot, 0) + BLOCK
        await self.state.keep(self._name, json.dumps(kept))
        self.slots = kept
        self.reserve += BLOCK

    async def _known(self) -> dict[int, int]:
        if self.slots is None:
            kept = json.loads(await self.state.get(self._name) or "{}")
            if self.slots is None:
                self.slots = {int(slot): points for slot, points in kept.items()}
        return self.slots
