"""Notice blocks that come after a repost, by looking at the authors of those that stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.appview import MOST, View
from bot.adapters.bluesky.records import parts_of_uri
from bot.adapters.bluesky.settings import PLATFORM, SPEAKER
from bot.domain.events import Blocked
from bot.domain.model import Member, Space
from bot.domain.ports import Dispatch, TryLater

log = structlog.get_logger()
EVERY = 300.0
"""Seconds between looks."""
LATEST = 2_000
"""Reposts whose authors are looked at: older ones nobody sees any more."""
Standing = Callable[[], Iterable[tuple[str, str]]]
"""The reposts that stand: the name of the account, and the post.

For a link to a post that stands on another platform, the hashtag where it was said.
"""


@dataclass
class Parting:
    """Tells of blocks between Weaver's accounts and those whose posts they have passed on."""

    view: View
    accounts: Mapping[str, Account]
    standing: Standing
    seconds: Callable[[], float]
    """Real time, in seconds since 1970."""
    every: float = EVERY

    async def watch(self, dispatch: Dispatch) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look(dispatch)
            await asyncio.sleep(self.every)

    async def look(self, dispatch: Dispatch) -> None:
        """Look once at everybody; whoever cannot be seen now is looked at the next time."""
        for name, dids in _authors(self.standing()).items():
            account = self.accounts.get(SPEAKER if name.startswith("#") else name)
            for start in range(0, len(dids) if account else 0, MOST):
                assert account is not None
                try:
                    seen = await self.view.people(account, dids[start : start + MOST])
                except TryLater as wait:
                    log.warning("bluesky blocks unseen", account=name, why=str(wait))
                    break
                for did in (did for did, person in seen.items() if person.blocks):
                    await dispatch(self._blocked(name, did))

    def _blocked(self, account: str, did: str) -> Blocked:
        now = self.seconds()
        at = datetime.fromtimestamp(now, UTC)
        space, member = Space(PLATFORM, account), Member(PLATFORM, did)
        return Blocked(f"blocked/{account}/{did}/{now:.3f}", at, space, member)


def _authors(reposts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The authors of posts by the account that passed them on, each once."""
    found: dict[str, dict[str, None]] = {}
    for account, post in reposts:
        try:
            did, _, _ = parts_of_uri(post)
        except ValueError:
            continue
        found.setdefault(account, {})[did] = None
    return {account: list(dids) for account, dids in found.items()}
