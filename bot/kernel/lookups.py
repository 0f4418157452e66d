"""What the post log knows of one post, and of when somebody was first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.domain.model import Member
from bot.kernel.days import Pending
from bot.kernel.registry import Looked
from bot.kernel.statements import POSTS, SPACES
from bot.posts import Logged

FIRST = (
    select(POSTS.c.at)
    .join(SPACES, SPACES.c.id == POSTS.c.space)
    .where(POSTS.c.author == bindparam("who"), SPACES.c.community == bindparam("here"))
    .order_by(POSTS.c.at)
    .limit(1)
)
"""Built once: it is asked of newcomers' posts as they come."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Look up single posts and people of one community, inside one connection."""

    connection: Connection
    looked: Looked
    settle: Callable[[], None] = lambda: None
    """Writes what the log does not have yet; called before it is read."""
    pending: Pending = field(default_factory=Pending)
    """What it does not have yet, for what can be told without writing it."""

    def about(self, post_id: str) -> Logged | None:
        """What is known of a post; None when it is unknown or deleted."""
        self.settle()
        query = select(POSTS).where(POSTS.c.space.in_(self._spaces()), POSTS.c.post == post_id)
        row = self.connection.execute(query.order_by(POSTS.c.at, POSTS.c.space)).first()
        if row is None:
            return None
        keys = {number: key for key, number in self.looked.space_ids.items()}
        author = replace(Member.of(row.author), is_bot=row.bot)
        return Logged(author, keys[row.space], row.at, row.kind, row.first_answer)

    def first_seen(self, member: Member) -> datetime | None:
        """When a member first said anything here; None when they never did, or it is deleted."""
        asked = {"who": member.key, "here": self.looked.community.id}
        written: datetime | None = self.connection.execute(FIRST, asked).scalar()
        return self.pending.earliest(self._spaces(), written, member.key)

    def _spaces(self) -> list[int]:
        return list(self.looked.space_ids.values())
