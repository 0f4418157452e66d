"""A small bot on the real discord.py client, for the server's own tests."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
from discord import app_commands

from tests.fakediscord.server import FakeDiscord

EVERYTHING = discord.Intents.all()
WORKING = ("discord.py: on_", "CommandTree-invoker", "discord-ui-")
LITTLE = discord.Intents.default()
"""Neither Members nor Message Content."""


class Bot(discord.Client):
    """Keeps what it hears, by event."""

    def __init__(self, intents: discord.Intents = EVERYTHING, **more: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05, **more)
        self.heard: defaultdict[str, list[Any]] = defaultdict(list)
        self.tree = app_commands.CommandTree(self)

    def dispatch(self, event: str, /, *arguments: Any, **named: Any) -> None:
        """Keep what an event brings, then go on as always."""
        self.heard[event].append(arguments[0] if len(arguments) == 1 else arguments)
        super().dispatch(event, *arguments, **named)


@asynccontextmanager
async def running(server: FakeDiscord, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """Log a bot in, wait until it is ready, and close it at the end."""
    bot = bot or Bot()
    async with bot:
        await bot.login(server.token)
        connected = asyncio.create_task(bot.connect())
        try:
            await server.until(lambda: bot.is_ready() or connected.done(), "ready")
            if connected.done():
                connected.result()
            yield bot
            await server.until(lambda: not _busy(), "the bot to come to rest")
        finally:
            await bot.close()
            with suppress(asyncio.CancelledError):
                await connected


def _busy() -> list[str]:
    """Name what discord.py is still doing about an event or an interaction."""
    names = [task.get_name() for task in asyncio.all_tasks()]
    return [name for name in names if name.startswith(WORKING)]


def play(
    server: FakeDiscord, story: Callable[[Bot], Awaitable[None]], bot: Callable[[], Bot] = Bot
) -> None:
    """Run a story with a bot that is ready."""

    async def run() -> None:
        async with running(server, bot()) as ready:
            await story(ready)

    asyncio.run(run())
