"""A tag gives way to another: both lead on for a while, people are told once, and it is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.api import Member, Reply, SendPost
from bot.testing import ADA, GRACE, HOST
from tests.plugins.amplify.conftest import Garden

Grow = Callable[..., Garden]
DAY = timedelta(days=1)
TULIPS = {"tag": "Tulips", "audience": "GardenRoses", "asks": "tag"}


@pytest.fixture
def bot(grow: Grow) -> Garden:
    """A garden in which Ada is at home."""
    made = grow()
    made.posts(ADA, "I have been here for years", at=made.now - 60 * DAY)
    return made


def told_in(bot: Garden, space: object) -> list[str]:
    posts = (action for action in bot.sent if isinstance(action, SendPost))
    return [post.text for post in posts if post.space == space]


def signposts(bot: Garden) -> list[Reply]:
    return [action for action in bot.sent if isinstance(action, Reply)]


def test_both_names_lead_on_and_everybody_hears_of_it(bot: Garden) -> None:
    answer = bot.calls(HOST, "amplify succeed Roses RosesAndAll")
    assert "Up to Friday 1 May, #Roses and #RosesAndAll lead to the same place" in answer
    assert "#Roses is becoming #RosesAndAll." in told_in(bot, bot.lobby)[0]

    old, new = bot.posts(GRACE, "Mildew? #Roses"), bot.posts(GRACE, "Slugs? #rosesandall")
    both = bot.posts(GRACE, "Greenfly? #Roses #RosesAndAll")

    assert bot.passed_on == [old.id, new.id, both.id]


def test_a_host_hears_where_the_old_name_still_stands(bot: Garden) -> None:
    assert "the settings of amplify: routes" in bot.calls(HOST, "amplify succeed Roses")
    assert "#GardenRoses" not in bot.calls(HOST, "amplify succeed Roses"), "that is another word"
    assert told_in(bot, bot.lobby) == [], "nothing happens before there is a new name"


def test_whoever_is_known_and_uses_the_old_one_is_told_once(bot: Garden) -> None:
    bot.calls(HOST, "amplify succeed Roses RosesAndAll")
    first = bot.posts(ADA, "Mildew? #Roses")
    bot.posts(ADA, "Slugs? #Roses")
    bot.posts(ADA, "Greenfly? #Roses #RosesAndAll")
    bot.posts(GRACE, "A stranger's roses #Roses")

    [reply] = signposts(bot)
    assert reply.to == first.id
    assert "#Roses is becoming #RosesAndAll" in reply.text


def test_whoever_said_no_is_left_alone(bot: Garden) -> None:
    bot.calls(ADA, "amplify no")
    bot.calls(HOST, "amplify succeed Roses RosesAndAll")
    bot.posts(ADA, "Mildew? #Roses")

    assert signposts(bot) == []


def test_after_its_time_the_old_name_leads_nowhere_and_its_tombstone_stays(bot: Garden) -> None:
    bot.calls(HOST, "amplify succeed Roses RosesAndAll 10")
    bot.passes(10 * DAY)
    assert not any("has given way" in text for text in bot.told)
    bot.passes(DAY)

    [ended] = [text for text in bot.told if "has given way" in text]
    assert "still stands in the settings of amplify: routes" in ended
    bot.posts(ADA, "Mildew? #Roses")
    new = bot.posts(ADA, "Slugs? #RosesAndAll")
    assert bot.passed_on == [new.id]
    assert "#Roses has given way to #RosesAndAll" in signposts(bot)[0].text
    listed = bot.calls(GRACE, "amplify list")
    assert "#RosesAndAll (also #Rosees) leads to" in listed
    assert "#Roses has given way to #RosesAndAll." in listed
    assert "rests" in bot.calls(HOST, "amplify pause RosesAndAll")


def test_a_name_can_be_brought_back(grow: Grow) -> None:
    bot = grow(routes=[])
    bot.calls(HOST, "amplify add Tulips GardenRoses tag")
    bot.calls(HOST, "amplify succeed Tulips Tulpen 1")
    bot.passes(3 * DAY)
    assert bot.passed_on == []
    bot.calls(HOST, "amplify remove Tulpen")
    assert "now go to" in bot.calls(HOST, "amplify add Tulips GardenRoses tag")
    post = bot.posts(ADA, "Up! #Tulips")

    assert bot.passed_on == [post.id]


def test_mistakes_in_a_succession_are_answered_with_their_cure(bot: Garden) -> None:
    assert "no route for #Lilies" in bot.calls(HOST, "amplify succeed Lilies Roses")
    assert "set by the operator" in bot.calls(HOST, "amplify succeed Bulbs Roses")
    assert "one word" in bot.calls(HOST, 'amplify succeed Roses "two words"')
    assert "between 1 and 366" in bot.calls(HOST, "amplify succeed Roses New 0")
    assert "is for hosts" in bot.calls(ADA, "amplify succeed Roses New")


def show(grow: Grow) -> Garden:
    bot = grow(routes=[TULIPS])
    added = bot.asks(HOST, "amplify add TulipShow26 GardenRoses tag")
    [button] = added.buttons
    assert button.label == "Until Wednesday 1 April, then #Tulips"
    assert "leads on up to Wednesday 1 April" in bot.calls(HOST, button.command)
    return bot


def test_an_events_tag_ends_by_the_date_a_host_confirmed_and_hands_people_over(grow: Grow) -> None:
    bot = show(grow)
    during = bot.posts(ADA, "So many colours #TulipShow26")
    assert bot.passed_on == [during.id]
    assert signposts(bot) == [], "while it lasts nobody is sent away"
    bot.passes(31 * DAY)

    assert "#TulipShow26 is over. Thank you" in told_in(bot, bot.lobby)[0]
    after = bot.posts(ADA, "Still dreaming of them #tulipshow26")
    assert after.id not in bot.passed_on
    assert "#TulipShow26 has given way to #Tulips" in signposts(bot)[0].text
    assert "#TulipShow26 has given way to #Tulips." in bot.calls(GRACE, "amplify list")


def test_a_month_later_hosts_hear_how_many_stayed_and_never_who(grow: Grow) -> None:
    bot = show(grow)
    people = [Member("fake", f"guest{number}") for number in range(7)]
    for number, guest in enumerate(people):
        bot.posts(guest, f"Colour number {number} is the one I like most #TulipShow26")
    bot.passes(31 * DAY)
    for number, guest in enumerate(people[:6]):
        bot.posts(guest, f"My own bed has {number} of them #Tulips")
    bot.passes(29 * DAY)

    assert "Of 7 people who used #TulipShow26, 6 have used #Tulips since." in bot.told[-1]


def test_few_people_are_not_counted_out_loud(grow: Grow) -> None:
    bot = show(grow)
    bot.posts(ADA, "So many colours #TulipShow26")
    bot.passes(62 * DAY)

    assert any(text.startswith("Too few people used #TulipShow26") for text in bot.told)


def test_a_date_that_is_none_is_answered(grow: Grow) -> None:
    bot = grow(routes=[TULIPS])
    bot.calls(HOST, "amplify add TulipShow26 GardenRoses tag")

    assert "a date like" in bot.calls(HOST, "amplify event TulipShow26 tomorrow Tulips")
    assert "two years" in bot.calls(HOST, "amplify event TulipShow26 2020-01-01 Tulips")
    assert "the same tag" in bot.calls(HOST, "amplify event Tulips 2026-06-30 tulips")
