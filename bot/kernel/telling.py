"""What ``me`` tells a member: what Weaver may do towards them, what it did, how to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from bot.domain.actions import Answer, Button
from bot.domain.model import Member
from bot.domain.recurrence import zone_named
from bot.domain.text import day_words
from bot.kernel import muting
from bot.kernel.consent import EVERYTHING, EVERYWHERE, said_of
from bot.kernel.linking import UNLINK, accounts
from bot.kernel.linking import words as linking_words
from bot.kernel.registry import Looked
from bot.plugin import Purpose

LATELY = 5
"""Acts that ``me`` tells of."""
LABEL = 80
"""Characters of a button."""
_DID: Mapping[str, str] = {
    "SendPost": "posted something for you",
    "Reply": "answered a post of yours",
    "Repost": "passed a post of yours on",
    "React": "reacted to a post of yours",
    "DirectMessage": "wrote to you",
    "GiveRole": "gave you a role",
    "TakeRole": "took a role from you",
    "LeaveAlone": "left a post of yours where it is",
}


def purposes(looked: Looked) -> dict[str, tuple[str, Purpose]]:
    """What Weaver does towards members of a community: plugin and purpose, by its name."""
    return {
        name: (enabled.installed.name, purpose)
        for enabled in looked.plugins
        for name, purpose in enabled.installed.plugin.purposes.items()
    }


def me(
    looked: Looked,
    member: Member,
    connection: Connection,
    acts: Sequence[RowMapping],
    now: datetime,
) -> Answer:
    """Tell what Weaver may do towards a member, what it did (``acts``), and offer to change it."""
    community = looked.community
    stopped = said_of(connection, EVERYWHERE, member.key, EVERYTHING) is False
    muted = muting.muted_until(connection, member)
    said = {name: said_of(connection, community.id, member.key, name) for name in purposes(looked)}
    words = {
        name: said[name]
        for name, (_, purpose) in purposes(looked).items()
        if said[name] is not None or not purpose.on_request
    }
    lines = [f"What Weaver may do towards you in {community.name}:"]
    lines += [f"- {purposes(looked)[name][1].words}: {_word(words[name])}" for name in words]
    if len(lines) == 1:
        lines = [f"Weaver does nothing towards single members in {community.name}."]
    if stopped:
        lines.append("You asked Weaver to stop, everywhere. To let it begin again, say start.")
    if muted is not None:
        lines.append(muting.words(muted, community, now))
    others = len(accounts(connection, member.key)) - 1
    lines += [linking_words(others)] if others else []
    lately = [act for act in acts if act["community"] == community.id]
    told = list(_told(lately[:LATELY], looked, now))
    lines += ["", "What it did lately:", *told] if told else ["", "It has done nothing yet."]
    lines += ["", looked.contact] if looked.contact else []
    offered = tuple(
        _buttons(looked, words, stopped=stopped, muted=muted is not None, linked=others > 0)
    )
    return Answer("\n".join(lines), personal=True, buttons=offered)


def _word(word: bool | None) -> str:
    return {True: "you said yes", False: "you said no", None: "you have not said"}[word]


def _told(acts: Sequence[RowMapping], looked: Looked, now: datetime) -> Iterator[str]:
    """A line for each act: when, what and why."""
    zone = zone_named(looked.community.zone)
    today = now.astimezone(zone).date()
    for act in acts:
        if act["state"] in ("done", "undone", "declined") and act["kind"] in _DID:
            what = _DID[act["kind"]]
            if act["state"] == "declined" and act["kind"] != "LeaveAlone":
                what = f"held back ({act['error']})"
            back = ", and took it back" if act["state"] == "undone" else ""
            day = day_words(act["at"].astimezone(zone).date(), today)
            yield f"- {day}: it {what}{back}. {act['why']}"


def _buttons(
    looked: Looked,
    words: Mapping[str, bool | None],
    *,
    stopped: bool,
    muted: bool,
    linked: bool,
) -> Iterator[Button]:
    for name in words:
        what = purposes(looked)[name][1].words
        if words[name] is not True:
            yield Button(f"Yes: {what}"[:LABEL], f"me yes {name}")
        if words[name] is not False:
            yield Button(f"No: do not {what}"[:LABEL], f"me no {name}")
    if not stopped:
        yield muting.NO_MORE if muted else muting.FOR_A_WEEK
    if linked:
        yield UNLINK
    yield muting.ASK
    yield Button("Start again", "start") if stopped else Button("Stop everything", "stop")
