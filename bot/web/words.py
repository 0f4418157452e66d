"""Puts a line of the ledger into words: what Weaver did or not, and whose decision it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.pages import Act, Person


class Deed(NamedTuple):
    """One kind of act in two forms: about to ``do`` it, having ``done`` it."""

    do: str
    done: str


DEEDS = {
    "SendPost": Deed("post this", "posted this"),
    "Reply": Deed("answer here", "answered here"),
    "Repost": Deed("pass this on", "passed this on"),
    "OfferFeed": Deed("offer a feed", "offered a feed"),
    "OpenThread": Deed("open a thread", "opened a thread"),
    "ScheduleEvent": Deed("put this into the calendar", "put this into the calendar"),
    "React": Deed("react to this", "reacted to this"),
    "GiveRole": Deed("give one person a role", "gave one person a role"),
    "TakeRole": Deed("take a role from one person", "took a role from one person"),
    "DirectMessage": Deed("write to one person", "wrote to one person"),
    "NotifyHosts": Deed("tell the hosts", "told the hosts"),
    "Undo": Deed("take an act back", "took an act back"),
}

SENTENCES = {
    "held": "Weaver is holding back, and has yet to {do}.",
    "todo": "Weaver is about to {do}.",
    "sending": "Weaver is about to {do}: it is on its way.",
    "done": "Weaver {done}.",
    "dead": "Weaver could not {do}, and gave up.",
    "cancelled": "Weaver was going to {do}; that was called off.",
    "undone": "Weaver {done}, and took it back.",
    "declined": "Weaver did not {do}.",
    "missed": "Weaver missed the time to {do}.",
}

STATES = {
    "held": "held back for now",
    "todo": "about to happen",
    "sending": "on its way",
    "done": "done",
    "dead": "given up",
    "cancelled": "called off before it happened",
    "undone": "taken back",
    "declined": "not done",
    "missed": "missed its time",
}

_NOT_EVERYWHERE = frozenset({"ScheduleEvent", "React", "GiveRole", "TakeRole", "OfferFeed"})
"""What some platforms have no place for, and leave out."""
_ENDS_BEFORE = frozenset({"held", "todo"})
_LASTS = frozenset(DEEDS) - {"Undo"}


@dataclass(frozen=True, slots=True)
class Told:
    """An act as the page tells it."""

    act: Act
    sentence: str
    state: str
    decided_by: str
    tries: str
    can_be_taken_back: bool


def tell(act: Act, people: Sequence[Person] = (), audience: str = "") -> Told:
    """Tell an act; ``audience`` is the name of the group that a repost went to, if known."""
    return Told(
        act,
        sentence=_sentence(act, audience),
        state=_state(act),
        decided_by=_decided_by(act, people),
        tries="" if act.attempts < 2 and not act.error else _tries(act.attempts),  # noqa: PLR2004
        can_be_taken_back=can_be_taken_back(act),
    )


def _left_out(act: Act) -> bool:
    """Whether it was tried where the platform had no place for it; nobody called it off."""
    tried = act.state == "cancelled" and act.attempts > 0
    return tried and act.kind in _NOT_EVERYWHERE and bool(act.error)


def can_be_taken_back(act: Act) -> bool:
    """Whether something would change: it has yet to happen, or what it made still stands."""
    return act.kind in _LASTS and (act.state in _ENDS_BEFORE or act.state == "done")


def _state(act: Act) -> str:
    if act.kind == "LeaveAlone":
        return "left where it is"
    return "left out" if _left_out(act) else STATES.get(act.state, act.state)


def _sentence(act: Act, audience: str) -> str:
    if act.kind == "LeaveAlone":
        return "Weaver left this where it is."
    deed = DEEDS.get(act.kind, Deed("act", "acted"))
    if act.kind == "Repost" and audience:
        onward = f"this on to the people who follow {audience}"
        deed = Deed(f"pass {onward}", f"passed {onward}")
    if _left_out(act):
        return f"Weaver did not {deed.do}: {act.error}."
    sentence = SENTENCES.get(act.state, "Weaver decided to {do}.")
    return sentence.format(do=deed.do, done=deed.done)


def _decided_by(act: Act, people: Sequence[Person]) -> str:
    if act.actor:
        own_id = act.actor.rpartition(":")[2]
        return next((person.name for person in people if person.id == own_id), act.actor)
    return f"a rule of “{act.plugin}”" if act.plugin else "a rule of Weaver itself"


def _tries(attempts: int) -> str:
    return {0: "none yet", 1: "once", 2: "twice"}.get(attempts, f"{attempts} times")
