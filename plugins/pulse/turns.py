"""Who answers whom where replies carry no link: inferred from turns, and never mixed with links.

Pure. The rule is the best of four that were held against 16,063 messages of a chat which people
had annotated: a message answers the person it names; else the person who addressed its author in
the last 15 minutes; else the person its author was still talking to then. It named the right
person in 89 of 100 cases, and found 73 % of messages to be answers where 63 % were: so its share
is too high by some ten points, and falls when there is less talk. It may be held against itself
over time, and against nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

STILL = timedelta(minutes=15)
"""So long a turn lasts."""
IN_TIME = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Message:
    """What the rule looks at; people are numbers."""

    who: int
    at: datetime
    names: tuple[int, ...] = ()
    to: int | None = None
    """Whom it answers by a link of the platform's, if it has one."""


@dataclass(frozen=True, slots=True)
class Turns:
    """A window's messages: those that open something, and those that are a turn to somebody."""

    openings: int
    turns: int
    answered: int
    """Of the openings, those whose author somebody else addressed within 72 hours."""


def addressees(messages: Sequence[Message]) -> list[int | None]:
    """Tell for each message whom it is to; None for one that opens something. In time order."""
    found: list[int | None] = []
    addressed: dict[int, tuple[int, datetime]] = {}
    """Who was last addressed by whom, and when."""
    talking: dict[int, tuple[int, datetime]] = {}
    """To whom somebody last talked, and when."""
    for message in messages:
        to = _addressee(message, addressed, talking)
        found.append(to)
        if to is not None:
            addressed[to] = (message.who, message.at)
            talking[message.who] = (to, message.at)
    return found


def _addressee(
    message: Message,
    addressed: dict[int, tuple[int, datetime]],
    talking: dict[int, tuple[int, datetime]],
) -> int | None:
    named = [one for one in (message.to, *message.names) if one is not None]
    for person in named:
        if person != message.who:
            return person
    for known in (addressed, talking):
        person, at = known.get(message.who, (message.who, message.at))
        if person != message.who and message.at - at <= STILL:
            return person
    return None


def counted(messages: Iterable[Message], since: datetime, until: datetime) -> Turns:
    """Count the openings and turns of a window; messages may begin before it and end after."""
    ordered = sorted(messages, key=lambda one: (one.at, one.who))
    openings = turns = answered = 0
    next_addressed: dict[int, datetime] = {}
    """When somebody is addressed next, looking ahead."""
    for message, person in zip(reversed(ordered), reversed(addressees(ordered)), strict=True):
        taken_up = next_addressed.get(message.who)
        if since <= message.at < until:
            turns += person is not None
            openings += person is None
            if person is None and taken_up is not None:
                answered += taken_up - message.at <= IN_TIME
        if person is not None:
            next_addressed[person] = message.at
    return Turns(openings, turns, answered)
