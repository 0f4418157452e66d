"""One event in, one transaction out: facts, plugin rows, ledger rows and cursor together."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from bot.domain.actions import Action, Answer, NotifyHosts, Undo
from bot.domain.errors import UserError
from bot.domain.events import (
    Blocked,
    CommandCalled,
    CommunityOpened,
    Delivered,
    Event,
    Failed,
    PlatformEvent,
    SpaceEvent,
)
from bot.domain.model import Space
from bot.domain.ports import Clock, Outcome
from bot.kernel import commands, counts, facts, hearing, ledger, names, templates, wishes
from bot.kernel.bots import Bots
from bot.kernel.consent import Book
from bot.kernel.decided import Decided
from bot.kernel.home import at_home, is_bots
from bot.kernel.keys import Keyring
from bot.kernel.ledger import Decision
from bot.kernel.occasions import Occasions
from bot.kernel.registry import Enabled, Looked, Registry
from bot.kernel.timers import Timers
from bot.kernel.wishes import Means, Wish
from bot.kernel.writer import Transaction, Writer
from bot.plugin import Context

log = structlog.get_logger()
Produce = Callable[[Context[Any]], Iterable[Action]]
FAILURES = 10
"""A handler that fails so often in a row is switched off for that community."""
SLOW, TOO_SLOW = 0.05, 2.0
"""Seconds after which a handler is logged, and after which the operator is told."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One community's turn with one event."""

    transaction: Transaction
    looked: Looked
    cause: str
    """The id of the event."""
    now: datetime
    actor: str | None = None
    """Key of the member whose command it is."""
    told: list[str] = field(default_factory=list)
    """Keys of what hosts are told in it: where a plugin tells them itself, the core need not."""


@dataclass(frozen=True)
class Ring:
    """The way of every event: into the writer, through the handlers, into the ledger."""

    registry: Registry
    writer: Writer
    keyring: Keyring
    clock: Clock
    real: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    addresses: Mapping[str, Callable[[Space, str], str]] = field(default_factory=dict)
    """By platform: where a person can read a post."""
    longest: Mapping[str, int] = field(default_factory=dict)  # characters of a post, by platform
    feeds: Collection[str] = ()  # platforms on which people can follow one
    base: str = ""  # where people reach the pages for everybody

    async def __call__(self, event: Event, cursor: str | None = None) -> Outcome:
        """Return once the event, all it led to and the platform's cursor are committed."""
        if isinstance(event, SpaceEvent) and not self.registry.wanted(event):
            return Outcome()
        now = self.clock.now()
        if isinstance(event, PlatformEvent):
            return await self.writer.write(
                lambda transaction: hearing.take(
                    event, cursor, self.registry, partial(self._tell, now), transaction
                )
            )
        return await self.writer.write(partial(self.handle, event, now, cursor))

    def handle(
        self, event: Event, now: datetime, cursor: str | None, transaction: Transaction
    ) -> Outcome:
        """Handle one event of a platform inside a transaction."""
        assert isinstance(event, SpaceEvent)
        platform = event.space.platform
        if cursor is not None:
            transaction.cursors[platform] = cursor
        heard = transaction.connection.execute(
            transaction.statements.hear, {"platform": platform, "event": event.id, "at": now}
        )
        if heard.rowcount == 0:
            return Outcome(repeated=True)
        acts: list[str] = []
        answers: list[Answer] = []
        for looked in self.registry.concerned(event.space):
            turn = Turn(transaction, looked, event.id, now)
            here = at_home(event, looked)
            facts.log(transaction, event, looked)
            if transaction.guarded:
                transaction.settle()  # or a handler that fails would take it along
            if is_bots(here):
                continue
            if isinstance(here, Blocked):
                wishes.parted(here.member, here.space.key, self._means(turn))
            elif isinstance(here, CommandCalled):
                answers.append(self.command(replace(turn, actor=here.member.key), here, acts))
            else:
                acts += self.hand_out(turn, here)
        return Outcome(answers=tuple(answers), acts=tuple(acts))

    def hand_out(self, turn: Turn, event: Event) -> list[str]:
        """Give an event to every handler of a community that listens to its kind."""
        acts: list[str] = []
        for enabled, prefix, handler in turn.looked.handlers.get(type(event), ()):
            if isinstance(event, Delivered | Failed):
                plugin, _, about = event.key.split(":", 2)
                if plugin != enabled.installed.name or not about.startswith(prefix):
                    continue
            acts += self.run(turn, enabled, handler.__name__, partial(handler, event))
        return acts

    def open(self, transaction: Transaction, looked: Looked, now: datetime) -> None:
        """Tell the plugins of a community that Weaver looks after it."""
        event = CommunityOpened(f"opened:{looked.community.id}:{now.isoformat()}", now)
        self.hand_out(Turn(transaction, looked, event.id, now), event)

    def command(self, turn: Turn, event: CommandCalled, acts: list[str]) -> Answer:
        """Carry out a command; a mistake in it is answered and leaves nothing behind."""
        found = commands.find(turn.looked, event)
        if isinstance(found, Answer):
            return found
        if isinstance(found, commands.Core):
            return found.run(turn.transaction)
        if isinstance(found, Wish):
            return found.run(self._means(turn))
        said: list[Answer] = []

        def run(ctx: Context[Any]) -> Iterator[Action]:
            result = found.command.run(found.call, ctx, **found.arguments)
            if isinstance(result, Answer):
                said.append(result)
            else:
                said.append((yield from result))

        try:
            acts += self.run(turn, found.enabled, found.command.name, run, mistakes=True)
        except UserError as mistake:
            if not turn.transaction.guarded:
                raise
            return Answer(str(mistake), mistake=True)
        return said[0] if said else Answer(commands.SORRY, mistake=True)

    def run(
        self, turn: Turn, enabled: Enabled, name: str, produce: Produce, *, mistakes: bool = False
    ) -> list[str]:
        """Run one handler and record what it yields; alone in a savepoint when guarded.

        With ``mistakes`` a UserError is the caller's to answer, after everything is rolled back.
        """
        plugin = enabled.installed.name
        place = (turn.looked.community.id, plugin, name)
        if self.registry.failures.get(place, 0) >= FAILURES:
            return []
        keys: list[str] = []
        told = len(turn.told)
        began = time.perf_counter()
        try:
            with turn.transaction.protected():
                for action in produce(self.context(turn, enabled)):
                    keys.append(action.key)
                    self.record(turn, plugin, action)
                turn.transaction.session.flush()
        except (Exception, SystemExit) as error:
            if not turn.transaction.guarded or (mistakes and isinstance(error, UserError)):
                raise
            del turn.told[told:]
            where = {"community": place[0], "plugin": plugin, "handler": name}
            log.error("handler failed", **where, **wordless(error))  # noqa: TRY400 - no words
            self._failed(turn, place)
            return []
        self.registry.failures.pop(place, None)
        took = time.perf_counter() - began
        if took > SLOW:
            say = log.error if took > TOO_SLOW else log.warning
            say("handler is slow", plugin=plugin, handler=name, milliseconds=round(took * 1000))
        return keys

    def record(self, turn: Turn, plugin: str, action: Action) -> bool:
        """Write an action into the ledger; False when its key is there already."""
        community, hashed = turn.looked.community, self.keyring.hashed
        spaces = turn.looked.space_ids
        decision = Decision(community, plugin, turn.now, self.real(), hashed, spaces, turn.actor)
        turn.told.extend([action.key] if isinstance(action, NotifyHosts) else [])
        return ledger.record(turn.transaction, action, decision)

    def _means(self, turn: Turn) -> Means:
        """What it takes to do what a member wants, in the turn's transaction."""
        undo = partial(self._undo, turn)
        tell = partial(self.record, replace(turn, actor=None), "core")  # and not who asked
        return Means(turn.transaction, turn.now, self.keyring.hashed, undo, tell)

    def _undo(self, turn: Turn, community: str, undo: Undo) -> bool:
        """Record an undo in any community; False in one that is no longer looked after."""
        looked = self.registry.communities.get(community)
        return looked is not None and self.record(replace(turn, looked=looked), "core", undo)

    def context(self, turn: Turn, enabled: Enabled) -> Context[Any]:
        """What a plugin may use while it handles one event."""
        plugin, community = enabled.installed.plugin, turn.looked.community
        transaction = turn.transaction

        def keyed(parts: tuple[object, ...], shared: bool) -> str:
            return self.keyring.key(plugin.name, "*" if shared else community.id, parts)

        def recalled(name: str, make: Callable[[], Any], tables: Collection[str]) -> Any:
            transaction.session.flush()
            return transaction.recall.get((community.id, plugin.name, name), make, tables)

        return Context(
            plugin=plugin.name,
            settings=enabled.settings,
            community=community,
            now=turn.now,
            db=transaction.session,
            render=partial(templates.render, plugin.package, community.language),
            fill=templates.fill,
            link=self._link,
            standing=partial(names.standing, turn.looked, transaction.session),
            keyed=keyed,
            runs=transaction.run,
            recalled=recalled,
            consent=Book(transaction, community.id, turn.now),
            schedule=Timers(transaction, community.id, plugin.name, community.zone, turn.now),
            posts=counts.Log(
                transaction.connection, turn.looked, transaction.settle, transaction.pending
            ),
            acts=Decided(transaction.connection, community.id, plugin.name),
            occasions=Occasions(
                transaction, community.id, plugin.name, turn.looked, partial(self.context, turn)
            ),
            bots=Bots(transaction, turn.looked, turn.now),
            longest=self.longest,
            feeds=self.feeds,
            base=self.base,
            contact=turn.looked.contact,
            seed=f"{turn.cause}:{plugin.name}",
        )

    def _link(self, space: Space, post_id: str) -> str:
        """Where a person can read a post; empty on a platform that is not connected."""
        return address(space, post_id) if (address := self.addresses.get(space.platform)) else ""

    def _tell(
        self, now: datetime, transaction: Transaction, looked: Looked, action: NotifyHosts
    ) -> bool:
        """Tell the hosts of one community something that concerns the core."""
        return self.record(Turn(transaction, looked, action.key, now), "core", action)

    def _failed(self, turn: Turn, place: tuple[str, str, str]) -> None:
        """Count a failure; after ten in a row the handler rests and the hosts are told."""
        count = self.registry.failures[place] = self.registry.failures.get(place, 0) + 1
        if count != FAILURES:
            return
        community, plugin, name = place
        text = (
            f"The part of Weaver called {plugin} failed ten times in a row, so it rests ({name}) "
            "until Weaver is started again. Everything else goes on. Its operator can see more "
            "in the log."
        )
        key = f"core:{community}:failing:{plugin}:{name}:{turn.now:%Y%m%dT%H%M}"
        why = "A part that fails ten times in a row is switched off, and the hosts are told."
        self.record(turn, "core", NotifyHosts(key, text, why=why))


def wordless(error: BaseException) -> dict[str, str]:
    """What a log may say of an error: its type and path through the code, never its message."""
    path = [
        f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"error": type(error).__name__, "path": " > ".join(path)}
