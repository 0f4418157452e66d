"""Say who Weaver is, once for each time that it comes to a server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import aiohttp
import discord
import structlog

from bot.adapters.discord.api import Api
from bot.adapters.discord.commands import SET_UP
from bot.adapters.discord.posts import Letter, Posts
from bot.domain.actions import Button
from bot.domain.ports import Delivery, Rejected, TryLater

log = structlog.get_logger()
_BOT_ADDED = 28
BEGIN = Button("Set Weaver up", SET_UP.name)
HELLO = (
    "Good day. I am Weaver: I welcome newcomers once, hold your weekly chat, pass tagged posts on "
    "with their authors' consent, and tell hosts honestly when people post and nobody answers. "
    "I leave the talking to people.\n\nI do nothing here until somebody who manages this server "
    "sets me up. It takes a minute, and each step can be changed later."
)
ELSEWHERE = "\n\nTo begin, say /setup in any channel of {}."


@dataclass(frozen=True, slots=True)
class Introduction:
    """Weaver's hello to those who can set it up."""

    api: Api
    posts: Posts
    pause: Callable[[int], float]
    """Seconds before another attempt, by how many were in vain."""

    async def meet(self, guild: discord.Guild) -> None:
        """Introduce Weaver once, however often Discord fails or Weaver is started anew."""
        for failures in count():
            try:
                await self._introduce(guild)
                break
            except (TryLater, OSError, TimeoutError, aiohttp.ClientError) as trouble:
                log.warning("discord introduction waits", why=type(trouble).__name__)
                await asyncio.sleep(self.pause(failures))

    async def _introduce(self, guild: discord.Guild) -> None:
        """Say hello to the inviter, or else where the server's own messages go."""
        inviter = await self._inviter(guild.id)
        try:
            if inviter:
                told = await self.api.call("POST", "/users/@me/channels", {"recipient_id": inviter})
                await self._hello(
                    guild, Letter(int(told["id"]), HELLO + ELSEWHERE.format(guild.name))
                )
                return
        except Rejected:
            log.info("inviter takes no private messages")
        channels = dict.fromkeys(filter(None, [guild.system_channel, *guild.text_channels]))
        for channel in channels:
            with contextlib.suppress(Rejected):
                await self._hello(guild, Letter(channel.id, HELLO, (BEGIN,)))
                return
        log.warning("discord server without a place to introduce Weaver")

    async def _hello(self, guild: discord.Guild, letter: Letter) -> None:
        """Say it once for each time that Weaver comes: any attempt may be a later one."""
        came = guild.me.joined_at or datetime.now(UTC)
        key = f"hello:{guild.id}/{came.timestamp():.0f}:{letter.channel}"
        await self.posts.say(letter, Delivery(key, came, attempt=2, account=""))

    async def _inviter(self, guild: int) -> str:
        """Who added Weaver, if the audit log tells."""
        try:
            told = await self.api.call(
                "GET",
                "/guilds/{guild_id}/audit-logs",
                query={"action_type": _BOT_ADDED, "limit": 10},
                guild_id=guild,
            )
        except Rejected:
            return ""
        for entry in told.get("audit_log_entries") or ():
            if str(entry.get("target_id")) == self.api.me:
                return str(entry.get("user_id") or "")
        return ""
