"""Committed in groups or one by one, events leave the same rows, whatever fails among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.actions import Action, Answer, NotifyHosts, SendPost, Undo
from bot.domain.errors import UserError
from bot.domain.events import CommandCalled, Event, MemberJoined, PostDeleted, PostSeen
from bot.domain.model import Community, Member, Post
from bot.domain.recurrence import Recurrence
from bot.kernel.writer import Job
from bot.plugin import Call, Context, Plugin
from bot.storage.database import Database
from bot.storage.tables import CoreTable
from bot.storage.types import PluginTable
from bot.testing import HOST, NOON
from tests.kernel.garden import GARDEN, LOBBY, TEA, WHY, Garden, Jot, Note, a_plugin, calls
from tests.storage.databases import Server, opened

MEADOW = Community("meadow", "The meadow", spaces=(TEA,))
FAULTS = ("", "", "", "early", "late", "key", "exit")
people = st.sampled_from([Member("fake", name, is_bot=name == "bot") for name in ("a", "b", "bot")])
spaces = st.sampled_from([LOBBY, TEA])
numbers = st.integers(0, 11)


def post_seen(number: int, author: Member, space: Any, fault: str) -> Event:
    post = Post(f"p{number}", space, author, f"{fault} {number}", NOON, has_link=number % 2 == 0)
    return PostSeen(f"seen-{number}", NOON, space, post)


def post_gone(number: int, space: Any) -> Event:
    return PostDeleted(f"gone-{number}", NOON, space, f"p{number}")


def joined(number: int, member: Member, space: Any) -> Event:
    return MemberJoined(f"joined-{number}", NOON, space, member)


def commanded(number: int, what: str) -> CommandCalled:
    return calls(what, number, HOST)


events = st.one_of(
    st.builds(post_seen, numbers, people, spaces, st.sampled_from(FAULTS)),
    st.builds(post_gone, numbers, spaces),
    st.builds(joined, numbers, people, spaces),
    st.builds(
        commanded,
        numbers,
        st.sampled_from(["notes keep 1", "notes keep 0", "notes keep 7", "pause", "resume", "?"]),
    ),
)


def fail(ctx: Context[Any], fault: str) -> None:
    """Go wrong, in one of some ways."""
    if fault in ("early", "late"):
        raise ValueError
    if fault == "exit":
        raise SystemExit
    if fault == "key":
        ctx.db.add_all([Jot(text="twice"), Jot(text="twice")])


def writing(name: str, table: Any) -> Plugin[Any]:
    """Make a plugin that does a bit of everything and fails as the words of a post say."""
    plugin = a_plugin(name, table=table)

    @plugin.on(PostSeen)
    def write(event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        fault = event.post.text.split()[0] if name == "notes" else ""
        fail(ctx, fault if fault == "early" else "")
        text = f"{event.post.text}:{event.space.id}:{ctx.random.random()}"
        ctx.db.merge(Jot(text=text)) if table is Jot else ctx.db.add(Note(community="", text=text))
        ctx.consent.record(event.post.author, "talk", event.post.has_link)
        yield SendPost(ctx.key("write", event.post), event.space, "written", why=WHY)
        rule = Recurrence(NOON.replace(tzinfo=None), "Europe/London", "FREQ=WEEKLY")
        ctx.schedule.repeat(event.post.id[:2], rule, event.post.text)
        fail(ctx, fault)

    @plugin.on(MemberJoined)
    def meet(event: MemberJoined, ctx: Context[Any]) -> Iterator[Action]:
        yield NotifyHosts(ctx.key("meet", event.member), "somebody came", why=WHY)
        ctx.schedule.once("greet", ctx.now + timedelta(days=1), "greet")

    @plugin.on(PostDeleted)
    def follow(event: PostDeleted, ctx: Context[Any]) -> Iterator[Action]:
        if event.post_id == "p3":
            raise ValueError
        post = Post(event.post_id, event.space, HOST, "", NOON)
        yield Undo(ctx.key("undo", post), of=ctx.key("write", post), why=WHY)

    @plugin.command()
    def keep(call: Call, ctx: Context[Any], count: int) -> Iterator[Action]:
        """Keep something."""
        ctx.db.add(Note(community=ctx.community.id, text=f"kept {count}"))
        yield SendPost(ctx.key("keep", count), TEA, "kept", why=WHY)
        if count == 0:
            raise UserError("none is too few")
        if count == 7:
            raise ValueError
        return Answer("kept")

    return plugin


def rows(database: Database) -> dict[str, list[Any]]:
    """All that the database holds, but for numbers that it gives out itself."""
    found: dict[str, list[Any]] = {}
    kept = [*CoreTable.metadata.sorted_tables]
    kept += [PluginTable.metadata.tables[name] for name in ("notes_note", "jots_jot")]
    with database.read.connect() as connection:
        for table in kept:
            own = {"core_ledger": "seq", "notes_note": "id"}.get(table.name)
            order = [table.c[own]] if own else list(table.primary_key)
            shown = [column for column in table.c if column.name != own]
            found[table.name] = list(
                map(tuple, connection.execute(select(*shown).order_by(*order)))
            )
    return found


def played(database: Database, course: list[Event], sizes: list[int]) -> Any:
    """Play events in groups of these sizes; gives all rows, answers, and what rests."""
    plugins = writing("notes", Note), writing("jots", Jot)
    garden = Garden(database, *plugins, communities=[GARDEN, MEADOW], deliver=False)
    ring, writer = garden.weaver.ring, garden.weaver.writer
    jobs = [
        Job(partial(ring.handle, event, NOON, f"cursor {number}"))
        for number, event in enumerate(course)
    ]
    waiting = list(jobs)
    while waiting:
        size = sizes.pop(0) if sizes else 1
        writer.commit(waiting[:size])
        del waiting[:size]
    failures = dict(garden.weaver.registry.failures)
    garden.close()
    assert all(job.error is None for job in jobs)
    return rows(database), [job.result for job in jobs], failures


COURSES = given(st.lists(events, max_size=25), st.lists(st.integers(1, 64), max_size=10))
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


@pytest.fixture
def fresh(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Open a database with the core's tables, again and again."""
    serial = iter(range(1_000_000))

    def again(course: list[Event], sizes: list[int]) -> Any:
        if kind == "sqlite":
            path = tmp_path / f"{next(serial)}.db"
            path.write_bytes(request.getfixturevalue("migrated_file").read_bytes())
            with opened(str(path)) as database:
                return played(database, course, sizes)
        server: Server = request.getfixturevalue("postgres")
        with server.migrated() as address, opened(address) as database:
            return played(database, course, sizes)

    return again


@BOUNDED
@COURSES
def test_groups_leave_the_same_rows_as_one_by_one(
    fresh: Any, course: list[Event], sizes: list[int]
) -> None:
    assert fresh(course, sizes) == fresh(course, [])


@pytest.mark.torture
@settings(BOUNDED, max_examples=300)
@COURSES
def test_very_many_courses_leave_the_same_rows(
    fresh: Any, course: list[Event], sizes: list[int]
) -> None:
    assert fresh(course, sizes) == fresh(course, [])


def test_a_group_in_which_most_fails_is_the_same_too(fresh: Any) -> None:
    author = Member("fake", "a")
    faults = ["late", "", "key", "early", "exit", ""] * 5
    course = [post_seen(number, author, TEA, fault) for number, fault in enumerate(faults)]

    together, alone = fresh(course, [64]), fresh(course, [])
    assert together == alone
    assert together[2] == {}


def test_a_handler_that_is_switched_off_in_a_group_rests_from_the_same_event_on(
    fresh: Any,
) -> None:
    author = Member("fake", "a")
    faults = ["late"] * 12 + [""] * 3
    course = [post_seen(number, author, TEA, fault) for number, fault in enumerate(faults)]

    together, alone = fresh(course, [7, 64]), fresh(course, [])
    assert together == alone
    assert together[0]["notes_note"] == []
    assert len(together[0]["jots_jot"]) == 15
