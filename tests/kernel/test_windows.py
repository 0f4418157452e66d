"""A window of any hours counts what is in it, and days and weeks add up to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.events import PostSeen
from bot.domain.model import Post
from bot.kernel.counts import Log
from bot.kernel.statements import POSTS
from bot.posts import Talk
from tests.kernel.heard import (
    BEGINNINGS,
    DAY,
    HOUR,
    JAM,
    LENGTHS,
    NOON,
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
@given(changes, BEGINNINGS, LENGTHS)
def test_a_window_of_any_hours_counts_what_is_in_it(
    ear: Ear, found: list[tuple[str, Post]], begins: int, hours: int
) -> None:
    """Whole days are read as they are kept, and what is left from the log."""
    since = NOON + begins * HOUR
    until = since + hours * HOUR
    ear.hears([event for event in events(found) if isinstance(event, PostSeen)])
    with ear.database.read.connect() as connection:
        log = Log(connection, ear.registry.communities["garden"])
        ids = log.looked.space_ids
        rows = [one for one in connection.execute(select(POSTS)) if since <= one.at < until]
        talks = log.talks([TEA.key, JAM.key], since, until)
        for space in (TEA, JAM):
            here = [one for one in rows if one.space == ids[space.key]]
            assert log.talk(space.key, since, until) == counted(here)
            assert talks[space.key] == counted(here)
            carry = counted([one for one in here if not one.untagged])
            assert log.tagged([space.key], since, until)[space.key] == carry
            assert log.tagged([TEA.key, JAM.key], since, until)[space.key] == carry


def counted(rows: Sequence[Any]) -> Talk:
    """Count some rows of the log by hand."""
    here = [one for one in rows if one.kind != "system"]
    people = [one for one in here if not one.bot]
    kinds = Counter("original" if one.kind == "quote" else one.kind for one in people)
    bots, who = len(here) - len(people), {one.author for one in people}
    return Talk(kinds["original"], kinds["reply"], kinds["repost"], bots, len(who))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes, st.integers(0, 20), st.integers(0, 12))
def test_days_and_weeks_add_up_to_the_window(
    ear: Ear, found: list[tuple[str, Post]], length: int, later: int
) -> None:
    """The last week is whole, and the first has what is left."""
    until = NOON.replace(hour=0) + later * DAY
    since = until - length * DAY
    ear.hears([event for event in events(found) if isinstance(event, PostSeen)])
    with ear.database.read.connect() as connection:
        log = Log(connection, ear.registry.communities["garden"])
        both = [TEA.key, JAM.key]
        days_of, weeks_of = log.by_day(both, since, until), log.by_week(both, since, until)
        assert [len(days_of[key]) for key in both] == [length, length]
        for key in both:
            assert (days_of[key], weeks_of[key]) == (
                log.by_day([key], since, until)[key],
                log.by_week([key], since, until)[key],
            )
            by_hand = [log.talk(key, since + n * DAY, since + (n + 1) * DAY) for n in range(length)]
            assert [replace(one, bare=0) for one in days_of[key]] == [
                replace(one, people=0) for one in by_hand
            ]
            weeks = [days_of[key][max(0, end - 7) : end] for end in range(length, 0, -7)][::-1]
            assert list(map(added, weeks)) == list(map(added, ([one] for one in weeks_of[key])))


def added(talks: Sequence[Talk]) -> tuple[int, ...]:
    """Sum up every count."""
    return tuple(map(sum, zip(*map(astuple, talks), strict=True)))
