"""The first posts of people who are new, and whether anybody answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    Subquery,
    case,
    func,
    select,
    type_coerce,
)

from bot.domain.model import Member
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES
from bot.posts import FirstSteps
from bot.storage.types import EPOCH, MICROSECOND

SAID = ("original", "quote", "reply")


def first_steps(
    connection: Connection, looked: Looked, since: datetime, until: datetime, span: timedelta
) -> list[FirstSteps]:
    """What people began, within ``span`` of their first word here; oldest first.

    ``since`` and ``until`` (not included) bound when it was said. A later reply of another person,
    directly to it, answers it; bots and its own author never do.
    """
    spaces = list(looked.space_ids.values())
    first = _arrived(spaces, since - span)
    at, began = (type_coerce(column, BigInteger) for column in (POSTS.c.at, first.c.at))
    query = (
        select(
            POSTS,
            first.c.at.label("began"),
            case((POSTS.c.first_answer < until, POSTS.c.first_answer)).label("answered"),
        )
        .join(first, first.c.author == POSTS.c.author)
        .where(
            POSTS.c.space.in_(spaces),
            POSTS.c.at >= since,
            POSTS.c.at < until,
            POSTS.c.kind.in_(("original", "quote")),
            at - began <= span // MICROSECOND,
        )
        .order_by(POSTS.c.at, POSTS.c.post)
    )
    keys = {number: key for key, number in looked.space_ids.items()}
    return [
        FirstSteps(
            Member.of(row.author), keys[row.space], row.post, row.at, row.began, row.answered
        )
        for row in connection.execute(query)
    ]


def _arrived(spaces: list[int], since: datetime) -> Subquery:
    """Who first said something since then, and when."""
    first = func.min(POSTS.c.at)
    return (
        select(POSTS.c.author, first.label("at"))
        .where(POSTS.c.space.in_(spaces), POSTS.c.kind.in_(SAID), POSTS.c.bot.is_(False))
        .group_by(POSTS.c.author)
        .having(first >= since)
        .subquery()
    )


def earliest(community: str) -> Select[Any]:
    """The first moment in the log of a community: one look into the index for each space."""
    here = (POSTS.c.space == SPACES.c.id, POSTS.c.at > EPOCH)
    first = select(func.min(POSTS.c.at)).where(*here).scalar_subquery()
    return select(func.min(first)).where(SPACES.c.community == community)


def began(connection: Connection, looked: Looked) -> datetime | None:
    """When the log of a community begins; None while it is empty."""
    found: datetime | None = connection.execute(earliest(looked.community.id)).scalar()
    return found
