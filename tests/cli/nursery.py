"""A process that has imported Weaver once and forks for every command, since importing is slow.

Each command is a process of its own, with the arguments, folder, environment and standard streams
that it would have from a shell. Run as a program, this file is that process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Nursery:
    """Start commands quickly; one at a time."""

    def __init__(self) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], answer: str
    ) -> tuple[int, str, str]:
        """Run ``weaver`` with these words; returns exit code, output and errors."""
        assert self._mother.stdin
        assert self._mother.stdout
        with tempfile.TemporaryDirectory(prefix="weaver-") as place:
            streams = [Path(place, name) for name in ("in", "out", "err")]
            streams[0].write_text(answer, encoding="utf-8")
            wish = {
                "words": list(words),
                "folder": str(folder),
                "environment": dict(environment),
                "streams": [str(path) for path in streams],
            }
            self._mother.stdin.write(json.dumps(wish) + "\n")
            self._mother.stdin.flush()
            code = int(self._mother.stdout.readline())
            return code, *(path.read_text(encoding="utf-8") for path in streams[1:])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._mother.communicate()


def _be_born(wish: dict[str, Any]) -> None:
    """Become the command: in its folder, with its environment and streams."""
    from bot.cli.commands import main

    os.chdir(wish["folder"])
    os.environ.clear()
    os.environ.update(wish["environment"])
    sys.path[:0] = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.argv = ["weaver", *wish["words"]]
    for number, (path, flags) in enumerate(
        zip(wish["streams"], (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)
    ):
        os.dup2(os.open(path, flags, 0o600), number)
    main()


def _bear() -> None:
    import bot.app
    import bot.cli.commands  # noqa: F401 - what every child would have to import

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_born(json.loads(line))
            sys.exit()
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _bear()
