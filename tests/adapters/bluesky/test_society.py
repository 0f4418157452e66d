"""The fake view of people keeps the contract that the real AppView keeps in tests/live."""

from collections.abc import Iterator

import pytest

from tests.adapters.bluesky.society import FakeSociety, Society, SocietyContract


@pytest.fixture
def society() -> Iterator[Society]:
    society = FakeSociety()
    yield society
    society.close()


class TestFakeSociety(SocietyContract):
    pass
