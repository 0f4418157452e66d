"""Whom an act is towards: what they said holds for it, and they may ask what was done."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, select

from bot.domain.actions import Action, LeaveAlone, React, Reply, Repost
from bot.domain.model import Member, Space
from bot.kernel.statements import POSTS, SPACES


def member_concerned(action: Action, author: Callable[[Space, str], str | None]) -> str | None:
    """The key of the member an act is towards; None when it is towards nobody in particular.

    That is whoever its grounds name, whom it writes to, or the ``author`` of the post of a space
    that it is about, as far as that is known.
    """
    if action.grounds is not None:
        return action.grounds.member.key
    member = getattr(action, "member", None)
    if isinstance(member, Member):
        return member.key
    match action:
        case Reply(space=space, to=str(post)) | React(space=space, post=str(post)):
            return author(space, post)
        case Repost(origin=space, post_id=post) | LeaveAlone(origin=space, post_id=post):
            return author(space, post)
    return None


_WROTE = (
    select(POSTS.c.author)
    .join_from(SPACES, POSTS, SPACES.c.id == POSTS.c.space)
    .where(
        SPACES.c.community == bindparam("here"),
        SPACES.c.platform == bindparam("platform"),
        SPACES.c.native == bindparam("native"),
        POSTS.c.post == bindparam("wanted"),
        POSTS.c.bot.is_(False),
    )
)


def logged_author(connection: Connection, community: str, space: Space, post: str) -> str | None:
    """Who wrote a post of a space, if it is a person's and in the log."""
    asked = {"here": community, "platform": space.platform, "native": space.id, "wanted": post}
    author: str | None = connection.execute(_WROTE, asked).scalar()
    return author
