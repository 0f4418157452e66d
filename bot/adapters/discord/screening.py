"""Who is still being screened: newcomers who have come, and have not arrived yet.

Discord tells that somebody passed its screening only as one change of a member among many, and
not at all of who passed it while Weaver was away. So those who are waited for are remembered by
a digest, for a week at most, and whoever is not among them is never taken for a newcomer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.ports import AdapterState

LONGEST = timedelta(days=7)
"""How long the end of a screening is waited for."""
MOST = 1000
"""Newcomers of a server who are waited for; of more, the latest."""
Waiting = dict[str, float]
"""When each came, as seconds since 1970, by the digest of their account."""


@dataclass
class Screening:
    """Those who are waited for, by server."""

    state: AdapterState
    _known: dict[str, Waiting] = field(default_factory=dict)

    async def began(self, guild: str, people: Iterable[tuple[str, datetime]]) -> None:
        """Wait for these, each with the moment at which they came."""
        waiting = await self._of(guild)
        fresh = {_digest(user): at.timestamp() for user, at in people}
        if fresh.items() <= waiting.items():
            return
        oldest = (datetime.now(UTC) - LONGEST).timestamp()
        kept = {who: at for who, at in {**waiting, **fresh}.items() if at > oldest}
        latest = sorted(kept.items(), key=lambda one: one[1])[-MOST:]
        self._known[guild] = dict(latest)
        await self.state.keep(_name(guild), json.dumps(self._known[guild]))

    async def expects(self, guild: str, user: str, joined: datetime) -> bool:
        """Whether somebody who came then is waited for.

        They stay so until their week is over: the same arrival told twice is one arrival, and
        forgetting them before it is kept could lose it.
        """
        return (await self._of(guild)).get(_digest(user)) == joined.timestamp()

    async def _of(self, guild: str) -> Waiting:
        if guild not in self._known:
            kept = await self.state.get(_name(guild))
            self._known[guild] = json.loads(kept) if kept else {}
        return self._known[guild]


def _name(guild: str) -> str:
    return f"screening:{guild}"


def _digest(user: str) -> str:
    return hashlib.sha256(user.encode()).hexdigest()[:16]
