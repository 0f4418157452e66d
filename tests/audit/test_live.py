"""Weaver's own log gives the figures that an archive of the same talk gives, on both databases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.audit.detail import Detail, detail
from bot.audit.figures import Figures, Tally, Window
from bot.audit.live import ALL, LINKED, TAGGED, THREADS, TURNS, LiveLine, latest, places, read
from bot.audit.posts import BOT, ORIGINAL, QUOTE, REPLY, REPOST, number
from bot.domain.model import Community, Member, Post, Space
from bot.kernel import facts
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES, table
from bot.storage.database import Database
from bot.storage.tables import CommunityRow
from plugins.pulse.tables import PulseTurns
from tests.audit.formats import Said

START = 1_590_000_000
KINDS = {"original": ORIGINAL, "reply": REPLY, "repost": REPOST, "quote": QUOTE}
TALK = st.lists(
    st.builds(
        Said,
        number=st.integers(1, 10**6),
        who=st.integers(1, 14),
        at=st.integers(START, START + 90 * 86_400),
        kind=st.sampled_from(list(KINDS)),
        is_bot=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda one: one.number,
)
WINDOWS = st.builds(
    Window,
    st.none() | st.integers(START, START + 40 * 86_400),
    st.none() | st.integers(START + 41 * 86_400, START + 90 * 86_400),
)
TAG, HALL, FEED = 1, 2, 3
LOBBY, MATHS = Space("sandbox", "lobby"), Space("bluesky", "#TallyMath")
LOOKED = Looked(
    Community("tally", "tally"),
    (),
    False,
    {LOBBY.key: HALL, MATHS.key: TAG},
    {},
    {},
)


@pytest.fixture
def village(database: Database) -> Database:
    """Two communities: one with spaces of every kind, one that is looked after no more."""
    rows = [
        (TAG, "bluesky", "#TallyMath", "talk"),
        (HALL, "sandbox", "lobby", "lobby"),
        (FEED, "bluesky", "tally", "talk"),
        (4, "sandbox", "hosts", "hosts"),
        (5, "bluesky", "wall", "audience"),
    ]
    community = {"zone": "UTC", "language": "en", "plugins": [], "paused": False}
    with database.write.begin() as connection:
        for name, active in (("tally", True), ("gone", False)):
            values = {**community, "id": name, "name": name, "provisioned": True, "active": active}
            connection.execute(insert(table(CommunityRow)).values(values))
        for place, (key, platform, native, purpose) in enumerate(rows):
            values = {"id": key, "community": "tally", "platform": platform, "native": native}
            named = {"name": native, "purpose": purpose, "position": place, "account": ""}
            connection.execute(insert(SPACES).values({**values, **named}))
        row = {"id": 6, "community": "gone", "platform": "sandbox", "native": "x", "name": "x"}
        connection.execute(
            insert(SPACES).values({**row, "purpose": "talk", "position": 0, "account": ""})
        )
    return database


def log(database: Database, posts: Sequence[Said]) -> None:
    rows = [
        facts.row(
            Post(
                str(one.number),
                LOBBY,
                Member("sandbox", one.name, is_bot=one.is_bot),
                "words",
                datetime.fromtimestamp(one.at, UTC),
                one.kind,
            ),
            LOBBY,
            LOOKED,
        )
        for one in posts
    ]
    with database.write.begin() as connection:
        connection.execute(delete(POSTS))
        if rows:
            connection.execute(insert(POSTS), rows)


def shown(database: Database, window: Window = Window()) -> list[LiveLine]:  # noqa: B008 - frozen
    with database.read.connect() as connection:
        found = places(connection, None)
        lines = list(read(connection, found, window, detailed=True))
    assert all(isinstance(line, LiveLine) for line in lines)
    return [line for line in lines if isinstance(line, LiveLine)]


def archived(posts: Sequence[Said], window: Window) -> tuple[Figures, Detail]:
    tally = Tally()
    tally.add(
        (one.number, number(one.name), (one.at << 2 | KINDS[one.kind]) + BOT * one.is_bot)
        for one in posts
    )
    return tally.figures(window), detail(tally, window)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(posts=TALK, window=WINDOWS)
def test_the_log_counts_as_an_archive_of_it_does(
    village: Database, posts: list[Said], window: Window
) -> None:
    log(village, posts)
    [line] = [one for one in shown(village, window) if one.place and one.place.number == HALL]
    figures, more = archived(posts, window)
    assert line.figures == figures
    assert line.detail is not None
    assert replace(line.detail, bands=None) == replace(more, bands=None)
    assert (line.detail.bands is None) == (more.bands is None)


def test_hashtag_account_and_channel_stand_apart_in_the_order_of_the_settings(
    village: Database,
) -> None:
    labels = [tuple(one.labels.values()) for one in shown(village)]
    assert labels == [
        ("tally", "bluesky", "#TallyMath", "hashtag", TAGGED),
        ("tally", "bluesky", "#TallyMath", "hashtag", THREADS),
        ("tally", "sandbox", "lobby", "channel", ALL),
        ("tally", "bluesky", "tally", "account", ALL),
    ]
    with village.read.connect() as connection:
        assert places(connection, "gone") == []
        assert latest(connection, places(connection, None)) is None


def test_an_answer_without_the_tag_counts_in_whole_threads_only(village: Database) -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def post(name: str, kind: str, *tags: str) -> Post:
        author = Member("bluesky", f"did:plc:{name[0]}")
        return Post(name, MATHS, author, "", at, kind, tags=tags)  # type: ignore[arg-type]

    posts = [
        post("a1", "original", "TallyMath"),
        post("b2", "reply", "tallymath"),
        post("c3", "reply"),
        post("c4", "reply", "other"),
        post("d5", "repost"),
    ]
    with village.write.begin() as connection:
        connection.execute(insert(POSTS), [facts.row(one, MATHS, LOOKED) for one in posts])
    tagged, threads = (line.figures for line in shown(village)[:2])
    assert (tagged.posts, tagged.replies, tagged.reposts, tagged.accounts) == (3, 1, 1, 3)
    assert (threads.posts, threads.replies, threads.reposts, threads.accounts) == (5, 3, 1, 4)
    assert tagged.reply_share == 0.5
    assert threads.reply_share == 0.75
    with village.read.connect() as connection:
        assert latest(connection, places(connection, "tally")) == int(at.timestamp())


MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def chatty(village: Database) -> Iterator[Database]:
    """A hall whose turns pulse counted over two weeks, the first without a post that is kept."""
    made = table(PulseTurns)
    with village.write.begin() as connection:
        made.create(connection)
        for place, (openings, turns) in enumerate([(6, 14), (10, 10)]):
            monday = str((MONDAY + place * timedelta(weeks=1)).date())
            named = {"community": "tally", "space": LOBBY.key, "monday": monday, "answered": 3}
            connection.execute(insert(made).values(**named, openings=openings, turns=turns))
    first = int(MONDAY.timestamp()) + 7 * 86_400
    log(
        village,
        [Said(n, 1 + n % 4, first + n * 3600, "reply" if n < 2 else "original") for n in range(20)]
        + [Said(30, 2, first + 9 * 86_400, "original"), Said(31, 3, first + 60, "repost")],
    )
    yield village
    with village.write.begin() as connection:
        made.drop(connection)


def test_turns_are_a_reading_of_their_own_beside_the_links(chatty: Database) -> None:
    linked, turns = [one for one in shown(chatty) if one.place and one.place.number == HALL]

    assert [linked.reading, turns.reading] == [LINKED, TURNS]
    assert (linked.figures.posts, linked.figures.replies) == (22, 2)
    assert (turns.figures.posts, turns.figures.replies, turns.figures.reposts) == (41, 24, 1)
    assert turns.figures.accounts == 4
    assert turns.figures.last == int(MONDAY.timestamp()) + 7 * 86_400 + 19 * 3600
    assert "over 2 closed weeks from 2026-03-02 to 2026-03-15 (UTC)" in turns.rules
    assert turns.detail is not None
    assert [(week.posts, week.replies) for week in turns.detail.weeks] == [(20, 14), (20, 10)]
    assert linked.detail is not None
    assert sum(week.replies for week in linked.detail.weeks) == 2
    assert turns.doubt.startswith("inferred from turns")


def test_turns_of_a_week_that_the_window_cuts_do_not_count(chatty: Database) -> None:
    begins = int(MONDAY.timestamp())
    weeks = begins + 14 * 86_400

    def replies(since: int, until: int) -> list[int]:
        return [
            one.figures.replies
            for one in shown(chatty, Window(since, until))
            if one.reading == TURNS
        ]

    assert replies(begins, weeks) == [24]
    assert replies(begins + 1, weeks) == [10]
    assert replies(begins, weeks - 1) == [14]
    assert replies(begins + 1, weeks - 1) == []
