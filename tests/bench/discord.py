"""What Discord costs: ``make bench-discord``.

MESSAGE_CREATE by a gateway on loopback, in a process of its own, through the real client, dispatch
and every plugin, across a hundred communities. Events per CPU second of this process, as a ratio
to the client with an empty handler in the same run, and what Weaver's client and adapter
make of it where nothing is kept; then paced at two hundred a second for a
minute: the backlog, and the time from a message to its commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import discord
import structlog

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.api import point_at
from bot.adapters.discord.settings import Discord, DiscordSettings
from bot.domain.events import Event, PostSeen
from bot.domain.model import Community, Space
from bot.domain.ports import Outcome
from bot.kernel.catalogue import Offers
from bot.kernel.founding import Founding
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.memory import Memory
from bot.kernel.provision import Provision
from bot.kernel.registry import installed, owners
from bot.kernel.weaver import LoopBell, Weaver
from bot.kernel.writer import Writer
from bot.storage.database import open_database
from bot.storage.migrate import migrate
from tests.adapters.discord.grounds import Listed, Nobody
from tests.adapters.notebook import Notebook

COMMUNITIES, PEOPLE, BURST, PACE, SECONDS = 100, 10, 10_000, 200, 60
WAVE = 2_000
"""Messages at once: of more than the queue holds, some would be left out and fetched again."""
SLACK = 0.1
"""Seconds' worth of messages by which a backlog may differ, and the part by which a pace may."""
PLUGINS = ("welcome", "chats", "amplify", "pulse")


def serve(line: Connection) -> None:
    """Be Discord: a server with a channel for each community, and people who talk when told to."""
    from tests.fakediscord.server import FakeDiscord
    from tests.fakediscord.spec import NoSpec

    with FakeDiscord(NoSpec()) as server:
        hana = server.person("Hana")
        guilds = [server.guild(f"Garden {number}", hana) for number in range(COMMUNITIES)]
        channels = [guild.channel("lobby") for guild in guilds]
        people = [
            [server.person(f"Person {each}").joins(guild) for each in range(PEOPLE)]
            for guild in guilds
        ]
        line.send((server.url, server.gateway_url, server.token, [str(c.id) for c in channels]))
        while (order := line.recv()) is not None:
            count, a_second = order
            began = time.monotonic()
            for number in range(count):
                if a_second:
                    time.sleep(max(0.0, began + number / a_second - time.monotonic()))
                here, turn = number % COMMUNITIES, number // COMMUNITIES
                speaker = people[here][turn % PEOPLE]
                speaker.says(channels[here], f"Number {number} of many. #Roses")
            line.send(time.monotonic() - began)


class Empty(discord.AutoShardedClient):
    """The client with nothing to do but count."""

    heard = 0

    async def on_message(self, message: discord.Message) -> None:
        self.heard += 1


class Counted:
    """The ring, and how long each message took to be committed."""

    def __init__(self, ring: Any) -> None:
        self.ring = ring
        self.taken: list[float] = []

    async def __call__(self, event: Event, cursor: str | None = None) -> Outcome:
        outcome: Outcome = await self.ring(event, cursor)
        if isinstance(event, PostSeen) and not (event.post.author.is_bot or outcome.repeated):
            self.taken.append(time.time() - event.at.timestamp())
        return outcome


class Heard:
    """The adapter, with what it dispatches counted."""

    platform, max_length = DiscordAdapter.platform, DiscordAdapter.max_length
    has_feeds = DiscordAdapter.has_feeds

    def __init__(self, adapter: DiscordAdapter) -> None:
        self.adapter = adapter
        self.counted = Counted(None)

    async def listen(self, dispatch: Any, cursor: str | None) -> None:
        self.counted.ring = dispatch
        await self.adapter.listen(self.counted, cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.adapter, name)

    @property
    def backlog(self) -> int:
        assert self.adapter.listening is not None
        inlet = self.adapter.listening.inlet
        return len(inlet._queue) + len(inlet._under_way)


async def until(true: Callable[[], Any], nap: float = 0.01) -> None:
    """Wait for something to come true."""
    while not true():  # noqa: ASYNC110 - what is waited for is another process
        await asyncio.sleep(nap)


async def told(line: Connection) -> float:
    """Wait until the people have said all that they were to say; how many seconds they took."""
    await until(line.poll)
    took: float = line.recv()
    return took


async def empty(line: Connection, found: Discord, count: int) -> float:
    """Events per CPU second of the client alone."""
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    async with Empty(intents=intents, guild_ready_timeout=0.2) as client:
        await client.login(found.token)
        running = asyncio.create_task(client.connect())
        await until(lambda: len(client.guilds) == COMMUNITIES)
        await asyncio.sleep(1)
        began = time.process_time()
        line.send((count, 0))
        await told(line)
        await until(lambda: client.heard >= count)
        spent = time.process_time() - began
        await client.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return count / spent


async def unkept(line: Connection, found: Discord, channels: list[str], count: int) -> float:
    """Events per CPU second of Weaver's client and adapter, where nobody keeps what they tell."""
    here = [Community(f"garden-{one}", "A", spaces=(Space("discord", one),)) for one in channels]
    heard = 0

    async def dispatch(event: Event, cursor: str | None = None) -> Outcome:
        nonlocal heard
        heard += isinstance(event, PostSeen) and not event.post.author.is_bot
        return Outcome()

    with tempfile.TemporaryDirectory() as folder:
        adapter = DiscordAdapter(found, Notebook(), Listed(*here), Path(folder), Nobody())
        listening = asyncio.create_task(adapter.listen(dispatch, None))
        await until(lambda: _ready(adapter))
        await asyncio.sleep(1)
        await adapter.listening.inlet.quiet()
        heard, began = 0, time.process_time()
        line.send((count, 0))
        await told(line)
        await until(lambda: heard >= count)
        spent = time.process_time() - began
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await adapter.close()
    return count / spent


@contextlib.contextmanager
def house(found: Discord, channels: list[str], folder: Path) -> Iterator[tuple[Weaver, Heard, Any]]:
    """A Weaver with every plugin in every community."""
    plugins = installed(PLUGINS)
    database = open_database(str(folder / "weaver.db"))
    migrate(database, owners(plugins.values()))
    bell = LoopBell()
    writer = Writer(database, bell)
    adapters: dict[str, Any] = {}
    keyring = Keyring(installation_key(folder))
    weaver = Weaver(database, plugins, keyring, adapters, bell=bell, writing=writer)
    memory = Memory("discord", database, writer)
    adapter = DiscordAdapter(found, memory, Offers(weaver), folder, Founding(weaver))
    heard = adapters["discord"] = Heard(adapter)
    wanted = [
        Provision(
            Community(f"garden-{channel}", "A garden", spaces=(Space("discord", channel),)),
            PLUGINS,
        )
        for channel in channels
    ]
    yield weaver, heard, wanted
    database.close()


async def whole(line: Connection, found: Discord, channels: list[str], count: int) -> None:
    """Print what Weaver makes of the same, in a burst and at a pace."""
    with tempfile.TemporaryDirectory() as folder, house(found, channels, Path(folder)) as made:
        weaver, heard, wanted = made
        await weaver.start(wanted)
        weaver.listen()
        adapter = heard.adapter
        await until(lambda: _ready(adapter))
        await asyncio.sleep(1)
        await adapter.listening.inlet.quiet()  # what the client alone was told a moment ago is past
        heard.counted.taken.clear()
        began = time.process_time()
        for kept in range(WAVE, count + WAVE, WAVE):
            line.send((min(WAVE, count - kept + WAVE), 0))
            await told(line)
            await until(lambda kept=kept: len(heard.counted.taken) >= min(kept, count))
        rate = count / (time.process_time() - began)
        print(f"weaver: {rate:,.0f} events per CPU second", flush=True)
        await paced(line, heard)
        await weaver.stop()
        await adapter.close()
        RATES["weaver"] = rate


def _ready(adapter: DiscordAdapter) -> bool:
    listening = adapter.listening
    if listening is None or listening.line is None:
        return False
    return len(listening.line.guilds) == COMMUNITIES and not listening.inlet._pins


async def paced(line: Connection, heard: Heard) -> None:
    """Print backlog and delay at a steady pace."""
    heard.counted.taken.clear()
    line.send((PACE * SECONDS, PACE))
    backlogs: list[int] = []
    end = time.monotonic() + 3 * SECONDS
    while len(heard.counted.taken) < PACE * SECONDS and time.monotonic() < end:
        await asyncio.sleep(1)
        backlogs.append(heard.backlog)
    took = await told(line)
    kept, wanted = len(heard.counted.taken), PACE * SECONDS
    print(f"kept {kept:,} of {wanted:,}, said at {wanted / took:.0f} a second")
    cuts = statistics.quantiles(heard.counted.taken, n=100)
    third = max(1, len(backlogs) // 3)
    first, last = statistics.mean(backlogs[:third]), statistics.mean(backlogs[-third:])
    grows = kept < wanted or last > first + PACE * SLACK
    print(
        f"paced at {PACE}/s for {SECONDS} s: backlog {first:.1f} at first, {last:.1f} at last, "
        f"{max(backlogs)} at most: it {'GROWS' if grows else 'does not grow'}"
    )
    if took > SECONDS * (1 + SLACK):
        print("but the people fell behind: not a valid run, try again on a quieter machine")
    print(f"message to commit: p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms")


RATES: dict[str, float] = {}


def main() -> None:
    """Measure, and print."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else BURST
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    api, gateway, token, channels = ours.recv()
    found = Discord(DiscordSettings(api=api, gateway=gateway), token)
    point_at(found)
    rate = asyncio.run(empty(ours, found, count))
    print(f"client alone: {rate:,.0f} events per CPU second", flush=True)
    bare = asyncio.run(unkept(ours, found, channels, count))
    print(f"weaver's client and adapter: {bare:,.0f} events per CPU second", flush=True)
    asyncio.run(whole(ours, found, channels, count))
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"ratio: {RATES['weaver'] / rate:.2f} (load of the machine: {load})")
    ours.send(None)
    server.join(10)


if __name__ == "__main__":
    main()
