"""One Bluesky network for all tests of a session."""

import os
from collections.abc import Iterator

import pytest

from tests.live.bluesky.bring import MISSING, is_here, node
from tests.live.bluesky.grounds import BlueskyGrounds, Crew
from tests.live.bluesky.network import Network, running


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """Run the reference PDS; skip where it is not installed, but fail in CI."""
    if not is_here() or node() is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up(MISSING)
    with running() as network:
        yield network


@pytest.fixture(scope="session")
def crew(network: Network) -> Crew:
    """Open the accounts that tests share."""
    return Crew(network)


@pytest.fixture
def grounds(network: Network, crew: Crew) -> Iterator[BlueskyGrounds]:
    """Weaver's accounts with nothing in them."""
    grounds = BlueskyGrounds(network, crew)
    yield grounds
    grounds.close()
