"""Tell who begins to follow an account that is set to: on Bluesky that is a way to arrive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import structlog
from atproto.exceptions import AtProtocolError

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.following import EVERY, Follower, Followers, followers, name_of
from bot.adapters.bluesky.settings import PLATFORM
from bot.adapters.bluesky.standing import no_longer
from bot.domain.events import MemberJoined
from bot.domain.model import Member, Space
from bot.domain.ports import AdapterState, Dispatch, Rejected, TryLater

log = structlog.get_logger()
EDGE = 100
"""Newest followers that are remembered, by hashes, to tell the new from the old."""
FARTHEST = 10
"""Pages that are looked through for them."""
BOT = "bot"
"""The label by which bots say that they are some."""
PROFILE = "https://bsky.app/profile/"


def new_among(people: Sequence[Follower], edge: Collection[str]) -> list[Follower] | None:
    """Those who follow since the edge was written, of ``people``, newest first. Pure.

    An edge that is not full names all who followed: who is not in it is new. Of a full one, who
    stands before the last that it names, as older ones stand after it. None when none of them is
    there, so that new and old cannot be told apart.
    """
    names = [name_of(one.did) for one in people]
    end = len(people)
    if len(edge) >= EDGE:
        known = [place for place, name in enumerate(names) if name in edge]
        if not known:
            return None
        end = known[-1]
    return [one for one, name in zip(people[:end], names, strict=False) if name not in edge]


def arrives(one: Follower, stopped: Collection[str], own: Collection[str]) -> bool:
    """Whether somebody who follows is to be told of: no bot, and nobody who wants none. Pure."""
    is_bot = one.did in own or BOT in one.person.labels
    return not (is_bot or one.did in stopped or no_longer(one.person))


@dataclass
class Newcomers:
    """Looks who follows now that did not before; whoever did when it began is no newcomer."""

    accounts: Collection[Account]
    own: Mapping[str, str]
    """Weaver's accounts by their DIDs."""
    state: AdapterState
    stopped: Callable[[], Collection[str]]
    """The DIDs of those who asked Weaver to stop."""
    seconds: Callable[[], float]
    """Real time, in seconds since 1970."""
    followers: Followers = followers
    every: float = EVERY

    async def watch(self, dispatch: Dispatch, homes: Mapping[str, str]) -> None:
        """Look again and again, until cancelled; ``homes`` is the space of each account."""
        while self.accounts:
            await self.look(dispatch, homes)
            await asyncio.sleep(self.every)

    async def look(self, dispatch: Dispatch, homes: Mapping[str, str]) -> None:
        """Look once at every account; what cannot be seen now is seen the next time."""
        for account in self.accounts:
            space = Space(PLATFORM, homes.get(account.name, account.name), account=account.name)
            try:
                await self._look(account, space, dispatch)
            except (TryLater, Rejected, AtProtocolError, httpx.HTTPError) as problem:
                log.warning("bluesky followers wait", account=account.name, why=str(problem))

    async def _look(self, account: Account, space: Space, dispatch: Dispatch) -> None:
        kept = await self.state.get(_page(account))
        edge: list[str] | None = json.loads(kept) if kept else None
        people = await self._newest(account, edge)
        new = None if edge is None else new_among(people, edge)
        if new is None:
            log.info("bluesky followers are known from now on", account=account.name)
        stopped = self.stopped()
        for one in reversed(new or ()):  # the earliest first
            if arrives(one, stopped, self.own):
                await dispatch(self._arrival(account, space, one.did))
        names = [name_of(one.did) for one in people[:EDGE]]
        if names != edge:
            await self.state.keep(_page(account), json.dumps(names))

    async def _newest(self, account: Account, edge: Collection[str] | None) -> list[Follower]:
        """Those who follow, newest first, as far as the edge goes and a page beyond.

        Where there is no edge yet, a page.
        """
        people: list[Follower] = []
        place, met = "", False
        for _ in range(FARTHEST):
            page = await self.followers(account, place)
            people += page.people
            place = page.after
            if not place or edge is None:
                break
            here = any(name_of(one.did) in edge for one in page.people)
            if met and not here:
                break
            met = met or here
        return people

    def _arrival(self, account: Account, space: Space, did: str) -> MemberJoined:
        """An arrival that is told once for good, however often it is seen."""
        at = datetime.fromtimestamp(self.seconds(), UTC)
        event = f"followed/{account.name}/{name_of(did)}"
        member = Member(PLATFORM, did)
        return MemberJoined(event, at, space, member, how="followed", profile=PROFILE + did)


def _page(account: Account) -> str:
    return f"followers:{account.name}"
