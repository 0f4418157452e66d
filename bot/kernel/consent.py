"""What members agreed to: one book for every plugin, and one gate before every act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from bot.domain.actions import Action, Ref, Reply, Undo
from bot.domain.model import Grounds, Member
from bot.domain.ports import Delivery
from bot.kernel.ledger import action_from
from bot.kernel.statements import LEDGER, table
from bot.kernel.writer import Transaction
from bot.storage.tables import CommunityRow, ConsentRow

CONSENT = table(ConsentRow)
COMMUNITY = table(CommunityRow)


def word_of(connection: Connection, community: str, member: Member, purpose: str) -> bool | None:
    """A member's standing yes or no; None when they never said."""
    return connection.execute(
        select(CONSENT.c.given).where(
            CONSENT.c.community == community,
            CONSENT.c.member == member.key,
            CONSENT.c.purpose == purpose,
        )
    ).scalar()


@dataclass(frozen=True, slots=True)
class Book:
    """The consent of one community's members, inside one transaction."""

    transaction: Transaction
    community: str
    now: datetime

    def of(self, member: Member, purpose: str) -> bool | None:
        """Their standing yes or no; None when they never said."""
        return word_of(self.transaction.connection, self.community, member, purpose)

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
    undo = Undo(row["key"], of=row["key"], why=why)
    earlier = row["attempts"] > 1
    return Stop(why, Go(undo, _named(verdict.delivery, row)) if earlier else None)


@dataclass(frozen=True, slots=True)
class Gate:
    """Look at an act once more, just before it is performed."""

    dry_run: bool = False

    def look(self, connection: Connection, row: RowMapping) -> Verdict:
        """Say whether an act that was claimed may still be performed."""
        action = action_from(row["kind"], row["body"])
        if self.dry_run:
            return Stop("this is a dry run: nothing is sent")
        quiet = _quiet(connection, row["community"])
        if quiet is not None:
            return Hold(quiet)
        delivery = Delivery(row["key"], row["at"], row["attempts"], row["account"])
        withdrawn = self._withdrawn(connection, row["community"], action.grounds)
        if withdrawn is not None:
            undo = Undo(row["key"], of=row["key"], why=withdrawn)
            earlier = row["attempts"] > 1
            return Stop(withdrawn, Go(undo, _named(delivery, row)) if earlier else None)
        return self._on_target(connection, row, action, delivery)

    def _withdrawn(
        self, connection: Connection, community: str, grounds: Grounds | None
    ) -> str | None:
        """Why the grounds of an act no longer hold; None while they do."""
        if grounds is None:
            return None
        word = word_of(connection, community, grounds.member, grounds.purpose)
        if word is False:
            return "the author said no before it was done"
        if grounds.basis == "agreed" and word is None:
            return "the author's yes is no longer there"
        return None

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
        if isinstance(action, Reply) and isinstance(action.to, Ref) and target["state"] != "done":
            return Stop(f"the post it answers never came about: it is {target['state']}")
        return Go(action, _named(delivery, target))


def _quiet(connection: Connection, community: str) -> str | None:
    """Why Weaver is quiet in a community for now; None where it is not."""
    found = connection.execute(
        select(COMMUNITY.c.paused, COMMUNITY.c.active).where(COMMUNITY.c.id == community)
    ).first()
    if found is None or not found.active:
        return "the community is no longer in the operator's settings"
    return "the community is paused" if found.paused else None


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
