"""Follow back whoever follows an account that is set to, once for each person; and let go again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import httpx
import structlog
from atproto import AsyncClient
from atproto.exceptions import AtProtocolError
from atproto_client.models.utils import get_model_as_dict

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.appview import MOST, View
from bot.adapters.bluesky.records import FOLLOW, created, follow_rkey
from bot.adapters.bluesky.repository import Repository
from bot.adapters.bluesky.standing import Person, no_longer, person_from, why_not
from bot.domain.ports import AdapterState, Rejected, TryLater

log = structlog.get_logger()
EVERY = 300.0
"""Seconds between looks."""
PAGE = 100
"""Followers, or follows, that are looked at together: the most that the network tells at once."""
BATCH = 25
"""People followed at one look: 50 points, so an hour of it takes an eighth of what may be spent."""
Note = Literal["begun", "followed", "over"]
"""What became of following somebody: ``over`` is for good."""


class Follower(NamedTuple):
    """Somebody who follows an account, as it sees them."""

    did: str
    person: Person
    followed: bool = False
    """Whether the account follows them already, by whoever's hand."""


class Page(NamedTuple):
    """Some of an account's followers, newest first, and where the next page begins, if any."""

    people: Sequence[Follower]
    after: str = ""


Followers = Callable[[Account, str], Awaitable[Page]]
"""The page of an account's followers that begins at a place; the newest, where that is empty."""


async def followers(account: Account, place: str) -> Page:
    """Ask the network's AppView."""

    async def work(client: AsyncClient) -> Page:
        where = {"actor": await Repository(account).did(), "limit": PAGE}
        found = await client.app.bsky.graph.get_followers(
            where | ({"cursor": place} if place else {})
        )
        return Page(
            [_follower(get_model_as_dict(one)) for one in found.followers], found.cursor or ""
        )

    return await account.call(work)


def _follower(profile: Mapping[str, Any]) -> Follower:
    viewer = profile.get("viewer") or {}
    return Follower(str(profile["did"]), person_from(profile), bool(viewer.get("following")))


@dataclass
class Memory:
    """What an account remembers of following back: of people, only hashes."""

    notes: dict[str, Note] = field(default_factory=dict)
    """What became of each person, by ``name_of`` their DID."""
    place: str = ""
    """Where it goes on: a page a look, until one on which it knows everybody; then the newest."""
    looked: str = ""
    """Up to where its own follows were last looked at for blocks."""


def name_of(did: str) -> str:
    """By what somebody is remembered."""
    return hashlib.sha256(did.encode()).hexdigest()[:20]


def due(people: Iterable[Follower], notes: Mapping[str, Note], never: Collection[str]) -> list[str]:
    """Whom to follow back: nobody twice, and only who may be and said no ``stop``. Pure."""
    return [
        one.did
        for one in people
        if notes.get(name_of(one.did), "begun") == "begun"
        and one.did not in never
        and why_not("follow", one.person) is None
    ]


@dataclass
class Following:
    """Keeps the follows of those accounts that follow back."""

    view: View
    accounts: Collection[Account]
    own: Mapping[str, str]
    """Weaver's accounts by their DIDs: they need not follow one another."""
    state: AdapterState
    stopped: Callable[[], Collection[str]]
    """The DIDs of those who asked Weaver to stop."""
    quiet: Callable[[str], bool]
    """Whether the account of that name does nothing for now, as acts do not in a pause."""
    seconds: Callable[[], float]
    """Real time, in seconds since 1970."""
    followers: Followers = followers
    every: float = EVERY

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while self.accounts:
            await self.look()
            await asyncio.sleep(self.every)

    async def look(self) -> None:
        """Look once at every account; what cannot be done now is done the next time."""
        for account in self.accounts:
            try:
                await self._look(account)
            except (TryLater, Rejected, AtProtocolError, httpx.HTTPError) as problem:
                log.warning("bluesky follows wait", account=account.name, why=str(problem))

    async def _look(self, account: Account) -> None:
        if self.quiet(account.name):
            return
        memory = Memory(**json.loads(await self.state.get(_page(account)) or "{}"))
        stopped = self.stopped()
        await self._let_go(account, memory, stopped)
        await self._let_go(account, memory, await self._unwilling(account, memory))
        never = {*stopped, *self.own}
        page = await self.followers(account, memory.place)
        is_known = all(name_of(one.did) in memory.notes for one in page.people)
        if await self._follow(account, memory, page.people, never):
            memory.place = "" if is_known else page.after
        await self._keep(account, memory)

    async def _follow(
        self,
        account: Account,
        memory: Memory,
        people: Sequence[Follower],
        never: Collection[str],
    ) -> bool:
        """Follow those of a page whom it is time to; returns whether that was all of them."""
        for one in people:
            if one.followed:
                memory.notes.setdefault(name_of(one.did), "over")  # by a person's hand
        wanted = due(people, memory.notes, never)
        batch = wanted[:BATCH]
        if batch:  # noted before, so that who stops after a crash is found as well
            memory.notes |= {name_of(did): "begun" for did in batch}
            await self._keep(account, memory)
        for did in batch:
            await self._put(Repository(account), did)
            memory.notes[name_of(did)] = "followed"
        if batch:
            await self._keep(account, memory)
            log.info("bluesky followed back", account=account.name, people=len(batch))
        return len(batch) == len(wanted)

    async def _put(self, repository: Repository, did: str) -> None:
        """Write a follow unless it stands: so a repeat changes nothing, not even its time."""
        rkey = follow_rkey(await repository.did(), did)
        if await repository.own(FOLLOW, rkey) is None:
            now = created(datetime.fromtimestamp(self.seconds(), UTC))
            record = {"$type": FOLLOW, "subject": did, "createdAt": now}
            await repository.put(FOLLOW, rkey, record)

    async def _let_go(self, account: Account, memory: Memory, dids: Iterable[str]) -> None:
        """Take back the follows of some, for good; those made by a person's hand are let be."""
        gone = [did for did in dids if memory.notes.get(name_of(did), "over") != "over"]
        repository = Repository(account)
        for did in gone:
            await repository.delete(FOLLOW, follow_rkey(await repository.did(), did))
            memory.notes[name_of(did)] = "over"
            await self._keep(account, memory)

    async def _unwilling(self, account: Account, memory: Memory) -> list[str]:
        """Those of the next page of its follows who by now block it, or want no bots."""
        dids, memory.looked = await Repository(account).follows(memory.looked, PAGE)
        dids = [did for did in dids if name_of(did) in memory.notes]
        unwilling = []
        for start in range(0, len(dids), MOST):
            seen = await self.view.people(account, dids[start : start + MOST])
            unwilling += [did for did, person in seen.items() if no_longer(person)]
        return unwilling

    async def _keep(self, account: Account, memory: Memory) -> None:
        await self.state.keep(_page(account), json.dumps(vars(memory)))


def _page(account: Account) -> str:
    return f"follows:{account.name}"
