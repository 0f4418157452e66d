"""What people said in a window, in numbers: whole days as they are kept, the rest from the log.

Each question is one statement, about one space or about all of a community. Distinct people are
counted in the log, for those of days cannot be added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    literal_column,
    select,
    type_coerce,
    union_all,
)

from bot.kernel.days import COLUMNS, COUNTED, COUNTS, DAY, PERSON, day_of
from bot.kernel.registry import Looked
from bot.kernel.statements import DAYS, POSTS, SPACES
from bot.posts import Talk
from bot.storage.prepared import Prepared
from bot.storage.types import micros

NOBODY = Talk(0, 0, 0, 0, 0)
_NAMES = COLUMNS[:-1]
"""Originals, replies, reposts, posts of bots: the first fields of Talk, in order."""
_COUNTS = [count.label(name) for name, count in zip(_NAMES, COUNTS, strict=False)]
PEOPLE = func.count(distinct(POSTS.c.author))
_AT = type_coerce(POSTS.c.at, BigInteger)
_ZERO = literal_column("0", BigInteger)


def _space() -> ColumnElement[int]:
    return bindparam("space", type_=Integer)


def _between(first: str, last: str) -> tuple[ColumnElement[bool], ...]:
    since, until = (bindparam(name, type_=BigInteger) for name in (first, last))
    return since <= _AT, until > _AT


@dataclass(frozen=True, slots=True)
class _Place:
    """One space, by its row; or every space of a community, by its id."""

    only: bool

    def _is(self, space: ColumnElement[int]) -> ColumnElement[bool]:
        if self.only:
            return space == _space()
        mine = SPACES.c.community == bindparam("community")
        return space.in_(select(SPACES.c.id).where(mine))

    def by_space(self, space: ColumnElement[int], *columns: ColumnElement[Any]) -> Select[Any]:
        """Sum something up for each space: a single one needs no sorting."""
        if self.only:
            return select(_space().label("space"), *columns)
        return select(space.label("space"), *columns).group_by(space)

    def posts(self, first: str, last: str, *columns: ColumnElement[Any]) -> Select[Any]:
        """Sum up the posts of a window."""
        here = (self._is(POSTS.c.space), *_between(first, last))
        return self.by_space(POSTS.c.space, *columns).where(*here)

    def days(self) -> tuple[ColumnElement[bool], ...]:
        """The whole days of a window."""
        first, last = (bindparam(name, type_=Integer) for name in ("first", "last"))
        return self._is(DAYS.c.space), first <= DAYS.c.day, last > DAYS.c.day


def _sum(column: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)  # PostgreSQL's own is of another type


def _in_days(place: _Place) -> Select[Any]:
    """Counts and people of a window of whole days; who has people has days."""
    space: ColumnElement[int] = _space() if place.only else DAYS.c.space
    here = (POSTS.c.space == space, *_between("since", "until"), PERSON, COUNTED)
    people = select(PEOPLE).where(*here).scalar_subquery()
    sums = (func.sum(DAYS.c[name]) for name in _NAMES)
    return place.by_space(DAYS.c.space, *sums, people).where(*place.days())


def _in_all(place: _Place) -> Select[Any]:
    """The same of any window: its ends may be no whole days."""
    kept = (_sum(DAYS.c[name]).label(name) for name in _NAMES)
    none = [_ZERO] * len(_NAMES)
    parts = union_all(
        place.by_space(DAYS.c.space, *kept, _ZERO.label("people")).where(*place.days()),
        place.posts("since", "morning", *_COUNTS, _ZERO),
        place.posts("evening", "until", *_COUNTS, _ZERO),
        place.posts("since", "until", *none, PEOPLE).where(PERSON, COUNTED),
    ).subquery("parts")
    return place.by_space(parts.c.space, *(_sum(parts.c[name]) for name in (*_NAMES, "people")))


def _tagged(place: _Place) -> Select[Any]:
    """The same of posts that carry the tag themselves, from the log alone."""
    people = func.count(distinct(case((and_(PERSON, COUNTED), POSTS.c.author))))
    return place.posts("since", "until", *_COUNTS, people).where(POSTS.c.untagged.is_(False))


def _by_day(place: _Place) -> Select[Any]:
    columns = (DAYS.c.space, DAYS.c.day, *(DAYS.c[name] for name in COLUMNS))
    return select(*columns).where(*place.days())


def _by_week(place: _Place) -> Select[Any]:
    """Sums of seven days each, counted back from the last."""
    week = ((bindparam("last", type_=Integer) - 1 - DAYS.c.day) // 7).label("week")
    sums = (_sum(DAYS.c[name]) for name in COLUMNS)
    return select(DAYS.c.space, week, *sums).where(*place.days()).group_by(DAYS.c.space, "week")


class Asked:
    """A question that is put about one space, or about every space of a community."""

    def __init__(self, question: Callable[[_Place], Select[Any]]) -> None:
        self.one, self.every = (Prepared(question(_Place(only))) for only in (True, False))

    def rows(
        self, connection: Connection, looked: Looked, spaces: Sequence[str], window: dict[str, int]
    ) -> list[Any]:
        """Put it; the first of each row is a space, of which there may be more than were named."""
        if len(spaces) == 1:
            return self.one.rows(connection, window | {"space": looked.space_ids[spaces[0]]})
        return self.every.rows(connection, window | {"community": looked.community.id})


IN_DAYS, IN_ALL, TAGGED = map(Asked, (_in_days, _in_all, _tagged))
BY_DAY, BY_WEEK = map(Asked, (_by_day, _by_week))


@dataclass(frozen=True, slots=True)
class Windows:
    """The counts of one community's spaces, which are named by their keys."""

    connection: Connection
    looked: Looked

    def in_all(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count a window."""
        begin, end = micros(since), micros(until)
        window = {"since": begin, "until": end, "first": -(-begin // DAY), "last": end // DAY}
        morning, evening = window["first"] * DAY, window["last"] * DAY
        if (begin, end) == (morning, evening):
            return self._talks(IN_DAYS, spaces, window)
        if morning > evening:  # all of it inside a day
            morning = evening = end
        return self._talks(IN_ALL, spaces, window | {"morning": morning, "evening": evening})

    def tagged(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count only what carries the tag itself."""
        return self._talks(TAGGED, spaces, {"since": micros(since), "until": micros(until)})

    def by_day(
        self, spaces: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, list[Talk]]:
        """Count day by day between two midnights, oldest first."""
        first, last = day_of(since), day_of(until)
        return self._series(BY_DAY, spaces, (first, last), lambda day: day - first, last - first)

    def by_week(
        self, spaces: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, list[Talk]]:
        """Count week by week, counted back from a midnight, oldest first."""
        first, last = day_of(since), day_of(until)
        weeks = -(-(last - first) // 7)
        return self._series(BY_WEEK, spaces, (first, last), lambda back: weeks - 1 - back, weeks)

    def _talks(
        self, asked: Asked, spaces: Sequence[str], window: dict[str, int]
    ) -> dict[str, Talk]:
        rows = asked.rows(self.connection, self.looked, spaces, window)
        found = {row[0]: Talk(*[count or 0 for count in row[1:]]) for row in rows}
        return {space: found.get(self.looked.space_ids[space], NOBODY) for space in spaces}

    def _series(
        self,
        asked: Asked,
        spaces: Sequence[str],
        days: tuple[int, int],
        place: Callable[[int], int],
        length: int,
    ) -> dict[str, list[Talk]]:
        found = {self.looked.space_ids[space]: [NOBODY] * length for space in spaces}
        window = {"first": days[0], "last": days[1]}
        for row in asked.rows(self.connection, self.looked, spaces, window):
            if row[0] in found:
                found[row[0]][place(row[1])] = Talk(row[2], row[3], row[4], row[5], 0, row[6])
        return {space: found[self.looked.space_ids[space]] for space in spaces}
