"""Discord keeps the contract of adapters, by its real client on a Discord of our own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.contract import PerformContract, action
from tests.adapters.discord.grounds import DiscordGrounds

__all__ = ["action"]


@pytest.fixture
def grounds(discord: Any, tmp_path: Path) -> Iterator[DiscordGrounds]:
    grounds = DiscordGrounds(discord, tmp_path)
    with grounds.loop:
        yield grounds
        grounds.closes()


class TestActs(PerformContract):
    pass
