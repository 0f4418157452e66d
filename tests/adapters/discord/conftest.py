"""A Weaver of its own for each test here, on a Discord of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.discord.grounds import DiscordGrounds
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


@pytest.fixture
def timed(village: Village) -> Village:
    """Give a Weaver that lives by Discord's clock, which tests move; it is noon."""
    village.clock = clock = village.discord.clock
    clock.forward(hours=(35 - clock.now().hour) % 24, minutes=60 - clock.now().minute)
    return village


@pytest.fixture
def grounds(discord: Any, tmp_path: Path) -> Iterator[DiscordGrounds]:
    """Give Weaver's adapter alone, on a server with a lobby and an audience."""
    grounds = DiscordGrounds(discord, tmp_path)
    with grounds.loop:
        yield grounds
        grounds.closes()
