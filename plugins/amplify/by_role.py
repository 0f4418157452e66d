"""A role by which people say yes: taking it is saying so, and giving it back takes the yes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import Session, col, select

from bot.api import Action, Context, Member, Role, RolesChanged
from plugins.amplify import book, words
from plugins.amplify.description import plugin
from plugins.amplify.flow import STANDS
from plugins.amplify.logic import PURPOSE
from plugins.amplify.settings import Settings
from plugins.amplify.tables import ByRole

Ctx = Context[Settings]


@plugin.on(RolesChanged)
def follow_role(event: RolesChanged, ctx: Ctx) -> Iterator[Action]:
    """Write down a yes of whoever takes the role, and take it back with the role."""
    if not ctx.settings.role:
        return
    row = ctx.db.get(ByRole, (ctx.community.id, event.member.key))
    held = has(event.roles, ctx.settings.role)
    if held == (row is not None and row.held):
        return
    row = row or ByRole(community=ctx.community.id, member=event.member.key, held=False, ours=False)
    row.held = held
    word = ctx.consent.of(event.member, PURPOSE)
    new = word_for(word=word, held=held, ours=row.ours)
    row.ours = new is not None
    ctx.db.add(row)
    if new is not None:
        ctx.consent.record(event.member, PURPOSE, new)
    if new is False:
        rows = book.rows_of_member(ctx, event.member.key, *STANDS)
        yield from book.take_back(ctx, rows, words.TAKEN_BACK)


def has(roles: Iterable[Role], wanted: str) -> bool:
    """Whether a role is among some, by its name or its id."""
    name = wanted.casefold()
    return any(name in (role.id, role.name.casefold()) for role in roles)


def word_for(word: bool | None, *, held: bool, ours: bool) -> bool | None:
    """The word to write when somebody takes the role (``held``) or gives it back; None for none.

    ``ours``: the word that stands was written because of the role. What people said themselves
    stands, whatever becomes of the role: their own no is no yes because they were given it, and
    their own yes needs none.
    """
    if word is not None and not ours:
        return None
    return held if held or word else None


@plugin.withdraw
def withdraw(member: Member, community: str, db: Session) -> None:
    """What somebody says themselves is theirs, and not the role's any more."""
    mine = select(ByRole).where(ByRole.member == member.key)
    if community:
        mine = mine.where(col(ByRole.community) == community)
    for row in db.exec(mine):
        row.ours = False


def speaks(ctx: Ctx, member: Member) -> None:
    """Somebody said yes or no themselves, here."""
    withdraw(member, ctx.community.id, ctx.db)
