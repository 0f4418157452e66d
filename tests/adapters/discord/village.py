"""A whole Weaver, every plugin included, on a Discord of our own, driven from one thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.listening import Patience
from bot.adapters.discord.settings import Discord, DiscordSettings
from bot.domain.model import Community, Space
from bot.domain.pages import Act
from bot.domain.ports import Clock
from bot.kernel import ledger
from bot.kernel.catalogue import Offers
from bot.kernel.facts import is_answered
from bot.kernel.founding import Founding
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.ledger import is_receipt
from bot.kernel.memory import Memory
from bot.kernel.provision import Provision
from bot.kernel.registry import installed, owners
from bot.kernel.statements import POSTS
from bot.kernel.weaver import LoopBell, WallClock, Weaver
from bot.kernel.writer import Writer
from bot.storage.database import open_database
from bot.storage.migrate import migrate

T = TypeVar("T")
PLUGINS = ("welcome", "chats", "amplify", "pulse")
SOON = Patience(first=0.02, longest=0.2)


class Village:
    """A server called Garden with Hana, its host, and a Weaver that can be stopped and started."""

    def __init__(self, discord: Any, folder: Path, **settings: Any) -> None:
        self.discord, self.folder = discord, folder
        self.hana = discord.person("Hana")
        self.garden = discord.guild("Garden", self.hana)
        self.lobby = self.garden.channel("lobby")
        self.tea = self.garden.channel("tea-room")
        self.shed = self.garden.channel("potting-shed")
        self.roses = self.garden.channel("roses")
        self.forum = self.garden.forum("questions", ["Roses", "Weeds"])
        self.spaces = (
            Space("discord", str(self.lobby.id), "lobby", "lobby"),
            Space("discord", str(self.tea.id), "tea-room", "chat"),
            Space("discord", str(self.shed.id), "potting-shed", "hosts"),
            Space("discord", str(self.roses.id), "roses", "audience"),
            Space("discord", str(self.forum.id), "questions", "talk"),
        )
        self.plugin_settings: dict[str, dict[str, Any]] = {}
        self.provisions: Sequence[Provision] | None = None
        self.settings = settings
        self.clock: Clock = WallClock()
        """Weaver's own time; Discord's, where a test moves both."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.weaver: Weaver | None = None
        self.adapter: DiscordAdapter

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 30) -> T:
        """Do something where Weaver lives, and wait for it."""
        told: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return told.result(seconds)

    @property
    def community(self) -> Community:
        host = f"discord:{self.hana.id}"
        return Community("garden", "The garden", spaces=self.spaces, hosts=frozenset({host}))

    def starts(self) -> None:
        """Start Weaver, and wait until it hears the server and its commands are told."""
        self.run(self._start())
        self.waits_until(self.is_ready)

    def is_ready(self) -> bool:
        listening = self.adapter.listening
        heard = listening is not None and listening.line is not None and listening.line.guilds
        return bool(heard) and "commands" in self.kept and not listening.inlet._pins

    async def _start(self) -> None:
        plugins = installed(PLUGINS)
        database = open_database(str(self.folder / "weaver.db"))
        migrate(database, owners(plugins.values()))
        bell = LoopBell()
        writer = Writer(database, bell)
        memory = Memory("discord", database, writer)
        adapters: dict[str, Any] = {}
        self.weaver = weaver = Weaver(
            database,
            plugins,
            Keyring(installation_key(self.folder)),
            adapters,
            clock=self.clock,
            bell=bell,
            backoff=lambda _: 0.02,
            writing=writer,
        )

        def claimed(post: str) -> bool:
            with database.read.connect() as connection:
                return is_receipt(connection, post)

        def answered(post: str, author: str) -> bool:
            with database.read.connect() as connection:
                return is_answered(connection, post, author)

        settings = DiscordSettings(
            api=self.discord.url, gateway=self.discord.gateway_url, **self.settings
        )
        self.adapter = adapters["discord"] = DiscordAdapter(
            Discord(settings, self.discord.token),
            memory,
            Offers(weaver),
            self.folder,
            Founding(weaver),
            claimed=claimed,
            answered=answered,
            patience=SOON,
        )
        wanted = self.provisions
        if wanted is None:
            wanted = [Provision(self.community, PLUGINS, self.plugin_settings)]
        await weaver.start(wanted)
        weaver.listen()

    def stops(self) -> None:
        if self.weaver is not None:
            self.run(self._stop(self.weaver))
            self.weaver = None

    async def _stop(self, weaver: Weaver) -> None:
        await weaver.stop()
        await self.adapter.close()
        weaver.database.close()

    def ends(self) -> None:
        self.stops()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def path(self, group: str, name: str) -> str:
        """How a command is called on Discord: hosts may have a group of their own."""
        listening = self.adapter.listening
        assert listening is not None
        assert self.weaver is not None
        specs = Offers(self.weaver).specs()
        spec = next(one for one in specs if (one.group, one.name) == (group, name))
        return listening.offered.path_of(spec)

    def waits_until(self, found: Callable[[], T], seconds: float = 20) -> T:
        """Wait for something to come true; what it is, is returned."""
        return self.discord.wait_until(found, seconds=seconds)

    def is_quiet(self) -> None:
        """Wait until everything that was heard is kept and everything decided is done."""
        assert self.weaver is not None
        listening = self.adapter.listening
        assert listening is not None
        self.run(listening.inlet.quiet())
        self.run(self.weaver.delivery.drain())

    def passes(self, **by: float) -> None:
        """Let time go by for Discord, and for a Weaver that lives by its clock."""
        assert self.weaver is not None
        self.discord.clock.forward(**by)
        self.run(self.weaver.scheduler.tick())
        self.is_quiet()

    @property
    def kept(self) -> dict[str, str]:
        """What the adapter remembers."""
        assert self.weaver is not None
        with self.weaver.database.read.connect() as connection:
            rows = connection.exec_driver_sql("SELECT name, value FROM core_adapter_state")
            return {row[0]: row[1] for row in rows}

    @property
    def acts(self) -> list[Act]:
        """The ledger, oldest first."""
        assert self.weaver is not None
        with self.weaver.database.read.connect() as connection:
            return list(ledger.acts(connection, None, 1000))[::-1]

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What was logged of posts, oldest first."""
        assert self.weaver is not None
        with self.weaver.database.read.connect() as connection:
            rows = connection.execute(select(POSTS).order_by(POSTS.c.at)).mappings()
            return [dict(row) for row in rows]

    def logged(self, message: Any) -> dict[str, Any] | None:
        """How a message was logged."""
        return next((row for row in self.posts if row["post"].endswith(f"/{message.id}")), None)
