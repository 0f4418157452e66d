"""What Weaver did on Discord lately: written before it is tried, so that it is found again.

Discord refuses a second message under the same nonce for some minutes only. Beyond that, and for
taking back what nobody heard of, the channel and the mark of each message are remembered here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from bot.domain.ports import AdapterState

SLOTS = 4096
"""Acts that are remembered; a later one takes the place of an earlier one."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that is being tried, or was done."""

    channel: str
    marks: tuple[str, ...] = ()
    """How each message of it is known in the channel's history."""
    ids: tuple[str, ...] = field(default=())
    """The messages that are known to have come about, in order."""
    receipt: str = ""
    """What it was settled with."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """The memory of the latest acts, and of what was taken back for good."""

    state: AdapterState

    async def of(self, key: str) -> Deed | None:
        """What is remembered of an act."""
        kept = await self.state.get(_slot(key))
        found = json.loads(kept) if kept else {}
        if found.pop("key", "") != _digest(key):
            return None
        channel, receipt = found["channel"], found["receipt"]
        return Deed(channel, tuple(found["marks"]), tuple(found["ids"]), receipt)

    async def keep(self, key: str, deed: Deed) -> Deed:
        """Remember an act as it stands now; returns once that is committed."""
        await self.state.keep(_slot(key), json.dumps({"key": _digest(key), **asdict(deed)}))
        return deed

    async def is_taken_back(self, key: str) -> bool:
        """Whether an act was taken back, and may never come about."""
        return await self.state.get(f"gone:{_digest(key)}") is not None

    async def take_back(self, key: str) -> None:
        """Never let an act come about any more."""
        await self.state.keep(f"gone:{_digest(key)}", "1")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _slot(key: str) -> str:
    return f"deed:{int(_digest(key)[:8], 16) % SLOTS}"
