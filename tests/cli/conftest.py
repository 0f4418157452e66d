"""Terminals: one that is new, and one beside which Weaver runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.nursery import Nursery
from tests.cli.terminal import Terminal


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Give the process that commands are forked from."""
    with Nursery() as found:
        yield found


@pytest.fixture
def terminal(tmp_path: Path, nursery: Nursery) -> Terminal:
    """Give a folder in which nothing has happened yet."""
    return Terminal(tmp_path, nursery)


@pytest.fixture(scope="session")
def beside(
    tmp_path_factory: pytest.TempPathFactory, nursery: Nursery
) -> Iterator[tuple[Terminal, int]]:
    """Give the terminal beside a running Weaver, and the number of its process."""
    terminal = Terminal(tmp_path_factory.mktemp("running"), nursery)
    with terminal.running() as (process, _):
        terminal.settled()  # by then it has heard the whole story
        yield terminal, process.pid


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Path:
    """Give the data of a Weaver that ran and was stopped; copy it before changing anything."""
    terminal = Terminal(tmp_path_factory.mktemp("lived-in"), nursery)
    with terminal.running():
        terminal.settled()
    return terminal.data
