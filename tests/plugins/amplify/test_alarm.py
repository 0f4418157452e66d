"""What a host hears of a hijacked tag, and what becomes of it as they answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import Member, Repost, SendPost
from bot.testing import ADA, HOST, Harness
from plugins.amplify import plugin
from tests.plugins.amplify.conftest import ROSES

MINUTE = timedelta(minutes=1)
SPAM = "Get many new friends today, click below https://x.example #Roses"


def rush(bot: Harness, count: int, begin: int = 0) -> None:
    """Accounts that nobody knows say one thing, with a link."""
    for number in range(begin, begin + count):
        stranger = Member("fake", f"stranger{number}")
        bot.posts(stranger, SPAM)


@pytest.fixture
def attacked() -> Harness:
    """A garden that has been there for a while, and was just paused."""
    bot = Harness(plugin, routes=[ROSES], hourly=0, author_daily=0, new_accounts="pass")
    bot.posts(ADA, "I have been here for years", at=bot.now - timedelta(days=60))
    rush(bot, 5)
    return bot


def passed_on(bot: Harness) -> list[str]:
    return [action.post_id for action in bot.standing if isinstance(action, Repost)]


def test_a_host_hears_what_was_seen_and_what_to_do(attacked: Harness) -> None:
    sent = [one for one in attacked.sent if isinstance(one, SendPost)]
    [alarm] = [one for one in sent if " is paused. " in one.text]

    assert alarm.text.startswith("#Roses is paused. In 1 minute, 5 accounts that are not known")
    assert "said much the same with it" in alarm.text
    assert [button.command for button in alarm.buttons] == [
        "amplify resume Roses",
        "amplify ours Roses",
        "amplify members Roses yes",
        "amplify succeed Roses",
        "amplify sweep Roses",
    ]
    known = {command.name for command in plugin.commands}
    assert {button.command.split()[1] for button in alarm.buttons} <= known


def test_people_known_here_wait_and_strangers_are_held_until_a_host_goes_on(
    attacked: Harness,
) -> None:
    known = attacked.posts(ADA, "Mildew, in all this? #Roses")
    new = attacked.posts(Member("fake", "newcomer"), "Is this where roses are? #Roses")
    before = passed_on(attacked)
    assert known.id not in before

    answer = attacked.calls(HOST, "amplify resume Roses")

    assert passed_on(attacked) == [*before, known.id]
    assert "wait for a host" in answer
    assert "a rush of unknown accounts" in attacked.calls(HOST, f"amplify why {new.id}")


def test_what_strangers_have_waiting_is_held_when_it_is_raised() -> None:
    bot = Harness(plugin, routes=[ROSES], hourly=12, author_daily=0, new_accounts="pass")
    bot.posts(ADA, "I have been here for years", at=bot.now - timedelta(days=60))
    first, known = bot.posts(ADA, "Mildew? #Roses"), bot.posts(ADA, "And greenfly? #Roses")
    new = bot.posts(Member("fake", "newcomer"), "Is this where roses are? #Roses")
    rush(bot, 5)

    assert "a rush of unknown accounts" in bot.calls(HOST, f"amplify why {new.id}")
    goes_on(bot, "amplify resume Roses")
    bot.passes(timedelta(hours=1))
    assert passed_on(bot) == [first.id, known.id]


def test_what_went_out_before_can_be_taken_back(attacked: Harness) -> None:
    known = attacked.posts(ADA, "Mildew, in all this? #Roses")
    attacked.calls(HOST, "amplify members Roses yes")
    assert known.id in passed_on(attacked)
    attacked.calls(HOST, "amplify sweep Roses")

    assert passed_on(attacked) == [known.id]
    rush(attacked, 9, begin=20)
    assert passed_on(attacked) == [known.id]
    assert "nothing to take back" in attacked.calls(HOST, "amplify sweep Roses")


def alarms(bot: Harness) -> int:
    return sum(" is paused. " in text for text in bot.told)


def goes_on(bot: Harness, how: str) -> str:
    """A minute later a host has looked."""
    bot.passes(MINUTE)
    answer = bot.calls(HOST, how)
    bot.passes(MINUTE)
    return answer


def test_what_a_host_let_go_on_is_no_sign_any_more(attacked: Harness) -> None:
    answer = goes_on(attacked, "amplify resume Roses")
    assert (
        "\nIf strangers come back, it is paused again. If they are yours: amplify ours Roses"
        in answer
    )

    rush(attacked, 4, begin=20)
    assert alarms(attacked) == 1


@pytest.mark.parametrize("begin", [0, 20], ids=["the same accounts", "new accounts"])
def test_an_attack_that_goes_on_is_noticed_as_early_as_at_first(
    attacked: Harness, begin: int
) -> None:
    goes_on(attacked, "amplify resume Roses")
    rush(attacked, 5, begin)

    assert alarms(attacked) == 2


def test_the_page_too_asks_whether_it_is_over_or_theirs(attacked: Harness) -> None:
    def offered() -> list[str]:
        [page] = attacked.panels()
        [paused] = [one for one in page.offers if one.words == "#Roses is paused."]
        return [button.command for button in paused.buttons]

    assert offered() == ["amplify resume Roses", "amplify ours Roses"]

    goes_on(attacked, "amplify resume Roses")
    attacked.calls(HOST, "amplify pause Roses")
    assert offered() == ["amplify resume Roses"]


def test_what_came_while_it_was_paused_is_no_sign_either(attacked: Harness) -> None:
    rush(attacked, 30, begin=20)
    goes_on(attacked, "amplify resume Roses")
    rush(attacked, 4, begin=60)

    assert alarms(attacked) == 1


def test_when_it_is_open_to_everybody_again_only_what_comes_then_counts(attacked: Harness) -> None:
    goes_on(attacked, "amplify members Roses yes")
    rush(attacked, 30, begin=20)
    goes_on(attacked, "amplify members Roses no")
    rush(attacked, 4, begin=60)
    assert alarms(attacked) == 1

    rush(attacked, 1, begin=70)
    assert alarms(attacked) == 2


def test_people_whom_a_host_knows_raise_no_alarm_for_half_a_day(attacked: Harness) -> None:
    new = attacked.posts(Member("fake", "newcomer"), "Is this where roses are? #Roses")
    answer = goes_on(attacked, "amplify ours Roses")
    assert answer.startswith("#Roses goes on, and so does the one post that waited only because")
    assert "Whoever comes, no alarm is raised on #Roses until Tuesday 3 March at 12:01 am" in answer
    assert new.id in passed_on(attacked)
    assert "The hosts know who came with it." in attacked.calls(HOST, f"amplify why {new.id}")

    rush(attacked, 30, begin=20)
    attacked.passes(timedelta(hours=11))
    rush(attacked, 30, begin=60)
    assert alarms(attacked) == 1

    attacked.passes(timedelta(hours=1))
    rush(attacked, 4, begin=100)
    assert alarms(attacked) == 1
    rush(attacked, 1, begin=110)
    assert alarms(attacked) == 2


def test_what_waits_for_another_reason_still_waits_when_they_are_ours(attacked: Harness) -> None:
    rush(attacked, 1, begin=20)
    before = passed_on(attacked)

    answer = goes_on(attacked, "amplify ours Roses")

    assert "5 posts wait for a host for other reasons: amplify queue" in answer
    assert passed_on(attacked) == before


def test_a_host_can_say_so_beforehand_and_take_it_back(attacked: Harness) -> None:
    goes_on(attacked, "amplify resume Roses")
    answer = goes_on(attacked, "amplify ours Roses hours:48")
    assert answer.startswith("Whoever comes, no alarm is raised on #Roses until Wednesday 4")
    rush(attacked, 30, begin=20)
    assert alarms(attacked) == 1

    assert "is watched again" in goes_on(attacked, "amplify ours Roses hours:0")
    rush(attacked, 4, begin=60)
    assert alarms(attacked) == 1
    rush(attacked, 1, begin=70)
    assert alarms(attacked) == 2


def test_a_hosts_own_pause_outlasts_that_they_are_ours(attacked: Harness) -> None:
    goes_on(attacked, "amplify resume Roses")
    attacked.calls(HOST, "amplify pause Roses")

    answer = attacked.calls(HOST, "amplify ours Roses")

    assert answer.startswith("#Roses is paused still: amplify resume Roses")
    known = attacked.posts(ADA, "Mildew, in all this? #Roses")
    assert known.id not in passed_on(attacked)


@pytest.mark.parametrize("hours", [-1, 73])
def test_ours_is_for_three_days_at_most(attacked: Harness, hours: int) -> None:
    answer = attacked.calls(HOST, f"amplify ours Roses hours:{hours}")
    assert answer.startswith("HOURS is between 0 and 72")


def test_the_alarm_can_be_left_off() -> None:
    bot = Harness(plugin, routes=[ROSES], hourly=0, alarm=False)
    bot.posts(ADA, "I have been here for years", at=bot.now - timedelta(days=60))
    rush(bot, 30)

    assert not any(" is paused. " in text for text in bot.told)
