"""Whom an act is towards: what they said holds for it, and they may ask what was done."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.domain.actions import Action, LeaveAlone, React, Reply, Repost
from bot.domain.model import Member, Space
from bot.kernel.statements import POSTS, SPACES


def member_concerned(connection: Connection, community: str, action: Action) -> str | None:
    """The key of the member an act is towards; None when it is towards nobody in particular.

    That is whoever its grounds name, whom it writes to, or who wrote the post that it answers, as
    far as the post is in the log.
    """
    if action.grounds is not None:
        return action.grounds.member.key
    member = getattr(action, "member", None)
    if isinstance(member, Member):
        return member.key
    match action:
        case Reply(space=space, to=str(post)) | React(space=space, post=str(post)):
            return _author(connection, community, space, post)
        case Repost(origin=space, post_id=post) | LeaveAlone(origin=space, post_id=post):
            return _author(connection, community, space, post)
    return None


def asks_the_log(action: Action) -> bool:
    """Whether it takes the log to tell whom an act is towards."""
    return action.grounds is None and isinstance(action, Reply | React | Repost | LeaveAlone)


def _author(connection: Connection, community: str, space: Space, post: str) -> str | None:
    """Who wrote a post of a space, if it is a person's and in the log."""
    query = (
        select(POSTS.c.author)
        .join_from(SPACES, POSTS, SPACES.c.id == POSTS.c.space)
        .where(
            SPACES.c.community == community,
            SPACES.c.platform == space.platform,
            SPACES.c.native == space.id,
            POSTS.c.post == post,
            POSTS.c.bot.is_(False),
        )
    )
    author: str | None = connection.execute(query).scalar()
    return author
