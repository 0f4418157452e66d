"""A Weaver of its own for each test here, on a Discord of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.discord.village import Village


@pytest.fixture
def village(discord: Any, tmp_path: Path) -> Iterator[Village]:
    """Give a Weaver on a server of its own, not started yet."""
    village = Village(discord, tmp_path)
    yield village
    village.ends()
