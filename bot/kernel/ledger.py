"""The ledger: every act, decided once. It is the queue, the audit log and the way to undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, bindparam, select, update

from bot.domain.actions import (
    Action,
    DirectMessage,
    GiveRole,
    LeaveAlone,
    NotifyHosts,
    OfferFeed,
    OpenThread,
    React,
    Reply,
    Repost,
    ScheduleEvent,
    SendPost,
    TakeRole,
    Undo,
    builds_on,
)
from bot.domain.model import Community, Space
from bot.domain.pages import Act
from bot.kernel.concern import logged_author, member_concerned
from bot.kernel.statements import LEDGER, POSTS, SPACES
from bot.kernel.writer import Transaction

KINDS: Mapping[str, type[Action]] = {
    kind.__name__: kind
    for kind in (
        *(SendPost, Reply, Repost, DirectMessage, NotifyHosts, LeaveAlone, Undo),
        *(OpenThread, ScheduleEvent, React, GiveRole, TakeRole, OfferFeed),
    )
}
OPEN = ("todo", "sending")
TRIES = 8
"""How often an act is tried before it is given up."""
_STATE = select(LEDGER.c.state).where(LEDGER.c.key == bindparam("wanted"))


@cache
def adapter_of(kind: str) -> TypeAdapter[Any]:
    """What turns actions of a kind into JSON and back."""
    return TypeAdapter(KINDS[kind])


def action_from(kind: str, body: str) -> Action:
    """Read an action back from its ledger row."""
    action = adapter_of(kind).validate_json(body)
    assert isinstance(action, Action)
    return action


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, for whom and when: on the community's clock, and on the real one."""

    community: Community
    plugin: str
    now: datetime
    real: datetime
    hashed: Callable[[str], str]
    """How members are named in keys."""
    spaces: Mapping[str, int]
    """Rows of the community's spaces, by key."""
    actor: str | None = None


def _author(transaction: Transaction, decision: Decision, space: Space, post: str) -> str | None:
    """Who wrote a post, in the log or about to be: the group need not be written to tell."""
    number = decision.spaces.get(space.key, 0)
    new = transaction.pending.rows.get((number, post))
    if new is None:
        return logged_author(transaction.connection, decision.community.id, space, post)
    return None if new["bot"] else str(new["author"])


def record(transaction: Transaction, action: Action, decision: Decision) -> bool:
    """Write an action into the ledger in the caller's transaction; False when it was there.

    Hosts are told in the community's space for hosts; without one, the ledger alone keeps it.
    """
    hosts = next(decision.community.for_("hosts"), None)
    if isinstance(action, NotifyHosts) and hosts is not None:
        action = _to(hosts, action)
    kind = type(action).__name__
    member = member_concerned(action, partial(_author, transaction, decision))
    row: dict[str, Any] = {
        "key": action.key,
        "community": decision.community.id,
        "plugin": decision.plugin,
        "kind": kind,
        "urgency": int(action.urgency),
        "body": adapter_of(kind).dump_json(action).decode(),
        "state": "todo",
        "due": decision.real,
        "attempts": 0,
        "last_try": TRIES,
        "why": action.why,
        "concerns": None if member is None else decision.hashed(member),
        "actor": decision.actor,
        "at": decision.now,
        "error": None,
        "settled_at": None,
    } | _row(action, decision.community)
    if isinstance(action, LeaveAlone):
        row |= {"state": "declined", "body": None, "settled_at": decision.real}
    if isinstance(action, NotifyHosts):
        nowhere = "the community has no space for its hosts"
        row |= {"state": "dead", "error": nowhere, "settled_at": decision.real}
    if isinstance(action, Undo) or builds_on(action) is not None:
        row |= _on_target(transaction, action, row["target"], decision.real)
    made = transaction.connection.execute(transaction.statements.record, row).rowcount == 1
    transaction.acts_waiting |= made
    return made


def _to(hosts: Space, notice: NotifyHosts) -> SendPost:
    """A notice as a post in the hosts' space."""
    shown = (notice.buttons, notice.pictures, notice.moments)
    return SendPost(notice.key, hosts, notice.text, *shown, why=notice.why, urgency=notice.urgency)


def _row(action: Action, community: Community) -> dict[str, Any]:
    """Where an act belongs: its lane, its account, the post it concerns."""
    match action:
        case Reply(space=space, to=str(post)) | React(space=space, post=str(post)):
            lane = f"{space.key}/{post}"
            return {"lane": lane, "account": own(space, community), "ref": post, "target": None}
        case OpenThread(space=space, of=str(post)):
            lane = f"{space.key}/{post}"
            return {"lane": lane, "account": own(space, community), "ref": post, "target": None}
        case (
            SendPost(space=space)
            | DirectMessage(space=space)
            | Reply(space=space)
            | OpenThread(space=space)
            | React(space=space)
        ):
            above = builds_on(action)
            account = own(space, community)
            return {"lane": space.key, "account": account, "ref": None, "target": above}
        case ScheduleEvent(space=space) | GiveRole(space=space) | TakeRole(space=space):
            lane = f"{space.key}/{'events' if isinstance(action, ScheduleEvent) else 'roles'}"
            return {"lane": lane, "account": own(space, community), "ref": None, "target": None}
        case Repost(audience=audience) | OfferFeed(audience=audience):
            about = action.post_id if isinstance(action, Repost) else None
            return {"lane": audience.key, "account": audience.key, "ref": about, "target": None}
        case LeaveAlone(origin=origin, post_id=post):
            return {
                "lane": origin.key,
                "account": own(origin, community),
                "ref": post,
                "target": None,
            }
        case NotifyHosts():
            return {"lane": "hosts", "account": "", "ref": None, "target": None}
        case Undo(of=key):
            return {"lane": "", "account": "", "ref": None, "target": key}
    raise TypeError(f"{type(action).__name__} has no place in the ledger")


def own(space: Space, community: Community) -> str:
    """Weaver's own account that speaks in a space, as its community declares it."""
    declared = next((one for one in community.spaces if one == space), space)
    return f"{space.platform}:{declared.account or 'weaver'}"


def _on_target(
    transaction: Transaction, action: Action, target: str, real: datetime
) -> dict[str, Any]:
    """Put an act behind the one it builds on; an undo of what was never tried settles at once.

    An act that was tried may have come about although nobody told us, so its undo is performed.
    """
    found = (
        transaction.connection.execute(select(LEDGER).where(LEDGER.c.key == target))
        .mappings()
        .first()
    )
    if found is None:
        nothing = "there is no such act"
        return {"lane": target, "state": "cancelled", "error": nothing, "settled_at": real}
    shared = {name: found[name] for name in ("lane", "account", "ref")}
    if not isinstance(action, Undo) or found["state"] in ("sending", "done"):
        return shared
    if found["state"] in ("todo", "held"):
        transaction.connection.execute(
            update(LEDGER)
            .where(LEDGER.c.seq == found["seq"])
            .values(state="cancelled", error="taken back before it was done", settled_at=real)
        )
        return shared if found["attempts"] else shared | {"state": "done", "settled_at": real}
    if found["state"] in ("dead", "cancelled") and found["attempts"]:
        return shared
    nothing = f"nothing to take back: it is {found['state']}"
    return shared | {"state": "cancelled", "error": nothing, "settled_at": real}


def state_of(connection: Connection, key: str) -> str | None:
    """The state of an act."""
    state: str | None = connection.execute(_STATE, {"wanted": key}).scalar()
    return state


def is_receipt(connection: Connection, receipt: str) -> bool:
    """Whether an act is known to have made what the platform calls so."""
    query = select(LEDGER.c.seq).where(LEDGER.c.receipt == receipt)
    return connection.execute(query.limit(1)).first() is not None


def acts(connection: Connection, community: str | None, limit: int, **equal: str) -> Sequence[Act]:
    """The latest acts, newest first; ``equal`` narrows by column."""
    query = select(LEDGER).order_by(LEDGER.c.seq.desc()).limit(limit)
    if community is not None:
        query = query.where(LEDGER.c.community == community)
    for column, value in equal.items():
        query = query.where(LEDGER.c[column] == value)
    return [act_from(row) for row in connection.execute(query).mappings()]


def standing_reposts(connection: Connection, platform: str, limit: int) -> list[tuple[str, str]]:
    """The latest reposts that stand on a platform: the audience's id and the post, latest first."""
    query = (
        select(LEDGER.c.account, LEDGER.c.ref)
        .where(
            LEDGER.c.kind == Repost.__name__,
            LEDGER.c.state == "done",
            LEDGER.c.account.startswith(f"{platform}:", autoescape=True),
        )
        .order_by(LEDGER.c.seq.desc())
        .limit(limit)
    )
    found = connection.execute(query).all()
    return [(account.partition(":")[2], post) for account, post in found]


def standing_cards(connection: Connection, platform: str, limit: int) -> list[tuple[str, str]]:
    """The latest links to a platform's posts that stand on others: the space and the post."""
    query = (
        select(SPACES.c.native, POSTS.c.post)
        .join_from(LEDGER, POSTS, POSTS.c.post == LEDGER.c.ref)
        .join(SPACES, SPACES.c.id == POSTS.c.space)
        .where(
            LEDGER.c.kind == Repost.__name__,
            LEDGER.c.state == "done",
            ~LEDGER.c.account.startswith(f"{platform}:", autoescape=True),
            SPACES.c.platform == platform,
            SPACES.c.community == LEDGER.c.community,
        )
        .order_by(LEDGER.c.seq.desc())
        .limit(limit)
    )
    return [(space, post) for space, post in connection.execute(query).all()]


def act_from(row: RowMapping) -> Act:
    """One row as a person may read it."""
    words = json.loads(row["body"]).get("text") if row["body"] else None
    names = Act.__dataclass_fields__.keys() - {"text"}
    return Act(**{name: row[name] for name in names}, text=words)


def retry(transaction: Transaction, key: str, real: datetime) -> bool:
    """Give an act that was given up another eight tries; False when it is not such an act."""
    changed = transaction.connection.execute(
        update(LEDGER)
        .where(LEDGER.c.key == key, LEDGER.c.state == "dead", LEDGER.c.body.is_not(None))
        .values(
            state="todo",
            last_try=LEDGER.c.attempts + TRIES,
            due=real,
            error=None,
            settled_at=None,
        )
    ).rowcount
    transaction.acts_waiting |= changed == 1
    return changed == 1
