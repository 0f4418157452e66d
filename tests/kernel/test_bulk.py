"""Facts written many at a time are the facts that dispatch writes one by one."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.domain.events import PostDeleted, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Member, Post, Space
from bot.kernel import bulk, facts
from bot.kernel.registry import Registry
from bot.kernel.statements import POSTS
from bot.kernel.writer import Writer
from bot.storage.database import Database
from tests.kernel.heard import (
    JAM,
    NOBODYS,
    NOON,
    TEA,
    registry,
    run,
    writer,
)

__all__ = ["registry", "writer"]


def seen(identity: str, space: Space = TEA, **more: Any) -> PostSeen:
    post = Post(identity, space, Member("bluesky", "did:plc:ada"), "words", NOON, **more)
    return PostSeen(f"{identity}/seen/{space.id}", NOON, space, post)


def kept(writer: Writer, registry: Registry, events: Sequence[SpaceEvent]) -> int:
    return int(run(writer, partial(bulk.keep, events, registry, NOON)))


def rows(database: Database) -> list[tuple[Any, ...]]:
    with database.read.connect() as connection:
        query = select(POSTS.c.space, POSTS.c.post, POSTS.c.kind).order_by(*POSTS.primary_key)
        return [tuple(row) for row in connection.execute(query)]


def test_posts_edits_and_deletes_take_effect_in_order(
    writer: Writer, registry: Registry, database: Database
) -> None:
    first, gone = seen("1"), seen("2")
    edit = PostEdited("1/edit", NOON, TEA, seen("1", kind="quote").post)
    delete = PostDeleted("2/delete", NOON, TEA, "2")

    assert kept(writer, registry, [first, gone, edit, delete, seen("3", JAM)]) == 5

    assert [(post, kind) for _, post, kind in rows(database)] == [
        ("1", "quote"),
        ("3", "original"),
        ("1", "quote"),
    ]


def test_what_was_heard_is_not_heard_again(
    writer: Writer, registry: Registry, database: Database
) -> None:
    delete = PostDeleted("1/delete", NOON, TEA, "1")
    events = [seen("1"), seen("1"), delete]

    assert kept(writer, registry, events) == 2
    assert kept(writer, registry, [*events, seen("2")]) == 1
    assert kept(writer, registry, events) == 0

    assert [post for _, post, _ in rows(database)] == ["2", "2"]


def test_spaces_of_nobodys_leave_nothing(
    writer: Writer, registry: Registry, database: Database
) -> None:
    assert kept(writer, registry, [seen("1", NOBODYS)]) == 0
    assert kept(writer, registry, []) == 0
    assert rows(database) == []


def test_the_log_tells_which_posts_have_threads_of_their_own(
    writer: Writer, registry: Registry, database: Database
) -> None:
    events = [
        seen("root"),
        seen("answer", kind="reply", reply_to="root", root="root"),
        seen("tagged", kind="reply", reply_to="elsewhere", root="elsewhere"),
        seen("shared", kind="repost", root="root"),
    ]
    kept(writer, registry, events)

    with database.read.connect() as connection:
        found = set(facts.threads(connection, "bluesky"))
        assert len(list(facts.threads(connection, "bluesky", 3))) == 3

    assert found == {
        ("#Tea", "root", True),
        ("#Tea", "answer", False),
        ("#Tea", "tagged", True),
        ("#Tea", "shared", False),
    }
