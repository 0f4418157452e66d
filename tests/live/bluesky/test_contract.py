"""Bluesky keeps the contract of adapters, against the reference server itself."""

from collections.abc import Iterator

import pytest

from tests.adapters.contract import PerformContract, action
from tests.live.bluesky.grounds import BlueskyGrounds
from tests.live.bluesky.network import Network

__all__ = ["action"]


@pytest.fixture
def grounds(network: Network) -> Iterator[BlueskyGrounds]:
    grounds = BlueskyGrounds(network)
    yield grounds
    grounds.close()


class TestActs(PerformContract):
    pass
