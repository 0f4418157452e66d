"""What people hear of amplify reads as somebody would say it: of one, of none, of what is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.api import Action, Member, Repost
from bot.domain.ports import Declined, Delivery
from bot.testing import ADA, GRACE, HOST, FakeAdapter
from tests.plugins.amplify.conftest import BULBS, ROSES, Garden
from tests.plugins.amplify.test_lift import lives

Grow = Callable[..., Garden]
FERNS = {"tag": "Ferns", "audience": "GardenRoses", "asks": "follows"}


def test_each_way_of_asking_is_told_to_who_has_said_nothing(grow: Grow) -> None:
    told = grow(routes=[ROSES, FERNS]).calls(ADA, "amplify status")
    assert "Using #Roses is how people ask here." in told
    assert "With #Ferns you ask by following #GardenRoses, or naming it." in told

    assert "Your posts stay where they are." in grow(routes=[BULBS]).calls(ADA, "amplify status")


def test_a_yes_names_the_tags_while_they_are_few(grow: Grow) -> None:
    assert "your posts with #Roses or #Bulbs are passed on" in grow().calls(ADA, "amplify yes")
    many = [{**ROSES, "tag": f"Roses{number}", "aliases": []} for number in range(6)]
    bot = grow(routes=many)
    assert "with one of the tags of amplify list are" in bot.calls(ADA, "amplify yes")
    assert "with one of the tags of amplify list are" in bot.calls(ADA, "amplify status")
    assert "No tag leads anywhere yet" in grow(routes=[]).calls(ADA, "amplify yes")
    assert "with a tag that leads somewhere" in saying_yes(grow(routes=[]))


def saying_yes(bot: Garden) -> str:
    bot.calls(ADA, "amplify yes")
    return bot.calls(ADA, "amplify status")


def test_what_is_taken_back_is_said_once(grow: Grow) -> None:
    bot = grow()
    post = bot.posts(ADA, "Mildew? #Roses")
    bot.calls(ADA, f"amplify undo {post.id}")

    told = bot.calls(ADA, f"amplify why {post.id}")

    assert told == (
        "Post 1: It does not go to #GardenRoses any more. It was taken back, as asked, and is not "
        "passed on again."
    )


def test_a_lift_says_more_or_fewer_and_never_less_than_nothing(grow: Grow) -> None:
    bot = grow()
    lives(bot, 8, answered_when_passed=2, answered_when_left=3)
    bot.passes(timedelta(days=2))

    said = bot.calls(HOST, "amplify lift Bulbs")

    assert "That is 13 points fewer, likely between 45 fewer and 24 more." in said
    assert "That may still be chance." in said
    assert "-" not in said


def test_one_post_is_swept_as_one(grow: Grow) -> None:
    bot = grow()
    bot.posts(ADA, "I have been here for years", at=bot.now - timedelta(days=60))
    bot.posts(Member("fake", "joel"), "Mildew? #Roses")

    swept = bot.calls(HOST, "amplify sweep Roses")

    assert swept == "One post is being taken back, and never passed on again."


def test_a_feed_is_among_the_places_where_an_old_name_stands(grow: Grow) -> None:
    class Open(Garden):
        base = "https://garden.example/"

    bot = grow()
    bot.__class__ = Open
    bot.restarts()
    assert "feed" not in bot.calls(HOST, "amplify succeed Roses")
    bot.calls(HOST, "amplify feed Roses only")

    told = bot.calls(HOST, "amplify succeed Roses")

    assert "the name of its feed: amplify feed Roses no, and then only" in told


class Refusing(FakeAdapter):
    """A platform on which somebody wants nothing of bots."""

    async def perform(self, action: Action, delivery: Delivery) -> str:
        if isinstance(action, Repost) and action.grounds and action.grounds.member == GRACE:
            raise Declined("they ask bots to leave them alone (nobot)")
        return await super().perform(action, delivery)


@pytest.mark.parametrize("who", [GRACE, HOST])
def test_what_a_platform_says_of_an_author_is_told_to_them_and_hosts(
    grow: Grow, who: Member
) -> None:
    bot = grow()
    bot.adapter.__class__ = Refusing
    mine, theirs = bot.posts(ADA, "Mildew? #Roses"), bot.posts(GRACE, "Greenfly? #Roses")

    assert bot.passed_on == [mine.id]
    told = bot.calls(who, f"amplify why {theirs.id}")
    assert "It did not go to #GardenRoses. It could not be passed on: they ask bots to" in told
    assert bot.told == [], "hosts are not told who is shy"
