"""What is kept beside the log is always what the log says, however events come."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.domain.events import PostDeleted, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Member, Post
from bot.kernel import bulk, days
from bot.kernel.counts import Log
from bot.kernel.registry import Registry
from bot.kernel.statements import DAYS, POSTS
from bot.kernel.writer import Job, Writer
from bot.posts import Talk
from bot.storage.database import Database
from bot.storage.types import EPOCH, MICROSECOND
from tests.kernel.test_bulk import JAM, NOON, TEA, registry, run, writer

__all__ = ["registry", "writer"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE = [Member("bluesky", name, is_bot=name == "robot") for name in ("ada", "bo", "cy", "robot")]

HALF_DAYS = st.integers(-5, 5).map(lambda number: 12 * number)
"""Of two hours that are drawn from these many are the same, and half of them are midnights."""
posts = st.builds(
    Post,
    id=st.integers(0, 4).map(str),
    space=st.sampled_from([TEA, TEA, JAM]),
    author=st.sampled_from(PEOPLE),
    text=st.sampled_from(["https://example.org #tag", "A thought worth a whole sentence"]),
    at=(st.integers(-60, 60) | HALF_DAYS).map(lambda hours: NOON + hours * HOUR),
    kind=st.sampled_from(["original", "reply", "reply", "reply", "quote", "repost", "system"]),
    reply_to=st.none() | st.integers(0, 4).map(str),
)
changes = st.lists(
    st.tuples(st.sampled_from(["seen", "seen", "seen", "edited", "deleted"]), posts), max_size=25
)

BEGINNINGS = st.integers(-70, 60) | HALF_DAYS
LENGTHS = st.integers(1, 130) | HALF_DAYS.map(lambda hours: hours + 72)
"""Of windows, in hours."""


def events(found: Sequence[tuple[str, Post]]) -> list[SpaceEvent]:
    made: list[SpaceEvent] = []
    for number, (what, post) in enumerate(found):
        identity, space = f"{number}/{what}", post.space
        if what == "seen":
            made.append(PostSeen(identity, NOON, space, post))
        elif what == "edited":
            made.append(PostEdited(identity, NOON, space, post))
        else:
            made.append(PostDeleted(identity, NOON, space, post.id))
    return made


@dataclass(frozen=True)
class Ear:
    """A log that begins empty."""

    writer: Writer
    registry: Registry
    database: Database

    def hears(self, every: Sequence[SpaceEvent]) -> None:
        """Begin again, and hear events in one go."""
        with self.database.write.begin() as connection:
            for table in (POSTS, DAYS, bulk._INBOX):
                connection.execute(delete(table))
        run(self.writer, partial(bulk.keep, every, self.registry, NOON))


@pytest.fixture
def ear(writer: Writer, registry: Registry, database: Database) -> Ear:
    return Ear(writer, registry, database)


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


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
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


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
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


def added(talks: Sequence[Talk]) -> tuple[int, ...]:
    """Sum up every count."""
    return tuple(map(sum, zip(*map(astuple, talks), strict=True)))


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
