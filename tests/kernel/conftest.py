"""A garden to grow things in, on either database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from bot.plugin import Plugin
from bot.storage.database import Database
from tests.kernel.garden import Garden

Plant = Callable[..., Garden]


@pytest.fixture
def plant(database: Database, logged: list[Any]) -> Iterator[Plant]:
    """Start a Weaver with some plugins; it is stopped when the test ends."""
    with ExitStack() as stack:

        def start(*plugins: Plugin[Any], **more: Any) -> Garden:
            garden = Garden(database, *plugins, **more)
            stack.callback(garden.close)
            return garden

        yield start


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """Catch what is logged."""
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[capture], cache_logger_on_first_use=False)
    yield capture.entries
    structlog.configure(**before)
