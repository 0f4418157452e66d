"""What can be read of the post log: counts, and who answered whom. No words, no names."""

from __future__ import annotations

from collections.abc import Iterable
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

from bot.kernel import newcomers
from bot.kernel.days import COLUMNS, COUNTED, ORIGINAL, PERSON, day_of
from bot.kernel.lookups import Lookups
from bot.kernel.statements import DAYS, POSTS
from bot.posts import FirstSteps, Loudest, Said, Talk
from bot.storage.types import EPOCH, MICROSECOND

_SAID = ("original", "quote", "reply")
COUNTS = (
    *(
        func.count(case((and_(PERSON, kind), 1)))
        for kind in (ORIGINAL, POSTS.c.kind == "reply", POSTS.c.kind == "repost")
    ),
    func.count(case((and_(~PERSON, COUNTED), 1))),
    func.count(distinct(case((and_(PERSON, COUNTED), POSTS.c.author)))),
)
"""Originals, replies, reposts, posts of bots, people: the fields of Talk, in order."""


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
            POSTS.c.kind.in_(_SAID),
            PERSON,
        )
        .order_by(POSTS.c.at, POSTS.c.post)
    )


def of_days(space: int, first: int, last: int) -> Select[Any]:
    """The counts of a space's days from ``first`` up to, not including, ``last``."""
    columns = (DAYS.c.day, *(DAYS.c[name] for name in COLUMNS))
    return select(*columns).where(DAYS.c.space == space, DAYS.c.day >= first, DAYS.c.day < last)


@dataclass(frozen=True, slots=True)
class Log(Lookups):
    """The post log of one community, read inside one connection."""

    def first_steps(self, since: datetime, until: datetime, span: timedelta) -> list[FirstSteps]:
        """List what people began within ``span`` of their first word here, oldest first."""
        self.settle()
        return newcomers.first_steps(self.connection, self.looked, since, until, span)

    def began(self) -> datetime | None:
        """When the log of this community begins; None while it is empty."""
        self.settle()
        return newcomers.began(self.connection, self.looked)

    def seen(self, post_id: str) -> bool:
        """Whether the post is in the log, so neither unknown nor deleted."""
        self.settle()
        ids = list(self.looked.space_ids.values())
        query = select(POSTS.c.post).where(POSTS.c.space.in_(ids), POSTS.c.post == post_id)
        return self.connection.execute(query.limit(1)).first() is not None

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        self.settle()
        counts = self.connection.execute(
            select(*COUNTS).where(self._within(space, since, until))
        ).one()
        return Talk(*(int(count) for count in counts))

    def weekly(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space week by week, counted back from the midnight ``until``, oldest first."""
        days = self.daily(space, since, until)
        weeks = -(-len(days) // 7)
        days = [Talk(0, 0, 0, 0, 0)] * (weeks * 7 - len(days)) + days
        return [_together(days[place * 7 : place * 7 + 7]) for place in range(weeks)]

    def daily(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space day by day between two midnights (UTC), oldest first; people stay 0."""
        self.settle()
        first, last = day_of(since), day_of(until)
        rows = self.connection.execute(of_days(self.looked.space_ids[space], first, last))
        found = {day: Talk(o, r, x, bots, 0, bare) for day, o, r, x, bots, bare in rows}
        return [found.get(day, Talk(0, 0, 0, 0, 0)) for day in range(first, last)]

    def people(self, spaces: Iterable[str], since: datetime, until: datetime) -> int:
        """Count the people who said anything in some spaces, each once."""
        self.settle()
        ids = [self.looked.space_ids[space] for space in spaces]
        query = select(func.count(distinct(POSTS.c.author))).where(
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
            .where(self._within(space, EPOCH, until), PERSON, POSTS.c.kind.in_(_SAID))
            .group_by(POSTS.c.author)
        )
        return {row[0]: row[1] for row in self.connection.execute(first)}

    def _within(self, space: str, since: datetime, until: datetime) -> ColumnElement[bool]:
        """The posts of a space in a window."""
        row = self.looked.space_ids[space]
        return and_(POSTS.c.space == row, POSTS.c.at >= since, POSTS.c.at < until)


def _together(days: Iterable[Talk]) -> Talk:
    """Add up the counts of days; people are not added up."""
    parts = [(one.originals, one.replies, one.reposts, one.bot_posts, one.bare) for one in days]
    originals, replies, reposts, bots, bare = (sum(column) for column in zip(*parts, strict=True))
    return Talk(originals, replies, reposts, bots, 0, bare)
