"""Many arrivals at once: one hello or none, hosts told, and an end that comes by itself."""

from datetime import datetime, timedelta

import pytest

from bot.domain.actions import SendPost
from bot.domain.events import MemberJoined, RolesChanged
from bot.domain.model import Member, Role
from bot.testing import ADA, Harness
from plugins.welcome import plugin

MINUTE = timedelta(minutes=1)


def crowd(count: int) -> list[Member]:
    return [Member("fake", f"m{number}", f"M{number}") for number in range(count)]


def greetings(bot: Harness) -> list[str]:
    posts = (act for act in bot.sent if isinstance(act, SendPost) and act.space != bot.hosts)
    return [post.text for post in posts]


def test_a_raid_is_greeted_once_when_it_is_over(bot: Harness) -> None:
    for member in crowd(60):
        bot.joins(member)
        bot.passes(timedelta(seconds=1))

    assert len(greetings(bot)) == 4  # the first few, before anybody could know
    assert ["Many people are arriving" in told for told in bot.told] == [True]

    bot.passes(30 * MINUTE)

    assert len(greetings(bot)) == 5
    assert "everybody who arrived" in greetings(bot)[-1]
    assert "56 people came in it, and one hello went to all of them" in bot.told[-1]


def test_a_raid_of_five_hundred_in_a_minute_ends_by_itself(bot: Harness) -> None:
    for member in crowd(500):
        bot.joins(member)
    bot.passes(timedelta(hours=1))

    assert len(greetings(bot)) == 5
    assert len(bot.told) == 2

    bot.joins(ADA)
    assert "Ada" in greetings(bot)[-1]


def test_a_raid_that_goes_on_is_waited_out(bot: Harness) -> None:
    for member in crowd(40):
        bot.joins(member)
        bot.passes(2 * MINUTE)
    for member in crowd(30):  # who came before is known
        bot.joins(member)

    assert len([told for told in bot.told if "arriving" in told]) <= 1


def test_hosts_may_want_nobody_greeted_after_a_raid() -> None:
    bot = Harness(plugin, raid_joins=5, raid="nobody")
    for member in crowd(20):
        bot.joins(member)
    bot.passes(timedelta(hours=1))

    assert len(greetings(bot)) == 4
    assert "none of them was greeted" in bot.told[-1]


def test_nobody_of_a_raid_is_greeted_again(bot: Harness) -> None:
    for member in crowd(20):
        bot.joins(member)
    bot.passes(timedelta(days=2))
    before = greetings(bot)
    for member in crowd(20):
        bot.joins(member)

    assert greetings(bot) == before


def test_a_raid_survives_a_restart(bot: Harness) -> None:
    for member in crowd(20):
        bot.joins(member)
    bot.sleeps(timedelta(hours=3))

    assert len(greetings(bot)) == 5


@pytest.mark.parametrize(("days", "greeted"), [(1, 0), (6, 0), (7, 1), (400, 1)])
def test_young_accounts_are_left_to_people_where_hosts_want_that(days: int, greeted: int) -> None:
    bot = Harness(plugin, young_days=7)
    made: datetime = bot.now - timedelta(days=days)
    bot.dispatches(MemberJoined("join", bot.now, bot.lobby, ADA, made))

    assert len(greetings(bot)) == greeted


GARDENER = Role("fake", "7", "Gardener")


def lets_in(bot: Harness, member: Member) -> None:
    event = RolesChanged(f"role-{member.id}", bot.now, bot.lobby, member, (GARDENER,))
    bot.dispatches(event)


def test_a_rush_of_people_who_are_let_in_is_a_raid_and_a_rush_outside_is_none() -> None:
    bot = Harness(plugin, raid_joins=5, role="gardener")
    for member in crowd(30):
        bot.joins(member)
    assert not bot.sent

    bot.passes(30 * MINUTE)
    for member in crowd(20):
        lets_in(bot, member)
    assert len(greetings(bot)) == 4
    assert len(bot.told) == 1

    bot.passes(30 * MINUTE)
    assert "16 people came in it" in bot.told[-1]


@pytest.mark.parametrize("held", [(), (Role("fake", "8", "Gardeners"),)])
def test_nobody_is_let_in_by_another_role(held: tuple[Role, ...]) -> None:
    bot = Harness(plugin, role="7")
    bot.joins(ADA)
    bot.dispatches(RolesChanged("other", bot.now, bot.lobby, ADA, held))
    assert not bot.sent

    lets_in(bot, ADA)
    assert len(greetings(bot)) == 1


def test_a_role_changes_nothing_where_hosts_did_not_name_it(bot: Harness) -> None:
    lets_in(bot, ADA)

    assert not bot.sent


def test_an_account_made_a_moment_ago_by_another_clock_is_greeted() -> None:
    bot = Harness(plugin)
    made: datetime = bot.now + timedelta(seconds=2)
    bot.dispatches(MemberJoined("join", bot.now, bot.lobby, ADA, made))

    assert len(greetings(bot)) == 1


@pytest.fixture
def bot() -> Harness:
    """Run Weaver with a low idea of a raid."""
    return Harness(plugin, raid_joins=5)
