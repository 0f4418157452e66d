"""A garden in which roses are passed on, with as much of amplify as a test asks for."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.api import Repost
from bot.testing import Harness
from plugins.amplify import plugin

ROSES = {"tag": "Roses", "audience": "GardenRoses", "asks": "tag", "aliases": ["Rosees"]}
BULBS = {"tag": "Bulbs", "audience": "GardenRoses", "asks": "yes"}


class Garden(Harness):
    """A harness that knows what amplify makes."""

    @property
    def passed_on(self) -> list[str]:
        """The posts that the audience can see now, in the order in which they came."""
        return [action.post_id for action in self.standing if isinstance(action, Repost)]

    @property
    def reposts(self) -> list[str]:
        """Every post that was ever passed on, each time it was."""
        return [action.post_id for action in self.sent if isinstance(action, Repost)]


@pytest.fixture
def grow() -> Callable[..., Garden]:
    """Make a garden; without a say, posts go as they come."""

    def make(**settings: Any) -> Garden:
        free = {"hourly": 0, "author_daily": 0, "routes": [ROSES, BULBS]}
        return Garden(plugin, **(free | settings))

    return make
