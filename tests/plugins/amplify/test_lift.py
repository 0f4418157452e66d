"""Whether passing on helps: counted honestly, told monthly, and closed when it does not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from bot.api import Member
from bot.testing import ADA, GRACE, HOST, NOON
from plugins.amplify.lift import Fate, Lift, Share, difference, lift
from tests.plugins.amplify.conftest import ROSES, Garden

Grow = Callable[..., Garden]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_the_interval_is_newcombes(n: int, m: int, data: st.DataObject) -> None:
    one, other = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))

    low, high = difference(Share(one, n), Share(other, m))

    wanted = confint_proportions_2indep(one, n, other, m, method="newcomb", alpha=0.1)
    assert (low, high) == pytest.approx(wanted, abs=1e-4)


def test_of_nothing_nothing_is_known() -> None:
    assert difference(Share(0, 0), Share(1, 2)) == (-1.0, 1.0)


def test_what_was_answered_before_it_was_passed_on_counts_nowhere() -> None:
    early = Fate(NOON, passed=NOON + HOUR, answered=NOON + HOUR / 2)
    late = Fate(NOON, passed=NOON + HOUR, answered=NOON + 2 * HOUR)
    too_late = Fate(NOON, passed=NOON + HOUR, answered=NOON + 25 * HOUR)
    silent = Fate(NOON)
    left = Fate(NOON, answered=NOON + 24 * HOUR)

    assert lift([early, late, too_late, silent, left]) == Lift(Share(1, 2), Share(1, 2))


@pytest.mark.parametrize(
    ("passed", "left", "shown", "none"),
    [
        (Share(4, 4), Share(9, 20), False, False),
        (Share(5, 5), Share(2, 5), True, False),
        (Share(5, 20), Share(5, 20), True, True),
        (Share(6, 20), Share(5, 20), True, False),
        (Share(0, 19), Share(9, 20), True, False),
    ],
)
def test_a_few_posts_show_nothing_and_conclude_nothing(
    passed: Share, left: Share, shown: bool, none: bool
) -> None:
    found = Lift(passed, left)

    assert (found.is_shown, found.is_none) == (shown, none)


NAMES = (
    *("aster", "begonia", "crocus", "dahlia", "edelweiss", "freesia", "gladiolus", "hyacinth"),
    *("iris", "jonquil", "knapweed", "lily", "muscari", "narcissus", "oxalis", "peony"),
    *("quamash", "ranunculus", "scilla", "tulip"),
)


def lives(bot: Garden, count: int, answered_when_passed: int, answered_when_left: int) -> None:
    """Two groups of people post, a day each: those who said yes and those who did not."""
    yes = [Member("fake", f"yes{number}") for number in range(count)]
    for member in yes:
        bot.calls(member, "amplify yes")
    for number, member in enumerate(yes):
        bot.passes(HOUR)
        passed = bot.posts(member, f"What eats my {NAMES[number]}? #Bulbs")
        left = bot.posts(Member("fake", f"silent{number}"), f"{NAMES[number]}, why? #Bulbs")
        bot.passes(HOUR)
        for post, often in ((passed, answered_when_passed), (left, answered_when_left)):
            if number < often:
                bot.posts(GRACE, "Soap.", reply_to=post.id)
            bot.posts(Member("fake", "robot", is_bot=True), "Beep.", reply_to=post.id)


def test_hosts_can_ask_what_passing_on_does(grow: Grow) -> None:
    bot = grow()
    assert "too few posts to tell" in bot.calls(HOST, "amplify lift Bulbs")
    lives(bot, 8, answered_when_passed=7, answered_when_left=2)
    bot.passes(2 * DAY)

    said = bot.calls(HOST, "amplify lift Bulbs")

    assert "of 8 posts that nobody had answered when they were passed on, 7 were" in said
    assert "Of 8 comparable posts that stayed where they were, 2 were answered" not in said
    assert "Of 8 comparable posts that stayed where they were, 2 were (25 %)" in said
    assert "over the 28 days up to yesterday" in said
    assert "That is 63 points more, likely between 22 more and 81 more." in said
    assert "Passing on helps." in said
    assert "between 1 and 60" in bot.calls(HOST, "amplify lift Bulbs 99")


def test_once_a_month_hosts_hear_of_it_and_may_close_what_does_not_help(grow: Grow) -> None:
    bot = grow(routes=[ROSES])
    bot.calls(HOST, "amplify add Bulbs GardenRoses yes")
    lives(bot, 20, answered_when_passed=4, answered_when_left=6)
    bot.passes(31 * DAY)

    [told] = [action for action in bot.sent if "in March" in getattr(action, "text", "")]
    assert "Passing on has not helped here." in told.text  # type: ignore[attr-defined]
    [button] = told.buttons  # type: ignore[attr-defined]
    assert (button.label, button.command) == ("Close #Bulbs", "amplify remove Bulbs")
    assert "stay where they are" in bot.calls(HOST, button.command)


def test_a_route_that_passed_nothing_on_is_not_reported(grow: Grow) -> None:
    bot = grow()
    bot.posts(ADA, "Mildew? #Bulbs")
    bot.passes(40 * DAY)

    assert bot.told == []
