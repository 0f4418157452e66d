"""Two years of many communities, simulated: who is called a broadcast, and who never is."""

from datetime import UTC, datetime
from random import Random

import pytest

from bot.api import Talk
from plugins.pulse.logic import WEEK, Standing, check, recent

START = datetime(2024, 1, 1, tzinfo=UTC)
WEEKS = 104


def years(chance: Random, before: float, after: float, change: int, busy: float) -> list[Talk]:
    """Weekly counts with a reply share that changes once; replies vary more than luck alone."""
    weeks = []
    for number in range(WEEKS):
        part = before if number < change else after
        volume = busy * chance.uniform(0.3, 1.7)
        if chance.random() < 0.03:  # an event: many posts, half the replies
            volume, part = volume * chance.uniform(3, 8), part / 2
        wave = chance.betavariate(part * 30, (1 - part) * 30)
        posts = round(volume)
        replies = sum(chance.random() < wave for _ in range(posts))
        weeks.append(Talk(posts - replies, replies, 0, 0, people=0))
    return weeks


def alarms(weeks: list[Talk]) -> list[int]:
    """The weeks at whose end the hosts are told."""
    state, told = Standing(), []
    for number in range(1, WEEKS + 1):
        at = START + number * WEEK
        state, alarm = check(state, recent(weeks[max(0, number - 26) : number]), at)
        if alarm:
            told.append(number)
    return told


@pytest.mark.parametrize("busy", [2, 6, 20, 80])
def test_a_conversation_is_never_called_a_broadcast(busy: float) -> None:
    chance = Random(f"conversation {busy}")

    for _ in range(40):
        share = chance.uniform(0.3, 0.85)
        assert alarms(years(chance, share, share, 0, busy)) == []


@pytest.mark.parametrize("busy", [12, 30, 80])
def test_what_always_broadcasts_is_found_within_half_a_year(busy: float) -> None:
    chance = Random(f"broadcast {busy}")

    for _ in range(20):
        told = alarms(years(chance, 0.04, 0.04, 0, busy))
        assert told
        assert told[0] <= 26


@pytest.mark.parametrize("busy", [12, 30, 80])
def test_a_conversation_that_stops_is_found_and_not_before_it_does(busy: float) -> None:
    chance = Random(f"stopped {busy}")

    for _ in range(20):
        told = alarms(years(chance, 0.6, 0.03, 52, busy))
        assert told
        assert 52 < told[0] <= 78
