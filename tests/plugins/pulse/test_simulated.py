"""Two years of many communities, simulated: who is called a broadcast, and who never is."""

from datetime import date, timedelta
from random import Random

import pytest

from plugins.pulse.weekly_csv import detect
from plugins.pulse.weeks import Week

START = date(2024, 1, 1)
WEEKS = 104


def years(chance: Random, before: float, after: float, change: int, busy: float) -> list[Week]:
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
        weeks.append(Week(START + timedelta(weeks=number), posts - replies, replies))
    return weeks


def alarms(weeks: list[Week]) -> list[int]:
    """The weeks after whose end the alarm is raised, counted from 1."""
    return [(day - START).days // 7 + 1 for day in detect(weeks).onsets]


def test_a_conversation_is_hardly_ever_called_a_broadcast() -> None:
    false, chance = 0, Random("conversation")
    for busy in (2, 6, 20, 80):
        for _ in range(40):
            share = chance.uniform(0.3, 0.85)
            false += len(alarms(years(chance, share, share, 0, busy)))

    assert false <= 2, "in 320 years of communities"


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
