"""A Weaver in a process of its own, that can be killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.conftest import REPOSITORY

PATIENCE = 30.0
"""Seconds after which a test that waits gives up."""
WEAVER = ("bot", "run")
UNRELIABLE = ("tests.torture.unreliable",)
Row = tuple[Any, ...]


class Gone(Exception):  # noqa: N818 - it is what the test is after
    """Nobody answered: whether it was done is unknown."""


class Refused(Exception):  # noqa: N818 - it is an answer
    """Weaver said what is wrong."""


def until(true: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> None:
    """Return once something is true; fail when it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} seconds in vain for {what or true}"
        time.sleep(0.01)


@dataclass
class Running:
    """One process, from its start to its end."""

    folder: Path
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def address(self) -> str | None:
        """Where it answers; None until it says so."""
        lines = [line for line in self.said.read_text().splitlines() if "Weaver is at" in line]
        return urlsplit(lines[0].split()[-1]).netloc if lines else None

    def ready(self) -> Running:
        """Wait until it answers."""
        until(
            lambda: self.address or self.process.poll() is not None,
            seconds=4 * PATIENCE,  # on a busy machine to start takes longer than anything else
            what="the process to start",
        )
        assert self.address, f"ended with {self.process.poll()}:\n{self.said.read_text()}"
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def send(self, deed: str, **fields: str) -> str:
        """Do something on the page; returns the id of what came of it."""
        assert self.address
        line = HTTPConnection(self.address, timeout=PATIENCE)
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with closing(line):
            try:
                line.request("POST", f"/sandbox/{deed}", urlencode(fields), headers)
                response = line.getresponse()
                answer = json.loads(response.read())
            except (OSError, HTTPException, ValueError):
                raise Gone(deed) from None
        if response.status != 200:
            raise Refused(answer["error"])
        return str(answer["id"])


@dataclass
class House:
    """A data folder, and the processes that lived on it one after another."""

    folder: Path
    started: list[Running] = field(default_factory=list)

    def start(self, *module: str, **environment: str) -> Running:
        """Start a process on a free port; it may not be ready yet."""
        said = self.folder / f"said-{len(self.started)}.log"
        settings = {"WEAVER_DATA": str(self.folder), "WEAVER_PORT": "0", **environment}
        with said.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *(module or WEAVER)],
                cwd=self.folder,
                env=_plain_environment() | settings | {"PYTHONPATH": str(REPOSITORY)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.started.append(Running(self.folder, process, said))
        return self.started[-1]

    def close(self) -> None:
        """Leave no process behind."""
        for running in self.started:
            if running.process.poll() is None:
                running.kill()

    def world(self, query: str, *values: object) -> list[Row]:
        """Read the sandbox's world."""
        return _read(self.folder / "sandbox.db", query, values)

    def memory(self, query: str, *values: object) -> list[Row]:
        """Read Weaver's own database."""
        return _read(self.folder / "weaver.db", query, values)


@contextmanager
def house_in(folder: Path) -> Iterator[House]:
    """Give a folder to live in; every process on it ends with the test."""
    house = House(folder)
    try:
        yield house
    finally:
        house.close()


def _plain_environment() -> dict[str, str]:
    """What a process needs of ours, and none of our settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WEAVER_")}


def _read(path: Path, query: str, values: tuple[object, ...]) -> list[Row]:
    """Read a database that another process may be writing, or may never have finished making."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE)) as db:
            return list(db.execute(query, values))
    except sqlite3.OperationalError as error:
        if "unable to open" in str(error) or "no such table" in str(error):
            return []
        raise
