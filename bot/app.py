"""Put Weaver together: the only file that knows every layer."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.adapters.sandbox import SandboxAdapter, SandboxStage, World
from bot.adapters.sandbox.story import BEGINNING, settle
from bot.config import Config
from bot.domain.errors import UserError
from bot.domain.ports import Adapter
from bot.kernel.consent import Gate
from bot.kernel.door import Desk, keep_door, socket_path
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.provision import Provision
from bot.kernel.record import LedgerRecord
from bot.kernel.registry import Installed, installed, owners, settings_from
from bot.kernel.weaver import WallClock, Weaver
from bot.storage.database import Database, open_database
from bot.storage.lock import exclusive
from bot.storage.migrate import Owner, migrate, pending
from bot.web.app import create_app
from bot.web.introduction import Introduction
from bot.web.server import serve

WORLD = "sandbox.db"


@dataclass(frozen=True, slots=True)
class House:
    """What a command works with: settings, plugins, and the database."""

    config: Config
    plugins: Mapping[str, Installed]
    database: Database

    @property
    def owners(self) -> list[Owner]:
        """Everybody who has tables."""
        return owners(self.plugins.values())

    @property
    def provisions(self) -> list[Provision]:
        """The communities of the settings."""
        return [
            Provision(found.community(identity), found.plugins, found.settings)
            for identity, found in self.config.communities.items()
        ]


def plugins_of(config: Config) -> dict[str, Installed]:
    """Import and check the plugins that communities use, and the settings they are given."""
    found = installed(name for one in config.communities.values() for name in one.plugins)
    for identity, community in config.communities.items():
        for name, chosen in community.settings.items():
            where = f"{config.source}: community.{identity}.{name}"
            if name not in community.plugins:
                raise UserError(f"{where}: there is no setting or enabled plugin of that name")
            settings_from(found[name].plugin, chosen, where)
    return found


@contextmanager
def open_house(config: Config) -> Iterator[House]:
    """Open the database of the settings, made if need be; nothing is written to it yet."""
    plugins = plugins_of(config)
    try:
        config.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{config.data}: cannot be made: {error}; set WEAVER_DATA") from None
    database = open_database(config.database)
    try:
        yield House(config, plugins, database)
    finally:
        database.close()


def check(config: Config) -> list[str]:
    """Look at settings, plugins, templates, database and migrations; returns what was found."""
    plugins = plugins_of(config)
    said = [f"settings: {config.source}", f"plugins: {', '.join(plugins)}; templates parse"]
    path = Path(config.database)
    if "://" not in config.database and not path.exists():
        return [*said, f"database: {path} will be made at the first run"]
    with open_house(config) as house:
        behind = pending(house.database, house.owners)
        names = ", ".join(owner.name for owner in behind)
        state = f"behind for {names}; run: weaver migrate" if behind else "up to date"
        return [*said, f"database: {house.database.url.render_as_string()}: {state}"]


def weaver_of(
    house: House,
    adapters: Mapping[str, Adapter],
    world: World | None,
    backoff: Callable[[int], float] | None = None,
) -> Weaver:
    """A kernel on a database; the sandbox's clock rules where the sandbox is all there is."""
    gate = Gate(dry_run=house.config.weaver.dry_run)
    keyring = Keyring(installation_key(house.config.data))
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
def exclusive_folder(config: Config) -> Iterator[None]:
    """Hold the data folder, made if need be."""
    try:
        config.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{config.data}: cannot be made: {error}; set WEAVER_DATA") from None
    with exclusive(config.data):
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

    ``wrap`` and ``backoff`` are for tests: a platform that fails, and patience to match.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with exclusive_folder(config), open_house(config) as house, _world(config) as world:
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
        asyncio.create_task(serve(app, port=config.weaver.port, stop=stop, ready=ready)),
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
    """Start the example over: remove its world and Weaver's memory of it."""
    if "://" in config.database:
        raise UserError("the database is not a file of the sandbox's; empty it by hand")
    with exclusive_folder(config):
        names = [config.data / WORLD, Path(config.database)]
        gone = [p for name in names for p in name.parent.glob(f"{name.name}*") if p.is_file()]
        for path in gone:
            path.unlink()
    return gone


def describe(plugins: Mapping[str, Installed]) -> list[dict[str, Any]]:
    """What each plugin is, for people and for programs."""
    return [
        {
            "name": name,
            "about": (found.plugin.package and _about(found)),
            "commands": [spec.usage for spec, _ in found.commands.values()],
            "settings": sorted(found.plugin.settings.model_fields),
            "tables": [str(model.__tablename__) for model in found.plugin.tables],
        }
        for name, found in plugins.items()
    ]


def _about(found: Installed) -> str:
    """The first line of a plugin's package."""
    import sys

    return (sys.modules[found.plugin.package].__doc__ or "").strip().splitlines()[0]
