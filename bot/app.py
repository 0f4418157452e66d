"""Put Weaver together: the only file that knows every layer."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.adapters.bluesky.talk import Talk, homes_of
from bot.adapters.sandbox import Foreign, SandboxAdapter, SandboxStage, World
from bot.adapters.sandbox.story import BEGINNING, settle
from bot.config import Config
from bot.domain.errors import UserError
from bot.domain.model import Space
from bot.domain.pages import Answerer
from bot.domain.ports import Adapter, Clock
from bot.kernel.catalogue import Offers
from bot.kernel.commands import reads
from bot.kernel.consent import Gate
from bot.kernel.door import Desk, Handle, Request, keep_door, socket_path
from bot.kernel.founding import Founding
from bot.kernel.house import House, check_key, exclusive_folder, keyring_of, open_house
from bot.kernel.memory import Memory
from bot.kernel.record import LedgerRecord
from bot.kernel.weaver import LoopBell, WallClock, Weaver
from bot.kernel.writer import Writer
from bot.platforms import bluesky_adapter, bluesky_of, discord_adapter, discord_of
from bot.storage.database import open_database
from bot.storage.migrate import migrate
from bot.web.app import create_app
from bot.web.introduction import Introduction
from bot.web.plain import create_plain_app
from bot.web.public import Outside
from bot.web.server import bind, serve

if TYPE_CHECKING:
    from bot.adapters.bluesky.adapter import BlueskyAdapter
    from bot.adapters.discord.adapter import DiscordAdapter

WORLD = "sandbox.db"
HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Assembly:
    """A kernel with the platforms that the settings name."""

    config: Config
    weaver: Weaver
    sandbox: SandboxAdapter | None
    bluesky: BlueskyAdapter | None
    discord: DiscordAdapter | None

    async def answer(self, request: Request) -> dict[str, Any]:
        """Carry out what is asked at the door; how the accounts are is asked of their servers."""
        match request:
            case {"accounts": {"mend": bool(mend)}}:
                looked = await self._accounts(mend=mend)
                servers = [asdict(await self.discord.examine())] if self.discord else []
                return {"accounts": [asdict(one) for one in looked], "discord": servers}
        return await Desk(self.weaver)(request)

    async def _accounts(self, *, mend: bool) -> Sequence[Any]:
        if self.bluesky is None:
            return ()
        return await self.bluesky.examine(mend=mend, contact=self.config.weaver.contact)


@asynccontextmanager
async def _assembled(
    house: House,
    *,
    wrap: Callable[[Adapter], Adapter] = lambda adapter: adapter,
    backoff: Callable[[int], float] | None = None,
) -> AsyncIterator[Assembly]:
    """Put a kernel and its platforms together; the sandbox's clock rules where it is alone."""
    config, bell = house.config, LoopBell()
    bluesky, discord = bluesky_of(config), discord_of(config)
    writer = Writer(house.database, bell)
    sandbox: SandboxAdapter | None = None
    afar: BlueskyAdapter | None = None
    servers: DiscordAdapter | None = None
    clock: Clock = WallClock()
    async with AsyncExitStack() as stack:
        if "sandbox" in config.platforms:
            world = stack.enter_context(_world(config))
            sandbox = SandboxAdapter(world)
            clock = clock if bluesky or discord else world
        if bluesky is not None:
            afar = bluesky_adapter(config, bluesky, Memory("bluesky", house.database, writer))
            stack.push_async_callback(afar.close)
        adapters = {one.platform: wrap(one) for one in (sandbox, afar) if one is not None}
        weaver = Weaver(
            house.database,
            house.plugins,
            keyring_of(house),
            adapters,
            clock,
            Gate(dry_run=config.weaver.dry_run),
            bell,
            backoff,
            writing=writer,
            base=config.weaver.base,
            contact=config.weaver.contact,
        )
        if afar is not None:
            afar.talk = Talk(partial(reads, weaver.registry), homes_of(_spaces(config)))
        if discord is not None:
            memory = Memory("discord", house.database, writer)
            servers = discord_adapter(config, discord, memory, Offers(weaver), Founding(weaver))
            stack.push_async_callback(servers.close)
            adapters[servers.platform] = wrap(servers)
        yield Assembly(config, weaver, sandbox, afar, servers)


def _spaces(config: Config) -> list[Space]:
    """The spaces of all communities, in the order of the settings."""
    return [
        space
        for identity, community in config.communities.items()
        for space in community.community(identity).spaces
    ]


@asynccontextmanager
async def at_desk(config: Config) -> AsyncIterator[Handle]:
    """Take the lock and answer like a running Weaver; what is decided waits for the next run."""
    with exclusive_folder(config), _current_house(config) as house:
        async with _assembled(house) as assembly:
            await assembly.weaver.start(house.provisions, deliver=False)
            try:
                yield assembly.answer
            finally:
                await assembly.weaver.stop()


@contextmanager
def _free_port(config: Config) -> Iterator[None]:
    """See that the pages' port can be had, and leave it."""
    bind(HERE, config.weaver.port).close()
    yield


@contextmanager
def _current_house(config: Config) -> Iterator[House]:
    """Open the database, with its tables up to date and the key it was made with."""
    with open_house(config) as house:
        migrate(house.database, house.owners)
        check_key(house)
        yield house


@contextmanager
def _world(config: Config) -> Iterator[World]:
    """Open the sandbox's world, with its places and people."""
    world = World(config.data / WORLD, BEGINNING)
    try:
        communities = [found.community(name) for name, found in config.communities.items()]
        settle(world, communities, example=config.is_example)
        yield world
    finally:
        world.close()


async def run(
    config: Config,
    ready: Callable[[str], None],
    *,
    wrap: Callable[[Adapter], Adapter] = lambda adapter: adapter,
    backoff: Callable[[int], float] | None = None,
) -> None:
    """Run until SIGTERM or SIGINT: platforms, clock, delivery, pages and door.

    A port that cannot be had is told before anything is made or delivered.
    ``wrap`` and ``backoff`` are for tests: a platform that fails, and patience to match.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with exclusive_folder(config), _free_port(config), _current_house(config) as house:
        async with _assembled(house, wrap=wrap, backoff=backoff) as assembly:
            await assembly.weaver.start(house.provisions)
            try:
                assembly.weaver.listen()
                await _serve(assembly, stop, ready)
            finally:
                await assembly.weaver.stop()


async def _serve(assembly: Assembly, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Keep pages and door open until told to stop, or until something that should run ends."""
    config, weaver = assembly.config, assembly.weaver
    app = _pages(assembly)
    parts = [
        asyncio.create_task(serve(app, HERE, config.weaver.port, stop=stop, ready=ready)),
        asyncio.create_task(keep_door(socket_path(config.data), assembly.answer, stop)),
    ]
    try:
        ended, _ = await asyncio.wait([*parts, *weaver.tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        stop.set()
        weaver.delivery.claim_no_more()
        with contextlib.suppress(UserError):
            await asyncio.gather(*parts)


def _pages(assembly: Assembly) -> Any:
    """The sandbox's page where there is one, for the first community that has spaces in it."""
    config, weaver, sandbox = assembly.config, assembly.weaver, assembly.sandbox
    record, contact = LedgerRecord(weaver), config.weaver.contact
    asked: dict[str, Answerer] = {}
    if assembly.bluesky is not None:
        from bot.adapters.bluesky.feeds import answers  # its library takes a second to load

        asked = answers(record, config.weaver.address)
    outside = Outside(config.weaver.base, contact, asked)
    if sandbox is None:
        names = [one.name for one in config.communities.values()]
        return create_plain_app(record, names, outside=outside)
    identity, community = next(
        (identity, one)
        for identity, one in config.communities.items()
        if "sandbox" in one.platforms
    )
    stage = SandboxStage(sandbox, identity, _advance(weaver, sandbox))
    commands = ("chats list", "pulse share", "amplify list", "welcome preview Priya")
    introduction = Introduction(community.name, community.zone, commands=commands, contact=contact)
    return create_app(stage, record, introduction, outside=outside)


def _advance(
    weaver: Weaver, adapter: SandboxAdapter
) -> Callable[[datetime | None], Awaitable[datetime | None]]:
    """Let the sandbox's page move the clock, and live through what is due."""

    async def quiet() -> None:
        """Wait until what happened is told and what was decided is done, and nothing follows."""
        version = -1
        while version != adapter.world.version:
            version = adapter.world.version
            await adapter.caught_up()
            await weaver.delivery.drain()

    async def advance(to: datetime | None) -> datetime | None:
        await quiet()
        return await weaver.scheduler.advance(to, quiet)

    return advance


def reset_sandbox(config: Config) -> list[Path]:
    """Start the example over: remove its world and Weaver's memory of it, and nothing else."""
    if "://" in config.database:
        raise UserError("the database is not a file of the sandbox's; empty it by hand")
    with exclusive_folder(config):
        world, database = config.data / WORLD, Path(config.database)
        if database.exists():
            open_database(config.database).close()  # refuses a file that is not ours
        if world.exists():
            _refuse_foreign(world)
        names = [Path(f"{one}{end}") for one in (world, database) for end in ("", "-wal", "-shm")]
        gone = [path for path in names if path.is_file()]
        for path in gone:
            path.unlink()
    return gone


def _refuse_foreign(world: Path) -> None:
    try:
        World(world, BEGINNING).close()
    except Foreign:
        raise
    except UserError:
        pass  # a damaged world is what starting over is for
