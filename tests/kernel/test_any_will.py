"""Whatever people say, here or by the network, in any order: no act goes against it when done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.adapters.bluesky.appview import KEPT
from bot.adapters.bluesky.asking import Asking
from bot.adapters.bluesky.standing import Person, Subject
from bot.domain.actions import Action, Repost, Undo
from bot.domain.events import Blocked, CommandCalled
from bot.domain.model import Basis, Grounds, Member
from bot.domain.ports import Delivery
from bot.storage.database import Database
from bot.testing import NOON
from tests.adapters.bluesky.society import FakeView
from tests.kernel.garden import LOBBY, WALL, WHY, Deaf, Garden, Moody, a_plugin
from tests.storage.databases import opened

Lend = Callable[[], AbstractContextManager[Database]]
ADA, BEA = Member("fake", "did:plc:ada"), Member("fake", "did:plc:bea")
ACCOUNT: Any = SimpleNamespace(name="wall")
WORDS = ("stop", "start", "me yes amplify", "me no amplify")
BASES: tuple[Basis, ...] = ("asked", "agreed", "follows")
members = st.sampled_from([ADA, BEA])


@dataclass
class Asked(Moody):
    """A platform that asks, as Bluesky does, before it does anything; and a witness beside it."""

    seconds: float = 0.0
    view: FakeView = field(default_factory=FakeView)
    minds: Callable[[Action], str] = lambda _action: ""
    against: list[str] = field(default_factory=list)
    """Acts that were performed although somebody minded."""

    def __post_init__(self) -> None:
        """Nobody is asked yet."""
        self.asking = Asking(self.view, {}, lambda: self.seconds)

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Ask, then do it, unless the mood forbids it."""
        if not isinstance(action, Undo):
            await self.asking.allow(action, delivery, ACCOUNT)
            if why := self.minds(action):
                self.against.append(f"{action.key}: {why}")
        return await super().perform(action, delivery)


class Will(RuleBasedStateMachine):
    """Two people who change their minds, and Weaver, which decides, delivers, fails and dies."""

    def __init__(self, lend: Lend) -> None:
        super().__init__()
        self._stack = ExitStack()
        plugin = a_plugin()
        plugin.purpose("amplify", "pass your tagged posts on")
        database = self._stack.enter_context(lend())
        self.garden = Garden(database, plugin, deliver=False, backoff=lambda _: 0.0)
        self.platform = Asked()
        self._wear()
        self.stopped: set[str] = set()
        self.said: dict[str, bool] = {}
        self._serial = 0
        for member in (ADA, BEA):
            self.platform.view.known[member.id] = Person()

    def _wear(self) -> None:
        """Let Weaver meet the same platform after every start."""
        self.garden.adapter = self.platform
        self.platform.minds = self._minds
        self.garden.weaver.adapters["fake"] = self.platform  # type: ignore[index]

    def _minds(self, action: Action) -> str:
        """What the member an act is towards has against it, by now; empty for nothing."""
        assert action.grounds is not None
        member, basis = action.grounds.member, action.grounds.basis
        person, word = self.platform.view.known[member.id], self.said.get(member.key)
        if member.key in self.stopped and word is not True:
            return "stop"
        if person.blocks or "nobot" in person.bio:
            return "block or nobot"
        if basis == "follows" and not person.follows:
            return "follows no longer"
        return "no" if word is False or (basis == "agreed" and word is None) else ""

    def _is(self, member: Member, **so: Any) -> None:
        known = self.platform.view.known
        known[member.id] = replace(known[member.id], **so)
        self.platform.seconds += KEPT  # what was seen before holds no longer

    @rule(member=members, follows=st.booleans())
    def follow(self, member: Member, follows: bool) -> None:
        self._is(member, follows=follows)

    @rule(member=members, noticed=st.booleans())
    def block(self, member: Member, noticed: bool) -> None:
        self._is(member, blocks="theirs", follows=False)
        if noticed:
            self._serial += 1
            self.garden.hears(Blocked(f"blocked-{self._serial}", NOON, WALL, member))

    @rule(member=members)
    def unblock(self, member: Member) -> None:
        self._is(member, blocks="")

    @rule(member=members, bio=st.sampled_from(["", "#nobot"]))
    def describe(self, member: Member, bio: str) -> None:
        self._is(member, bio=bio)

    @rule(member=members, word=st.sampled_from(WORDS))
    def say(self, member: Member, word: str) -> None:
        self._serial += 1
        self.garden.hears(CommandCalled(f"say-{self._serial}", NOON, LOBBY, member, word))
        if word == "stop":
            self.stopped.add(member.key)
            if self.said.get(member.key):
                del self.said[member.key]
        elif word == "start":
            self.stopped.discard(member.key)
        else:
            self.said[member.key] = "yes" in word

    @rule(
        member=members,
        basis=st.sampled_from(BASES),
        mood=st.sampled_from([None, None, Deaf, ConnectionError]),
    )
    def decide(self, member: Member, basis: Basis, mood: Callable[[], Exception] | None) -> None:
        """Weaver decides to pass a post on; the first try may fail, unheard or not done."""
        self.platform.moods[f"notes:garden:{self._serial + 1}"] = [mood() if mood else None]
        self._decide(member, basis)

    def _decide(self, member: Member, basis: Basis) -> None:
        self._serial += 1
        post = f"at://{member.id}/app.bsky.feed.post/{self._serial}"
        self.platform.known.add(post)
        self.platform.view.standing[post] = Subject()
        key = f"notes:garden:{self._serial}"
        grounds = Grounds(member, "amplify", basis)
        self.garden.decides(Repost(key, WALL, LOBBY, post, why=WHY, grounds=grounds))

    async def _delivered(self) -> None:
        """Let delivery run until nothing is due."""
        delivery = self.garden.weaver.delivery
        running = asyncio.create_task(delivery.run())
        await delivery.drain()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    @rule(seconds=st.sampled_from([1, 3600]))
    def deliver(self, seconds: int) -> None:
        self.garden.real.move(self.garden.real.now() + timedelta(seconds=seconds))
        self.garden.run(self._delivered())

    @rule(member=members)
    def try_everything(self, member: Member) -> None:
        """Something of somebody's is passed on, or not, on each ground."""
        for basis in BASES:
            self._decide(member, basis)
        self.deliver(1)

    @rule()
    def die(self) -> None:
        self.garden.crash()
        self.garden.start()
        self._wear()

    @invariant()
    def nothing_was_done_against_anybodys_will(self) -> None:
        assert self.platform.against == []

    def teardown(self) -> None:
        """Whoever is stopped has nothing that stands, once all is delivered."""
        try:
            self.deliver(3600)
            standing = [action for action, _ in self.platform.made.values()]
            theirs = [one.key for one in standing if one.grounds and self._stops(one)]
            assert theirs == []
            assert self.platform.against == []
        finally:
            self.garden.close()
            self._stack.close()

    def _stops(self, action: Action) -> bool:
        assert action.grounds is not None
        key = action.grounds.member.key
        return key in self.stopped and self.said.get(key) is not True


@pytest.fixture
def lend(migrated_file: Path, tmp_path: Path) -> Lend:
    """Lend a database with the core's tables, again and again."""
    serial = count()

    @contextmanager
    def lent() -> Iterator[Database]:
        path = tmp_path / f"{next(serial)}.db"
        path.write_bytes(migrated_file.read_bytes())
        with opened(str(path)) as database:
            yield database

    return lent


def test_the_witness_sees_what_is_done_against_a_will(lend: Lend) -> None:
    course = Will(lend)
    course.follow(ADA, follows=True)
    course.try_everything(ADA)
    course.platform.asking.allow = _whatever  # type: ignore[method-assign]
    course.follow(ADA, follows=False)
    course.try_everything(ADA)
    seen, course.platform.against = course.platform.against, []
    course.teardown()

    assert [one.partition(": ")[2] for one in seen] == ["follows no longer"]


async def _whatever(*_: object) -> None:
    """Allow everything."""


@pytest.mark.torture
def test_in_any_course_nothing_is_done_against_anybodys_will(lend: Lend) -> None:
    many = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: Will(lend), settings=many)  # type: ignore[no-untyped-call]
