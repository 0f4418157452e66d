"""Reactions: who gave which emoji to a message, each once."""

from __future__ import annotations

from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World


def react(world: World, message: Json, user_id: str, emoji: str) -> None:
    """Put a reaction; a second one of the same person changes nothing."""
    given = message.setdefault("_reactions", {}).setdefault(emoji, [])
    if user_id not in given:
        given.append(user_id)
        _tell(world, "MESSAGE_REACTION_ADD", message, user_id, emoji)


def unreact(world: World, message: Json, user_id: str, emoji: str) -> None:
    """Take a reaction away, if it is there."""
    given = message.get("_reactions", {}).get(emoji, [])
    if user_id in given:
        given.remove(user_id)
        _tell(world, "MESSAGE_REACTION_REMOVE", message, user_id, emoji)


def counted(world: World, emoji: str, who: list[str]) -> Json:
    """Count one emoji of a message."""
    own = world.app_id in who
    counts = {"burst": 0, "normal": len(who)}
    out = {"emoji": emoji_of(emoji), "count": len(who), "count_details": counts, "me": own}
    return out | {"me_burst": False, "burst_colors": []}


def emoji_of(text: str) -> Json:
    """Read an emoji: a character, or ``name:id`` of a guild's own."""
    name, _, id_ = text.partition(":")
    return {"id": id_ or None, "name": name}


def _tell(world: World, kind: str, message: Json, user_id: str, emoji: str) -> None:
    told = {"user_id": user_id, "emoji": emoji_of(emoji), "type": 0, "burst": False}
    told["message_author_id"] = message["author"]["id"]
    guild = world.channels[message["channel_id"]].get("guild_id")
    if guild and kind == "MESSAGE_REACTION_ADD" and (who := world.find_member(guild, user_id)):
        told["member"] = who
    told["message_id"] = message["id"]
    told["channel_id"] = message["channel_id"]
    told |= {"guild_id": guild} if guild else {}
    world.tell(kind, told, guild, message["channel_id"])
