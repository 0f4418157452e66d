"""Kill -9 at random moments, on a platform that fails: every act exists once, and none is missing.

TORTURE_SEED repeats a run as far as two processes can be repeated; TORTURE_KILLS sets how many.
"""

import os
import random
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import monotonic, sleep

import pytest

from tests.torture.process import (
    UNRELIABLE,
    Gone,
    House,
    Refused,
    Running,
    house_in,
    until,
)
from tests.torture.reckoning import at_rest, reckon
from tests.torture.visitors import Visitors

CHAT_DONE = "SELECT 1 FROM chats_session WHERE state = 'done' AND prompts != '[]'"
MOVES = 40


@dataclass
class Torture:
    """A story that is broken off again and again."""

    house: House
    visitors: Visitors
    chance: random.Random

    def start(self) -> Running:
        """Start on the unreliable platform, as unreliable as the seed says."""
        seed = str(self.chance.random())
        return self.house.start(
            *UNRELIABLE, TORTURE_SEED=seed, TORTURE_FAULTS="0.4", TORTURE_SLOWNESS="0.04"
        )

    def kill_while_starting(self) -> None:
        """Anywhere between the first line of the program and its first answer."""
        running = self.start()
        sleep(self.chance.uniform(0, 1.3))
        running.kill()

    def kill_while_people_act(self) -> None:
        """At any moment while requests come in and acts go out."""
        running = self.start().ready()
        killer = Timer(self.chance.uniform(0.1, 1.2), running.process.kill)
        killer.start()
        with suppress(Gone):
            while True:
                self.visitors.act(running)
        killer.join()
        running.kill()

    def kill_while_the_clock_moves(self) -> None:
        """While one thing after another falls due."""
        running = self.start().ready()
        killer = Timer(self.chance.uniform(0, 0.5), running.process.kill)
        with suppress(Gone, Refused):
            self.visitors.post(running)
            killer.start()
            while True:
                self.visitors.clock(running)
        killer.join()
        running.kill()

    def kill_while_acts_are_on_their_way(self) -> None:
        """As soon as the ledger says that something is being sent."""
        running = self.start().ready()
        with suppress(Gone):
            for _ in range(self.chance.randint(2, 8)):
                self.visitors.act(running)
            end = monotonic() + 0.3
            sending = "SELECT 1 FROM core_ledger WHERE state = 'sending'"
            while not self.house.memory(sending) and monotonic() < end:
                pass
        running.kill()

    def kills(self, count: int) -> None:
        """Each of these in turn, in an order that changes."""
        ways = [
            self.kill_while_starting,
            self.kill_while_people_act,
            self.kill_while_the_clock_moves,
            self.kill_while_acts_are_on_their_way,
        ]
        while count > 0:
            for kill in self.chance.sample(ways, k=min(count, len(ways))):
                kill()
                count -= 1

    def settle(self) -> None:
        """Let it finish in peace, with at least one chat held to its end; then stop it."""
        running = self.start().ready()
        for _ in range(20):
            self.visitors.act(running)
        for _ in range(MOVES):
            if self.house.memory(CHAT_DONE):
                break
            self.visitors.clock(running)
        until(lambda: at_rest(self.house), what="everything to be done")
        assert running.stop() == 0


@pytest.mark.parametrize(
    "kills", [10, pytest.param(100, marks=[pytest.mark.torture, pytest.mark.timeout(3600)])]
)
def test_every_act_exists_once_however_often_weaver_is_killed(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = os.environ.get("TORTURE_SEED", secrets.token_hex(4))
    kills = int(os.environ.get("TORTURE_KILLS", kills))
    chance = random.Random(seed)
    with capsys.disabled():
        print(f"\ntorture: TORTURE_SEED={seed}, {kills} kills", flush=True)
    with house_in(tmp_path) as house:
        torture = Torture(house, Visitors(house, chance), chance)
        torture.kills(kills)
        torture.settle()
        counts = reckon(house, torture.visitors)

    with capsys.disabled():
        print(
            f"torture: {kills} kills, {torture.visitors.unanswered} requests cut off; "
            f"{counts.acts} acts done, duplicates {counts.duplicates}, missing {counts.missing}, "
            f"{counts.undone} taken back; {counts.greeted} greeted, {counts.passed_on} passed on, "
            f"{counts.prompts} questions asked, {counts.posts} posts of people",
            flush=True,
        )
    assert counts.acts
    assert counts.prompts
