"""Accounts that are one person, because that person said so with each of them; never guessed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    insert,
    or_,
    select,
)

from bot.domain.actions import Answer, Button
from bot.domain.model import Member
from bot.kernel.statements import table
from bot.kernel.writer import Transaction
from bot.storage.members import LinkCodeRow, LinkRow

LINKS, CODES = table(LinkRow), table(LinkCodeRow)
LETTERS, LENGTH = "BCDFGHJKMNPQRSTVWXZ23456789", 8
"""Of a code: none is mistaken for another, and no words come about."""
HOLDS = timedelta(hours=1)
"""How long a code may be said."""
UNLINK = Button("Part this account from the others", "me unlink")
_WRONG = (
    "That is no code that holds. Say me link with one account, and what it answers with the other "
    "within an hour."
)


def linked_to(who: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether ``core_link.member`` is one person with an account, that account left out."""
    mine = LINKS.alias("mine")
    return LINKS.c.person.in_(select(mine.c.person).where(mine.c.member == who))


def is_one_with(member: ColumnElement[str], who: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a column of member keys names an account, or another that is the same person's."""
    return or_(member == who, member.in_(select(LINKS.c.member).where(linked_to(who))))


_OTHERS = select(LINKS.c.member).where(linked_to(bindparam("who")))


def accounts(connection: Connection, member: str) -> list[str]:
    """The keys of all accounts of a person, the one that was asked for first."""
    found = connection.execute(_OTHERS, {"who": member}).scalars()
    return [member, *sorted(one for one in found if one != member)]


def give_code(transaction: Transaction, member: Member, now: datetime) -> Answer:
    """Give a member a code to say with another account; an earlier one holds no more."""
    connection = transaction.connection
    connection.execute(delete(CODES).where(or_(CODES.c.member == member.key, CODES.c.until <= now)))
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = {"member": member.key, "code": code, "until": now + HOLDS}
    connection.execute(insert(CODES).values(**row))
    return Answer(
        f"Say this to Weaver with your other account, within an hour: me link {code}\n\n"
        "From then on both are one person here: greeted once, and what you say yes or no to with "
        "one holds for the other. Tell nobody the code. Counts go on by account.",
        personal=True,
    )


def link(transaction: Transaction, member: Member, code: str, now: datetime) -> Answer:
    """Make two accounts one person, with all that either was linked to before."""
    connection = transaction.connection
    held = select(CODES.c.member).where(CODES.c.code == code.upper(), CODES.c.until > now)
    other: str | None = connection.execute(held).scalar()
    if other is None:
        return Answer(_WRONG, mistake=True, personal=True)
    if other == member.key:
        words = "That is this account\u2019s own code. Say it with the other one."
        return Answer(words, mistake=True, personal=True)
    connection.execute(delete(CODES).where(CODES.c.member == other))
    both = {*accounts(connection, other), *accounts(connection, member.key)}
    connection.execute(delete(LINKS).where(LINKS.c.member.in_(both)))
    person = secrets.token_hex(8)
    connection.execute(insert(LINKS), [{"member": one, "person": person} for one in sorted(both)])
    return Answer(
        f"Done. {len(both)} accounts are one person now: greeted once, and what you say yes or no "
        "to with one holds for all, the latest word first. Nobody else is told.",
        personal=True,
        buttons=(UNLINK,),
    )


def unlink(transaction: Transaction, member: Member) -> Answer:
    """Let an account be somebody of its own again; what was said with it stays its word."""
    connection = transaction.connection
    rest = accounts(connection, member.key)[1:]
    if not rest:
        return Answer("This account is linked to no other. To link one, say me link.")
    gone = [member.key, *(rest if len(rest) == 1 else [])]  # one alone is linked to nothing
    connection.execute(delete(LINKS).where(LINKS.c.member.in_(gone)))
    return Answer(
        "Done. This account is on its own again. What you said with each of your accounts holds "
        "for that one alone.",
        personal=True,
    )


def words(count: int) -> str:
    """Say how many other accounts a member linked; never which, as others may read along."""
    more = "another account" if count == 1 else f"{count} other accounts"
    return f"You linked {more} to this one: to Weaver you are one person."
