"""A community beside the garden, what may be done in both, and acts towards Ada."""

from dataclasses import replace
from typing import Any

from bot.domain.actions import (
    Action,
    Answer,
    DirectMessage,
    GiveRole,
    React,
    Reply,
    Repost,
    SendPost,
)
from bot.domain.events import CommandCalled
from bot.domain.model import Community, Grounds, Member, Space
from bot.plugin import Plugin
from bot.storage.members import ConsentRow
from bot.testing import ADA, NOON
from tests.kernel.garden import LOBBY, WALL, WHY, Garden, a_plugin

ORCHARD = Community("orchard", "The orchard", spaces=(Space("fake", "trees", "Trees", "lobby"),))


TREES = ORCHARD.spaces[0]


ASKED = Grounds(ADA, "amplify", "asked")


def notes() -> Plugin[Any]:
    plugin = a_plugin()
    plugin.purpose("amplify", "pass your tagged posts on")
    plugin.purpose("welcome", "greet you when you arrive")
    plugin.purpose("look-in", "look in on you", on_request=True)
    return plugin


def asks(garden: Garden, text: str, member: Member = ADA, space: Space = LOBBY) -> Answer:
    number = len(garden.acts) + garden.count(ConsentRow) * 1000
    event = CommandCalled(f"{text}-{member.id}-{number}", NOON, space, member, text)
    [answer] = garden.hears(event).answers
    garden.delivers()
    return answer


def repost(name: str, author: Member = ADA) -> Repost:
    grounds = Grounds(author, "amplify", "asked")
    return Repost(f"notes:garden:{name}", WALL, LOBBY, "post-1", why=WHY, grounds=grounds)


TOWARDS_ADA: dict[str, Action] = {
    "a repost": repost("act"),
    "a repost that rests on nothing": replace(repost("act"), grounds=None),
    "a greeting": SendPost("notes:garden:act", LOBBY, "Hello.", why=WHY, grounds=ASKED),
    "a message": DirectMessage("notes:garden:act", LOBBY, ADA, "Hello.", why=WHY),
    "a reply": Reply("notes:garden:act", LOBBY, "post-1", "Hello.", why=WHY),
    "a reaction": React("notes:garden:act", LOBBY, "post-1", "🌱", why=WHY),
    "a role": GiveRole("notes:garden:act", LOBBY, ADA, "gardener", why=WHY),
}
