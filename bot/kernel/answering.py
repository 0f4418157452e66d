"""By how many people answers come, and whether newcomers have any: in counts, nobody told apart."""

from __future__ import annotations

from datetime import datetime, timedelta
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
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from bot.kernel.days import ORIGINAL, PERSON
from bot.kernel.newcomers import SAID
from bot.kernel.statements import POSTS
from bot.storage.prepared import Prepared
from bot.storage.types import MICROSECOND, micros

_AT, _ANSWER = (type_coerce(one, BigInteger) for one in (POSTS.c.at, POSTS.c.first_answer))
_SPACE = bindparam("space", type_=Integer)
_SINCE, _UNTIL = (bindparam(name, type_=BigInteger) for name in ("since", "until"))
_HERE = (POSTS.c.space == _SPACE, _SINCE <= _AT, _UNTIL > _AT, PERSON)


def _repliers() -> Select[Any]:
    """How many replies each person wrote to others; to oneself is no reply."""
    of = POSTS.alias("of")
    answered = and_(of.c.space == POSTS.c.space, of.c.post == POSTS.c.parent)
    return (
        select(func.count())
        .outerjoin_from(POSTS, of, answered)
        .where(*_HERE, POSTS.c.kind == "reply", func.coalesce(of.c.author, "") != POSTS.c.author)
        .group_by(POSTS.c.author)
    )


def _first_posts() -> Select[Any]:
    """Of the people whose first post here began something, who was answered in time; and all."""
    before = POSTS.alias("before")
    earlier = exists().where(
        before.c.author == POSTS.c.author,
        before.c.space + 0 == _SPACE,  # else planners take the index that begins with it
        before.c.bot.is_(False),
        before.c.kind.in_(SAID),
        or_(
            before.c.at < POSTS.c.at,
            and_(before.c.at == POSTS.c.at, before.c.post < POSTS.c.post),
        ),
    )
    in_time = and_(
        bindparam("known", type_=BigInteger) > _ANSWER,
        bindparam("within", type_=BigInteger) >= _ANSWER - _AT,
    )
    counts: tuple[ColumnElement[Any], ...] = (func.count(case((in_time, 1))), func.count())
    return select(*counts).where(*_HERE, ORIGINAL, ~earlier)


REPLIERS, FIRST_POSTS = Prepared(_repliers()), Prepared(_first_posts())


def repliers(connection: Connection, space: int, since: datetime, until: datetime) -> list[int]:
    """Count each person's replies to others in a window; in no order that means anything."""
    window = {"space": space, "since": micros(since), "until": micros(until)}
    return sorted(row[0] for row in REPLIERS.rows(connection, window))


def first_posts(
    connection: Connection, space: int, window: tuple[datetime, datetime], within: timedelta
) -> tuple[int, int]:
    """Count people whose first post in a space began something: answered in time, and all.

    Those whose time is not over by the window's end are left out, not unanswered.
    """
    since, until = map(micros, window)
    span = within // MICROSECOND
    values = {"space": space, "since": since, "until": until - max(0, span - 1), "known": until}
    [row] = FIRST_POSTS.rows(connection, values | {"within": span})
    return row[0], row[1]
