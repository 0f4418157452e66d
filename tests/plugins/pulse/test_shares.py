"""Who answers whom: every share by a case that can be counted by hand, and by its limits."""

import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Member, Occasion, Said, wilson
from bot.testing import ADA, GRACE, Harness
from plugins.pulse import plugin
from plugins.pulse.parts import part_of
from plugins.pulse.shares import breadth, inequality, middle, reciprocity, shares
from plugins.pulse.tables import PulseClosure

NOW = datetime(2026, 3, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROBOT = Member("fake", "robot", "Robot", is_bot=True)


def root(hours_ago: float, answered_after: float | None = None, *, first: bool = False) -> Said:
    at = NOW - hours_ago * HOUR
    answer = None if answered_after is None else at + answered_after * HOUR
    return Said(0, at, answered=answer, is_first=first)


def reply(who: int, to: int | None = 0) -> Said:
    return Said(who, NOW - HOUR, to=to, is_reply=True)


spoken = st.lists(
    st.builds(
        Said,
        st.integers(0, 15),
        st.integers(0, 400).map(lambda hours: NOW - hours * HOUR),
        st.none() | st.integers(0, 15),
        st.booleans(),
    ),
    max_size=60,
)


def test_answers_count_when_they_come_in_time() -> None:
    found = shares([root(100, 1)] * 5 + [root(100, 30)] * 3 + [root(100)] * 2, NOW)

    assert found.day
    assert found.three_days
    assert (found.day.k, found.day.n) == (5, 10)
    assert (found.three_days.k, found.three_days.n) == (8, 10)


def test_what_is_too_young_to_be_unanswered_is_left_out() -> None:
    found = shares([root(80, 1)] * 10 + [root(30)] * 10 + [root(2, 1)] * 4, NOW)

    assert found.day
    assert found.three_days
    assert (found.day.k, found.day.n) == (10, 20)
    assert (found.three_days.k, found.three_days.n) == (10, 10)


def test_the_median_wait_is_of_answers_within_a_week() -> None:
    found = shares([root(500, 2)] * 6 + [root(500, 4)] * 5 + [root(500, 200)] * 9, NOW)

    assert found.hours is not None
    assert (found.hours.value, found.answered) == (2.0, 11)


def test_a_medians_limits_hold_it_nine_times_in_ten() -> None:
    """Ten values: the second from each end, since one coin or none of ten has a chance of 1 %."""
    found = middle([9, 1, 5, 2, 8, 3, 7, 4, 6, 0])
    assert found is not None
    assert (found.value, found.low, found.high) == (4.5, 1, 8)
    assert middle([1.0] * 9) is None

    random = Random(5)
    held = 0
    for _ in range(2000):
        drawn = middle([random.expovariate(1) for _ in range(30)])
        assert drawn is not None
        held += drawn.low <= log(2) <= drawn.high
    assert 0.88 < held / 2000 < 0.97


def test_links_alone_and_hosts_are_shares_of_their_own_kind() -> None:
    bare = [replace(root(9), is_bare=True)] * 3 + [root(9)] * 9
    by_two = [replace(reply(1), is_host=True), replace(reply(2), is_host=True)] + [reply(3)] * 8
    by_one = [replace(reply(1), is_host=True)] * 2 + [reply(3)] * 8

    links, two, one = (shares(said, NOW) for said in (bare, by_two, by_one))
    assert links.bare
    assert two.hosts
    assert (links.bare.k, links.bare.n) == (3, 12)
    assert (two.hosts.k, two.hosts.n) == (2, 10)
    assert one.hosts is None
    assert two.replies
    assert (two.replies.k, two.replies.n) == (10, 10)


def test_a_session_goes_before_an_event_week_and_both_before_the_rest() -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    held = [
        Occasion("s", monday + 20 * HOUR, monday + 21 * HOUR),
        Occasion("s", monday + 240 * HOUR, monday + 241 * HOUR, "event"),
    ]
    events = [PulseClosure(community="c", first="2026-03-18", last="2026-03-19", event=True)]

    def part(hours: float) -> str:
        return part_of(Said(0, monday + hours * HOUR), held, events)

    assert [part(hours) for hours in (19, 20, 21, 170, 336, 503.9, 504)] == [
        "between",
        "sessions",
        "between",
        "events",
        "events",
        "events",
        "between",
    ]


def test_few_of_a_kind_are_withheld() -> None:
    found = shares([root(100, 1, first=True)] * 9 + [reply(1)] * 9, NOW)

    assert (found.day, found.newcomers, found.hours, found.breadth) == (None,) * 4
    assert breadth([reply(1), reply(2)] * 20) is None
    assert inequality([5] * 9) is None


def test_pairs_that_answer_each_other_are_counted_once_each_way() -> None:
    one_way = [reply(who, 20) for who in range(9)]
    both = [reply(30, 31), reply(31, 30), reply(30, 31), reply(7, 7), reply(8, None)]

    found = reciprocity(one_way + both)
    assert found
    assert (found.k, found.n) == (2, 11)


def test_one_host_who_answers_everybody_is_not_many_to_many() -> None:
    host = breadth([root(9)] * 100 + [reply(0)] * 98 + [reply(1), reply(2)])
    many = breadth([root(9)] * 100 + [reply(who) for who in range(20)] * 5)

    assert host
    assert many
    assert host.effective.value < 1.05
    assert host.many_to_many.value < 0.03
    assert many.effective.value == pytest.approx(20)
    assert many.many_to_many.value == pytest.approx(0.5 * 0.95)


def test_gini_is_nought_when_all_post_alike_and_high_when_one_does() -> None:
    even, one = inequality([3] * 20), inequality([1] * 19 + [981])

    assert even
    assert one
    assert even.gini.value == pytest.approx(0)
    assert even.top_tenth.value == pytest.approx(0.1)
    assert one.gini.value == pytest.approx(0.931)


@given(spoken, st.randoms())
def test_order_changes_nothing_and_every_share_is_one(said: list[Said], random) -> None:  # noqa: ANN001
    found = shares(said, NOW)
    mixed = list(said)
    random.shuffle(mixed)

    assert shares(mixed, NOW) == found
    for part in (found.day, found.three_days, found.newcomers, found.reciprocity):
        assert part is None or 0 <= part.low <= part.k / part.n <= part.high <= 1
    if found.breadth:
        assert 1 <= found.breadth.effective.value <= found.breadth.people + 1e-9
        assert 0 <= found.breadth.many_to_many.value <= 1


def test_our_interval_is_that_of_statsmodels() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from scipy.stats import norm
        from statsmodels.stats.proportion import proportion_confint
    alpha = 2 * norm.sf(1.645)

    for n in (1, 2, 7, 24, 97, 1000, 123_456):
        for k in {0, 1, n // 7, n // 2, n - 1, n}:
            theirs = proportion_confint(k, n, alpha, method="wilson")
            assert wilson(k, n) == pytest.approx(theirs, abs=1e-9)


@pytest.fixture
def bot() -> Harness:
    """A space where Ada begins twelve times, Grace answers ten, and one answer is Ada's own."""
    bot = Harness(plugin)
    for number in range(12):
        first = bot.posts(ADA, f"Thought {number}")
        bot.posts(ADA, "And another thing", reply_to=first.id)
        bot.passes(HOUR)
        if number < 10:
            bot.posts(GRACE, "Yes", reply_to=first.id)
    bot.passes(timedelta(days=4))
    return bot


def test_members_may_ask_who_answers(bot: Harness) -> None:
    answer = bot.calls(ADA, "pulse answers lobby")

    assert "In Lobby over the last 28 days, 12 posts that began something and 22 replies;" in answer
    assert "within 24 hours: 10 of 12 posts (83 %, likely between 60 and 94)." in answer
    assert "Within 72 hours: 10 of 12 posts (83 %, likely between 60 and 94); the other 2" in answer
    assert "came within: 1.0 hours (likely between 1.0 and 1.0), of 10 within a week;" in answer
    assert "beside the 2 of 12 that were not answered in 72 hours" in answer
    assert "Nothing but a link: 0 of 12 posts that began something" in answer
    assert bot.calls(ADA, "pulse answers lobby part:sessions").startswith("Nobody has posted")
    between = bot.calls(ADA, "pulse answers lobby part:between")
    assert "Only what was said between sessions and outside of event weeks." in between
    assert "10 of 12 posts" in between
    assert "Newcomers answered within 72 hours: too few newcomers to say." in answer
    assert "Who answers: too few answers or people to say." in answer


def test_a_bot_answers_nobody_and_changes_no_figure(bot: Harness) -> None:
    before = bot.calls(ADA, "pulse answers lobby")
    for _ in range(3):
        beep = bot.posts(ROBOT, "Beep")
        bot.posts(ROBOT, "Beep to you", reply_to=beep.id)

    assert bot.calls(ADA, "pulse answers lobby") == before


def test_where_nobody_posted_that_is_the_answer(bot: Harness) -> None:
    assert bot.calls(ADA, "pulse answers chat days:1") == (
        "Nobody has posted in Tea room in the last day."
    )
    assert "between 1 and 92, not 93" in bot.calls(ADA, "pulse answers lobby days:93")
