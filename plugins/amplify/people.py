"""What amplify asks about an author before it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlmodel import col

from bot.api import Context, Member
from plugins.amplify.logic import PURPOSE
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Standing

AT_HOME, NEWCOMER, NEW = timedelta(days=7), timedelta(days=30), timedelta(days=1)
"""After how long somebody is known here; up to when they are a newcomer, and new."""
YOUNG = timedelta(days=7)
"""Up to what age an account is young on its platform."""
STANDINGS: Mapping[str, Literal["", "trusted", "blocked"]] = {
    "trusted": "trusted",
    "blocked": "blocked",
}
_SAID = sa.select(col(Standing.word)).where(
    col(Standing.community) == sa.bindparam("here"), col(Standing.member) == sa.bindparam("who")
)


@dataclass(frozen=True, slots=True)
class Person:
    """An author as a decision sees them."""

    word: bool | None
    """Their standing yes or no."""
    first: datetime | None
    """When they were first seen here."""
    standing: Literal["", "trusted", "blocked"]
    """What the hosts said of them."""
    is_known: bool
    """A host, enrolled, trusted, or first seen long enough ago."""


def person(ctx: Context[Settings], member: Member) -> Person:
    """Look somebody up, once for a decision."""
    said = ctx.run(_SAID, here=ctx.community.id, who=member.key).scalar()
    standing = STANDINGS.get(said or "", "")
    word, first = ctx.consent.of(member, PURPOSE), ctx.posts.first_seen(member)
    known = bool(word) or standing == "trusted" or member.key in ctx.community.hosts
    known = known or at_home(first, ctx.posts.began(), ctx.now)
    return Person(word, first, standing, known)


def at_home(first: datetime | None, began: datetime | None, now: datetime) -> bool:
    """Whether somebody was first seen long enough ago to be known: a week.

    Where Weaver itself is younger than two weeks, half of its age is enough: else nobody would be
    known in its first days, and everybody would be taken for a stranger.
    """
    if first is None or began is None:
        return False
    return first <= now - min(AT_HOME, (now - began) / 2)


def is_young_at(began: datetime | None, now: datetime) -> bool:
    """Whether Weaver is too young here, under two weeks, to tell strangers from the silent."""
    return began is None or began > now - 2 * AT_HOME


def is_new(first: datetime | None, now: datetime, since: timedelta = NEW) -> bool:
    """Whether somebody was first seen within a day, or another time."""
    return first is None or first > now - since


def is_young(made: datetime | None, now: datetime) -> bool | None:
    """Whether an account was made within a week; None where its platform does not tell."""
    return None if made is None else made > now - YOUNG
