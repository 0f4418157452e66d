"""Every kind of write that Weaver makes on Discord, and how its traces are counted from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.actions import (
    Action,
    Button,
    DirectMessage,
    GiveRole,
    OpenThread,
    Picture,
    React,
    Reply,
    Repost,
    ScheduleEvent,
    SendPost,
    TakeRole,
)
from bot.domain.model import Member, Space
from tests.adapters.contract import NOW, WHY
from tests.adapters.discord.grounds import DiscordGrounds
from tests.fakediscord.intents import CONTENT

Traces = Callable[[], Sequence[Any]]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="4"/></svg>'
LONG = " ".join(f"Rose number {number} is in flower." for number in range(120))
"""More than one message holds, less than three."""


@dataclass(frozen=True)
class Write:
    """One act, the route that its decisive request goes to, and what it leaves on the server."""

    action: Action
    route: str
    traces: Traces
    wanted: int = 1
    """How many traces it leaves when it is done once."""
    undone: int = 0
    """How many are left after it was taken back."""


def write(kind: str, grounds: DiscordGrounds) -> Write:
    """Prepare what an act is about, and the act."""
    return WRITES[kind](grounds)


def _post(grounds: DiscordGrounds, **more: Any) -> Write:
    action = SendPost("key", grounds.lobby, more.pop("text", "Hello."), why=WHY, **more)
    return Write(action, "/messages$", lambda: grounds.here.by_bot)


def _buttons(grounds: DiscordGrounds) -> Write:
    return _post(grounds, buttons=(Button("Leave me out", "me mute"),))


def _picture(grounds: DiscordGrounds) -> Write:
    return _post(grounds, pictures=(Picture("A red rose", svg=SVG),))


def _long(grounds: DiscordGrounds) -> Write:
    made = _post(grounds, text=LONG)
    return Write(made.action, made.route, made.traces, wanted=2)


def _reply(grounds: DiscordGrounds) -> Write:
    post = grounds.says("Who grows roses?")
    action = Reply("key", grounds.lobby, post, "I do.", why=WHY)
    return Write(action, "/messages$", lambda: grounds.here.by_bot)


def _repost(grounds: DiscordGrounds) -> Write:
    post = grounds.says("Look at this rose.")
    action = Repost("key", grounds.audience, grounds.lobby, post, why=WHY)
    return Write(action, "/messages$", lambda: grounds.column.by_bot)


def _link(grounds: DiscordGrounds) -> Write:
    grounds.discord.gateway.allowed &= ~CONTENT
    return _repost(grounds)


def _private(grounds: DiscordGrounds) -> Write:
    member = Member("discord", grounds.ada.id)
    action = DirectMessage("key", grounds.lobby, member, "Between us.", why=WHY)
    return Write(action, "/messages$", lambda: grounds.ada.direct.messages)


def _thread(grounds: DiscordGrounds) -> Write:
    action = OpenThread("key", grounds.lobby, "Roses", text="Which do you grow?", why=WHY)

    def traces() -> Sequence[Any]:
        return [*grounds.here.threads, *grounds.here.by_bot]

    return Write(action, "/(messages|threads)$", traces, wanted=2)


def _thread_of_a_post(grounds: DiscordGrounds) -> Write:
    post = grounds.says("Which do you grow?")
    action = OpenThread("key", grounds.lobby, "Roses", of=post, why=WHY)
    return Write(action, "/threads$", lambda: grounds.here.threads)


def _forum_post(grounds: DiscordGrounds) -> Write:
    forum = grounds.garden.forum("questions", ["Roses"])
    space = Space("discord", forum.id, "questions", "talk")
    words = "Which do you grow?"
    action = OpenThread("key", space, "Week 1", text=words, tags=("roses",), why=WHY)

    def traces() -> Sequence[Any]:
        return [message for thread in forum.threads for message in thread.messages]

    return Write(action, "/threads$", traces)


def _repost_into_a_forum(grounds: DiscordGrounds) -> Write:
    forum = grounds.garden.forum("passed on", ["Roses"])
    space = Space("discord", forum.id, "passed on", "audience")
    post = grounds.says("Look at this rose.")
    action = Repost("key", space, grounds.lobby, post, tag="roses", why=WHY)

    def traces() -> Sequence[Any]:
        return [message for thread in forum.threads for message in thread.messages]

    return Write(action, "/threads$", traces)


def _meeting(grounds: DiscordGrounds) -> Write:
    begin = grounds.discord.clock.now() + timedelta(days=2)
    end = begin + timedelta(hours=1)
    action = ScheduleEvent("key", grounds.lobby, "Weekly", begin, end, why=WHY)

    def traces() -> Sequence[Any]:
        return [event for event in grounds.garden.events if event["status"] == 1]

    return Write(action, "/scheduled-events$", traces)


def _reaction(grounds: DiscordGrounds) -> Write:
    post = grounds.says("Look at this rose.")
    action = React("key", grounds.lobby, post, "🌹", why=WHY)
    message = grounds.said[post]
    return Write(action, "/reactions/", lambda: [*message.reactions.items()])


def _role(grounds: DiscordGrounds, *, given: bool) -> Write:
    role = grounds.garden.role("Gardeners")
    member, kind = Member("discord", grounds.ada.id), GiveRole if given else TakeRole
    if not given:
        grounds.ada.gets(grounds.garden, role)
    action = kind("key", grounds.lobby, member, "Gardeners", why=WHY)

    def traces() -> Sequence[Any]:
        return grounds.discord.world.member(grounds.garden.id, grounds.ada.id)["roles"]

    return Write(action, "/roles/", traces, wanted=int(given), undone=int(not given))


WRITES: dict[str, Callable[[DiscordGrounds], Write]] = {
    "post": _post,
    "post with buttons": _buttons,
    "post with a picture": _picture,
    "post of two messages": _long,
    "reply": _reply,
    "repost": _repost,
    "repost into a forum": _repost_into_a_forum,
    "repost as a link": _link,
    "private words": _private,
    "thread with its post": _thread,
    "thread of a post": _thread_of_a_post,
    "post in a forum": _forum_post,
    "meeting": _meeting,
    "reaction": _reaction,
    "role given": lambda grounds: _role(grounds, given=True),
    "role taken": lambda grounds: _role(grounds, given=False),
}
assert NOW
