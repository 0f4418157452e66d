"""A year with three attacks and three welcome crowds in it: what paused the tag, and when."""

from __future__ import annotations

import pytest

from plugins.amplify import plugin
from tests.plugins.amplify.conftest import ROSES
from tests.plugins.amplify.crowds import CROWDS, OTHERS, WAVES, Year
from tests.plugins.amplify.replay import Garden, looked_at


@pytest.mark.parametrize("seed", [1, 2])
def test_attacks_are_paused_and_crowds_of_people_are_not(seed: int) -> None:
    looked_at(Year(seed, 800, days=60).lines()).judge(seed)


@pytest.mark.parametrize(
    "seed", [101, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(102, 121))]
)
def test_in_a_hundred_thousand_posts_too(seed: int) -> None:
    lines = Year(seed, 100_000 - OTHERS).lines()
    assert len(lines) == 100_000

    looked_at(lines).judge(seed)


def live_through(seed: int, year: Year, **pace: int) -> None:
    bot, lines = Garden(plugin, routes=[ROSES], **pace), year.lines()
    told = bot.lives(lines)

    told.judge(seed)
    assert told.afters == looked_at(lines).afters, "what is tried without a database is the same"
    for crowd in (*WAVES, *CROWDS):
        out = bot.out_of(lines, crowd)
        print(f"  {crowd}: {out} of {told.heard[crowd]} passed on")
        assert crowd in CROWDS or out <= told.paused[crowd][0]
    assert sum(" is paused. " in text for text in bot.told) == len(WAVES)


def test_the_whole_of_amplify_pauses_and_lets_nothing_more_of_it_out() -> None:
    live_through(4, Year(4, 250, days=40), hourly=0, author_daily=0)


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_the_whole_of_amplify_lives_through_ten_thousand_posts() -> None:
    live_through(5, Year(5, 10_000 - OTHERS))
