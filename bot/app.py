"""Put Weaver together: the only file that knows every layer."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from bot.adapters.sandbox import Foreign, SandboxAdapter, SandboxStage, World
from bot.adapters.sandbox.story import BEGINNING, settle
from bot.config import Config
from bot.domain.errors import UserError
from bot.domain.ports import Adapter
from bot.kernel.consent import Gate
from bot.kernel.door import Desk, keep_door, socket_path
from bot.kernel.house import House, exclusive_folder, keyring_of, open_house
from bot.kernel.record import LedgerRecord
from bot.kernel.weaver import WallClock, Weaver
from bot.storage.database import open_database
from bot.storage.migrate import migrate
from bot.web.app import create_app
from bot.web.introduction import Introduction
from bot.web.server import bind, serve

WORLD = "sandbox.db"
HERE = "127.0.0.1"


def weaver_of(
    house: House,
    adapters: Mapping[str, Adapter],
    world: World | None,
    backoff: Callable[[int], float] | None = None,
) -> Weaver:
    """A kernel on a database; the sandbox's clock rules where the sandbox is all there is."""
    gate = Gate(dry_run=house.config.weaver.dry_run)
    keyring = keyring_of(house)
    clock = world if world is not None and set(adapters) == {"sandbox"} else WallClock()
    return Weaver(house.database, house.plugins, keyring, adapters, clock, gate, backoff=backoff)


@asynccontextmanager
async def at_desk(config: Config) -> AsyncIterator[Desk]:
    """Take the lock and answer like a running Weaver; what is decided waits for the next run."""
    with exclusive_folder(config), open_house(config) as house, _world(config) as world:
        migrate(house.database, house.owners)
        weaver = weaver_of(house, {"sandbox": SandboxAdapter(world)}, world)
        await weaver.start(house.provisions, deliver=False)
        try:
            yield Desk(weaver)
        finally:
            await weaver.stop()


@contextmanager
def _free_port(config: Config) -> Iterator[None]:
    """See that the pages' port can be had, and leave it."""
    bind(HERE, config.weaver.port).close()
    yield


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
    with (
        exclusive_folder(config),
        _free_port(config),
        open_house(config) as house,
        _world(config) as world,
    ):
        migrate(house.database, house.owners)
        adapter = SandboxAdapter(world)
        weaver = weaver_of(house, {"sandbox": wrap(adapter)}, world, backoff)
        await weaver.start(house.provisions)
        try:
            weaver.listen()
            await _serve(config, weaver, adapter, stop, ready)
        finally:
            await weaver.stop()


async def _serve(
    config: Config,
    weaver: Weaver,
    adapter: SandboxAdapter,
    stop: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    """Keep pages and door open until told to stop, or until something that should run ends."""
    identity, community = next(iter(config.communities.items()))
    stage = SandboxStage(adapter, identity, _advance(weaver, adapter))
    commands = ("chats list", "pulse share", "amplify routes", "welcome preview Priya")
    introduction = Introduction(community.name, community.zone, commands=commands)
    app = create_app(stage, LedgerRecord(weaver), introduction)
    parts = [
        asyncio.create_task(serve(app, HERE, config.weaver.port, stop=stop, ready=ready)),
        asyncio.create_task(keep_door(socket_path(config.data), Desk(weaver), stop)),
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
