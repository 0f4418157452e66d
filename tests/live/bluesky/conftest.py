"""One Bluesky network for all tests of a session."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.live.bluesky.bring import MISSING, is_here, node
from tests.live.bluesky.grounds import BlueskyGrounds, Crew
from tests.live.bluesky.network import Network, running, with_appview
from tests.live.bluesky.proxy import Faults, before
from tests.storage.server import Missing


def _give_up(why: str) -> NoReturn:
    """Skip where something is not installed, but fail in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """Run a directory and the reference PDS."""
    if not is_here() or node() is None:
        _give_up(MISSING)
    with running() as network:
        yield network


@pytest.fixture(scope="session")
def full_network() -> Iterator[Network]:
    """Run the AppView as well, over a PostgreSQL of its own: ``indexed()`` waits for it."""
    if not is_here() or node() is None:
        _give_up(MISSING)
    try:
        with with_appview() as network:
            yield network
    except Missing as missing:
        _give_up(str(missing))


@pytest.fixture(scope="session")
def crew(network: Network) -> Crew:
    """Open the accounts that tests share."""
    return Crew(network)


@pytest.fixture
def grounds(network: Network, crew: Crew, tmp_path: Path) -> Iterator[BlueskyGrounds]:
    """Weaver's accounts with nothing in them."""
    grounds = BlueskyGrounds(network, crew, data=tmp_path)
    yield grounds
    grounds.close()


@pytest.fixture
def faults() -> Faults:
    """Say what a proxy before the network does to requests; it counts them as well."""
    return Faults()


@pytest.fixture
def proxied(network: Network, crew: Crew, faults: Faults) -> Iterator[BlueskyGrounds]:
    """Weaver's accounts behind such a proxy."""
    with before(network.pds, faults) as address:
        grounds = BlueskyGrounds(network, crew, address)
        yield grounds
        grounds.close()
