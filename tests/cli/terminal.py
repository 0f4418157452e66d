"""A terminal in a folder of its own, with the ``weaver`` command as a person would type it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.nursery import Nursery

LONGEST = 60


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Terminal:
    """A folder to work in; Weaver keeps its things in ``data`` there."""

    folder: Path
    nursery: Nursery | None = None
    """Where its processes come from; without one, each starts from the very beginning."""
    through: tuple[str, ...] = ()
    """The command that starts such a process."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self, **variables: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WEAVER")}
        own = {"WEAVER_DATA": str(self.data), "WEAVER_PORT": "0", "COLUMNS": "200"}
        return kept | own | variables

    def __call__(self, *words: str, answer: str = "", **variables: str) -> Said:
        """Run one command to its end."""
        environment = self.environment(**variables)
        if self.nursery is not None:
            return Said(*self.nursery.run(words, self.folder, environment, answer))
        done = subprocess.run(
            [*self.through, sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=environment,
            input=answer,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def says(self, *words: str, **variables: str) -> str:
        """Run a command that must succeed and be silent on standard error."""
        said = self(*words, **variables)
        assert (said.code, said.err) == (0, ""), said
        return said.out

    def reads(self, *words: str) -> Any:
        """Run a command that must print JSON and nothing else."""
        return json.loads(self.says(*words, "--json"))

    def refuses(self, *words: str, **variables: str) -> str:
        """Run a command that must end with one plain line, and with nothing written."""
        before = self.files()
        complaint = self.complains(*words, **variables)
        assert self.files() == before
        return complaint

    def complains(self, *words: str, **variables: str) -> str:
        """Run a command that must end with one plain line."""
        said = self(*words, **variables)
        assert (said.code, said.out) == (2, ""), said
        assert said.err.startswith("weaver: "), said
        assert said.err.count("\n") == 1, said
        assert said.err.endswith("\n"), said
        return said.err.removeprefix("weaver: ").rstrip("\n")

    def files(self) -> dict[str, bytes]:
        """Everything Weaver keeps, but for its lock and what SQLite keeps beside a file."""
        passing = (".lock", ".sock", "-wal", "-shm")
        return {
            path.name: path.read_bytes()
            for path in self.data.glob("*")
            if path.is_file() and not path.name.endswith(passing)
        }

    def writes(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    @contextmanager
    def running(self) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """Run Weaver until the end of the block, then stop it in peace; gives its address."""
        log = (self.folder / "run.log").open("w")
        with (
            log,
            subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                line = process.stdout.readline()
                assert line.startswith("Weaver is at http://127.0.0.1:"), line
                yield process, line.split()[-1]
            finally:
                process.send_signal(signal.SIGTERM)
                assert process.wait(LONGEST) == 0

    def settled(self) -> list[dict[str, Any]]:
        """The ledger's acts once none is left to do."""
        deadline = time.monotonic() + LONGEST
        while True:
            acts: list[dict[str, Any]] = self.reads("ledger")
            if acts and not {act["state"] for act in acts} & {"todo", "sending"}:
                return acts
            assert time.monotonic() < deadline, acts
