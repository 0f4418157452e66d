"""A platform's place is kept in quiet times, and hosts learn of what was never heard."""

from datetime import timedelta

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


def test_a_gap_elsewhere_is_nothing_to_this_community() -> None:
    bot = Harness(plugin)

    bot._run(bot.weaver.ring(GapFound("gap", NOON, "mars", NOON, NOON), None))

    assert not bot.told
