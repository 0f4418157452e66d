"""Kill Weaver on Discord in the middle of everything: each act once, listed from Discord's side."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.torture
KILLS = int(os.environ.get("TORTURE_KILLS", "12"))
SEED = int(os.environ.get("TORTURE_SEED", "7"))
FAULTS = ("429", "502 before", "502 after commit", "cut after commit")
CONFIG = """
[weaver]
data = "data"
port = 0

[discord]
api = "{api}"
gateway = "{gateway}"

[community.garden]
name = "The garden"
plugins = ["welcome", "amplify"]
spaces = [
    {{ platform = "discord", id = "{lobby}", name = "lobby", purpose = "lobby" }},
    {{ platform = "discord", id = "{roses}", name = "roses", purpose = "audience" }},
]

[community.garden.amplify]
hourly = 0
author_daily = 0
new_accounts = "pass"
routes = [{{ tag = "Roses", audience = "roses", asks = "tag" }}]
"""


class Run:
    """A Weaver in a process of its own."""

    def __init__(self, folder: Path, discord: Any) -> None:
        self.folder, self.discord = folder, discord
        self.process: subprocess.Popen[bytes] | None = None

    def starts(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name[:7] != "WEAVER_"}
        own = {"WEAVER_DISCORD_TOKEN": self.discord.token, "PYTHONPATH": str(Path.cwd())}
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=self.folder,
            env=kept | own,
            stdout=log,
            stderr=log,
        )

    def is_killed(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stops(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            self.process.kill()


@pytest.fixture
def run(tmp_path: Path, discord: Any) -> Iterator[Run]:
    run = Run(tmp_path, discord)
    yield run
    run.stops()


def test_each_act_is_there_once_however_often_weaver_is_killed(run: Run, discord: Any) -> None:
    chance = random.Random(SEED)
    hana = discord.person("Hana")
    garden = discord.guild("Garden", hana)
    lobby, roses = garden.channel("lobby"), garden.channel("roses")
    text = CONFIG.format(
        api=discord.url, gateway=discord.gateway_url, lobby=lobby.id, roses=roses.id
    )
    (run.folder / "config.toml").write_text(text)
    run.starts()
    discord.wait_until(lambda: discord.gateway.is_connected, seconds=60)
    tagged: list[str] = []
    names: list[str] = []
    for number in range(KILLS):
        name = f"Person{number}"
        names.append(name)
        person = discord.person(name).joins(garden)
        discord.faults.add(chance.choice(FAULTS), "/messages$")
        words = " ".join(chance.choices("abcdefghijklmnop", k=12))
        tagged.append(person.says(lobby, f"{words} {number} #Roses").id)
        time.sleep(chance.uniform(0.0, 1.5))
        run.is_killed()
        tagged.append(hana.says(lobby, f"while away {number} {words[::-1]} #Roses").id)
        run.starts()
    discord.faults.forget()

    def passed() -> Counter[str]:
        return Counter(one.data["message_reference"]["message_id"] for one in roses.by_bot)

    discord.wait_until(lambda: set(tagged) <= set(passed()), seconds=120)
    run.stops()
    assert passed() == Counter(tagged)
    greeted = Counter(n for one in lobby.by_bot for n in names if f"{n}" in one.content.split())
    assert all(count == 1 for count in greeted.values())
    assert "Traceback" not in (run.folder / "log").read_text("utf-8")
    discord.deaths.clear()
