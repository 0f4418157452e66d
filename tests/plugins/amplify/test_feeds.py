"""A feed is a look at what is passed on: the same posts, the same consent, gone at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.api import Member, OfferFeed, Post
from bot.testing import ADA, GRACE, HOST
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import Garden
from tests.plugins.amplify.fed import FAR, FREE, Open, grown

HOUR = timedelta(hours=1)


def test_a_feed_shows_what_is_passed_on_newest_first() -> None:
    bot = grown()
    first = bot.posts(ADA, "Mildew? #Roses")
    bot.passes(HOUR)
    second = bot.posts(GRACE, "Greenfly? #Roses")
    bot.posts(GRACE, "Nothing of theirs")
    bot.posts(ADA, "Bulbs are another route #Bulbs")

    assert bot.shown() == [second.id, first.id]
    assert bot.visible == [first.id, second.id]


def test_only_a_feed_means_that_nothing_is_reposted() -> None:
    bot = grown("only")
    post = bot.posts(ADA, "Mildew? #Roses")

    assert (bot.shown(), bot.visible) == ([post.id], [])
    assert "It was passed on to the feed of #GardenRoses." in bot.calls(ADA, "amplify why 1")

    assert "passed on in #GardenRoses again" in bot.calls(HOST, "amplify feed Roses no")
    again = bot.posts(ADA, "Greenfly? #Roses")
    assert bot.visible == [again.id]


def test_what_was_passed_on_before_is_in_the_feed_as_well() -> None:
    bot = Open(plugin, **FREE)
    post = bot.posts(ADA, "Mildew? #Roses")
    bot.calls(HOST, "amplify feed Roses only")

    assert (bot.shown(), bot.visible) == ([post.id], [post.id])


def edits(bot: Open, post: Post) -> None:
    bot.edits(post, "Mildew?")


GOES: dict[str, Callable[[Open, Post], object]] = {
    "no": lambda bot, _: bot.calls(ADA, "amplify no"),
    "stop": lambda bot, _: bot.calls(ADA, "stop"),
    "mute": lambda bot, _: bot.calls(ADA, "me mute 3"),
    "this one": lambda bot, post: bot.calls(ADA, f"amplify undo {post.id}"),
    "a host": lambda bot, post: bot.calls(HOST, f"amplify undo {post.id}"),
    "block": lambda bot, _: bot.calls(HOST, "amplify block 1"),
    "delete": lambda bot, post: bot.deletes(post),
    "edit": edits,
    "forget": lambda bot, _: bot.forgets(ADA),
}


@pytest.mark.parametrize("how", ["yes", "only"])
@pytest.mark.parametrize("what", GOES)
def test_what_may_not_be_passed_on_leaves_the_feed_at_the_next_visit(how: str, what: str) -> None:
    bot = grown(how)
    post, other = bot.posts(ADA, "Mildew? #Roses"), bot.posts(GRACE, "Greenfly? #Roses")
    assert bot.shown() == [other.id, post.id]

    GOES[what](bot, post)

    assert bot.shown() == [other.id]


def test_a_no_holds_before_anything_is_taken_back() -> None:
    """The feed asks the book of consent itself, whatever becomes of the acts."""
    bot = grown("only")
    post = bot.posts(ADA, "Mildew? #Roses")
    bot.calls(ADA, "me mute 3")
    assert bot.shown() == []

    bot.passes(timedelta(days=4))

    assert bot.shown() == [post.id], "what was muted for a while is back"


def test_a_yes_that_is_not_there_any_more_shows_nothing() -> None:
    bot = grown()
    bot.calls(HOST, "amplify feed Bulbs only")
    bot.calls(ADA, "amplify yes")
    post = bot.posts(ADA, "Snowdrops #Bulbs")
    [_, bulbs] = bot.feeds()
    shown = bot.lists(bulbs)
    assert shown is not None
    assert shown.posts == (post.id,)

    bot.calls(ADA, "amplify no")

    shown = bot.lists(bulbs)
    assert shown is not None
    assert shown.posts == ()


def test_what_waits_for_a_host_is_in_no_feed() -> None:
    bot = grown("only", new_accounts="all")
    post = bot.posts(Member("fake", "joel"), "Hello #Roses")
    assert bot.shown() == []

    bot.calls(HOST, "amplify approve 1")

    assert bot.shown() == [post.id]


def test_a_feed_keeps_the_routes_pace() -> None:
    bot = grown("only", hourly=12)
    posts = [bot.posts(ADA, f"Thought {number} about mildew #Roses").id for number in range(3)]
    assert bot.shown() == posts[:1]

    bot.passes(timedelta(minutes=10))

    assert bot.shown() == posts[::-1]


def test_links_to_other_platforms_are_in_no_feed() -> None:
    bot = grown()
    bot.calls(HOST, "amplify across Roses yes")
    bot.posts(Member("far", "ada"), "Mildew? #Roses", FAR)
    assert len(bot.visible) == 1, "the link itself"
    assert bot.shown() == []

    bot.calls(HOST, "amplify feed Roses only")
    afar = bot.posts(Member("far", "ada"), "Greenfly? #Roses", FAR)
    assert "on another platform" in bot.calls(HOST, f"amplify why {afar.id}")


def test_a_feed_says_what_it_is_and_how_to_be_in_it_or_not() -> None:
    bot = grown()
    bot.calls(HOST, "amplify feed Bulbs yes")

    roses, bulbs = (act for act in bot.standing if isinstance(act, OfferFeed))

    assert roses.title == "#Roses"
    assert roses.about == (
        "Posts with #Roses, which is how people ask for this, newest first. To keep yours out, "
        "mention this account and say: amplify no "
        "A person looks after this bot: hana@garden.example"
    )
    assert "people who said yes" in bulbs.about
    assert bot.feeds() == [bot.ledger[-2].receipt, bot.ledger[-1].receipt]
    listed = bot.calls(ADA, "amplify list")
    assert f"It has a feed, too: fake://GardenRoses/{bot.feeds()[0]}" in listed


def test_a_feed_is_offered_once_and_anew_after_it_ended() -> None:
    bot = grown()
    for how in ("yes", "only", "yes"):
        bot.calls(HOST, f"amplify feed Roses {how}")
    bot.restarts()
    assert len(bot.feeds()) == 1
    first = bot.feed

    bot.calls(HOST, "amplify feed Roses no")
    assert bot.feeds() == []
    assert bot.lists(first) is None
    assert "has no feed" in bot.calls(HOST, "amplify feed Roses no")

    bot.calls(HOST, "amplify feed Roses yes")
    [second] = bot.feeds()
    assert second != first


def test_a_tag_that_is_closed_takes_its_feed_along() -> None:
    bot = Open(plugin, hourly=0)
    bot.calls(HOST, "amplify add Lilies GardenRoses asks:tag")
    bot.calls(HOST, "amplify feed Lilies yes")
    feed = bot.feed
    assert bot.lists(feed) is not None

    assert "the feed of the tag ends" in bot.calls(HOST, "amplify remove Lilies")

    assert (bot.feeds(), bot.lists(feed)) == ([], None)


def test_an_events_tag_that_is_over_takes_its_feed_along() -> None:
    bot = Open(plugin, **FREE)
    bot.calls(HOST, "amplify add Show2026 GardenRoses asks:tag")
    bot.calls(HOST, "amplify event Show2026 2026-03-05 Roses")
    bot.calls(HOST, "amplify feed Show2026 yes")
    assert len(bot.feeds()) == 1

    bot.passes(timedelta(days=5))

    assert bot.feeds() == []


def test_a_feed_follows_weavers_address_and_ends_without_one() -> None:
    bot = grown()
    [old] = bot.feeds()
    bot.base = "https://elsewhere.example/"
    bot.restarts()
    [new] = bot.feeds()
    assert new != old

    bot.base = ""
    bot.restarts()

    assert bot.feeds() == []


def test_a_feed_that_cannot_be_is_refused_with_the_reason() -> None:
    bot = Garden(plugin, **FREE)
    assert 'address = "https://…" under [weaver]' in bot.calls(HOST, "amplify feed Roses yes")

    open_ = Open(plugin, **FREE)
    open_.adapter.has_feeds = False
    open_.restarts()
    assert "Fake has no feeds" in open_.calls(HOST, "amplify feed Roses yes")
    assert "hosts" in open_.calls(ADA, "amplify feed Roses yes")
