"""Times come back from the database as they went in, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, text
from sqlalchemy.exc import StatementError
from sqlmodel import Field, Session, SQLModel, col, delete, select

from bot.storage.database import Database
from bot.storage.types import WallTime, instant, instant_or_none, json_column
from tests.storage.databases import opened

ZONES = st.sampled_from([UTC, ZoneInfo("Europe/London"), ZoneInfo("Australia/Lord_Howe")])
LONG_AGO, FAR_OFF = map(datetime.fromisoformat, ("0001-01-02", "9999-12-30"))
NOON = datetime.fromisoformat("2026-03-02T12:00")
moments = st.datetimes(LONG_AGO, FAR_OFF, timezones=ZONES)
clocks = st.datetimes(LONG_AGO, FAR_OFF).map(lambda time: time.replace(microsecond=0))
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.recursive(st.none() | st.booleans() | st.integers() | words, st.lists, max_leaves=5)
bounded = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Kept(SQLModel, table=True):
    """One column of each type."""

    metadata: ClassVar[MetaData] = MetaData()
    __tablename__ = "kept"

    number: int | None = Field(default=None, primary_key=True)
    moment: datetime = instant()
    perhaps: datetime | None = instant_or_none()
    clock: datetime = Field(sa_type=WallTime)
    value: dict[str, Any] = json_column()


@pytest.fixture
def store(empty: str) -> Iterator[Database]:
    with opened(empty) as database:
        with database.write.begin() as connection:
            Kept.metadata.create_all(connection)
        yield database


def round_trip(store: Database, **given: Any) -> Kept:
    noon = {"moment": NOON.replace(tzinfo=UTC), "clock": NOON}
    with store.write.begin() as connection, Session(connection) as session:
        session.exec(delete(Kept))
        session.add(Kept(**noon | given))
        session.flush()
    with Session(store.read) as session:
        return session.exec(select(Kept)).one()


@bounded
@given(moments)
def test_a_moment_comes_back_as_the_same_moment_in_utc(store: Database, moment: datetime) -> None:
    kept = round_trip(store, moment=moment).moment

    assert kept == moment.astimezone(UTC)
    assert kept.tzinfo is UTC


@bounded
@given(clocks)
def test_a_wall_clock_time_comes_back_without_an_offset(store: Database, clock: datetime) -> None:
    kept = round_trip(store, clock=clock).clock

    assert kept == clock
    assert kept.tzinfo is None


@bounded
@given(st.dictionaries(words, values))
def test_a_json_value_comes_back_alike(store: Database, value: dict[str, Any]) -> None:
    assert round_trip(store, value=value).value == value


def test_a_moment_that_is_unknown_stays_unknown(store: Database) -> None:
    assert round_trip(store).perhaps is None


def test_moments_are_ordered_by_the_database_whatever_zone_they_came_in(store: Database) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    tokyo = timezone(timedelta(hours=9))
    given = [noon, (noon - timedelta(microseconds=1)).astimezone(tokyo), noon - timedelta(days=1)]
    with store.write.begin() as connection, Session(connection) as session:
        session.add_all(Kept(moment=moment, clock=NOON) for moment in given)
        session.flush()

    with Session(store.read) as session:
        found = session.exec(select(Kept.moment).order_by(col(Kept.moment))).all()
    assert list(found) == sorted(given)


def test_a_moment_is_kept_as_whole_microseconds(store: Database) -> None:
    round_trip(store, moment=datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))

    with store.read.connect() as connection:
        assert connection.execute(text("SELECT moment FROM kept")).scalar() == 1_000_005


def test_a_moment_without_a_zone_is_refused(store: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        round_trip(store, moment=NOON)


def test_a_wall_clock_time_with_an_offset_is_refused(store: Database) -> None:
    with pytest.raises(StatementError, match="is an instant, not a wall-clock time"):
        round_trip(store, clock=datetime(2026, 3, 2, 12, tzinfo=UTC))
