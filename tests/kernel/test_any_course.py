"""Whatever fails, and whenever Weaver dies: in the end each act exists once, or is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.domain.actions import Ref, Reply, Repost, Undo
from bot.domain.model import Grounds
from bot.domain.ports import Rejected, TryLater
from bot.storage.database import Database
from bot.testing import ADA, GRACE
from tests.kernel.garden import LOBBY, TEA, WALL, WHY, Deaf, Garden, Mute, calls, sends
from tests.storage.databases import Server, opened

Lend = Callable[[], AbstractContextManager[Database]]
OPEN = ("todo", "sending", "held")
numbers = st.integers(0, 3)
members = st.sampled_from([ADA, GRACE])
moods: st.SearchStrategy[Any] = st.sampled_from(
    [ConnectionError, Deaf, Deaf, lambda: TryLater("busy"), lambda: TryLater("slow", 5.0), Rejected]
)


class Course(RuleBasedStateMachine):
    """Decide, take back, say no, fail, lose the answer, die and start again, in any order."""

    def __init__(self, lend: Lend) -> None:
        super().__init__()
        self._stack = ExitStack()
        database = self._stack.enter_context(lend())
        self.garden = Garden(database, deliver=False, backoff=lambda n: 2.0**n)
        self.garden.adapter.known |= {f"post-{number}" for number in range(3)}
        self.decided: dict[str, Any] = {}
        self.taken_back: set[str] = set()
        self.said_no: set[str] = set()
        self._serial = 0

    def _decide(self, *actions: Any) -> None:
        for action in actions:
            self.decided.setdefault(action.key, action)
        self.garden.decides(*actions)

    @initialize(members=st.lists(members, min_size=3, max_size=3))
    def begin(self, members: list[Any]) -> None:
        """There is always something to lose."""
        for number, member in enumerate(members):
            grounds = Grounds(member, "amplify", "asked")
            repost, post = (f"notes:garden:{kind}-{number}" for kind in ("repost", "post"))
            self._decide(
                Repost(repost, WALL, LOBBY, f"post-{number}", why=WHY, grounds=grounds),
                sends(f"post-{number}", TEA if number else LOBBY),
                Reply(f"{post}-reply", LOBBY, Ref(post), "and", why=WHY),
            )

    @rule(number=st.integers(3, 5), space=st.sampled_from([LOBBY, TEA]))
    def decide(self, number: int, space: Any) -> None:
        self._decide(sends(f"post-{number}", space))

    @rule(number=numbers, kind=st.sampled_from(["post", "repost"]))
    def take_back(self, number: int, kind: str) -> None:
        key = f"notes:garden:{kind}-{number}"
        if key in self.decided:
            self.taken_back.add(key)
            self.garden.decides(Undo(f"{key}-undo", of=key, why=WHY))

    @rule(member=members, word=st.booleans())
    def say(self, member: Any, word: bool) -> None:
        if not word:
            self.said_no.add(member.key)
        self.garden.agrees(member, "amplify", word)

    async def _deliver(self, *, until_called: bool = False) -> None:
        """Let delivery run until nothing is due, or until it calls the platform."""
        delivery = self.garden.weaver.delivery
        running = asyncio.create_task(delivery.run())
        ends = [asyncio.create_task(delivery.drain())]
        if until_called:
            ends.append(asyncio.create_task(self.garden.adapter.called.wait()))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in (running, *ends):
            task.cancel()
        await asyncio.gather(running, *ends, return_exceptions=True)

    @rule(seconds=st.sampled_from([0, 5, 600]), made=st.just([]) | st.lists(moods, max_size=9))
    def deliver(self, seconds: int, made: list[Callable[[], Exception]]) -> None:
        self.garden.adapter.moods[""] = [mood() for mood in made]
        self.garden.real.move(self.garden.real.now() + timedelta(seconds=seconds))
        self.garden.run(self._deliver())

    @rule(word=st.sampled_from(["pause", "resume"]))
    def pause_or_resume(self, word: str) -> None:
        self._serial += 1
        self.garden.hears(calls(word, self._serial))

    @rule()
    def retry(self) -> None:
        for act in self.garden.acts:
            if act.state == "dead":
                self.garden.run(self.garden.weaver.retry(act.key))

    @rule(sending=st.sampled_from(["nothing", "what is done", "what is not done"]))
    def die(self, sending: str) -> None:
        if sending != "nothing":
            done = sending == "what is done"
            self.garden.adapter.moods[""] = [Mute() if done else asyncio.Event() for _ in range(9)]
            self.garden.adapter.called.clear()
            self.garden.run(self._deliver(until_called=True))
        self.garden.crash()
        self.garden.start()

    @invariant()
    def what_is_done_exists(self) -> None:
        done = {act.key for act in self.garden.acts if act.state == "done" and act.receipt}
        assert done - self.taken_back <= self.garden.adapter.made.keys()

    def teardown(self) -> None:
        """Heal everything, try again what was given up, and count."""
        try:
            self._heal()
            self._count()
        finally:
            self.garden.close()
            self._stack.close()

    def _heal(self) -> None:
        garden = self.garden
        garden.adapter.moods = {}
        garden.hears(calls("resume", 1_000_000))
        for _ in range(4):
            self.retry()
            self.deliver(3600, [])
        assert [act.key for act in garden.acts if act.state in OPEN] == []

    def _count(self) -> None:
        states, made = self.garden.states, self.garden.adapter.made
        ours = {key: state for key, state in states.items() if key.startswith("notes:")}
        undos = {key for key in ours if key.endswith("-undo")}
        assert ours.keys() == self.decided.keys() | undos, "nothing lost, nothing made up"

        standing = {key for key in self.decided if ours[key] == "done"}
        assert standing == {key for key in made if key.startswith("notes:")}
        for key, action in self.decided.items():
            state = ours[key]
            if key in self.taken_back:
                assert state in ("cancelled", "undone"), key
            elif action.grounds and action.grounds.member.key in self.said_no:
                # dead: removed on a no, and a yes after that comes too late
                assert state in ("cancelled", "done", "dead"), key
            elif isinstance(action, Reply):
                assert state in ("done", "cancelled"), key
            else:
                assert state == "done", key


@pytest.fixture
def lend(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Lend:
    """Lend a database with the core's tables, again and again."""
    serial = iter(range(1_000_000))

    @contextmanager
    def lent() -> Any:
        with ExitStack() as stack:
            if kind == "sqlite":
                address = str(tmp_path / f"{next(serial)}.db")
                Path(address).write_bytes(request.getfixturevalue("migrated_file").read_bytes())
            else:
                server: Server = request.getfixturevalue("postgres")
                address = stack.enter_context(server.migrated())
            yield stack.enter_context(opened(address))

    return lent


BOUNDED = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_in_the_end_every_act_exists_once_or_is_taken_back(lend: Lend) -> None:
    run_state_machine_as_test(lambda: Course(lend), settings=BOUNDED)  # type: ignore[no-untyped-call]


@pytest.mark.torture
def test_in_the_end_of_very_many_courses_too(lend: Lend) -> None:
    many = settings(BOUNDED, max_examples=300, stateful_step_count=60)
    run_state_machine_as_test(lambda: Course(lend), settings=many)  # type: ignore[no-untyped-call]
