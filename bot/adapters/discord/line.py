"""The line to Discord's gateway: the real client, which nothing that Discord sends can end.

discord.py has no guard around reading events: one that is malformed ends its connection for good,
while requests go on as if nothing had happened. So every reader is guarded here, and what Weaver
reads itself is handed on as it came.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import discord
import structlog

from bot.adapters.discord.settings import DiscordSettings

log = structlog.get_logger()
Hear = Callable[[str, Mapping[str, Any]], None]
KEPT = frozenset(
    {
        *("READY", "RESUMED"),
        *("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"),
        *("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"),
        *("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"),
        *("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC"),
    }
)
"""What the client itself has to know; it keeps no messages and no members."""
HEARD = frozenset(
    {
        *("READY", "RESUMED", "GUILD_CREATE", "GUILD_DELETE"),
        *("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"),
        *("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "INTERACTION_CREATE"),
        *("THREAD_UPDATE", "THREAD_DELETE", "CHANNEL_DELETE"),
        *("GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE"),
    }
)
"""What concerns Weaver."""


class Line(discord.AutoShardedClient):
    """One connection, or as many as there are shards, in this process."""

    def __init__(self, settings: DiscordSettings, hear: Hear) -> None:
        super().__init__(
            intents=intents_of(settings),
            shard_count=settings.shards,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._hear = hear
        self.last_heard = time.monotonic()
        """When the gateway last told anything."""
        parsers = self._connection.parsers
        for name in {*parsers, *HEARD}:
            parsers[name] = self._guarded(name, parsers.get(name) if name in KEPT else None)

    def _guarded(self, name: str, parse: Callable[[Any], None] | None) -> Callable[[Any], None]:
        """Read an event without harm, and hand it on where it concerns Weaver."""
        hear = self._hear if name in HEARD else None

        def read(data: Any) -> None:
            self.last_heard = time.monotonic()
            try:
                if parse is not None:
                    parse(data)
                if hear is not None:
                    hear(name, data)
            except Exception as error:  # noqa: BLE001 - whatever it is, the line stays open
                log.warning("discord event unreadable", kind=name, error=type(error).__name__)

        return read

    async def close(self) -> None:
        """Close every connection, and end what the client leaves waiting for its servers."""
        state: Any = self._connection
        waiting = [*state._ready_tasks.values(), *filter(None, [state._ready_task])]  # noqa: SLF001 - nothing else ends them
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await super().close()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell nobody else: all that Weaver hears, it hears as it is read."""


def intents_of(settings: DiscordSettings) -> discord.Intents:
    """What is asked of the gateway: no more than Weaver uses, and than is switched on."""
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = True
    intents.guild_scheduled_events = True
    intents.members = settings.sees_members
    intents.message_content = settings.sees_words
    return intents
