"""What can be read of the post log: counts, and who answered whom. No words, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    distinct,
    func,
    select,
    type_coerce,
)

from bot.kernel import days, newcomers
from bot.kernel.days import COLUMNS, COUNTED, DAY, ORIGINAL, PERSON, day_of
from bot.kernel.lookups import Lookups
from bot.kernel.statements import DAYS, POSTS, SPACES
from bot.posts import FirstSteps, Loudest, Said, Talk
from bot.storage.types import EPOCH, MICROSECOND, micros

COUNTS = days.COUNTS[:4]
"""Originals, replies, reposts, posts of bots: the first fields of Talk, in order."""
PEOPLE = func.count(distinct(POSTS.c.author))
NOBODY = Talk(0, 0, 0, 0, 0)


def saying(space: int, since: datetime, until: datetime) -> Select[Any]:
    """What people said in a window, whom they answered, and when another first answered them."""
    target = POSTS.alias("target")
    answered = case((POSTS.c.first_answer < until, POSTS.c.first_answer))
    of = and_(
        target.c.space == POSTS.c.space,
        target.c.post == POSTS.c.parent,
        target.c.bot.is_(False),
    )
    return (
        select(
            POSTS.c.author,
            POSTS.c.at,
            POSTS.c.kind,
            target.c.author.label("to"),
            POSTS.c.bare,
            POSTS.c.mentions,
            answered.label("answered"),
        )
        .outerjoin_from(POSTS, target, of)
        .where(
            POSTS.c.space == space,
            POSTS.c.at >= since,
            POSTS.c.at < until,
            POSTS.c.kind.in_(newcomers.SAID),
            PERSON,
        )
        .order_by(POSTS.c.at, POSTS.c.post)
    )


def of_days(space: int, first: int, last: int) -> Select[Any]:
    """The counts of a space's days from ``first`` up to, not including, ``last``."""
    columns = (DAYS.c.day, *(DAYS.c[name] for name in COLUMNS))
    return select(*columns).where(DAYS.c.space == space, DAYS.c.day >= first, DAYS.c.day < last)


@dataclass(frozen=True, slots=True)
class _Place:
    """One space, by its row, or all of a community's, by its id."""

    of: int | str

    def _is(self, space: ColumnElement[int]) -> ColumnElement[bool]:
        if isinstance(self.of, int):
            return space == self.of
        return space.in_(select(SPACES.c.id).where(SPACES.c.community == self.of))

    def _posts(self, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
        return self._is(POSTS.c.space), POSTS.c.at >= since, POSTS.c.at < until

    def in_log(self, since: datetime, until: datetime) -> Select[Any]:
        """Counts of a window, by space."""
        query = select(POSTS.c.space, *COUNTS).where(*self._posts(since, until))
        return query.group_by(POSTS.c.space)

    def of_days(self, first: int, last: int) -> Select[Any]:
        """The same of whole days."""
        sums = [func.sum(DAYS.c[name]) for name in COLUMNS[: len(COUNTS)]]
        here = (self._is(DAYS.c.space), DAYS.c.day >= first, DAYS.c.day < last)
        return select(DAYS.c.space, *sums).where(*here).group_by(DAYS.c.space)

    def people(self, since: datetime, until: datetime) -> Select[Any]:
        """How many people each space had."""
        people = (*self._posts(since, until), PERSON, COUNTED)
        query = select(POSTS.c.space, PEOPLE).where(*people)
        return query.group_by(POSTS.c.space)


def _talk(originals: int, replies: int, reposts: int, bot_posts: int, bare: int) -> Talk:
    """The columns of days as counts."""
    return Talk(originals, replies, reposts, bot_posts, 0, bare)


def _midnight(day: int) -> datetime:
    return EPOCH + timedelta(days=day)


@dataclass(frozen=True, slots=True)
class Log(Lookups):
    """The post log of one community, read inside one connection."""

    def first_steps(self, since: datetime, until: datetime, span: timedelta) -> list[FirstSteps]:
        """List what people began within ``span`` of their first word here, oldest first."""
        self.settle()
        return newcomers.first_steps(self.connection, self.looked, since, until, span)

    def began(self) -> datetime | None:
        """When the log of this community begins; None while it is empty."""
        known, mine = self.pending.began, self.looked.community.id
        if mine not in known:
            known[mine] = newcomers.began(self.connection, self.looked)
        return self.pending.earliest(self._spaces(), known[mine])

    def seen(self, post_id: str) -> bool:
        """Whether the post is in the log, so neither unknown nor deleted."""
        self.settle()
        ids = list(self.looked.space_ids.values())
        query = select(POSTS.c.post).where(POSTS.c.space.in_(ids), POSTS.c.post == post_id)
        return self.connection.execute(query.limit(1)).first() is not None

    def tagged(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a hashtag's space without the answers that do not carry the tag."""
        self.settle()
        within = and_(self._within(space, since, until), POSTS.c.untagged.is_(False))
        people = func.count(distinct(case((and_(PERSON, COUNTED), POSTS.c.author))))
        counts = self.connection.execute(select(*COUNTS, people).where(within)).one()
        return Talk(*(int(count) for count in counts))

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        row = self.looked.space_ids[space]
        return self._counted(_Place(row), since, until).get(row, NOBODY)

    def talks(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count several spaces at once, each as ``talk`` does."""
        found = self._counted(_Place(self.looked.community.id), since, until)
        return {space: found.get(self.looked.space_ids[space], NOBODY) for space in spaces}

    def _counted(self, place: _Place, since: datetime, until: datetime) -> dict[int, Talk]:
        """Count the spaces of a place by row: whole days as they are kept, what is left in the log.

        People are counted in the log, since those of days cannot be added up.
        """
        self.settle()
        first, last = -(-micros(since) // DAY), micros(until) // DAY
        if first >= last:
            parts = [place.in_log(since, until)]
        else:
            edges = (since, _midnight(first)), (_midnight(last), until)
            parts = [place.in_log(*edge) for edge in edges if edge[0] < edge[1]]
            parts.append(place.of_days(first, last))
        rows = self.connection.execute(place.people(since, until)).all()
        people: dict[int, int] = {row[0]: int(row[1]) for row in rows}
        found: dict[int, Talk] = {}
        for part in parts:
            for row, o, r, x, bots in self.connection.execute(part).all():
                talk = found.get(row, NOBODY)
                found[row] = Talk(
                    talk.originals + int(o),
                    talk.replies + int(r),
                    talk.reposts + int(x),
                    talk.bot_posts + int(bots),
                    people.get(row, 0),
                )
        return found

    def weekly(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space week by week, counted back from the midnight ``until``, oldest first."""
        self.settle()
        first, last = day_of(since), day_of(until)
        week = ((last - 1 - DAYS.c.day) // 7).label("week")
        sums = [func.sum(DAYS.c[name]) for name in COLUMNS]
        here = (
            DAYS.c.space == self.looked.space_ids[space],
            DAYS.c.day >= first,
            DAYS.c.day < last,
        )
        rows = self.connection.execute(select(week, *sums).where(*here).group_by("week"))
        found = {int(row[0]): _talk(*map(int, row[1:])) for row in rows}
        return [found.get(back, NOBODY) for back in reversed(range(-(-(last - first) // 7)))]

    def daily(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space day by day between two midnights (UTC), oldest first; people stay 0."""
        self.settle()
        first, last = day_of(since), day_of(until)
        rows = self.connection.execute(of_days(self.looked.space_ids[space], first, last))
        found = {row[0]: _talk(*row[1:]) for row in rows}
        return [found.get(day, NOBODY) for day in range(first, last)]

    def people(self, spaces: Iterable[str], since: datetime, until: datetime) -> int:
        """Count the people who said anything in some spaces, each once."""
        self.settle()
        ids = [self.looked.space_ids[space] for space in spaces]
        query = select(PEOPLE).where(
            POSTS.c.space.in_(ids), POSTS.c.at >= since, POSTS.c.at < until, PERSON, COUNTED
        )
        return int(self.connection.execute(query).scalar_one())

    def answered(
        self, space: str, since: datetime, until: datetime, within: timedelta
    ) -> tuple[int, int]:
        """Count what people began in a window: how much of it another answered in time, and all."""
        self.settle()
        at, first = (type_coerce(one, BigInteger) for one in (POSTS.c.at, POSTS.c.first_answer))
        in_time = func.count(case((first - at <= within // MICROSECOND, 1)))
        row = self.connection.execute(
            select(in_time, func.count()).where(self._within(space, since, until), PERSON, ORIGINAL)
        ).one()
        return int(row[0]), int(row[1])

    def loudest(self, space: str, since: datetime, until: datetime) -> Loudest | None:
        """Find the account, no host's, that began most in a space; None where none began."""
        self.settle()
        here = (self._within(space, since, until), PERSON)
        hosts = POSTS.c.author.in_(list(self.looked.community.hosts))
        begun, replies = (func.count(case((one, 1))) for one in (ORIGINAL, POSTS.c.kind == "reply"))
        found = self.connection.execute(
            select(POSTS.c.author, begun.label("begun"), replies, func.sum(begun).over(), hosts)
            .where(*here)
            .group_by(POSTS.c.author)
            .order_by(hosts, begun.desc(), POSTS.c.author)
            .limit(1)
        ).first()
        if found is None or not found.begun or found[4]:
            return None
        latest = select(POSTS.c.post).where(*here, ORIGINAL, POSTS.c.author == found[0])
        post = self.connection.execute(latest.order_by(POSTS.c.at.desc()).limit(1)).scalar_one()
        return Loudest(post, int(found[1]), int(found[2]), int(found[3]))

    def likes(self, space: str, since: datetime, until: datetime) -> int:
        """Count the likes of a space's posts of a window; none, where likes are not counted."""
        self.settle()
        total = select(func.coalesce(func.sum(POSTS.c.likes), 0))
        return int(
            self.connection.execute(total.where(self._within(space, since, until))).scalar_one()
        )

    def said(self, space: str, since: datetime, until: datetime) -> list[Said]:
        """List who answered whom in a space, oldest first, as known before ``until``."""
        self.settle()
        rows = self.connection.execute(saying(self.looked.space_ids[space], since, until)).all()
        numbers: dict[str, int] = {}
        new = self._began(space, until)
        return [
            Said(
                who=numbers.setdefault(row.author, len(numbers)),
                at=row.at,
                to=None if row.to is None else numbers.setdefault(row.to, len(numbers)),
                is_reply=row.kind == "reply",
                answered=row.answered,
                is_bare=bool(row.bare),
                is_host=row.author in self.looked.community.hosts,
                names=tuple(
                    numbers.setdefault(key, len(numbers))
                    for key in (row.mentions or "").split("\n")
                    if key
                ),
                is_first=row.at == new.get(row.author) and bool(new.pop(row.author)),
            )
            for row in rows
        ]

    def _began(self, space: str, until: datetime) -> dict[str, datetime]:
        """When each person first said anything in a space."""
        first = (
            select(POSTS.c.author, func.min(POSTS.c.at))
            .where(self._within(space, EPOCH, until), PERSON, POSTS.c.kind.in_(newcomers.SAID))
            .group_by(POSTS.c.author)
        )
        return {row[0]: row[1] for row in self.connection.execute(first)}

    def _within(self, space: str, since: datetime, until: datetime) -> ColumnElement[bool]:
        """The posts of a space in a window."""
        row = self.looked.space_ids[space]
        return and_(POSTS.c.space == row, POSTS.c.at >= since, POSTS.c.at < until)
