"""Who is what in a community: hosts make moderators, greeters and so on by command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, insert

from bot.domain.actions import Answer
from bot.domain.commands import AUDIENCES, Audience, CommandSpec, Holder, Parameter
from bot.domain.events import CommandCalled
from bot.domain.model import Member
from bot.domain.text import join_words
from bot.kernel.registry import Looked
from bot.kernel.statements import table
from bot.kernel.writer import Transaction
from bot.storage.tables import RoleRow

OPERATOR = "terminal:operator"
"""Who calls from the terminal of the machine that Weaver runs on."""
GIVEN: tuple[Audience, ...] = ("greeters", "moderators", "co-hosts", "hosts")
"""What hosts may make somebody."""
_ROLES = table(RoleRow)
_WHO = Parameter("who", Holder)
_GIVE = "Make somebody, or all who have a role, greeters, moderators, co-hosts or hosts here."
SPECS = {
    "list": CommandSpec("roles", "list", "hosts", "Tell who is what here.", ()),
    "give": CommandSpec(
        "roles", "give", "hosts", _GIVE, (Parameter("audience", Literal[GIVEN]), _WHO)
    ),
    "take": CommandSpec("roles", "take", "hosts", "Make them members like all others.", (_WHO,)),
}


def standing(looked: Looked, member: str, roles: Iterable[str] = ()) -> Audience:
    """The highest audience that somebody belongs to, by their own key or by their roles'."""
    if member == OPERATOR:
        return "operator"
    if member in looked.community.hosts:
        return "hosts"
    found = {looked.holders.get(key, "members") for key in (member, *roles)}
    return max(found, key=[*AUDIENCES].index)  # type: ignore[arg-type]


def carried_out(
    looked: Looked, event: CommandCalled, spec: CommandSpec, given: dict[str, Any]
) -> Callable[[Transaction], Answer]:
    """What a ``roles`` command does."""
    if spec.name == "list":
        return partial(_list, looked)
    holder: Holder = given["who"]
    if spec.name == "take":
        return partial(_take, looked, holder)
    return partial(_give, looked, holder, given["audience"])


def _list(looked: Looked, transaction: Transaction) -> Answer:
    """Everybody that hosts named, by what they are."""
    rows = transaction.connection.execute(
        _ROLES.select().where(_ROLES.c.community == looked.community.id).order_by(_ROLES.c.name)
    ).all()
    named = {one: [row.name for row in rows if row.audience == one] for one in reversed(GIVEN)}
    lines = [f"{one.capitalize()}: {join_words(names)}" for one, names in named.items() if names]
    settled = len(looked.community.hosts)
    if settled:
        lines.append(f"Hosts by its settings: {settled}.")
    return Answer("\n".join(lines) or "Nobody is anything but a member here. To begin: roles give")


def _give(looked: Looked, holder: Holder, audience: Audience, transaction: Transaction) -> Answer:
    """Make a member or a role belong to an audience, in place of what it was."""
    name, here = holder.name or holder.id, _row(looked, holder)
    transaction.connection.execute(delete(_ROLES).where(here))
    values = {"community": looked.community.id, "holder": holder.key, "audience": audience}
    transaction.connection.execute(insert(_ROLES).values(**values, name=name))
    transaction.communities_changed = True
    who = name if isinstance(holder, Member) else f"Everybody with the role {name}"
    return Answer(f"{who} is among the {audience} here now. To take it back: roles take")


def _take(looked: Looked, holder: Holder, transaction: Transaction) -> Answer:
    """Make a member or a role nothing special again; what the settings say stays."""
    name = holder.name or holder.id
    if holder.key in looked.community.hosts:
        settled = f"{name} is a host by the community's settings; take them out there."
        return Answer(settled, mistake=True)
    if not transaction.connection.execute(delete(_ROLES).where(_row(looked, holder))).rowcount:
        return Answer(f"{name} is a member like all others here already.", mistake=True)
    transaction.communities_changed = True
    return Answer(f"{name} is a member like all others now.")


def _row(looked: Looked, holder: Holder) -> ColumnElement[bool]:
    """The row of a holder in a community."""
    return and_(_ROLES.c.community == looked.community.id, _ROLES.c.holder == holder.key)


def named_rows(community: str, holders: Iterable[Holder], audience: str) -> list[dict[str, str]]:
    """Rows that make holders an audience of a community that is being set up."""
    found = {one.key: one.name or one.id for one in holders}
    return [
        {"community": community, "holder": key, "audience": audience, "name": name}
        for key, name in found.items()
    ]
