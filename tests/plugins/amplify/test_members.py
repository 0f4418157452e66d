"""What members say about their own posts, and what others can not say for them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.api import Post, Reply
from bot.testing import ADA, GRACE, HOST
from tests.plugins.amplify.conftest import ROSES, Garden

Grow = Callable[..., Garden]
DAY = timedelta(days=1)


@pytest.fixture
def bot(grow: Grow) -> Garden:
    return grow()


def replies(bot: Garden) -> list[Reply]:
    return [action for action in bot.sent if isinstance(action, Reply)]


def test_why_is_told_to_author_and_host_and_nobody_else(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew? #Roses")

    for member in (ADA, HOST):
        told = bot.calls(member, f"amplify why {post.id}")
        assert told.startswith("Post 1: It was passed on to #GardenRoses. It carries #Roses")
    assert "no such post of yours" in bot.calls(GRACE, f"amplify why {post.id}")
    assert bot.calls(ADA, "amplify why 1") == told
    assert bot.calls(ADA, "amplify why", under=post) == told
    assert bot.calls(ADA, f"amplify why https://example.org/channels/3/{post.id}") == told


def test_only_the_author_hears_that_they_said_no(bot: Garden) -> None:
    bot.calls(ADA, "amplify no")
    post = bot.posts(ADA, "Mildew? #Roses")

    assert "You asked not to be passed on" in bot.calls(ADA, f"amplify why {post.id}")
    assert "they have not chosen it" in bot.calls(HOST, f"amplify why {post.id}")
    bot.calls(GRACE, "amplify no")
    silent = bot.posts(GRACE, "Greenfly? #Bulbs")
    never = bot.posts(HOST, "Greenfly? #Bulbs")
    same = [bot.calls(HOST, f"amplify why {one.id}")[7:] for one in (silent, never)]
    assert same[0] == same[1], "a no reads like a missing yes"


@pytest.mark.parametrize("member", [ADA, HOST])
def test_author_and_host_can_take_a_post_back_for_good(bot: Garden, member: object) -> None:
    post = bot.posts(ADA, "Mildew? #Roses")
    assert member in (ADA, HOST)
    who = ADA if member == ADA else HOST
    assert "is being taken back" in bot.calls(who, f"amplify undo {post.id}")
    assert bot.passed_on == []

    bot.calls(ADA, "amplify this Roses", under=post)

    assert bot.passed_on == []
    assert "nothing to take back" in bot.calls(who, f"amplify undo {post.id}")


def test_nobody_else_can_take_it_back(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew? #Roses")

    assert "no such post of yours" in bot.calls(GRACE, f"amplify undo {post.id}")
    assert bot.passed_on == [post.id]


def test_under_ones_own_post_amplify_this_passes_that_one_on(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew, and nobody answers")
    told = bot.calls(ADA, "amplify this roses", under=post)

    assert bot.passed_on == [post.id]
    assert "Its author asked for this post" in told or "using that tag" in told
    bot.posts(ADA, "Another one")
    assert len(bot.reposts) == 1, "it was for that post alone"


def test_with_several_places_it_is_asked_which(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew, and nobody answers")

    assert "amplify this Roses or amplify this Bulbs" in bot.calls(ADA, "amplify this", under=post)
    assert "in answer to the post that you mean" in bot.calls(ADA, "amplify this")


def test_a_post_that_only_lacked_a_yes_goes_when_its_author_asks(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew? #Bulbs")
    assert bot.passed_on == []

    bot.calls(ADA, "amplify this Bulbs", under=post)
    bot.calls(ADA, "amplify this Bulbs", under=post)

    assert bot.reposts == [post.id]


def test_what_asks_for_itself_still_has_to_be_a_beginning_and_fresh(bot: Garden) -> None:
    old = bot.posts(ADA, "Mildew", at=bot.now - 3 * DAY)
    reply = bot.posts(ADA, "Soap", reply_to=old.id)

    assert "more than a day old" in bot.calls(ADA, "amplify this Roses", under=old)
    assert "It is a reply" in bot.calls(ADA, "amplify this Roses", under=reply)
    bot.calls(GRACE, "amplify no")
    mine = bot.posts(GRACE, "Greenfly")
    assert "first say: amplify yes" in bot.calls(GRACE, "amplify this Roses", under=mine)
    assert bot.passed_on == []


def test_what_asks_for_itself_is_looked_at_like_any_other(bot: Garden) -> None:
    warned = bot.posts(ADA, "My thumb after pruning", labels=("graphic-media",))
    spray = bot.posts(ADA, "All of it #One #Two #Three #Four #Five #Six")

    assert "It carries a content label" in bot.calls(ADA, "amplify this Roses", under=warned)
    assert "more tags than are passed on" in bot.calls(ADA, "amplify this Roses", under=spray)
    assert bot.passed_on == []
    bot.calls(HOST, "amplify approve 1")
    assert bot.passed_on == [warned.id]


def test_what_only_lacked_a_yes_waits_for_a_host_where_it_has_to(bot: Garden) -> None:
    post = bot.posts(ADA, "My thumb after pruning #Bulbs", labels=("graphic-media",))
    bare = Post(post.id, bot.lobby, ADA, "", bot.now)

    told = bot.calls(ADA, "amplify this Bulbs", under=bare)

    assert "It waits for a host" in told, "though the command itself told nothing of a label"
    assert any("waits for a host" in text for text in bot.told)
    bot.calls(HOST, "amplify approve 1")
    assert bot.passed_on == [post.id]


def test_under_another_ones_post_it_asks_its_author_once_and_never_again(grow: Grow) -> None:
    bot = grow(routes=[ROSES])
    post, other = bot.posts(ADA, "Mildew, and nobody answers"), bot.posts(ADA, "Greenfly too")
    heard = bot.calls(GRACE, "amplify this", under=post)
    assert bot.passed_on == []
    [asked] = replies(bot)
    assert asked.to == post.id
    assert "Shall it be passed on to #GardenRoses?" in asked.text

    assert bot.calls(HOST, "amplify this", under=other) == heard
    bot.passes(30 * DAY)
    assert bot.calls(GRACE, "amplify this", under=other) == heard
    assert len(replies(bot)) == 1


def test_the_author_who_is_asked_answers_and_it_goes(grow: Grow) -> None:
    bot = grow(routes=[ROSES])
    post = bot.posts(ADA, "Mildew, and nobody answers")
    bot.calls(GRACE, "amplify this", under=post)
    bot.calls(ADA, "amplify this", under=post)

    assert bot.passed_on == [post.id]


def test_whoever_said_no_is_not_asked_and_nobody_learns_it(grow: Grow) -> None:
    bot = grow(routes=[ROSES])
    bot.calls(ADA, "amplify no")
    post = bot.posts(ADA, "Mildew, and nobody answers")
    other = bot.posts(GRACE, "Greenfly")

    assert bot.calls(HOST, "amplify this", under=post) == bot.calls(
        HOST, "amplify this", under=other
    )
    assert [reply.to for reply in replies(bot)] == [other.id]


def test_what_weaver_may_do_is_listed_and_a_stop_takes_it_back(bot: Garden) -> None:
    post = bot.posts(ADA, "Mildew? #Roses")
    assert "pass your tagged posts on" in bot.calls(ADA, "me")

    bot.calls(ADA, "stop")
    bot.posts(ADA, "Slugs? #Roses")

    assert bot.passed_on == []
    assert "was taken back since" in bot.calls(HOST, f"amplify why {post.id}")
    assert "nothing to take back" in bot.calls(HOST, f"amplify undo {post.id}")
    bot.calls(ADA, "start")
    assert bot.passed_on == []
