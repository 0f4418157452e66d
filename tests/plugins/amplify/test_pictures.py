"""Pictures whose alt text is missing, and warnings that go along with a post."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Member, Post, Repost, Space
from bot.testing import ADA, GRACE, HOST, NOON
from plugins.amplify import plugin
from plugins.amplify.pace import Pace, Waiting, first
from tests.plugins.amplify.conftest import Garden

Grow = Callable[..., Garden]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAR, AFAR = Space("far", "#Roses", "#Roses", "talk"), Member("far", "ada")


@pytest.fixture
def bot(grow: Grow) -> Garden:
    """Make a garden of people who have been here for long, where one post has just gone."""
    bot = grow(hourly=12)
    for member in (ADA, GRACE):
        bot.posts(member, "I have been here for years", at=bot.now - 60 * DAY)
    bot.posts(GRACE, "It takes the first turn #Roses")
    return bot


def three(bot: Garden) -> list[str]:
    """Post a picture that nobody described, one that was described, and words alone."""
    bare = bot.posts(ADA, "Look at that #Roses", pictures=(True, False))
    told = bot.posts(ADA, "And at this one #Roses", pictures=(True,))
    words = bot.posts(GRACE, "What is eating my leaves? #Roses")
    return [bare.id, told.id, words.id]


def test_posts_whose_pictures_are_described_go_before_those_that_are_not(bot: Garden) -> None:
    bare, told, words = three(bot)
    assert "A picture of it has no alt text" in bot.calls(ADA, f"amplify why {bare}")
    assert "A picture of it has no alt text" in bot.calls(HOST, f"amplify test {bare}")
    for other in (told, words):
        assert "alt text" not in bot.calls(HOST, f"amplify why {other}")

    bot.passes(HOUR)

    assert bot.passed_on[1:] == [told, words, bare], "nothing is kept back for it"


def test_only_among_equals(bot: Garden) -> None:
    answered = bot.posts(ADA, "Mine, in full bloom #Roses", pictures=(True,))
    bare = bot.posts(ADA, "And what is this? #Roses", pictures=(False,))
    bot.posts(HOST, "Lovely.", reply_to=answered.id)

    bot.passes(HOUR)

    assert bot.passed_on[1:] == [bare.id, answered.id], "who waits for an answer goes first"


def test_hosts_can_say_that_it_does_not_matter(bot: Garden) -> None:
    assert "makes no difference" in bot.calls(HOST, "amplify alt roses no")
    posts = three(bot)
    assert "alt text" not in bot.calls(ADA, f"amplify why {posts[0]}")

    bot.passes(HOUR)

    assert bot.passed_on[1:] == posts


def test_hosts_can_ask_for_alt_text(bot: Garden) -> None:
    told = bot.calls(HOST, "amplify alt Roses require")
    assert "waits for a host when a picture of it has no alt text" in told
    assert "Pictures need alt text." in bot.calls(ADA, "amplify list")
    bare, told, words = three(bot)
    bot.passes(HOUR)
    assert bot.passed_on[1:] == [told, words]
    assert "This tag asks for alt text" in bot.calls(ADA, f"amplify why {bare}")

    number = bot.calls(HOST, "amplify queue").splitlines()[1].partition(":")[0]
    bot.calls(HOST, f"amplify approve {number}")

    assert bot.passed_on[-1] == bare
    assert "go before" in bot.calls(HOST, "amplify alt Roses prefer")
    assert "Pictures need alt text." not in bot.calls(ADA, "amplify list")


def edits(bot: Garden, post: str, **to: tuple[bool, ...] | tuple[str, ...]) -> None:
    """Ada changes what her post shows or warns of."""
    bot.edits(Post(post, bot.lobby, ADA, "", bot.now, **to), "Look at that #Roses")  # type: ignore[arg-type]


def test_a_picture_that_is_described_afterwards_goes_on_by_itself(bot: Garden) -> None:
    bot.calls(HOST, "amplify alt Roses require")
    bare = bot.posts(ADA, "Look at that #Roses", pictures=(False,)).id
    edits(bot, bare, pictures=(False,))
    assert "waits for a host" in bot.calls(ADA, f"amplify why {bare}")

    edits(bot, bare, pictures=(True,))
    bot.passes(HOUR)

    assert bot.passed_on[1:] == [bare]
    assert "alt text" not in bot.calls(ADA, f"amplify why {bare}")


def test_a_warning_that_is_put_on_while_a_post_waits_is_looked_at_first(bot: Garden) -> None:
    post = bot.posts(ADA, "Look at that #Roses").id
    edits(bot, post, labels=("graphic-media",))

    bot.passes(HOUR)

    assert post not in bot.passed_on
    assert "It carries a content label" in bot.calls(ADA, f"amplify why {post}")
    assert post in bot.calls(HOST, "amplify queue")


def test_a_hosts_word_stands_whatever_an_edit_says(bot: Garden) -> None:
    bot.calls(HOST, "amplify alt Roses require")
    bare = bot.posts(ADA, "Look at that #Roses", pictures=(False,)).id
    bot.calls(HOST, f"amplify decline {_number(bot, bare)}")
    bot.calls(ADA, f"amplify appeal {bare}")
    edits(bot, bare, pictures=(True,))
    bot.passes(HOUR)
    assert bare not in bot.passed_on, "a host who left it has the word"

    bot.calls(HOST, f"amplify approve {_number(bot, bare)}")
    edits(bot, bare, labels=("graphic-media",))
    bot.passes(HOUR)

    assert bare in bot.passed_on


def _number(bot: Garden, post: str) -> str:
    return bot.calls(HOST, f"amplify why {post}").split()[1].rstrip(":")


def test_a_warning_goes_along_where_only_a_link_goes() -> None:
    far = {"tag": "Roses", "audience": "GardenRoses", "asks": "tag"}
    bot = Garden(plugin, spaces=[FAR], routes=[far], hourly=0, author_daily=0)
    bot.calls(HOST, "amplify across Roses yes")
    bot.posts(AFAR, "Mildew #Roses", FAR)
    post = bot.posts(AFAR, "My thumb after pruning #Roses", FAR, labels=("graphic-media",))
    bot.calls(HOST, f"amplify approve {_number(bot, post.id)}")

    cards = [act.card for act in bot.standing if isinstance(act, Repost)]
    assert cards == [
        "From Far, with the tag Roses:",
        "From Far, with the tag Roses (with a content warning):",
    ]


rows = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 9)))


@given(rows)
def test_alt_text_decides_among_equals_and_nothing_else(
    queue: list[tuple[bool, bool, bool, int]],
) -> None:
    waiting = [
        Waiting(number, NOON + timedelta(minutes=since), answered, newcomer, 0, bare)
        for number, (answered, newcomer, bare, since) in enumerate(queue)
    ]
    order: list[Waiting] = []
    while (turn := first((one for one in waiting if one not in order), Pace())) is not None:
        order.append(turn)

    def rank(one: Waiting) -> int:
        return 2 if one.is_answered else 0 if one.is_newcomers else 1

    classes = [2 * rank(one) + (not one.is_newcomers and one.is_answered) for one in order]
    assert classes == sorted(classes)
    for kind in set(classes):
        among = [one for one, its in zip(order, classes, strict=True) if its == kind]
        assert [one.is_undescribed for one in among] == sorted(one.is_undescribed for one in among)
        for bare in (False, True):
            times = [one.since for one in among if one.is_undescribed is bare]
            assert times == sorted(times)
    assert len(order) == len(waiting)
