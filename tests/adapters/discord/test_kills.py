"""Kill -9 amid every kind of write on Discord: each act exists once, as Discord's side tells."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.actions import Action, Undo
from bot.domain.ports import Delivery
from tests.adapters.contract import WHY, account_of
from tests.adapters.discord.doer import RECEIPTS, TASK, Task
from tests.adapters.discord.grounds import DiscordGrounds
from tests.adapters.discord.writes import WRITES, Write, write
from tests.conftest import REPOSITORY
from tests.fakediscord.faults import LOST, SLOW
from tests.fakediscord.server import FakeDiscord

FOREVER = 300.0
"""Seconds for which a request hangs: the process is killed long before."""
PATIENCE = 60.0
MAKES = r"/(messages|threads|scheduled-events)$|/reactions/|/roles/[0-9]+$"
"""Paths of the requests that make something people see."""
UNMAKES = r"/(messages|channels|scheduled-events)/[0-9]+$|/reactions/|/roles/[0-9]+$"
Made = Mapping[str, Write]
Acts = list[tuple[Action, Delivery]]


class Doer:
    """Weaver's hands in one process after another, on one memory."""

    def __init__(self, discord: FakeDiscord, grounds: list[DiscordGrounds], folder: Path) -> None:
        self.discord, self.grounds, self.folder = discord, grounds, folder

    def start(self, acts: Acts) -> subprocess.Popen[bytes]:
        """Try all acts at once, in a new process."""
        found = self.grounds[0].adapter._found
        task = Task(found, tuple(each.community for each in self.grounds), tuple(acts))
        (self.folder / TASK).write_bytes(pickle.dumps(task))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.adapters.discord.doer", str(self.folder)],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        )

    def killed(self, kind: str, path: str, acts: Acts, hanging: int) -> None:
        """Try, and be killed when this many requests hang: before they count, or after."""
        fault = self.discord.faults.add(kind, path, times=1000, seconds=FOREVER)
        process = self.start(acts)
        try:
            self.discord.wait_until(lambda: fault.struck >= hanging, "requests", PATIENCE)
        finally:
            process.kill()
            process.wait(PATIENCE)
            self.discord.faults.clear()

    def done(self, acts: Acts) -> list[str]:
        """Try, and get the receipts."""
        process = self.start(acts)
        assert process.wait(PATIENCE) == 0
        receipts: list[str] = json.loads((self.folder / RECEIPTS).read_text(encoding="utf-8"))
        return receipts


def traces(made: Made) -> dict[str, int]:
    return {kind: len(each.traces()) for kind, each in made.items()}


def test_every_kind_of_act_is_done_once_however_often_the_process_is_killed(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    grounds = {kind: DiscordGrounds(discord, tmp_path) for kind in WRITES}
    made = {kind: write(kind, grounds[kind]) for kind in WRITES}
    doer = Doer(discord, list(grounds.values()), tmp_path)
    at = discord.clock.now()

    def acts(attempt: int) -> Acts:
        named = [replace(each.action, key=kind) for kind, each in made.items()]
        return [(act, Delivery(act.key, at, attempt, account_of(act))) for act in named]

    doer.killed(LOST, MAKES, acts(1), len(made))
    assert traces(made) == dict.fromkeys(made, 0) | {"role taken": 1}, "nothing is done yet"
    doer.killed(SLOW, MAKES, acts(2), len(made))
    discord.clock.forward(minutes=5)  # nonces are forgotten by then
    doer.killed(SLOW, MAKES, acts(3), 1)
    receipts = doer.done(acts(4))
    assert traces(made) == {kind: each.wanted for kind, each in made.items()}
    assert doer.done(acts(5)) == receipts
    assert traces(made) == {kind: each.wanted for kind, each in made.items()}

    undone = [undoing(kind, each, at) for kind, each in made.items()]
    doer.killed(SLOW, UNMAKES, undone, len(made) - 2)
    doer.done(undone)
    assert traces(made) == {kind: each.undone for kind, each in made.items()}


def undoing(kind: str, made: Write, at: Any) -> tuple[Action, Delivery]:
    """Take an act back whose receipt was never heard of."""
    undo = Undo(f"undo {kind}", of=kind, why=WHY)
    envelope = Delivery(
        undo.key,
        at,
        1,
        account_of(made.action),
        target_key=kind,
        target_kind=type(made.action).__name__,
        target_at=at,
    )
    return undo, envelope
