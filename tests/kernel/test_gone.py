"""What concerns a post that is gone is dropped, and nobody is bothered with it."""

from bot.domain.actions import Action
from bot.domain.ports import Delivery, Gone
from bot.testing import ADA, FakeAdapter, Harness
from plugins.amplify import plugin

ROUTE = {"tag": "GardenRoses", "audience": "GardenRoses", "asks": "tag"}


class Forgetful(FakeAdapter):
    """A platform on which every post is deleted just before it is passed on."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Find nothing to pass on."""
        raise Gone("the post is gone")


def test_a_post_that_goes_while_it_is_passed_on_is_no_news_for_hosts() -> None:
    bot = Harness(plugin, adapter=Forgetful(), routes=[ROUTE])
    bot.posts(ADA, "Mildew again #GardenRoses")

    [act] = bot.ledger
    assert (act.state, act.error) == ("cancelled", "the post is gone")
    assert bot.told == []
