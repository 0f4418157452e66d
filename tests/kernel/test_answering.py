"""Who answers, and which newcomers were answered, is counted in SQL as in Python."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import PostSeen
from bot.domain.model import Post
from bot.kernel.counts import Log
from bot.storage.types import MICROSECOND
from tests.kernel.heard import (
    BEGINNINGS,
    DAY,
    HALF_DAYS,
    HOUR,
    JAM,
    LENGTHS,
    NOON,
    PEOPLE,
    TEA,
    THOROUGHLY,
    Ear,
    changes,
    ear,
    events,
    registry,
    writer,
)

__all__ = ["ear", "registry", "writer"]


@THOROUGHLY
@given(changes, BEGINNINGS, LENGTHS, st.integers(0, 80) | HALF_DAYS.map(abs))
def test_counts_of_answers_are_those_of_what_was_said(
    ear: Ear, found: list[tuple[str, Post]], begins: int, hours: int, within: int
) -> None:
    """Who answers, and which newcomers were answered, in SQL as in Python."""
    since, span = NOON + begins * HOUR, within * HOUR
    until = since + hours * HOUR
    ear.hears([event for event in events(found) if isinstance(event, PostSeen)])
    with ear.database.read.connect() as connection:
        log = Log(connection, ear.registry.communities["garden"])
        for key in (TEA.key, JAM.key):
            said = log.said(key, since, until)
            by = Counter(one.who for one in said if one.is_reply and one.to != one.who)
            firsts = [one for one in said if one.is_first and not one.is_reply]
            old = [one for one in firsts if one.at <= until - span]
            answered = [one for one in old if one.answered and one.answered - one.at <= span]
            assert log.repliers(key, since, until) == sorted(by.values())
            assert log.first_posts(key, since, until, span) == (len(answered), len(old))


@pytest.mark.parametrize(("late", "answered"), [(0, 1), (1, 0)])
def test_who_is_answered_at_the_last_moment_is_answered_in_time(
    ear: Ear, late: int, answered: int
) -> None:
    ada, bo = PEOPLE[:2]
    at = NOON + DAY + timedelta(microseconds=late)
    question = Post("1", JAM, ada, "Why?", NOON)
    answer = Post("2", JAM, bo, "So.", at, "reply", "1", "1")
    ear.hears([PostSeen(post.id, NOON, JAM, post) for post in (question, answer)])

    with ear.database.read.connect() as connection:
        log = Log(connection, ear.registry.communities["garden"])
        assert log.first_posts(JAM.key, NOON, NOON + 2 * DAY, DAY) == (answered, 1)
        assert log.first_posts(JAM.key, NOON, NOON + DAY, DAY) == (0, 1)
        assert log.first_posts(JAM.key, NOON, NOON + DAY - MICROSECOND, DAY) == (0, 0)
