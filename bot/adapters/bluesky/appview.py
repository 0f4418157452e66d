"""Ask the AppView, as one of Weaver's accounts, what it shows of people and posts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import structlog
from atproto import AsyncClient
from atproto_client.models.utils import get_model_as_dict

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.standing import Person, Subject, person_from, subject_from
from bot.domain.ports import TryLater

log = structlog.get_logger()
V = TypeVar("V")
MOST = 25
"""Accounts or posts that the AppView tells of at once."""
KEPT = 15.0
"""Seconds for which an answer holds: what came at once is asked once, and a no is soon heard."""
ROOM = 2_000
"""Answers that are kept."""
GATHERING = 0.02
"""Seconds for which questions are gathered before they are asked together."""


class View(Protocol):
    """What an account can see. Both leave out whom, and what, the network does not show at all."""

    async def people(self, account: Account, dids: Sequence[str]) -> Mapping[str, Person]:
        """People by their DIDs, 25 at most. Raises TryLater when nobody can say."""
        ...

    async def posts(self, account: Account, uris: Sequence[str]) -> Mapping[str, Subject]:
        """Posts by their addresses, 25 at most. Raises TryLater when nobody can say."""
        ...


class AppView:
    """The network's own view, through the account's server."""

    async def people(self, account: Account, dids: Sequence[str]) -> Mapping[str, Person]:
        """What the account sees of people: follows, blocks and mutes, bio and labels in one."""

        async def work(client: AsyncClient) -> Sequence[Any]:
            found = await client.app.bsky.actor.get_profiles({"actors": list(dids)})
            return [get_model_as_dict(one) for one in found.profiles]

        profiles = await _asked(account, work)
        return {str(one["did"]): person_from(one) for one in profiles}

    async def posts(self, account: Account, uris: Sequence[str]) -> Mapping[str, Subject]:
        """What the account sees of posts: labels, and what their authors let it do."""

        async def work(client: AsyncClient) -> Sequence[Any]:
            found = await client.app.bsky.feed.get_posts({"uris": list(uris)})
            return [get_model_as_dict(one) for one in found.posts]

        shown = await _asked(account, work)
        return {str(one["uri"]): subject_from(one) for one in shown}


async def _asked(
    account: Account, work: Callable[[AsyncClient], Awaitable[Sequence[Any]]]
) -> Sequence[Any]:
    """Ask; whatever keeps the answer away, the act waits for it."""
    try:
        return await account.call(work)
    except TryLater:
        raise
    except Exception as error:
        log.warning("bluesky cannot be asked", account=account.name, error=type(error).__name__)
        raise TryLater(
            "Bluesky cannot say at the moment what its author wants, so it waits"
        ) from error


@dataclass
class Look(Generic[V]):
    """Ask about one at a time; those asked about together go in one question, kept for a while."""

    ask: Callable[[Account, Sequence[str]], Awaitable[Mapping[str, V]]]
    seconds: Callable[[], float]
    """Real time, in seconds since 1970."""
    _kept: dict[tuple[str, str], tuple[float, V | None]] = field(default_factory=dict)
    _asked: dict[tuple[str, str], asyncio.Future[V | None]] = field(default_factory=dict)
    _gathering: dict[str, list[str]] = field(default_factory=dict)
    """What is asked next, by the account that asks."""

    async def at(self, account: Account, name: str) -> V | None:
        """What is shown of one; None where nothing is. Raises TryLater when nobody can say."""
        when, answer = self._kept.get((account.name, name), (float("-inf"), None))
        if answer is not None and 0 <= self.seconds() - when < KEPT:
            return answer
        future = self._asked.get((account.name, name))
        if future is None:
            future = asyncio.get_running_loop().create_future()
            self._asked[account.name, name] = future
            self._join(account, name)
        return await asyncio.shield(future)

    def _join(self, account: Account, name: str) -> None:
        """Add one to the next question, or begin another."""
        names = self._gathering.get(account.name)
        if names is None or len(names) == MOST:
            names = self._gathering[account.name] = []
            task = asyncio.create_task(self._gather(account, names))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        names.append(name)

    async def _gather(self, account: Account, names: list[str]) -> None:
        """Ask about all that gathered, and answer everybody who waits."""
        await asyncio.sleep(GATHERING)
        if self._gathering.get(account.name) is names:
            del self._gathering[account.name]
        try:
            found = await self.ask(account, names)
        except Exception as error:
            for name in names:
                future = self._asked.pop((account.name, name))
                future.set_exception(error)
                future.exception()  # whoever waited may be gone
            raise
        self._keep(account.name, names, found)
        for name in names:
            self._asked.pop((account.name, name)).set_result(found.get(name))

    def _keep(self, account: str, names: Iterable[str], found: Mapping[str, V]) -> None:
        """Keep answers in place of older ones; the oldest go when there are too many."""
        now = self.seconds()
        for name in names:
            self._kept.pop((account, name), None)
            self._kept[account, name] = now, found.get(name)
        while len(self._kept) > ROOM:
            del self._kept[next(iter(self._kept))]
