"""What is known of posts: metadata, one row per space and post, and counts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, delete, distinct, func, or_, select, update

from bot.domain.events import Event, PostDeleted, PostEdited, PostSeen
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS
from bot.kernel.writer import Transaction
from bot.plugin import Talk

WEEK = timedelta(days=7)


def log(transaction: Transaction, event: Event, looked: Looked) -> None:
    """Write down what an event says about posts, for one community."""
    match event:
        case PostSeen(space=space, post=post):
            transaction.connection.execute(
                transaction.statements.log_post,
                {
                    "space": looked.space_ids[space.key],
                    "post": post.id,
                    "author": post.author.key,
                    "at": post.at,
                    "kind": post.kind,
                    "bot": post.author.is_bot,
                    "parent": post.reply_to,
                    "root": post.root,
                    "link": post.has_link,
                },
            )
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


@dataclass(frozen=True, slots=True)
class Log:
    """The post log of one community, read inside one connection."""

    connection: Connection
    looked: Looked

    def seen(self, post_id: str) -> bool:
        """Whether the post is in the log, so neither unknown nor deleted."""
        ids = list(self.looked.space_ids.values())
        query = select(POSTS.c.post).where(POSTS.c.space.in_(ids), POSTS.c.post == post_id)
        return self.connection.execute(query.limit(1)).first() is not None

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        person = POSTS.c.bot.is_(False)
        mine = POSTS.c.space == self.looked.space_ids[space]
        originals = or_(POSTS.c.kind == "original", POSTS.c.kind == "quote")
        counted = POSTS.c.kind != "system"
        counts = [
            func.count(case((and_(person, kind), 1)))
            for kind in (originals, POSTS.c.kind == "reply", POSTS.c.kind == "repost")
        ]
        row = self.connection.execute(
            select(
                *counts,
                func.count(case((and_(~person, counted), 1))),
                func.count(distinct(case((and_(person, counted), POSTS.c.author)))),
            ).where(mine, POSTS.c.at >= since, POSTS.c.at < until)
        ).one()
        return Talk(*(int(count) for count in row))

    def weekly(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space week by week, counted back from ``until``, oldest first."""
        weeks: list[Talk] = []
        end = until
        while end > since:
            weeks.append(self.talk(space, max(since, end - WEEK), end))
            end -= WEEK
        return weeks[::-1]
