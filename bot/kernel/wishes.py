"""What members may ask about themselves: ``stop``, ``start`` and ``me``, the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, literal, select

from bot.domain.actions import Answer, NotifyHosts, Undo
from bot.domain.commands import CommandSpec
from bot.domain.model import Member
from bot.kernel import linking, muting, telling
from bot.kernel.consent import CONSENT, EVERYTHING, EVERYWHERE, MUTED, Book
from bot.kernel.linking import accounts, is_one_with
from bot.kernel.registry import Looked
from bot.kernel.statements import LEDGER
from bot.kernel.telling import purposes
from bot.kernel.writer import Transaction

SPECS: Mapping[str, CommandSpec] = {
    name: CommandSpec("", name, "members", words, ())
    for name, words in {
        "me": "See and change what Weaver may do towards you, and what it did; link your accounts.",
        "stop": "Let Weaver do nothing more towards you, and take back what it passed on.",
        "start": "Let Weaver act towards you again, after a stop.",
    }.items()
}
_PENDING = ("todo", "held", "sending")


@dataclass(frozen=True, slots=True)
class Means:
    """What it takes to carry out a wish, inside one transaction."""

    transaction: Transaction
    now: datetime
    hashed: Callable[[str], str]
    undo: Callable[[str, Undo], bool]
    """Record an undo in a community, named by its id; False when it was recorded before."""
    tell: Callable[[NotifyHosts], bool]
    """Tell the hosts of the community where it was said."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member wants done about themselves."""

    looked: Looked
    member: Member
    word: str
    purpose: str = ""
    """Of ``me yes`` and ``me no``: what it is about; of ``me link``: the code, if there is one."""
    given: bool | None = None
    days: int = 0
    """Of ``me mute``: for how long."""

    def run(self, means: Means) -> Answer:
        """Do it, and say so."""
        here = self.looked.community
        match self.word:
            case "pause":
                return muting.ask_for_pause(means.transaction, here, means.now, means.tell)
            case "mute":
                return muting.mute(means.transaction, self.member, here, means.now, self.days)
            case "unmute":
                return muting.unmute(means.transaction, self.member)
            case "link" | "unlink":
                return self._link(means)
        if self.word == "stop":
            return _stop(self.looked, self.member, means)
        if self.word == "start":
            return _start(self.member, means)
        if self.given is None:
            acts = _acts(means, _accounts(means, self.member))
            return telling.me(
                self.looked, self.member, means.transaction.connection, acts, means.now
            )
        return _say(self.looked, self.member, self.purpose, means, given=self.given)

    def _link(self, means: Means) -> Answer:
        """Make accounts one person, or part them."""
        if self.word == "unlink":
            return linking.unlink(means.transaction, self.member)
        if self.purpose:
            return linking.link(means.transaction, self.member, self.purpose, means.now)
        return linking.give_code(means.transaction, self.member, means.now)


def _their(member: Member) -> ColumnElement[bool]:
    """What a member said with any account of theirs."""
    return is_one_with(CONSENT.c.member, literal(member.key))


def _stop(looked: Looked, member: Member, means: Means) -> Answer:
    """Do nothing more towards a member in any community, and take back their reposts.

    What they said no to stays a no after ``start``; what they said yes to has to be said again.
    """
    connection = means.transaction.connection
    connection.execute(delete(CONSENT).where(_their(member), CONSENT.c.given.is_(True)))
    Book(means.transaction, EVERYWHERE, means.now).record(member, EVERYTHING, given=False)
    _withdraw(looked, member, means, everywhere=True)
    why = "The member it concerns asked Weaver to stop."
    taken = _take_back(_acts(means, _accounts(means, member)), means, why)
    return Answer(
        "Done. From now on Weaver does nothing towards you, here or in any other of its "
        f"communities.{_taken_back(taken)} It still answers when you ask. To let it begin again, "
        "say start."
    )


def _start(member: Member, means: Means) -> Answer:
    """Take a stop back."""
    gone = means.transaction.connection.execute(
        delete(CONSENT).where(
            CONSENT.c.community == EVERYWHERE,
            _their(member),
            CONSENT.c.purpose.in_((EVERYTHING, MUTED)),
        )
    )
    if not gone.rowcount:
        return Answer("You had not asked Weaver to stop. To see what it may do, say me.")
    return Answer(
        "Welcome back. Weaver may act towards you again. What you had said no to stays a no, and "
        "what was taken back stays so. To see and change it, say me."
    )


def _say(looked: Looked, member: Member, purpose: str, means: Means, *, given: bool) -> Answer:
    """Write down a yes or no to one purpose; a no takes back what was passed on for it."""
    plugin, known = purposes(looked)[purpose]
    words = known.words
    Book(means.transaction, looked.community.id, means.now).record(member, purpose, given)
    if given:
        return Answer(f"Noted: Weaver may {words}. To take that back, say me no {purpose}.")
    _withdraw(looked, member, means, only=plugin)
    acts = [
        act
        for act in _acts(means, _accounts(means, member))
        if act["plugin"] == plugin and act["community"] == looked.community.id
    ]
    taken = _take_back(acts, means, "The member it concerns said no to it.")
    return Answer(
        f"Noted: Weaver does not {words} any more.{_taken_back(taken)} "
        f"To let it, say me yes {purpose}."
    )


def _withdraw(
    looked: Looked, member: Member, means: Means, *, only: str = "", everywhere: bool = False
) -> None:
    """Have plugins take down what they hold of a member by their yes."""
    where = "" if everywhere else looked.community.id
    theirs = _accounts(means, member)
    for enabled in looked.plugins:
        withdraws = enabled.installed.plugin.withdraws
        if withdraws is not None and only in ("", enabled.installed.name):
            for key in theirs:
                withdraws(Member.of(key), where, means.transaction.session)


def parted(member: Member, account: str, means: Means) -> int:
    """Take back what an account did towards a member who is parted from it by a block.

    The links to their posts on other platforms go too: nobody could block Weaver there.
    """
    acts = [
        act
        for act in _acts(means, [member.key])
        if act["account"] == account or (act["kind"] == "Repost" and _is_elsewhere(act, member))
    ]
    return _take_back(acts, means, "A block now stands between its author and the account.")


def _is_elsewhere(act: RowMapping, member: Member) -> bool:
    """Whether an act towards a member is on another platform than theirs."""
    return not str(act["account"]).startswith(f"{member.platform}:")


def _acts(means: Means, theirs: Sequence[str]) -> Sequence[RowMapping]:
    """The acts towards the accounts of a member, latest first."""
    query = (
        select(LEDGER)
        .where(LEDGER.c.concerns.in_([means.hashed(key) for key in theirs]))
        .order_by(LEDGER.c.seq.desc())
    )
    return means.transaction.connection.execute(query).mappings().all()


def _accounts(means: Means, member: Member) -> list[str]:
    """The keys of all accounts of a member."""
    return accounts(means.transaction.connection, member.key)


def _take_back(acts: Sequence[RowMapping], means: Means, why: str) -> int:
    """Undo what was passed on, and whatever is not done yet; returns how many reposts stood."""
    taken = 0
    for act in acts:
        passed_on = act["kind"] == "Repost"
        unknown = act["state"] == "dead" and act["attempts"] > 0
        if act["state"] in _PENDING or (passed_on and (act["state"] == "done" or unknown)):
            key = f"core:{act['community']}:stop:{act['seq']}"
            made = means.undo(act["community"], Undo(key, of=act["key"], why=why))
            taken += made and passed_on and act["state"] == "done"
    return taken


def _taken_back(count: int) -> str:
    if not count:
        return ""
    return (
        f" {count} posts of yours that it had passed on are taken back."
        if count > 1
        else " The post of yours that it had passed on is taken back."
    )


def wish(looked: Looked, member: Member, words: Sequence[str]) -> Wish | Answer:
    """Read what a member asks about themselves; an Answer when it is not clear."""
    word, *more = words
    if word == "stop" and more and more[0] in purposes(looked):
        word, more = "me", ["no", more[0]]
    if word != "me" or not more:
        return Wish(looked, member, word)
    if more in (["pause"], ["link"], ["unlink"]):
        return Wish(looked, member, more[0])
    if len(more) == 2 and more[0] == "link":  # noqa: PLR2004 - a word and its code
        return Wish(looked, member, "link", more[1])
    if (days := muting.days_in(more)) is not None:
        return Wish(looked, member, "mute" if days else "unmute", days=days)
    known = purposes(looked)
    if len(more) == 2 and more[0] in ("yes", "no") and more[1] in known:  # noqa: PLR2004 - a word and its purpose
        return Wish(looked, member, "me", more[1], more[0] == "yes")
    choices = " or ".join(f"me no {name}" for name in known) or "me alone"
    return Answer(f"I do not know {' '.join(words)!r}. Say {choices}.", mistake=True)
