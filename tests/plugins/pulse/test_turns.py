"""Turns: who is meant where replies carry no link, against conversations with a known truth."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Member, Post
from bot.testing import ADA, GRACE, Harness
from plugins.pulse import plugin
from plugins.pulse.tables import PulseTurns
from plugins.pulse.turns import Message, addressees, counted
from plugins.pulse.watch import fewer_answered
from tests.plugins.pulse.talking import WEEK, alarms, logs, post

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def says(who: int, minute: float, *names: int, to: int | None = None) -> Message:
    return Message(who, NOON + minute * MINUTE, names, to)


def test_whom_a_message_names_or_links_to_is_whom_it_answers() -> None:
    assert addressees([says(1, 0), says(2, 1, 1), says(3, 2, to=2)]) == [None, 1, 2]


def test_who_was_addressed_answers_back_without_a_name() -> None:
    assert addressees([says(1, 0, 2), says(2, 14)]) == [2, 1]
    assert addressees([says(1, 0, 2), says(2, 16)]) == [2, None]


def test_who_is_still_talking_talks_to_the_same_person() -> None:
    assert addressees([says(1, 0, 2), says(1, 10), says(1, 24), says(1, 40)]) == [2, 2, 2, None]


def test_to_name_oneself_addresses_nobody() -> None:
    assert addressees([says(1, 0, 1)]) == [None]


def test_openings_and_turns_are_counted_in_the_window_only() -> None:
    talk = [says(1, -5, 2), says(2, 1), says(3, 2), says(1, 30, 3), says(4, 31)]
    found = counted(talk, NOON, NOON + timedelta(hours=1))

    assert (found.openings, found.turns, found.answered) == (2, 2, 1)


@dataclass(frozen=True)
class Truth:
    """A message and whom it is really to."""

    message: Message
    to: int | None


def conversation(seed: int, people: int = 12, length: int = 600) -> list[Truth]:
    """A busy channel: pairs talk across one another, and some name whom they answer.

    Half of the first answers name somebody, a fifth of the later ones do; talk breaks off, and new
    things are opened in between.
    """
    random, now = Random(seed), NOON
    open_ones: list[tuple[int, datetime]] = []
    pairs: list[tuple[int, int, datetime]] = []
    made: list[Truth] = []
    while len(made) < length:
        now += timedelta(seconds=random.expovariate(1 / 50))
        pairs = [pair for pair in pairs if now - pair[2] < 12 * MINUTE]
        choice = random.random()
        if choice < 0.45 and pairs:
            speaker, other, _ = pairs.pop(random.randrange(len(pairs)))
            named = (other,) if random.random() < 0.2 else ()
            made.append(Truth(Message(speaker, now, named), other))
            pairs.append((other, speaker, now) if random.random() < 0.7 else (speaker, other, now))
        elif choice < 0.7 and open_ones:
            asker, _ = open_ones.pop(random.randrange(len(open_ones)))
            helper = random.choice([one for one in range(people) if one != asker])
            named = (asker,) if random.random() < 0.5 else ()
            made.append(Truth(Message(helper, now, named), asker))
            pairs.append((asker, helper, now))
        else:
            asker = random.randrange(people)
            made.append(Truth(Message(asker, now), None))
            open_ones = [*open_ones[-2:], (asker, now)]
    return made


def score(found: list[int | None], truth: list[Truth]) -> tuple[float, float, float]:
    """Precision, recall, and how often the right person was meant where both see an answer."""
    both = [
        (a, b.to) for a, b in zip(found, truth, strict=True) if a is not None and b.to is not None
    ]
    precision = len(both) / sum(one is not None for one in found)
    recall = len(both) / sum(one.to is not None for one in truth)
    return precision, recall, sum(a == b for a, b in both) / len(both)


def test_the_rule_finds_most_answers_and_mostly_the_right_person() -> None:
    scores, by_name = [], []
    for seed in range(20):
        truth = conversation(seed)
        scores.append(score(addressees([one.message for one in truth]), truth))
        named = [one.message.names[0] if one.message.names else None for one in truth]
        by_name.append(score(named, truth))
    precision, recall, right = (sum(column) / 20 for column in zip(*scores, strict=True))

    print(f"precision {precision:.2f}, recall {recall:.2f}, right person {right:.2f}")
    assert precision > 0.72
    assert recall > 0.85
    assert right > 0.64
    assert recall > 2 * sum(one[1] for one in by_name) / 20


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 300), st.none() | st.integers(0, 4))))
def test_nobody_answers_themselves_and_every_message_is_counted_once(
    raw: list[tuple[int, int, int | None]],
) -> None:
    talk = [says(who, minute, to=to) for who, minute, to in raw]
    ordered = sorted(talk, key=lambda one: (one.at, one.who))
    assert all(to != one.who for one, to in zip(ordered, addressees(ordered), strict=True))

    found = counted(talk, NOON, NOON + timedelta(hours=10))
    assert found.openings + found.turns == len(talk)
    assert found.answered <= found.openings


def week(number: int, openings: int, answered: int) -> PulseTurns:
    monday = (NOON - (number + 1) * WEEK - timedelta(hours=12)).date()
    return PulseTurns(
        community="c", space="s", monday=str(monday), openings=openings, turns=9, answered=answered
    )


@pytest.mark.parametrize(("lately", "turns"), [((10, 2), True), ((10, 7), False), ((2, 0), False)])
def test_the_second_key_turns_only_when_fewer_are_taken_up(
    lately: tuple[int, int], turns: bool
) -> None:
    at = NOON - timedelta(hours=12)
    weeks = [week(number, *lately) for number in range(4)]
    weeks += [week(number, 10, 8) for number in range(4, 30)]

    assert fewer_answered(weeks, at) is turns
    assert fewer_answered(weeks[:4], at) is False


def chats(bot: Harness, openings: int, answered: int) -> None:
    """People open things in the lobby, an hour apart, and Grace names whom she answers."""
    made: list[Post] = []
    for number in range(openings):
        asker = Member("fake", f"asker{number}")
        made.append(post(bot, asker, after=number))
        if number < answered:
            said = post(bot, GRACE, after=number + 0.1)
            made.append(naming(said, asker))
    logs(bot, *made)
    bot.passes(WEEK)


def naming(said: Post, *members: Member) -> Post:
    return Post(said.id, said.space, said.author, said.text, said.at, mentions=members)


def test_a_chat_without_links_is_judged_by_its_turns_with_both_keys() -> None:
    bot = Harness(plugin, inferred=["Lobby"], weekly="off")
    for _ in range(14):
        chats(bot, 14, 12)
    assert not [text for text in bot.told if "inferred" in text]
    for _ in range(6):
        chats(bot, 30, 2)

    [told] = [text for text in bot.told if "inferred from who spoke when" in text]
    assert told.startswith("In Lobby, over the last four weeks, ")
    assert "Fewer openings than usual were taken up at all, too." in told
    share = bot.calls(ADA, "pulse share lobby")
    assert "People there answer without links, so that is only what is linked." in share
    assert "Inferred from turns, over the weeks that are over: 8 of 128 were a turn" in share
    assert alarms(bot) == []


def test_the_table_keeps_turns_apart_from_links() -> None:
    bot = Harness(plugin, inferred=["Lobby"], weekly="off")
    assert "There are too few turns yet to say more." not in bot.calls(ADA, "pulse table")
    chats(bot, 14, 12)
    chats(bot, 14, 2)

    told = bot.calls(ADA, "pulse table").splitlines()
    place = next(n for n, line in enumerate(told) if line.startswith("0 of 42 posts were replies"))
    assert "0.0 % replies" in told[place + 1]
    assert told[place + 2] == (
        "People there answer without links, so that is only what is linked. Inferred from turns, "
        "over the weeks of that time which are over: 14 of 42 posts were a turn to somebody "
        "(33 %, likely between 23 and 46). The two are not to be compared."
    )
    week = bot.calls(ADA, "pulse table days:8")
    assert "2 of 16 posts were a turn to somebody" in week
    logs(bot, *(post(bot, ADA) for _ in range(10)))
    assert "There are too few turns yet to say more." in bot.calls(ADA, "pulse table days:6")


def test_a_lower_share_of_turns_alone_raises_nothing() -> None:
    """Everything is taken up still: there is only less to and fro."""
    bot = Harness(plugin, inferred=["Lobby"], weekly="off")
    for _ in range(14):
        openings = [post(bot, ADA, after=hour) for hour in range(5)]
        answers = [
            naming(post(bot, GRACE, after=hour + minute / 60), ADA)
            for hour in range(5)
            for minute in (1, 3, 5, 7, 9, 11, 13)
        ]
        logs(bot, *openings, *answers)
        bot.passes(WEEK)
    for _ in range(6):
        chats(bot, 6, 1)
    assert [text for text in bot.told if "inferred" in text]

    other = Harness(plugin, inferred=["Lobby"], weekly="off")
    for _ in range(20):
        chats(other, 14, 14)
    assert not [text for text in other.told if "inferred" in text]
