"""Weaver's accounts on Bluesky: signed in once, remembered across restarts, refreshed early."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
import structlog
from atproto import AsyncClient, AsyncRequest, Session, SessionEvent
from atproto.exceptions import AtProtocolError, NetworkError

from bot.adapters.bluesky.answers import (
    PATIENCE,
    meaning_of,
    name_of,
    session_lost,
    status_of,
    words_of,
)
from bot.adapters.bluesky.budget import Budget
from bot.adapters.bluesky.settings import variable
from bot.domain.ports import AdapterState, Rejected, TryLater

log = structlog.get_logger()
R = TypeVar("R")
TIMEOUT = 15.0
"""Seconds for an answer; the kernel gives an act 24."""
AGAIN = 600.0
"""Seconds before an account whose new session is lost too signs in again."""


@dataclass
class Account:
    """One account. A session lasts as long as it is used, so signing in is rare: see ``call``."""

    name: str
    identifier: str
    password: str | None = field(repr=False)
    service: str
    state: AdapterState
    seconds: Callable[[], float]
    """Real time, in seconds since 1970."""
    own: dict[str, str] = field(default_factory=dict)
    """Where its name is put under its DID, once that is known."""

    def __post_init__(self) -> None:
        """Nothing is sent before the first call."""
        self.budget = Budget(self.name, self.state, self.seconds)
        self.did: str | None = None
        self.handle = ""
        self._client: AsyncClient | None = None
        self._signing = asyncio.Lock()
        self._made = 0.0
        self._refused: tuple[float, str] | None = None
        self._down = 0

    async def call(self, work: Callable[[AsyncClient], Awaitable[R]], points: int = 0) -> R:
        """Do something signed in, spending points; raises the kernel's answers.

        A session that is lost is made anew once. What stays unknown leaves as the SDK raised it.
        """
        client = await self.client()
        try:
            if points:
                await self.budget.spend(points)
            try:
                done = await work(client)
            except AtProtocolError as error:
                if not session_lost(error):
                    raise
                done = await work(await self._anew(client, error))
        except AtProtocolError as error:
            raise self._answer(error) from error
        self._down = 0
        return done

    async def client(self) -> AsyncClient:
        """A client with a session: the one in use, the one remembered, or a new one."""
        async with self._signing:
            if self._client is None:
                self._client = await self._remembered() or await self._signed_in()
            return self._client

    async def close(self) -> None:
        """Let go of connections; the session stays remembered."""
        if self._client is not None:
            await self._client.request.close()
            self._client = None

    @property
    def _key(self) -> str:
        return f"session:{self.name}"

    def _new_client(self) -> AsyncClient:
        client = AsyncClient(self.service, request=AsyncRequest(timeout=TIMEOUT))
        client.on_session_change(self._keep)
        return client

    async def _keep(self, event: SessionEvent, session: Session) -> None:
        self.did, self.handle = session.did, session.handle
        self.own[session.did] = self.name
        if event is SessionEvent.IMPORT:
            return
        kept = {
            "session": session.encode(),
            "did": session.did,
            "id": self.identifier,
            "service": self.service,
            "made": self._made,
        }
        await self.state.keep(self._key, json.dumps(kept))

    async def _known(self) -> dict[str, str | float]:
        """What is remembered of this account, unless the settings now name another."""
        kept: dict[str, str | float] = json.loads(await self.state.get(self._key) or "{}")
        same = (kept.get("id"), kept.get("service")) == (self.identifier, self.service)
        return kept if same else {}

    async def _remembered(self) -> AsyncClient | None:
        kept = await self._known()
        if not kept:
            return None
        self._made = float(kept["made"])
        client = self._new_client()
        await client.login(session_string=str(kept["session"]), fetch_bsky_profile=False)
        return client

    async def _anew(self, lost: AsyncClient, error: AtProtocolError) -> AsyncClient:
        """Sign in again, unless somebody just did, or it was done a short while ago in vain."""
        async with self._signing:
            if self._client is not lost and self._client is not None:
                return self._client
            if self.seconds() - self._made < AGAIN:
                raise TryLater(
                    f"Bluesky ended the session of {self.name} as soon as it was made "
                    f"({name_of(error) or words_of(error)})",
                    PATIENCE,
                )
            log.warning("bluesky session lost", account=self.name, error=name_of(error))
            self._client = await self._signed_in()
            await lost.request.close()
            return self._client

    async def _signed_in(self) -> AsyncClient:
        """Make a session with the app password: by DID where it is known, as handles change."""
        now = self.seconds()
        if self._refused and now < self._refused[0]:
            raise TryLater(self._refused[1], self._refused[0] - now)
        if not self.password:
            raise self._refuse(f"has no app password here; set {variable(self.name)}")
        who = str((await self._known()).get("did") or self.identifier)
        client = self._new_client()
        self._made = now
        try:
            await client.login(who, self.password, fetch_bsky_profile=False)
        except AtProtocolError as error:
            await client.request.close()
            if name_of(error) == "AuthFactorTokenRequired":
                raise self._refuse(
                    "has its main password here, which asks for a code by mail; make an app "
                    f"password in Bluesky's settings and set {variable(self.name)}"
                ) from error
            if session_lost(error):
                raise self._refuse(
                    f"could not sign in as {self.identifier}: the handle or the app password is "
                    f"not known there; make a new app password in Bluesky's settings, set "
                    f"{variable(self.name)} and start Weaver again"
                ) from error
            raise self._answer(error) from error
        except BaseException:
            await client.request.close()
            raise
        self._refused = None
        log.info("bluesky signed in", account=self.name)
        return client

    def _refuse(self, words: str) -> TryLater:
        """Remember for a while that signing in is in vain, and say why."""
        said = f"the Bluesky account {self.name} {words}"
        self._refused = (self.seconds() + PATIENCE, said)
        log.error("bluesky sign-in refused", account=self.name, cure=said)
        return TryLater(said, PATIENCE)

    def _answer(self, error: AtProtocolError) -> Exception:
        if isinstance(error, NetworkError) and isinstance(error.__cause__, httpx.ConnectError):
            self._down += 1
            wait = min(PATIENCE, 2.0**self._down)
            return TryLater(f"Bluesky's server {self.service} cannot be reached", wait)
        answer = meaning_of(error, self.name, self.seconds())
        if isinstance(answer, Rejected | TryLater):
            log.warning("bluesky refused", account=self.name, status=status_of(error))
        return answer
