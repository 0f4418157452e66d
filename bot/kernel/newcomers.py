"""The first posts of people who are new, and whether anybody answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ScalarSelect,
    Select,
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
    query = begun(list(looked.space_ids.values()), since, until, span)
    keys = {number: key for key, number in looked.space_ids.items()}
    return [
        FirstSteps(
            Member.of(row.author), keys[row.space], row.post, row.at, row.began, row.answered
        )
        for row in connection.execute(query)
    ]


def begun(spaces: list[int], since: datetime, until: datetime, span: timedelta) -> Select[Any]:
    """The posts of a window whose authors had first said something so shortly before."""
    began = _began(spaces)
    at, arrived = (type_coerce(moment, BigInteger) for moment in (POSTS.c.at, began))
    return (
        select(
            POSTS,
            began.label("began"),
            case((POSTS.c.first_answer < until, POSTS.c.first_answer)).label("answered"),
        )
        .where(
            POSTS.c.space.in_(spaces),
            POSTS.c.at >= since,
            POSTS.c.at < until,
            POSTS.c.kind.in_(("original", "quote")),
            POSTS.c.bot.is_(False),
            at - arrived <= span // MICROSECOND,
        )
        .order_by(POSTS.c.at, POSTS.c.post)
    )


def _began(spaces: list[int]) -> ScalarSelect[Any]:
    """When the author of a post first said something here: one look into the index of authors."""
    word = POSTS.alias("word")
    return (
        select(word.c.at)
        .where(
            word.c.author == POSTS.c.author,
            (word.c.space + 0).in_(spaces),  # else planners take the index that begins with it
            word.c.kind.in_(SAID),
            word.c.bot.is_(False),
        )
        .order_by(word.c.at)
        .limit(1)
        .scalar_subquery()
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
