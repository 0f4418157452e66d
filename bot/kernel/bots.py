"""Accounts that hosts said are bots: from then on, and looking back, their posts do not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from bot.domain.errors import UserError
from bot.kernel.days import PLACE
from bot.kernel.registry import Looked
from bot.kernel.statements import BOTS, POSTS
from bot.kernel.writer import Transaction


@dataclass(frozen=True, slots=True)
class Bots:
    """What the hosts of one community said of accounts, named by a post of theirs."""

    transaction: Transaction
    looked: Looked
    now: datetime

    def mark(self, space: str, post_id: str) -> bool:
        """Count no post of this author as a person's; False when the post is gone.

        UserError when the author is a host: they could no longer take it back.
        """
        author = self._author(space, post_id)
        if author is None:
            return False
        if author in self.looked.community.hosts:
            raise UserError("that account is a host of this community, so it stays a person's")
        self.transaction.connection.execute(
            self.transaction.statements.mark_bot,
            {"community": self.looked.community.id, "member": author, "at": self.now},
        )
        self._turn(author, POSTS.c.bot.is_(False), bot=True)
        return True

    def unmark(self, space: str, post_id: str) -> bool:
        """Take that back: what counted before counts again; False when the post is gone."""
        author = self._author(space, post_id)
        if author is None:
            return False
        self.transaction.connection.execute(
            delete(BOTS).where(
                BOTS.c.community == self.looked.community.id, BOTS.c.member == author
            )
        )
        self._turn(author, POSTS.c.marked.is_(True), bot=False)
        return True

    def _author(self, space: str, post_id: str) -> str | None:
        self.transaction.settle()
        query = select(POSTS.c.author).where(
            POSTS.c.space == self.looked.space_ids.get(space), POSTS.c.post == post_id
        )
        author: str | None = self.transaction.connection.execute(query).scalar()
        return author

    def _turn(self, author: str, which: ColumnElement[bool], *, bot: bool) -> None:
        """Let an author's posts here count, or not, and all that follows from them."""
        spaces = list(self.looked.space_ids.values())
        theirs: tuple[Any, ...] = (POSTS.c.author == author, POSTS.c.space.in_(spaces), which)
        connection = self.transaction.connection
        for place in connection.execute(select(*PLACE).where(*theirs)).all():
            self.transaction.pending.doubt(*place)
        connection.execute(update(POSTS).where(*theirs).values(bot=bot, marked=bot))
        self.transaction.settle()
        self.transaction.communities_changed = True
