"""What is kept beside the log is always what the log says, however events come."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.domain.events import PostEdited, PostSeen
from bot.domain.model import Post
from bot.kernel import bulk, days
from bot.kernel.registry import Registry
from bot.kernel.statements import DAYS, POSTS
from bot.kernel.writer import Job, Writer
from bot.storage.database import Database
from bot.storage.types import EPOCH, MICROSECOND
from tests.kernel.heard import (
    HOUR,
    JAM,
    NOON,
    PEOPLE,
    changes,
    events,
    registry,
    run,
    writer,
)

__all__ = ["registry", "writer"]


def kept(database: Database) -> tuple[list[Any], list[Any]]:
    """The days, and the first answers."""
    answers = select(POSTS.c.space, POSTS.c.post, POSTS.c.first_answer, POSTS.c.first_answerer)
    with database.read.connect() as connection:
        days_kept = connection.execute(select(DAYS).order_by(DAYS.c.space, DAYS.c.day)).all()
        first = connection.execute(answers.order_by(POSTS.c.space, POSTS.c.post)).all()
    whole = [tuple(row) for row in days_kept if any(tuple(row)[2:])]
    return whole, [tuple(row) for row in first]


def by_hand(database: Database) -> tuple[list[Any], list[Any]]:
    """The same, counted in Python from the log's rows."""
    with database.read.connect() as connection:
        rows = connection.execute(select(POSTS)).all()
    counted: Counter[tuple[int, int, str]] = Counter()
    first = []
    for row in rows:
        day = (row.at.date() - EPOCH.date()).days
        kind = "original" if row.kind == "quote" else row.kind
        if row.kind != "system":
            counted[row.space, day, "bot" if row.bot else kind] += 1
        if kind == "original" and row.bare and not row.bot:
            counted[row.space, day, "bare"] += 1
        replies = [
            (one.at, one.author)
            for one in rows
            if (one.space, one.parent, one.kind, one.bot) == (row.space, row.post, "reply", False)
            and one.author != row.author
            and one.at >= row.at
        ]
        first.append((row.space, row.post, *min(replies, default=(None, None))))
    names = ("original", "reply", "repost", "bot", "bare")
    places = sorted({(space, day) for space, day, _ in counted})
    table = [(*place, *(counted[(*place, name)] for name in names)) for place in places]
    return table, sorted(first)


def rebuilt(writer: Writer, database: Database) -> tuple[list[Any], list[Any]]:
    run(writer, lambda transaction: days.rebuild(transaction.connection))
    return kept(database)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes, st.integers(1, 9))
def test_counts_and_first_answers_are_what_the_log_says(
    writer: Writer,
    registry: Registry,
    database: Database,
    found: list[tuple[str, Post]],
    group: int,
) -> None:
    """Posts, edits and deletes in any order, late and repeated, in groups of any size."""
    with database.write.begin() as connection:
        for table in (POSTS, DAYS, bulk._INBOX):
            connection.execute(delete(table))
    every = events(found)
    for start in range(0, len(every), group):
        jobs = [
            Job(partial(bulk.keep, [event], registry, NOON))
            for event in every[start : start + group]
        ]
        writer.commit(jobs)
        assert all(job.error is None for job in jobs)

    so_far = kept(database)

    assert so_far == by_hand(database)
    assert so_far == rebuilt(writer, database)


@pytest.mark.parametrize("hours", [-1, 0, 1])
@pytest.mark.parametrize("turned", [False, True])
def test_an_answer_may_be_heard_before_its_question_and_never_said_before_it(
    writer: Writer, registry: Registry, database: Database, hours: int, turned: bool
) -> None:
    ada, bo = PEOPLE[:2]
    said = [
        Post("1", JAM, ada, "Why?", NOON),
        Post("2", JAM, bo, "So.", NOON + hours * HOUR, "reply", "1", "1"),
    ]
    for number, post in enumerate(said[::-1] if turned else said):
        run(writer, partial(bulk.keep, [PostSeen(str(number), NOON, JAM, post)], registry, NOON))

    answer = (None, None) if hours < 0 else (NOON + hours * HOUR, bo.key)
    assert [row[2:] for row in kept(database)[1]] == [answer, (None, None)]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_answers_at_once_the_lesser_key_is_kept(
    writer: Writer, registry: Registry, database: Database, turned: bool
) -> None:
    ada, *others = PEOPLE[:3]
    question = Post("0", JAM, ada, "Why?", NOON)
    answers = [Post(one.id, JAM, one, "So.", NOON, "reply", "0", "0") for one in others]
    for post in (question, *(answers[::-1] if turned else answers)):
        run(writer, partial(bulk.keep, [PostSeen(post.id, NOON, JAM, post)], registry, NOON))

    assert kept(database)[1][0][2:] == (NOON, others[0].key)


def test_a_day_that_is_counted_anew_has_its_first_moment_and_its_last(
    writer: Writer, registry: Registry, database: Database
) -> None:
    midnight = NOON + 12 * HOUR
    moments = (midnight - 24 * HOUR, midnight - MICROSECOND, midnight)
    posts = [Post(str(n), JAM, PEOPLE[0], "Words.", at) for n, at in enumerate(moments)]
    run(writer, partial(bulk.keep, [PostSeen(p.id, NOON, JAM, p) for p in posts], registry, NOON))
    before = kept(database)
    assert [row[2] for row in before[0]] == [2, 1]

    edits = [PostEdited(f"edit-{post.id}", NOON, JAM, post) for post in posts]
    run(writer, partial(bulk.keep, edits, registry, NOON))
    assert kept(database) == before


@pytest.mark.parametrize("text", ["https://example.org/page #tag @ada", "example.org/page"])
def test_a_post_that_is_nothing_but_a_link_is_counted_as_one(
    writer: Writer, registry: Registry, database: Database, text: str
) -> None:
    bare = Post("1", JAM, PEOPLE[0], text, NOON, has_link=True)
    said = Post("2", JAM, PEOPLE[0], f"This is what I read today: {text}", NOON, has_link=True)
    edit = Post("2", JAM, PEOPLE[0], text, NOON, has_link=True)
    run(
        writer,
        partial(bulk.keep, [PostSeen(p.id, NOON, JAM, p) for p in (bare, said)], registry, NOON),
    )
    assert [row[2:] for row in kept(database)[0]] == [(2, 0, 0, 0, 1)]

    run(writer, partial(bulk.keep, [PostEdited("e", NOON, JAM, edit)], registry, NOON))
    assert [row[2:] for row in kept(database)[0]] == [(2, 0, 0, 0, 2)]
