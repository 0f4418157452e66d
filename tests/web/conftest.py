"""A village, and its page driven as a browser without JavaScript would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.browser import Browser
from tests.web.serving import served
from tests.web.village import Village


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def page(village: Village) -> Iterator[Browser]:
    with served(village) as address:
        yield Browser(address)
