"""A platform's place is kept in quiet times, and hosts learn of what was never heard."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.events import CaughtUp, GapFound
from bot.testing import NOON, Harness
from plugins.welcome import plugin


def test_in_quiet_times_the_place_moves_on() -> None:
    bot = Harness(plugin)

    bot._run(bot.weaver.ring(CaughtUp("quiet", NOON, "fake"), "1234"))

    with bot.weaver.database.read.connect() as connection:
        assert connection.execute(text("select cursor from core_cursor")).scalar() == "1234"


def test_hosts_are_told_of_a_gap_once() -> None:
    bot = Harness(plugin)
    gap = GapFound("gap", NOON, "fake", NOON - timedelta(hours=40), NOON - timedelta(hours=4))

    for _ in range(2):
        bot._run(bot.weaver.ring(gap, "1"))

    [told] = bot.told
    assert told.startswith(
        "Weaver could not hear Fake from Saturday 28 February at 8 pm London time"
    )
    assert "(8 am UTC)" in told


@pytest.mark.parametrize(
    ("found", "gone", "whole", "words"),
    [
        (None, 0, False, "missing from the counts, and were not passed on."),
        (0, 0, True, "and found no posts of that time. What was edited"),
        (1, 0, True, "and found one post of that time, which is counted. What"),
        (12, 1, True, "12 posts of that time, which are counted. One post that Weaver knew turned"),
        (12, 3, False, "3 posts that Weaver knew turned out to be gone. It could not ask for"),
    ],
)
def test_hosts_are_told_what_came_back_and_what_did_not(
    found: int | None, gone: int, whole: bool, words: str
) -> None:
    bot = Harness(plugin)
    since = NOON - timedelta(hours=40)

    bot._run(bot.weaver.ring(GapFound("gap", NOON, "fake", since, NOON, found, gone, whole), "1"))

    [told] = bot.told
    assert words in told


def test_a_gap_elsewhere_is_nothing_to_this_community() -> None:
    bot = Harness(plugin)

    bot._run(bot.weaver.ring(GapFound("gap", NOON, "mars", NOON, NOON), None))

    assert not bot.told
