"""What amplify asks about an author before it decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from bot.api import Context, Member
from plugins.amplify.logic import PURPOSE
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Standing

AT_HOME, NEWCOMER, NEW = timedelta(days=7), timedelta(days=30), timedelta(days=1)
"""After how long somebody is known here; up to when they are a newcomer, and new."""


def standing_of(ctx: Context[Settings], member: Member) -> Literal["", "trusted", "blocked"]:
    """What the hosts said of a member."""
    row = ctx.db.get(Standing, (ctx.community.id, member.key))
    if row is None:
        return ""
    return "trusted" if row.word == "trusted" else "blocked"


def is_member(ctx: Context[Settings], member: Member) -> bool:
    """Whether somebody is known here: a host, enrolled, trusted, or first seen a week ago."""
    if member.key in ctx.community.hosts or ctx.consent.of(member, PURPOSE):
        return True
    first = ctx.posts.first_seen(member)
    at_home = first is not None and first <= ctx.now - AT_HOME
    return at_home or standing_of(ctx, member) == "trusted"


def is_new(ctx: Context[Settings], member: Member, since: timedelta = NEW) -> bool:
    """Whether somebody was first seen here within a day, or another time."""
    first = ctx.posts.first_seen(member)
    return first is None or first > ctx.now - since


def member_of(key: str) -> Member:
    """A member by their key, without a name."""
    platform, _, identity = key.partition(":")
    return Member(platform, identity)
