"""What a handler recalls is what it would read, however the rows changed meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, select

from bot.domain.actions import Action
from bot.domain.events import PostSeen
from bot.kernel.recall import MOST, Recall
from bot.plugin import Context, Plugin
from tests.kernel.conftest import Plant
from tests.kernel.garden import Garden, Note, a_plugin, calls, says

ADD = sa.insert(Note)
CLEAR = sa.delete(Note).where(col(Note.text) == sa.bindparam("gone"))
WAYS = ["adds", "runs", "rewrites", "deletes", "empties", "clears", "textually", "fails", "nothing"]


def written(ctx: Context[Any]) -> list[str]:
    return sorted(ctx.db.exec(select(Note.text)).all())


def change(way: str, ctx: Context[Any]) -> None:
    """Change the table in one of the ways that there are."""
    first = ctx.db.exec(select(Note)).first()
    match way:
        case "adds" | "fails":
            ctx.db.add(Note(community="", text=ctx.seed))
        case "runs":
            ctx.run(ADD, community="", text=ctx.seed)
        case "rewrites" if first:
            first.text += "!"
        case "deletes" if first:
            ctx.db.delete(first)
        case "empties":
            ctx.db.exec(delete(Note))
        case "clears" if first:
            ctx.run(CLEAR, gone=first.text)
        case "textually":
            ctx.db.execute(sa.text("UPDATE notes_note SET text = 'all alike'"))


class Recalling(Plugin[Any]):
    """Changes its table as it is told, and notes what it recalls beside what it reads."""

    def __init__(self) -> None:
        plain = a_plugin()
        super().__init__(plain.name, package="bot", settings=plain.settings, tables=plain.tables)
        self.forget(lambda _member, _db: None)
        self.tell(lambda _member, _db: {})
        self.on(PostSeen)(self.obey)
        self.recalled: list[list[str]] = []
        self.read: list[list[str]] = []

    def obey(self, event: PostSeen, ctx: Context[Any]) -> Iterator[Action]:
        self.look(ctx)
        change(event.post.text, ctx)
        self.look(ctx)
        if event.post.text == "fails":
            raise ValueError
        yield from ()

    def look(self, ctx: Context[Any]) -> None:
        self.recalled.append(ctx.recall("texts", lambda: written(ctx), Note))
        self.read.append(written(ctx))


@pytest.fixture
def recalling() -> Recalling:
    return Recalling()


@pytest.fixture
def garden(plant: Plant, recalling: Recalling) -> Garden:
    return plant(recalling)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(WAYS), min_size=1, max_size=12))
def test_what_is_recalled_is_what_would_be_read(
    garden: Garden, recalling: Recalling, ways: list[str]
) -> None:
    for way in ways:
        garden.hears(says(way, len(recalling.read)))

    assert recalling.recalled == recalling.read
    assert len(recalling.read) >= 2 * len(ways)


def test_it_is_read_once_while_nothing_changes(garden: Garden, recalling: Recalling) -> None:
    made: list[int] = []
    recalling.look = lambda ctx: ctx.recall("made", lambda: made.append(1), Note)  # type: ignore[method-assign]
    for number in range(3):
        garden.hears(says("nothing", number))
    assert made == [1]

    garden.hears(says("adds", 3))
    assert made == [1, 1]


def test_a_change_in_settings_or_hosts_takes_everything_along(
    garden: Garden, recalling: Recalling
) -> None:
    made: list[int] = []
    recalling.look = lambda ctx: ctx.recall("made", lambda: made.append(1), Note)  # type: ignore[method-assign]
    garden.hears(says("nothing"))
    garden.hears(calls("pause"))
    garden.hears(calls("resume", 2))
    garden.hears(says("nothing", 2))
    assert made == [1, 1]


def test_no_more_is_kept_than_so_many_names() -> None:
    recall = Recall()
    for number in range(MOST + 1):
        recall.get(("garden", "notes", str(number)), lambda: "first", ["notes_note"])
    made = recall.get(("garden", "notes", "0"), lambda: "afresh", ["notes_note"])
    assert made == "afresh"
