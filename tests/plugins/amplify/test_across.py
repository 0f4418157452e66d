"""A post is linked to on another platform, where hosts turned that on, and never more than that."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.api import Member, Post, Repost, Space
from bot.domain.actions import Action
from bot.domain.events import Blocked
from bot.domain.ports import Declined, Delivery
from bot.testing import ADA, HOST, FakeAdapter
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import BULBS, ROSES, Garden

FAR = Space("bluesky", "#Roses", "#Roses", "talk")
WALL = Space("bluesky", "wall", "Wall", "audience")
JOEL = Member("bluesky", "did:plc:joel", "Joel")
ON = "amplify across Roses yes"


@pytest.fixture
def bot() -> Garden:
    """A garden that also listens to a hashtag elsewhere, and has an account there."""
    outward = {"tag": "Weeds", "audience": "Wall", "asks": "tag"}
    follows = {"tag": "Ferns", "audience": "GardenRoses", "asks": "follows"}
    return Garden(
        plugin,
        spaces=(FAR, WALL),
        hourly=0,
        author_daily=0,
        routes=[ROSES, BULBS, outward, follows],
    )


def cards(bot: Garden, platform: str = "fake") -> list[Repost]:
    """The links that stand on a platform."""
    made = [action for action, _ in bot.platforms[platform].made.values()]
    return [one for one in made if isinstance(one, Repost)]


def test_across_platforms_nothing_goes_until_a_host_says_so(bot: Garden) -> None:
    post = bot.posts(JOEL, "Mine have blackspot #Roses", FAR)

    assert cards(bot) == []
    told = bot.calls(JOEL, f"amplify why {post.id}", FAR)
    assert "It was said on another platform" in told
    assert bot.told == []


def test_a_link_holds_nothing_of_the_post_and_no_name(bot: Garden) -> None:
    answer = bot.calls(HOST, ON)
    post = bot.posts(JOEL, "Mine have blackspot #Roses #Rosees", FAR)

    assert "said on Bluesky go to #GardenRoses too, as a link" in answer
    [card] = cards(bot)
    assert card.words == f"From Bluesky, with the tag Roses: bluesky://#Roses/{post.id}"
    assert "It was passed on to #GardenRoses." in bot.calls(JOEL, f"amplify why {post.id}", FAR)
    assert "What is said on other platforms comes as a link." in bot.calls(ADA, "amplify list")


def test_the_other_way_too(bot: Garden) -> None:
    bot.calls(HOST, "amplify across Weeds yes")
    bot.posts(ADA, "Is this bindweed? #Weeds")

    [card] = cards(bot, "bluesky")
    assert card.words.startswith("From Fake, with the tag Weeds: fake://lobby/")


def deletes(bot: Garden, post: Post) -> None:
    bot.deletes(post)


def edits(bot: Garden, post: Post) -> None:
    bot.edits(post, "Mine have blackspot")


def says_no(bot: Garden, post: Post) -> None:
    bot.calls(JOEL, "amplify no", FAR)


def says_stop(bot: Garden, post: Post) -> None:
    bot.calls(JOEL, "stop", FAR)


def undoes(bot: Garden, post: Post) -> None:
    bot.calls(JOEL, f"amplify undo {post.id}", FAR)


def is_blocked_by_hosts(bot: Garden, post: Post) -> None:
    bot.calls(HOST, "amplify block 1")


def blocks_weaver(bot: Garden, post: Post) -> None:
    bot.dispatches(Blocked("blocked", bot.now, FAR, JOEL))


WAYS = [deletes, edits, says_no, says_stop, undoes, is_blocked_by_hosts, blocks_weaver]


@pytest.mark.parametrize("happens", WAYS)
def test_whatever_takes_a_post_back_takes_its_link_back_for_good(
    bot: Garden, happens: Callable[[Garden, Post], None]
) -> None:
    bot.calls(HOST, ON)
    post = bot.posts(JOEL, "Mine have blackspot #Roses", FAR)
    assert len(cards(bot)) == 1

    happens(bot, post)
    bot.edits(post, "Mine have blackspot after all #Roses")

    assert cards(bot) == []


class Shy(FakeAdapter):
    """A platform whose people want no links to what they say."""

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        raise Declined("its author asks to be shown to people here alone")


def test_what_its_own_platform_knows_of_the_author_is_asked_just_before(bot: Garden) -> None:
    bot.platforms["bluesky"].__class__ = Shy
    bot.calls(HOST, ON)
    post = bot.posts(JOEL, "Mine have blackspot #Roses", FAR)

    assert cards(bot) == []
    told = bot.calls(JOEL, f"amplify why {post.id}", FAR)
    assert "its author asks to be shown to people here alone" in told
    assert bot.told == [], "hosts are not told who is shy"


def test_a_post_that_is_gone_by_then_is_not_linked_to(bot: Garden) -> None:
    bot.calls(HOST, ON)
    bot.calls(HOST, "amplify pause Roses")
    post = bot.posts(JOEL, "Mine have blackspot #Roses", FAR)
    bot.platforms["bluesky"].known.discard(post.id)  # and nobody told us
    bot.calls(HOST, "amplify resume Roses")

    assert cards(bot) == []
    assert bot.told == []


def test_nobody_can_follow_from_afar_so_there_it_takes_a_yes(bot: Garden) -> None:
    bot.calls(HOST, "amplify across Ferns yes")
    bot.posts(JOEL, "My first fern #Ferns", FAR)
    assert cards(bot) == []

    bot.calls(JOEL, "amplify yes", FAR)
    bot.posts(JOEL, "My second fern #Ferns", FAR)
    assert len(cards(bot)) == 1


def test_turned_off_again_links_stay_and_no_more_come(bot: Garden) -> None:
    bot.calls(HOST, ON)
    bot.posts(JOEL, "Mine have blackspot #Roses", FAR)
    answer = bot.calls(HOST, "amplify across Roses no")
    bot.posts(JOEL, "And now they have mildew #Roses", FAR)

    assert "stay there from now on" in answer
    assert len(cards(bot)) == 1


def test_a_host_without_another_platform_hears_that_nothing_changes(
    grow: Callable[..., Any],
) -> None:
    assert "no place on another platform yet" in grow().calls(HOST, ON)


def test_between_two_platforms_an_act_is_one_however_often_it_is_tried(bot: Garden) -> None:
    class Flaky(FakeAdapter):
        """A platform that does everything, and at first says that it did not."""

        async def perform(self, action: Action, delivery: Delivery) -> str:
            receipt = await super().perform(action, delivery)
            if delivery.attempt == 1:
                raise ConnectionError("the line broke")
            return receipt

    bot.adapter.__class__ = Flaky
    bot.calls(HOST, ON)
    bot.posts(JOEL, "Mine have blackspot #Roses", FAR)

    assert len([one for one in bot.sent if isinstance(one, Repost)]) == 1
