"""Discord's API through its library, which knows its limits; errors come back as answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.discord.meaning import meaning_of
from bot.adapters.discord.settings import Discord
from bot.domain.ports import Image

SECOND = 50
"""Requests a second, to all of Discord together."""
LONGEST_WAIT = 30.0
"""Seconds of a limit beyond which an act is tried again later, rather than waiting here."""


def point_at(found: Discord) -> None:
    """Have the library talk to the addresses of the settings; there is one Discord a process."""
    Route.BASE = found.settings.api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(found.settings.gateway)


class Pace:
    """So many requests in any second and no more, each as early as that allows."""

    def __init__(self, a_second: int = SECOND) -> None:
        self._turns: deque[float] = deque(maxlen=a_second)

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        now = mine = time.monotonic()
        if len(self._turns) == self._turns.maxlen:
            mine = max(now, self._turns[0] + 1.0)
        self._turns.append(mine)
        if mine > now:
            await asyncio.sleep(mine - now)


class Api:
    """Requests as Weaver's own account; signed in at the first."""

    def __init__(self, found: Discord) -> None:
        point_at(found)
        self._found = found
        self._client: discord.Client | None = None
        self._signing = asyncio.Lock()
        self._pace = Pace()
        self.me = ""
        """Weaver's own id, once it is known."""
        self.application = 0

    async def client(self) -> discord.Client:
        """A client that is signed in; TryLater where the token is not taken."""
        async with self._signing:
            if self._client is None:
                client = discord.Client(
                    intents=discord.Intents(guilds=True), max_ratelimit_timeout=LONGEST_WAIT
                )
                try:
                    await client.login(self._found.token)
                except Exception as error:
                    await client.close()
                    raise meaning_of(error) from error
                assert client.user is not None
                self.me, self.application = str(client.user.id), client.application_id or 0
                self._client = client
            return self._client

    async def close(self) -> None:
        """Let go of every connection."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def call(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        images: Sequence[Image] = (),
        query: Mapping[str, Any] | None = None,
        need: str = "",
        **ids: Any,
    ) -> Any:
        """Ask for something; raises the kernel's answers, or what leaves the outcome unknown."""
        client = await self.client()
        await self._pace.turn()
        named: dict[str, Any] = {name: _safe(value) for name, value in ids.items()}
        route = Route(method, path, **named)
        more: dict[str, Any] = {"params": dict(query)} if query else {}
        if images:
            more["form"] = _form(body, images)
        elif body is not None:
            more["json"] = body
        try:
            return await client.http.request(route, **more)
        except (discord.HTTPException, discord.RateLimited, discord.LoginFailure) as error:
            raise meaning_of(error, need) from error

    async def found(self, path: str, **ids: Any) -> Any:
        """Read something; None where it is not there."""
        try:
            return await self.call("GET", path, **ids)
        except Exception as answer:
            if isinstance(answer.__cause__, discord.NotFound):
                return None
            raise


def code_of(answer: BaseException) -> int:
    """Discord's own code of the error behind an answer; 0 where there is none."""
    cause = answer.__cause__
    return cause.code if isinstance(cause, discord.HTTPException) else 0


def _safe(value: int | str) -> int | str:
    """A part of a path; the library leaves words as they are."""
    return quote(value, safe="@") if isinstance(value, str) else value


def _form(body: Any, images: Sequence[Image]) -> list[dict[str, Any]]:
    """A message with files."""
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, image in enumerate(images):
        parts.append(
            {
                "name": f"files[{number}]",
                "value": image.data,
                "filename": image.name,
                "content_type": image.type,
            }
        )
    return parts
