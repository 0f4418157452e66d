"""A real kernel on either database, with clocks that stand still and a platform with moods."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import Field, Session

from bot.domain.actions import Action, SendPost
from bot.domain.events import CommandCalled, Event, MemberJoined, PostSeen
from bot.domain.model import Community, Member, Post, Space
from bot.domain.pages import Act
from bot.domain.ports import Delivery, Outcome
from bot.kernel import ledger
from bot.kernel.consent import Book, Gate
from bot.kernel.dispatch import Turn
from bot.kernel.keys import Keyring
from bot.kernel.provision import Provision
from bot.kernel.registry import checked
from bot.kernel.weaver import Weaver
from bot.kernel.writer import Transaction
from bot.plugin import Plugin
from bot.storage.database import Database
from bot.storage.types import PluginTable
from bot.testing import ADA, HOST, NOON, FakeAdapter, SetClock

T = TypeVar("T")
LOBBY = Space("fake", "lobby", "Lobby", "lobby")
TEA = Space("fake", "tea", "Tea room", "chat")
SHED = Space("fake", "shed", "Potting shed", "hosts")
WALL = Space("fake", "wall", "Wall", "audience")
GARDEN = Community(
    "garden", "The garden", "Europe/London", "en", (LOBBY, TEA, SHED, WALL), frozenset({HOST.key})
)
WHY = "A test wants it."


class Plain(BaseModel):
    """Nothing to set but a word."""

    model_config = ConfigDict(extra="forbid")
    word: str = "hello"


class Note(PluginTable, table=True):
    """What the plugin called notes writes down."""

    __tablename__ = "notes_note"
    id: int | None = Field(default=None, primary_key=True)
    community: str
    text: str


class Jot(PluginTable, table=True):
    """What the plugin called jots writes down; a text once."""

    __tablename__ = "jots_jot"
    text: str = Field(primary_key=True)


def a_plugin(name: str = "notes", *, table: type[PluginTable] | None = Note) -> Plugin[Plain]:
    """Make a plugin without handlers, for a test to give it some."""
    tables = [table] if table else []
    plugin = Plugin(name, package="bot", settings=Plain, tables=tables)
    if tables:
        plugin.forget(lambda _member, _db: None)
        plugin.tell(lambda _member, _db: {})
    return plugin


class Deaf(Exception):  # noqa: N818 - a mood
    """The platform does it, and we never hear of it."""


class Mute:
    """The platform does it, and says nothing for ever."""


@dataclass
class Moody(FakeAdapter):
    """A platform that has a mood for each call, by the act's key, or "" for any act.

    A mood is an error, an event to wait for, or one after the other.
    """

    moods: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[tuple[str, int]] = field(default_factory=list)
    """Key and attempt of every call, in order."""
    called: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the first call."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Do it, as the mood allows."""
        self.calls.append((delivery.key, delivery.attempt))
        self.called.set()
        moods = self.moods.get(delivery.key) or self.moods.get("") or [None]
        mood = moods.pop(0)
        last: Deaf | Mute | None = None
        for step in mood if isinstance(mood, tuple) else (mood,):
            if isinstance(step, asyncio.Event):
                await step.wait()
            elif isinstance(step, Deaf | Mute):
                last = step
            elif isinstance(step, Exception):
                raise step
        receipt = await super().perform(action, delivery)
        if isinstance(last, Deaf):
            raise last
        if isinstance(last, Mute):
            await asyncio.Event().wait()
        return receipt

    @property
    def keys(self) -> list[str]:
        """The keys it was called with, in order."""
        return [key for key, _ in self.calls]


class Garden:
    """Weaver in a garden: what is said to it, what it decides, what comes about."""

    def __init__(
        self,
        database: Database,
        *plugins: Plugin[Any],
        communities: Sequence[Community] = (GARDEN,),
        deliver: bool = True,
        gate: Gate | None = None,
        backoff: Callable[[int], float] = lambda _: 0.0,
    ) -> None:
        self.database = database
        self.adapter, self.clock, self.real = Moody(), SetClock(), SetClock()
        self.communities, self._deliver = communities, deliver
        self._gate, self._backoff = gate or Gate(), backoff
        self.plugins = {plugin.name: checked(plugin) for plugin in plugins}
        with database.write.begin() as connection:
            for found in self.plugins.values():
                if found.owner is not None:
                    found.owner.metadata.create_all(connection)
        self.start()

    def start(self) -> None:
        """Start Weaver on what is in the database."""
        self.runner = asyncio.Runner()
        self.adapter.called = asyncio.Event()
        self.weaver = Weaver(
            self.database,
            self.plugins,
            Keyring(b"the secret of this garden"),
            {"fake": self.adapter},
            clock=self.clock,
            gate=self._gate,
            backoff=self._backoff,
        )
        object.__setattr__(self.weaver.ring, "real", self.real.now)
        wanted = [Provision(one, tuple(self.plugins)) for one in self.communities]
        self.run(self.weaver.start(wanted, deliver=self._deliver))

    def close(self) -> None:
        """Stop as on SIGTERM."""
        self.run(self.weaver.stop())
        self.runner.close()

    def crash(self) -> None:
        """End at once, as on kill -9: nothing more is written."""
        writer = self.weaver.writer
        writer._queue.put(None)
        assert writer._thread is not None
        writer._thread.join()
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in Weaver's loop."""
        return self.runner.run(work)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do something in a transaction."""
        return self.run(self.weaver.writer.write(work))

    def hears(self, event: Event, cursor: str | None = None) -> Outcome:
        """Something happens on the platform; nothing is delivered yet."""
        return self.run(self.weaver.ring(event, cursor))

    def delivers(self, after: timedelta = timedelta(0)) -> None:
        """Time passes for everybody, and what is due by then is delivered."""
        self.real.move(self.real.now() + after)
        self.run(self.weaver.delivery.drain())

    def decides(self, *actions: Action, community: str = "garden", plugin: str = "notes") -> None:
        """Weaver decides to act."""
        self.write(partial(self.record, actions, community, plugin))

    def record(
        self, actions: Sequence[Action], community: str, plugin: str, transaction: Transaction
    ) -> None:
        """Write actions into the ledger."""
        turn = Turn(transaction, self.weaver.registry.communities[community], "", self.clock.now())
        for action in actions:
            self.weaver.ring.record(turn, plugin, action)

    def agrees(self, member: Member, purpose: str, given: bool) -> None:
        """A member says yes or no."""
        self.write(lambda t: Book(t, "garden", self.clock.now()).record(member, purpose, given))

    @property
    def acts(self) -> list[Act]:
        """Every act in the ledger, oldest first."""
        with self.database.read.connect() as connection:
            return list(ledger.acts(connection, None, 100_000))[::-1]

    def act(self, key: str) -> Act:
        """Find one act by its key."""
        [found] = [act for act in self.acts if act.key == key]
        return found

    @property
    def states(self) -> dict[str, str]:
        """The state of every act by its key."""
        return {act.key: act.state for act in self.acts}

    @property
    def told(self) -> list[str]:
        """What the hosts are told, whether it is delivered yet or not."""
        return [act.text or "" for act in self.acts if act.plugin == "core" and act.text]

    def texts(self, table: Any = Note) -> list[str]:
        """What a plugin wrote down, in order."""
        with Session(self.database.read) as session:
            return list(session.exec(select(table.text).order_by(table.text)).scalars())  # type: ignore[call-overload]

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        with Session(self.database.read) as session:
            return len(session.exec(select(table)).all())  # type: ignore[call-overload]


def says(text: str, number: int = 1, member: Member = ADA, space: Space = LOBBY) -> PostSeen:
    """A member says something."""
    post = Post(f"post-{number}", space, member, text, NOON)
    return PostSeen(f"seen-{number}", NOON, space, post)


def joins(member: Member, number: int = 1, space: Space = LOBBY) -> MemberJoined:
    """A member enters."""
    return MemberJoined(f"join-{number}", NOON, space, member)


def calls(text: str, number: int = 1, member: Member = HOST) -> CommandCalled:
    """A member gives a command."""
    return CommandCalled(f"call-{number}", NOON, LOBBY, member, text)


def sends(name: str, space: Space = LOBBY, **more: Any) -> SendPost:
    """A post that Weaver decides on; its words are its name."""
    return SendPost(f"notes:garden:{name}", space, name, why=WHY, **more)
