"""A Weaver of its own for each test here, on a Discord of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.discord.village import Village
from tests.fakediscord.fixtures import described
from tests.fakediscord.spec import NoSpec


@pytest.fixture(scope="session")
def discord_spec(request: pytest.FixtureRequest) -> NoSpec:
    """Judge Weaver's requests without what is forgiven discord.py."""
    return described(request, library=False)


@pytest.fixture
def village(discord: Any, tmp_path: Path) -> Iterator[Village]:
    """Give a Weaver on a server of its own, not started yet."""
    village = Village(discord, tmp_path)
    yield village
    village.ends()
