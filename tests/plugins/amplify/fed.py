"""A garden whose roses have a feed."""

from datetime import timedelta

from bot.api import Repost, Space
from bot.testing import ADA, GRACE, HOST
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import BULBS, ROSES, Garden

FAR = Space("far", "#Roses", "#Roses", "talk")
FREE = {"hourly": 0, "author_daily": 0, "routes": [ROSES, BULBS]}


class Open(Garden):
    base = "https://garden.example/"
    contact = "hana@garden.example"

    def shown(self, limit: int = 100) -> list[str] | None:
        """What the one feed shows; None when it is there no more."""
        found = self.lists(self.feed, limit)
        return None if found is None else list(found.posts)

    @property
    def feed(self) -> str:
        return next(act for act in self.ledger if act.kind == "OfferFeed").receipt or ""

    @property
    def visible(self) -> list[str]:
        """What the audience itself has."""
        acts = [act for act in self.standing if isinstance(act, Repost)]
        return [act.post_id for act in acts if not act.quietly]


def grown(how: str = "yes", **more: object) -> Open:
    bot = Open(plugin, spaces=[FAR], **(FREE | more))
    for member in (ADA, GRACE):
        bot.posts(member, "I have been here for years", at=bot.now - timedelta(days=60))
    assert not bot.asks(HOST, f"amplify feed Roses {how}").mistake
    return bot
