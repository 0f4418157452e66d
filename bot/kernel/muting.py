"""Leave a member alone for a while, as they ask; tell hosts that somebody asks for a pause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, select

from bot.domain.actions import Answer, Button, NotifyHosts
from bot.domain.errors import UserError
from bot.domain.model import Community, Member
from bot.domain.recurrence import zone_named
from bot.domain.text import day_words
from bot.kernel.consent import CONSENT, EVERYWHERE, MUTED
from bot.kernel.linking import is_one_with
from bot.kernel.statements import LEDGER
from bot.kernel.writer import Transaction

USUAL, MOST = 7, 90
"""Days of a mute when nobody says how many, and the most that somebody may say."""
_OFTEN = timedelta(days=1)
"""How often hosts are told that somebody asks for a pause, whoever and however many do."""
_WHY = "Somebody here asked for a pause. Hosts decide; they are told of it once a day at most."


FOR_A_WEEK = Button("Leave me alone for a week", f"me mute {USUAL}")
ASK = Button("Ask the hosts to pause Weaver", "me pause")
NO_MORE = Button("Not muted any more", "me unmute")


def _muted(member: Member) -> ColumnElement[bool]:
    """The row that says that a member mutes Weaver, with any account of theirs."""
    return and_(
        CONSENT.c.community == EVERYWHERE,
        is_one_with(CONSENT.c.member, literal(member.key)),
        CONSENT.c.purpose == MUTED,
    )


def muted_until(connection: Connection, member: Member) -> datetime | None:
    """When a member's mute is over; None when there is none."""
    found: datetime | None = connection.execute(
        select(func.max(CONSENT.c.until)).where(_muted(member))
    ).scalar()
    return found


def words(until: datetime, community: Community, now: datetime) -> str:
    """Say that somebody muted Weaver, and until when."""
    return f"You muted Weaver until {_day(until, community, now)}: until then it does none of this."


def _day(until: datetime, community: Community, now: datetime) -> str:
    zone = zone_named(community.zone)
    return day_words(until.astimezone(zone).date(), now.astimezone(zone).date())


def days_in(said: Sequence[str]) -> int | None:
    """For how many days ``me`` is to mute: 0 for no more, None where it is about something else.

    UserError for a number of days that cannot be.
    """
    word, days, *more = [*said, "", ""]
    if word == "unmute":
        return 0
    if word != "mute":
        return None
    if not days:
        return USUAL
    count = int(days) if days.isdecimal() and len(days) <= len(str(MOST)) else 0
    if not 1 <= count <= MOST or "".join(more) not in ("", "day", "days"):
        raise UserError(f"say me mute and for how many days, from 1 to {MOST}, as in me mute 7")
    return count


def mute(
    transaction: Transaction, member: Member, community: Community, now: datetime, days: int
) -> Answer:
    """Do nothing towards a member for some days, in any community; then go on as before."""
    until = now + timedelta(days=days)
    transaction.connection.execute(delete(CONSENT).where(_muted(member)))
    row = {"community": EVERYWHERE, "member": member.key, "purpose": MUTED, "given": False}
    transaction.connection.execute(insert(CONSENT).values(**row, at=now, until=until))
    return Answer(
        f"Done. Until {_day(until, community, now)} Weaver does nothing towards you, in any of its "
        "communities, and leaves out what it would have done by then. After that all is as "
        "before: your yes or no to this or that stays. It still answers when you ask.",
        buttons=(NO_MORE, Button("Stop for good", "stop")),
    )


def unmute(transaction: Transaction, member: Member) -> Answer:
    """End a mute before its time."""
    gone = transaction.connection.execute(delete(CONSENT).where(_muted(member)))
    if not gone.rowcount:
        return Answer("You had not muted Weaver. To see what it may do, say me.")
    return Answer("Welcome back. Weaver may act towards you again, as it might before.")


def expire(connection: Connection, now: datetime) -> None:
    """Forget the mutes that are over."""
    connection.execute(delete(CONSENT).where(CONSENT.c.purpose == MUTED, CONSENT.c.until <= now))


def ask_for_pause(
    transaction: Transaction,
    community: Community,
    now: datetime,
    tell: Callable[[NotifyHosts], bool],
) -> Answer:
    """Tell hosts, once a day at most, that somebody asks for a pause, and never who."""
    begin = f"core:{community.id}:pause-asked:"
    lately = select(LEDGER.c.seq).where(
        LEDGER.c.community == community.id,
        LEDGER.c.key.startswith(begin, autoescape=True),
        LEDGER.c.at > now - _OFTEN,
    )
    if transaction.connection.execute(lately).first() is None:
        text = (
            "Somebody here asks that Weaver pause. Nothing is paused yet; that is yours to decide. "
            "Weaver does not tell who asked. You might ask around what was too much: it may be one "
            "thing that can be switched off."
        )
        pause = (Button("Pause Weaver here", "pause"),)
        tell(NotifyHosts(f"{begin}{now:%Y%m%dT%H%M%S}", text, pause, why=_WHY))
    return Answer(
        "Pausing Weaver for everybody is for the hosts to decide. They are told that somebody asks "
        "for it, at most once a day, and not who. For yourself alone you need nobody: say me mute.",
        buttons=(FOR_A_WEEK,),
    )
