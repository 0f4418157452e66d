"""What a session may see: intents gate events, empty words and hide members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakediscord import permissions
from tests.fakediscord.shapes import DM, Json
from tests.fakediscord.world import World

GUILDS, MEMBERS, MODERATION, PRESENCES = 1 << 0, 1 << 1, 1 << 2, 1 << 8
MESSAGES, REACTIONS, DIRECT_MESSAGES, DIRECT_REACTIONS = 1 << 9, 1 << 10, 1 << 12, 1 << 13
CONTENT, EVENTS = 1 << 15, 1 << 16
PRIVILEGED = MEMBERS | PRESENCES | CONTENT

_AS_GUILDS = {
    "GUILD": ("CREATE", "UPDATE", "DELETE", "ROLE_CREATE", "ROLE_UPDATE", "ROLE_DELETE"),
    "CHANNEL": ("CREATE", "UPDATE", "DELETE", "PINS_UPDATE"),
    "THREAD": ("CREATE", "UPDATE", "DELETE"),
}
_IN_GUILDS = {
    MEMBERS: ("MEMBER_ADD", "MEMBER_UPDATE", "MEMBER_REMOVE"),
    MODERATION: ("AUDIT_LOG_ENTRY_CREATE", "BAN_ADD", "BAN_REMOVE"),
    EVENTS: tuple(
        f"SCHEDULED_EVENT_{what}"
        for what in ("CREATE", "UPDATE", "DELETE", "USER_ADD", "USER_REMOVE")
    ),
}
NEEDS = {f"{what}_{how}": GUILDS for what, hows in _AS_GUILDS.items() for how in hows}
NEEDS |= {f"GUILD_{what}": intent for intent, whats in _IN_GUILDS.items() for what in whats}
IN_CHANNELS = {
    f"MESSAGE_{what}": (MESSAGES, DIRECT_MESSAGES)
    for what in ("CREATE", "UPDATE", "DELETE", "DELETE_BULK")
} | {
    f"MESSAGE_REACTION_{what}": (REACTIONS, DIRECT_REACTIONS)
    for what in ("ADD", "REMOVE", "REMOVE_ALL", "REMOVE_EMOJI")
}
WITHOUT_CONTENT: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass(frozen=True)
class Told:
    """An event, and where it happened: outside guilds both are None."""

    kind: str
    data: Json
    guild: str | None = None
    channel: str | None = None


def seen(world: World, held: int, told: Told) -> Json | None:
    """Return an event as a session with these intents sees it; None when it does not."""
    kind, data, guild, channel = told.kind, told.data, told.guild, told.channel
    in_guild, direct = IN_CHANNELS.get(kind, (NEEDS.get(kind, 0), 0))
    needed = in_guild if guild or kind not in IN_CHANNELS else direct
    if held & needed != needed or not _is_there(world, kind, guild, channel):
        return None
    if kind in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
        return message(world, data, with_content=bool(held & CONTENT))
    if kind == "GUILD_CREATE" and not held & MEMBERS:
        own = [each for each in data["members"] if each["user"]["id"] == world.app_id]
        return data | {"members": own}
    return data


def message(world: World, data: Any, *, with_content: bool) -> Json:
    """Empty a message's words, unless they are the bot's, to it in private, or mention it."""
    out: Json = dict(data)
    if with_content or is_told(world, data):
        return out
    out |= WITHOUT_CONTENT
    if "message_snapshots" in out:
        out["message_snapshots"] = [
            {"message": each["message"] | WITHOUT_CONTENT} for each in out["message_snapshots"]
        ]
    if out.get("referenced_message"):
        inner = message(world, out["referenced_message"], with_content=False)
        out["referenced_message"] = inner
    return out


def is_told(world: World, message: Json) -> bool:
    """Tell whether a message's words are the bot's, to it in private, or mention it."""
    named = any(each["id"] == world.app_id for each in message["mentions"])
    channel = world.channels.get(message["channel_id"])
    private = bool(channel and channel["type"] == DM)
    return named or private or message["author"]["id"] == world.app_id


def _is_there(world: World, kind: str, guild: str | None, channel: str | None) -> bool:
    """Tell whether the bot is in the guild, and sees the channel that it happened in."""
    if guild is None or kind == "GUILD_DELETE":
        return True
    if guild not in world.guilds or not world.find_member(guild, world.app_id):
        return False
    if channel is None or kind == "INTERACTION_CREATE" or channel not in world.channels:
        return True
    held = world.may(world.channels[channel], world.app_id)
    return bool(held & permissions.BITS["view_channel"])
