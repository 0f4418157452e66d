"""Order, duplicates, split imports, the machine's zone and any number of bots change no figure."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.domain.events import PostSeen
from bot.domain.model import Member, Post
from bot.kernel import bulk
from bot.kernel.counts import Log
from bot.kernel.registry import Registry
from bot.kernel.statements import DAYS, POSTS
from bot.kernel.writer import Writer
from bot.storage.database import Database
from plugins.pulse.shares import shares
from plugins.pulse.turns import Message, counted
from tests.kernel.heard import NOON, TEA, registry, run, writer

__all__ = ["registry", "writer"]
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SINCE, UNTIL = MONDAY - timedelta(weeks=4), MONDAY + timedelta(weeks=4)
PEOPLE = [Member("bluesky", f"person{number}") for number in range(12)]
ROBOTS = [Member("bluesky", f"robot{number}", is_bot=True) for number in range(3)]


def posts_of(authors: Sequence[Member], prefix: str, most: int) -> Any:
    """Posts with ids of their own, that may answer any post of people."""
    drawn = st.tuples(
        st.sampled_from(authors),
        st.integers(-600, 600),
        st.sampled_from(["original", "reply", "reply", "quote", "repost"]),
        st.integers(0, 40),
        st.lists(st.sampled_from(PEOPLE), max_size=2),
    )

    def made(found: list[Any]) -> list[Post]:
        return [
            Post(
                f"{prefix}{number}",
                TEA,
                who,
                "https://example.org" if target % 5 == 0 else "A thought worth a sentence",
                MONDAY + timedelta(hours=hours),
                kind,
                f"p{target}" if kind == "reply" else None,
                mentions=tuple(names),
            )
            for number, (who, hours, kind, target, names) in enumerate(found)
        ]

    return st.lists(drawn, max_size=most).map(made)


@dataclass(frozen=True)
class Ear:
    """A log that begins empty, and every figure that is read of it."""

    writer: Writer
    registry: Registry
    database: Database

    def hears(self, posts: Sequence[Post], group: int) -> None:
        """Begin with an empty log, and hear posts in groups of a size."""
        with self.database.write.begin() as connection:
            for table in (POSTS, DAYS, bulk._INBOX):
                connection.execute(delete(table))
        self.hears_also(posts, group, "")

    def hears_also(self, posts: Sequence[Post], group: int, name: str) -> None:
        """Hear posts, as events with names of their own."""
        for start in range(0, len(posts), group):
            some = posts[start : start + group]
            events = [PostSeen(f"{name}{one.id}", NOON, TEA, one) for one in some]
            run(self.writer, partial(bulk.keep, events, self.registry, NOON))

    def figures(self) -> dict[str, Any]:
        """Every figure of the space, by name."""
        with self.database.read.connect() as connection:
            log = Log(connection, self.registry.communities["garden"])
            said = log.said(TEA.key, SINCE, UNTIL)
            talk = log.talk(TEA.key, SINCE, UNTIL)
            messages = [Message(one.who, one.at, one.names, one.to) for one in said]
            loudest = log.loudest(TEA.key, SINCE, UNTIL)
            return {
                "talk": (talk.originals, talk.replies, talk.reposts, talk.people),
                "talks": log.talks([TEA.key], SINCE, UNTIL)[TEA.key] == talk,
                "weeks": [
                    (one.originals, one.replies, one.reposts, one.bare)
                    for one in log.by_week([TEA.key], SINCE, UNTIL)[TEA.key]
                ],
                "people": log.people([TEA.key], SINCE, UNTIL),
                "answered": log.answered(TEA.key, SINCE, UNTIL, timedelta(hours=72)),
                "loudest": loudest and (loudest.originals, loudest.replies, loudest.of),
                "shares": shares(said, UNTIL),
                "repliers": log.repliers(TEA.key, SINCE, UNTIL),
                "newcomers": log.first_posts(TEA.key, SINCE, UNTIL, timedelta(hours=72)),
                "turns": counted(messages, SINCE, UNTIL),
            }


@pytest.fixture
def ear(writer: Writer, registry: Registry, database: Database) -> Ear:
    return Ear(writer, registry, database)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posts_of(PEOPLE, "p", 40), st.randoms(use_true_random=False), st.integers(1, 20))
def test_order_duplicates_and_splits_change_no_figure(
    ear: Ear, posts: list[Post], random: Random, group: int
) -> None:
    ear.hears(posts, len(posts) or 1)
    once = ear.figures()
    mixed = list(posts)
    random.shuffle(mixed)
    ear.hears(mixed, group)
    ear.hears_also(posts[::2], group, "again/")

    assert ear.figures() == once


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posts_of(PEOPLE, "p", 40), posts_of(ROBOTS, "r", 30), st.randoms(use_true_random=False))
def test_any_number_of_bot_posts_changes_no_figure(
    ear: Ear, posts: list[Post], robots: list[Post], random: Random
) -> None:
    ear.hears(posts, 7)
    without = ear.figures()
    mixed = [*posts, *robots]
    random.shuffle(mixed)
    ear.hears(mixed, 7)

    assert ear.figures() == without


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_machines_zone_changes_no_figure(
    ear: Ear, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(7)
    posts = []
    for number in range(120):
        at = MONDAY + timedelta(minutes=random.randrange(-9000, 9000))
        to = f"p{random.randrange(number)}" if number and random.random() < 0.6 else None
        kind = "reply" if to else "original"
        posts.append(Post(f"p{number}", TEA, random.choice(PEOPLE), "Words", at, kind, to))  # type: ignore[arg-type]
    ear.hears(posts, 10)
    here = ear.figures()
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        ear.hears(posts, 10)
        there = ear.figures()
    finally:
        monkeypatch.undo()
        time.tzset()

    assert there == here
    assert here["shares"].three_days is not None
