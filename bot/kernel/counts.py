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
    func,
    select,
    type_coerce,
)

from bot.kernel import answering, newcomers
from bot.kernel.days import COUNTED, ORIGINAL, PERSON
from bot.kernel.lookups import Lookups
from bot.kernel.statements import POSTS
from bot.kernel.windows import PEOPLE, Windows
from bot.posts import FirstSteps, Loudest, Said, Talk
from bot.storage.types import EPOCH, MICROSECOND


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

    def tagged(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count hashtags' spaces without the answers that do not carry the tag."""
        return self._windows().tagged(spaces, since, until)

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        return self.talks([space], since, until)[space]

    def talks(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count several spaces at once, each as ``talk`` does."""
        return self._windows().in_all(spaces, since, until)

    def by_week(
        self, spaces: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, list[Talk]]:
        """Count spaces week by week, counted back from the midnight ``until``, oldest first."""
        return self._windows().by_week(spaces, since, until)

    def by_day(
        self, spaces: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, list[Talk]]:
        """Count spaces day by day between two midnights (UTC), oldest first; people stay 0."""
        return self._windows().by_day(spaces, since, until)

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

    def repliers(self, space: str, since: datetime, until: datetime) -> list[int]:
        """Count each person's replies to others in a space: how many by each, and by nobody."""
        self.settle()
        return answering.repliers(self.connection, self.looked.space_ids[space], since, until)

    def first_posts(
        self, space: str, since: datetime, until: datetime, within: timedelta
    ) -> tuple[int, int]:
        """Count people whose first post there began something: answered in time, and all."""
        self.settle()
        row, window = self.looked.space_ids[space], (since, until)
        return answering.first_posts(self.connection, row, window, within)

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

    def _windows(self) -> Windows:
        self.settle()
        return Windows(self.connection, self.looked)

    def _within(self, space: str, since: datetime, until: datetime) -> ColumnElement[bool]:
        """The posts of a space in a window."""
        row = self.looked.space_ids[space]
        return and_(POSTS.c.space == row, POSTS.c.at >= since, POSTS.c.at < until)
