"""What is known of posts: metadata, one row per space and post, and counts of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.events import Event, PostDeleted, PostEdited, PostSeen
from bot.domain.model import Post
from bot.kernel import newcomers
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES
from bot.kernel.writer import Transaction
from bot.plugin import FirstSteps, Said, Talk
from bot.storage.types import EPOCH, MICROSECOND

WEEK = timedelta(days=7)
_WEEK = WEEK // MICROSECOND
_AT = type_coerce(POSTS.c.at, BigInteger)
_PERSON = POSTS.c.bot.is_(False)
_COUNTED = POSTS.c.kind != "system"
_SAID = ("original", "quote", "reply")
_ORIGINAL = POSTS.c.kind.in_(("original", "quote"))
_COUNTS = (
    *(
        func.count(case((and_(_PERSON, kind), 1)))
        for kind in (_ORIGINAL, POSTS.c.kind == "reply", POSTS.c.kind == "repost")
    ),
    func.count(case((and_(~_PERSON, _COUNTED), 1))),
    func.count(distinct(case((and_(_PERSON, _COUNTED), POSTS.c.author)))),
)
"""Originals, replies, reposts, posts of bots, people: the fields of Talk, in order."""


def log(transaction: Transaction, event: Event, looked: Looked) -> None:
    """Write down what an event says about posts, for one community."""
    match event:
        case PostSeen(space=space, post=post):
            values = row(post, looked.space_ids[space.key])
            transaction.connection.execute(transaction.statements.log_post, values)
        case PostEdited(space=space, post=post):
            transaction.connection.execute(
                update(POSTS)
                .where(POSTS.c.space == looked.space_ids[space.key], POSTS.c.post == post.id)
                .values(kind=post.kind, link=post.has_link)
            )
        case PostDeleted(space=space, post_id=post_id):
            transaction.connection.execute(
                delete(POSTS).where(
                    POSTS.c.space == looked.space_ids[space.key], POSTS.c.post == post_id
                )
            )


def row(post: Post, space: int) -> dict[str, Any]:
    """What is kept of a post in a space: metadata, never a word."""
    return {
        "space": space,
        "post": post.id,
        "author": post.author.key,
        "at": post.at,
        "kind": post.kind,
        "bot": post.author.is_bot,
        "parent": post.reply_to,
        "root": post.root,
        "link": post.has_link,
    }


def threads(
    connection: Connection, platform: str, most: int | None = None
) -> Iterator[tuple[str, str, bool]]:
    """The latest posts of a platform, oldest first: space, post, whether it is tracked itself.

    A reply is logged for its thread's sake, unless nothing that it answers is in the log.
    """
    above = POSTS.alias("above")
    in_thread = exists().where(
        above.c.space == POSTS.c.space, above.c.post.in_((POSTS.c.parent, POSTS.c.root))
    )
    tracked = and_(POSTS.c.kind != "repost", or_(POSTS.c.kind != "reply", ~in_thread))
    query = (
        select(SPACES.c.native, POSTS.c.post, tracked)
        .join_from(POSTS, SPACES, POSTS.c.space == SPACES.c.id)
        .where(SPACES.c.platform == platform)
        .order_by(POSTS.c.at.desc())
        .limit(most)
    )
    for native, post, is_tracked in reversed(connection.execute(query).all()):
        yield native, post, bool(is_tracked)


def is_answered(connection: Connection, post: str, author: str) -> bool:
    """Whether a person other than ``author`` (a member's key) answered a post."""
    query = select(POSTS.c.post).where(POSTS.c.parent == post, POSTS.c.author != author, _PERSON)
    return connection.execute(query.limit(1)).first() is not None


def saying(space: int, since: datetime, until: datetime) -> Select[Any]:
    """What people said in a window, whom they answered, and when another first answered them."""
    answer, target = POSTS.alias("answer"), POSTS.alias("target")
    answered = (
        select(func.min(answer.c.at))
        .where(
            answer.c.parent == POSTS.c.post,
            answer.c.space + 0 == POSTS.c.space,  # else planners take the index that begins with it
            answer.c.author != POSTS.c.author,
            answer.c.kind == "reply",
            answer.c.bot.is_(False),
            answer.c.at >= POSTS.c.at,
            answer.c.at < until,
        )
        .scalar_subquery()
    )
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
            answered.label("answered"),
        )
        .outerjoin_from(POSTS, target, of)
        .where(
            POSTS.c.space == space,
            POSTS.c.at >= since,
            POSTS.c.at < until,
            POSTS.c.kind.in_(_SAID),
            _PERSON,
        )
        .order_by(POSTS.c.at, POSTS.c.post)
    )


@dataclass(frozen=True, slots=True)
class Log:
    """The post log of one community, read inside one connection."""

    connection: Connection
    looked: Looked

    def first_steps(self, since: datetime, until: datetime, span: timedelta) -> list[FirstSteps]:
        """List what people began within ``span`` of their first word here, oldest first."""
        return newcomers.first_steps(self.connection, self.looked, since, until, span)

    def began(self) -> datetime | None:
        """When the log of this community begins; None while it is empty."""
        return newcomers.began(self.connection, self.looked)

    def seen(self, post_id: str) -> bool:
        """Whether the post is in the log, so neither unknown nor deleted."""
        ids = list(self.looked.space_ids.values())
        query = select(POSTS.c.post).where(POSTS.c.space.in_(ids), POSTS.c.post == post_id)
        return self.connection.execute(query.limit(1)).first() is not None

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        counts = self.connection.execute(
            select(*_COUNTS).where(self._within(space, since, until))
        ).one()
        return Talk(*(int(count) for count in counts))

    def weekly(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space week by week, counted back from ``until``, oldest first."""
        week = ((bindparam("last", type_=BigInteger) - _AT) // _WEEK).label("week")
        rows = self.connection.execute(
            select(week, *_COUNTS).where(self._within(space, since, until)).group_by("week"),
            {"last": (until - EPOCH) // MICROSECOND - 1},
        )
        found = {int(row[0]): Talk(*(int(count) for count in row[1:])) for row in rows}
        weeks = -((since - until) // WEEK)
        return [found.get(index, Talk(0, 0, 0, 0, 0)) for index in reversed(range(weeks))]

    def said(self, space: str, since: datetime, until: datetime) -> list[Said]:
        """List who answered whom in a space, oldest first, as known before ``until``."""
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
                is_first=row.at == new.get(row.author) and bool(new.pop(row.author)),
            )
            for row in rows
        ]

    def _began(self, space: str, until: datetime) -> dict[str, datetime]:
        """When each person first said anything in a space."""
        first = (
            select(POSTS.c.author, func.min(POSTS.c.at))
            .where(self._within(space, EPOCH, until), _PERSON, POSTS.c.kind.in_(_SAID))
            .group_by(POSTS.c.author)
        )
        return {row[0]: row[1] for row in self.connection.execute(first)}

    def _within(self, space: str, since: datetime, until: datetime) -> ColumnElement[bool]:
        """The posts of a space in a window."""
        row = self.looked.space_ids[space]
        return and_(POSTS.c.space == row, POSTS.c.at >= since, POSTS.c.at < until)
