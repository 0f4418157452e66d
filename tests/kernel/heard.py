"""Two communities that follow hashtags, and what may be heard of their posts, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from bot.domain.events import PostDeleted, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Community, Member, Post, Space
from bot.kernel import bulk
from bot.kernel.provision import Provision, provision
from bot.kernel.registry import Registry
from bot.kernel.statements import DAYS, POSTS
from bot.kernel.weaver import LoopBell
from bot.kernel.writer import Job, Writer
from bot.storage.database import Database

TEA, JAM, NOBODYS = (Space("bluesky", name) for name in ("#Tea", "#Jam", "#Salt"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
COMMUNITIES = [
    Provision(Community("garden", "Garden", spaces=(TEA, JAM)), ()),
    Provision(Community("shed", "Shed", spaces=(TEA,)), ()),
]


@pytest.fixture
def writer(database: Database) -> Writer:
    return Writer(database, LoopBell())


@pytest.fixture
def registry(writer: Writer, database: Database) -> Registry:
    registry = Registry({})
    run(writer, lambda transaction: provision(transaction, COMMUNITIES, {}))
    with Session(database.read) as session:
        registry.load(session)
    return registry


def run(writer: Writer, work: Any) -> Any:
    job = Job(work)
    writer.commit([job])
    if job.error is not None:
        raise job.error
    return job.result


THOROUGHLY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
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
