"""What members agreed to: one book for every plugin, and one gate before every act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, RowMapping, bindparam, select

from bot.domain.actions import Action, Undo, builds_on
from bot.domain.model import Member
from bot.domain.ports import Delivery
from bot.kernel.concern import logged_author, member_concerned
from bot.kernel.ledger import action_from
from bot.kernel.linking import LINKS, accounts, is_one_with
from bot.kernel.statements import LEDGER, table
from bot.kernel.writer import Transaction
from bot.storage.members import ConsentRow
from bot.storage.tables import CommunityRow

CONSENT = table(ConsentRow)
COMMUNITY = table(CommunityRow)


EVERYWHERE = EVERYTHING = "*"
"""The community and the purpose of a no to every act, in every community."""
MUTED = "-"
"""The purpose of a no to everything for a while, which leaves other words as they are."""
_SAID = (
    select(CONSENT.c.purpose, CONSENT.c.given)
    .where(
        CONSENT.c.community.in_((bindparam("here"), EVERYWHERE)),
        is_one_with(CONSENT.c.member, bindparam("who")),
        CONSENT.c.purpose.in_((bindparam("what"), EVERYTHING, MUTED)),
    )
    .order_by(CONSENT.c.at, CONSENT.c.given.desc())
)
"""What a person said with any account of theirs: the latest holds, of two at once the no."""


def word_of(connection: Connection, community: str, member: str, purpose: str) -> bool | None:
    """A member's yes or no that holds now, by their key; None when they never said.

    Who asked Weaver to stop said no to everything that they did not say yes to afterwards; who
    muted it says no to everything until that is over.
    """
    words = _words(connection, community, member, purpose)
    return False if MUTED in words else words.get(purpose, words.get(EVERYTHING))


def said_of(connection: Connection, community: str, member: str, purpose: str) -> bool | None:
    """What a member said for good, whatever they muted for a while."""
    words = _words(connection, community, member, purpose)
    return words.get(purpose, words.get(EVERYTHING))


def _words(connection: Connection, community: str, member: str, purpose: str) -> dict[str, bool]:
    asked = {"here": community, "who": member, "what": purpose}
    return {row.purpose: bool(row.given) for row in connection.execute(_SAID, asked)}


def stopped(connection: Connection, platform: str) -> list[str]:
    """The ids of everybody on a platform who asked Weaver to stop."""
    said = select(CONSENT.c.member).where(
        CONSENT.c.community == EVERYWHERE,
        CONSENT.c.purpose == EVERYTHING,
        CONSENT.c.given.is_(False),
    )
    others = select(LINKS.c.member).where(
        LINKS.c.person.in_(select(LINKS.c.person).where(LINKS.c.member.in_(said)))
    )
    members = connection.execute(said.union(others)).scalars()
    here = f"{platform}:"
    return sorted(one.removeprefix(here) for one in members if one.startswith(here))


@dataclass(frozen=True, slots=True)
class Book:
    """The consent of one community's members, inside one transaction."""

    transaction: Transaction
    community: str
    now: datetime

    def of(self, member: Member, purpose: str) -> bool | None:
        """Their standing yes or no; None when they never said."""
        return word_of(self.transaction.connection, self.community, member.key, purpose)

    def record(self, member: Member, purpose: str, given: bool) -> None:
        """Write down what the member said, now; a later word replaces an earlier one."""
        self.transaction.connection.execute(
            self.transaction.statements.say,
            {
                "community": self.community,
                "member": member.key,
                "purpose": purpose,
                "given": given,
                "at": self.now,
            },
        )

    def accounts(self, member: Member) -> list[Member]:
        """All accounts that a member said are theirs, this one first."""
        return [member, *map(Member.of, accounts(self.transaction.connection, member.key)[1:])]


@dataclass(frozen=True, slots=True)
class Go:
    """Perform it."""

    action: Action
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: it waits until a person lets it go on."""

    why: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Not any more. ``retract`` when an earlier attempt may have come about unseen."""

    why: str
    retract: Go | None = None


Verdict = Go | Hold | Stop


def in_time(verdict: Verdict, row: RowMapping, now: datetime) -> Verdict:
    """Stop an act whose time is over; what an earlier attempt may have made is taken back."""
    if not isinstance(verdict, Go) or verdict.action.until is None or now <= verdict.action.until:
        return verdict
    why = "by the time it could be done it was too late"
    return Stop(why, taking_back(row, verdict.delivery, why) if row["attempts"] > 1 else None)


def taking_back(row: RowMapping, delivery: Delivery, why: str) -> Go:
    """What removes whatever earlier attempts at an act may have made."""
    return Go(Undo(row["key"], of=row["key"], why=why), _named(delivery, row))


@dataclass(frozen=True, slots=True)
class Gate:
    """Look at an act once more, just before it is performed."""

    dry_run: bool = False

    def look(self, connection: Connection, row: RowMapping) -> Verdict:
        """Say whether an act that was claimed may still be performed."""
        action = action_from(row["kind"], row["body"])
        if self.dry_run:
            return Stop("this is a dry run: nothing is sent")
        quiet = why_quiet(connection, row["community"], taking_back=isinstance(action, Undo))
        if quiet is not None:
            return Hold(quiet)
        delivery = Delivery(row["key"], row["at"], row["attempts"], row["account"])
        withdrawn = _withdrawn(connection, row, action)
        if withdrawn is not None:
            earlier = row["attempts"] > 1
            return Stop(withdrawn, taking_back(row, delivery, withdrawn) if earlier else None)
        return self._on_target(connection, row, action, delivery)

    def _on_target(
        self, connection: Connection, row: RowMapping, action: Action, delivery: Delivery
    ) -> Verdict:
        """Resolve the earlier act that this one names."""
        if row["target"] is None:
            return Go(action, delivery)
        found = select(LEDGER).where(LEDGER.c.key == row["target"])
        target = connection.execute(found).mappings().first()
        if target is None:
            return Stop("the act it builds on is not in the ledger")
        if builds_on(action) is not None and target["state"] != "done":
            return Stop(f"the post it is about never came about: it is {target['state']}")
        return Go(action, _named(delivery, target))


def _withdrawn(connection: Connection, row: RowMapping, action: Action) -> str | None:
    """Why an act towards a member may no longer be; None while it may.

    What a member asked for themselves by command needs no other consent than that.
    """
    member = member_concerned(action, partial(logged_author, connection, row["community"]))
    grounds = action.grounds
    if member is None or (grounds is None and row["actor"] == member):
        return None
    purpose = grounds.purpose if grounds else row["plugin"]
    word = word_of(connection, row["community"], member, purpose)
    if word is False:
        return "the author said no before it was done" if grounds else "they asked Weaver to stop"
    if grounds is not None and grounds.basis == "agreed" and word is None:
        return "the author's yes is no longer there"
    return None


def why_quiet(connection: Connection, community: str, *, taking_back: bool = False) -> str | None:
    """Why Weaver is quiet in a community for now; None where it is not.

    Hosts who pause do not keep people waiting whose posts are to be taken back; only where Weaver
    was sent away can nothing be done.
    """
    known = select(COMMUNITY.c.paused, COMMUNITY.c.active, COMMUNITY.c.left_at)
    found = connection.execute(known.where(COMMUNITY.c.id == community)).first()
    if found is None or not found.active:
        return "the community is no longer in the operator's settings"
    is_quiet = found.paused and not (taking_back and found.left_at is None)
    return "the community is paused" if is_quiet else None


def _named(delivery: Delivery, target: RowMapping) -> Delivery:
    """The envelope of an act that names an earlier one."""
    return Delivery(
        delivery.key,
        delivery.at,
        delivery.attempt,
        delivery.account,
        target=target["receipt"],
        target_key=target["key"],
        target_kind=target["kind"],
        target_at=target["at"],
    )
