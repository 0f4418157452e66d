"""Caps and pacing: evenly, the unanswered first, and nothing made up for."""

from collections.abc import Callable
from datetime import timedelta

from bot.api import Member
from bot.testing import ADA, GRACE, HOST
from tests.plugins.amplify.conftest import Garden

Grow = Callable[..., Garden]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEW = Member("fake", "joel", "Joel")


def test_posts_are_spread_over_the_hour(grow: Grow) -> None:
    bot = grow(hourly=12)
    posts = [bot.posts(ADA, f"Thought {number} about mildew #Roses").id for number in range(4)]
    assert bot.passed_on == posts[:1]
    told = bot.calls(ADA, f"amplify why {posts[1]}")
    assert "waits for its turn" in told
    assert "Posts are spread over the hour: the next turn is Monday 2 March at 12:05 pm" in told

    bot.passes(4 * MINUTE)
    assert bot.passed_on == posts[:1]
    bot.passes(MINUTE)
    assert bot.passed_on == posts[:2]
    bot.passes(HOUR)
    assert bot.passed_on == posts


def test_unanswered_newcomers_go_first_then_the_unanswered_then_the_rest(grow: Grow) -> None:
    bot = grow(hourly=12)
    bot.posts(ADA, "An old hand", at=bot.now - 60 * DAY)
    bot.posts(GRACE, "Another", at=bot.now - 60 * DAY)
    bot.posts(GRACE, "It takes the first turn #Roses")
    answered = bot.posts(ADA, "Greenfly again #Roses")
    old_hand = bot.posts(ADA, "Is it too late to prune? #Roses")
    newcomer = bot.posts(NEW, "What is eating my leaves? #Roses")
    bot.posts(HOST, "Soap and water.", reply_to=answered.id)

    bot.passes(HOUR)

    assert bot.passed_on[1:] == [newcomer.id, old_hand.id, answered.id]


def test_one_author_gets_their_share_of_a_day_and_no_more(grow: Grow) -> None:
    bot = grow(author_daily=2)
    mine = [bot.posts(ADA, f"Thought {number} about mildew #Roses").id for number in range(3)]
    theirs = bot.posts(GRACE, "Greenfly #Roses").id
    assert bot.passed_on == [*mine[:2], theirs]

    bot.passes(2 * DAY)

    assert bot.passed_on == [*mine[:2], theirs], "a day later it is old"
    assert "did not come within a day" in bot.calls(ADA, f"amplify why {mine[2]}")


def test_whoever_had_their_share_can_hear_that_others_go_first(grow: Grow) -> None:
    bot = grow(author_daily=1)
    bot.posts(ADA, "Mildew? #Roses")
    second = bot.posts(ADA, "And greenfly? #Roses")

    told = bot.calls(ADA, f"amplify why {second.id}")
    assert "One post of its author went on within a day, so others go first for now." in told


def test_what_was_missed_is_not_made_up_for_by_a_flood(grow: Grow) -> None:
    bot = grow(hourly=12)
    posts = [bot.posts(ADA, f"Thought {number} about mildew #Roses").id for number in range(5)]
    bot.sleeps(HOUR)
    assert bot.passed_on == posts[:2]

    bot.passes(5 * MINUTE)
    assert bot.passed_on == posts[:3]
    assert bot.told == [], "a slot that was missed is no news"


def test_in_the_quiet_hours_posts_wait_for_the_morning(grow: Grow) -> None:
    bot = grow(hourly=12, quiet="22:00-07:00")
    bot.passes(11 * HOUR)
    post = bot.posts(ADA, "Slugs at night #Roses")
    assert bot.passed_on == []
    told = bot.calls(ADA, f"amplify why {post.id}")
    assert "These are quiet hours: the next turn is Tuesday 3 March at 7 am" in told

    bot.passes(7 * HOUR)
    assert bot.passed_on == []
    bot.passes(HOUR)
    assert bot.passed_on == [post.id]


def test_a_no_reaches_what_waits(grow: Grow) -> None:
    bot = grow(hourly=12)
    first = bot.posts(ADA, "Mildew? #Roses")
    bot.posts(GRACE, "Greenfly? #Roses")
    bot.calls(GRACE, "amplify no")
    bot.passes(HOUR)

    assert bot.reposts == [first.id]


def test_a_stop_leaves_the_turn_to_the_next(grow: Grow) -> None:
    bot = grow(hourly=12)
    first = bot.posts(ADA, "Mildew? #Roses")
    stopped, following = bot.posts(GRACE, "Greenfly? #Roses"), bot.posts(NEW, "Slugs? #Roses")
    bot.calls(GRACE, "stop")
    bot.passes(5 * MINUTE)

    assert bot.reposts == [first.id, following.id]
    assert "It does not go to #GardenRoses any more." in bot.calls(
        GRACE, f"amplify why {stopped.id}"
    )


def test_what_is_edited_or_deleted_while_it_waits_never_goes(grow: Grow) -> None:
    bot = grow(hourly=12)
    first = bot.posts(ADA, "Mildew? #Roses")
    edited, deleted = bot.posts(ADA, "Greenfly? #Roses"), bot.posts(ADA, "Slugs? #Roses")
    bot.edits(edited, "Greenfly?")
    bot.deletes(deleted)
    bot.restarts()
    bot.edits(edited, "Greenfly? #Roses")
    bot.passes(HOUR)

    assert bot.reposts == [first.id]
    assert deleted.id not in str(bot.tells(ADA)), "a post that is gone is forgotten"
