"""The ranges of figures about many people: by brute force, in any order, and beside a bootstrap."""

import re
import warnings
from collections import Counter
from datetime import UTC, datetime
from math import ceil
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Member, Said
from bot.testing import ADA, GRACE, HOST, Harness
from plugins.pulse import plugin
from plugins.pulse.jackknife import Figure, jackknife, t
from plugins.pulse.shares import breadth, inequality

NOW = datetime(2026, 3, 30, tzinfo=UTC)
ROBOT = Member("fake", "robot", "Robot", is_bot=True)

spoken = st.lists(st.builds(Said, st.integers(0, 14), st.just(NOW), is_reply=st.booleans()))
written = st.lists(st.integers(1, 40), min_size=10, max_size=25)


def uneven(people: int, seed: int) -> list[Said]:
    """Talk in which some write far more than others, and some mostly answer."""
    draw = Random(seed)
    said = []
    for who in range(people):
        answers = draw.random()
        posts = range(1 + int(draw.expovariate(1 / 8)))
        said += [Said(who, NOW, is_reply=draw.random() < answers) for _ in posts]
    return said


def gini(counts: list[int]) -> float:
    m, pairs = len(counts), sum(abs(a - b) for a in counts for b in counts)
    return pairs / (2 * m * sum(counts))


def top(counts: list[int]) -> float:
    return sum(sorted(counts, reverse=True)[: ceil(len(counts) / 10)]) / sum(counts)


@given(written)
def test_leaving_each_out_is_done_as_by_hand(counts: list[int]) -> None:
    found = inequality(counts)
    rest = [counts[:i] + counts[i + 1 :] for i in range(len(counts))]

    assert found
    for ours, by_hand in ((found.gini, gini), (found.top_tenth, top)):
        hand = jackknife(by_hand(counts), [by_hand(one) for one in rest], least=0, most=1)
        assert (ours.value, ours.low, ours.high) == pytest.approx(
            (hand.value, hand.low, hand.high), abs=1e-7
        )


@given(spoken, written, st.randoms(use_true_random=False))
def test_no_order_changes_a_digit_and_each_range_holds_its_figure(
    said: list[Said], counts: list[int], random: Random
) -> None:
    talk, uneven_talk = breadth(said), inequality(counts)
    numbers = list(range(15))
    random.shuffle(numbers)
    mixed = [Said(numbers[one.who], one.at, is_reply=one.is_reply) for one in said]
    random.shuffle(mixed)
    random.shuffle(counts)

    assert breadth(mixed) == talk
    assert inequality(counts) == uneven_talk
    assert uneven_talk
    figures = [(uneven_talk.gini, 0.0, 1.0), (uneven_talk.top_tenth, 0.0, 1.0)]
    if talk:
        figures += [(talk.effective, 1.0, 1e9), (talk.many_to_many, 0.0, 1.0)]
    for figure, least, most in figures:
        assert least - 1e-9 <= figure.low <= figure.value <= figure.high <= most + 1e-9


def test_breadth_leaves_out_a_person_with_all_they_wrote() -> None:
    said = uneven(12, 3)
    found = breadth(said)

    rest = [breadth([one for one in said if one.who != who]) for who in range(12)]
    assert found
    others = [one for one in rest if one]
    assert len(others) == 12
    assert found.effective == jackknife(
        found.effective.value, [one.effective.value for one in others], least=1
    )
    assert found.many_to_many == jackknife(
        found.many_to_many.value, [one.many_to_many.value for one in others], least=0, most=1
    )


def test_people_who_are_all_alike_leave_no_doubt() -> None:
    found = inequality([4] * 20)

    assert found
    assert found.top_tenth == Figure(0.1, pytest.approx(0.1), pytest.approx(0.1))  # type: ignore[arg-type]


def test_t_is_that_of_scipy() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from scipy import stats

    for freedom, tolerance in ((2, 0.02), (3, 0.005), (9, 0.001), (60, 0.001)):
        assert t(freedom) == pytest.approx(stats.t.ppf(0.95, freedom), rel=tolerance)


def test_the_ranges_are_about_as_wide_as_a_bootstrap_over_people_says() -> None:
    people = 60
    said = uneven(people, 7)
    wrote = Counter(one.who for one in said)
    by = Counter(one.who for one in said if one.is_reply)
    posts = np.array([wrote[who] for who in range(people)])
    replies = np.array([by[who] for who in range(people)])
    drawn = np.random.default_rng(20).integers(0, people, (2000, people))
    p, r = posts[drawn], replies[drawn]
    alone = (r**2).sum(axis=1) / r.sum(axis=1) ** 2
    ordered = np.sort(p, axis=1)
    rank = 2 * np.arange(1, people + 1) - people - 1
    talk, uneven_talk = breadth(said), inequality(wrote.values())
    assert talk
    assert uneven_talk

    for ours, theirs in (
        (talk.effective, 1 / alone),
        (talk.many_to_many, r.sum(axis=1) / p.sum(axis=1) * (1 - alone)),
        (uneven_talk.gini, (ordered * rank).sum(axis=1) / (people * p.sum(axis=1))),
        (uneven_talk.top_tenth, ordered[:, -6:].sum(axis=1) / p.sum(axis=1)),
    ):
        low, high = np.quantile(theirs, (0.05, 0.95))
        assert 0.7 < (ours.high - ours.low) / (high - low) < 1.45


def test_the_ranges_are_said_and_no_bot_changes_them() -> None:
    bot = Harness(plugin)
    people = [ADA, GRACE, HOST, *(Member("fake", f"p{n}", f"P{n}") for n in range(9))]
    for number, who in enumerate(people):
        first = bot.posts(who, "A thought")
        for answerer in people[: 1 + number % 4]:
            bot.posts(answerer, "An answer", reply_to=first.id)
    before = bot.calls(ADA, "pulse answers lobby")
    beep = bot.posts(ROBOT, "Beep")
    for _ in range(30):
        bot.posts(ROBOT, "Beep", reply_to=beep.id)

    lines = before.splitlines()
    who_answers = next(line for line in lines if line.startswith("Who answers"))
    evenly = next(line for line in lines if line.startswith("How evenly"))
    assert "as broad as 3.3 who answer alike (likely between 1.0 and 5.6)" in who_answers
    assert who_answers.endswith("many to many 0.50 of 1 (likely between 0.18 and 0.82).")
    assert re.search(r"\(0 is evenly; likely between 0\.\d\d and 0\.\d\d\)", evenly)
    assert re.search(r"wrote \d+ % \(likely between \d+ and \d+\)\.$", evenly)
    assert bot.calls(ADA, "pulse answers lobby") == before
