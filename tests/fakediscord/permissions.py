"""Who may do what where: roles, and what channels add and take (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

BITS = {
    "kick_members": 1 << 1,
    "ban_members": 1 << 2,
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_audit_log": 1 << 7,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "connect": 1 << 20,
    "move_members": 1 << 24,
    "change_nickname": 1 << 26,
    "manage_nicknames": 1 << 27,
    "manage_roles": 1 << 28,
    "manage_webhooks": 1 << 29,
    "use_application_commands": 1 << 31,
    "manage_events": 1 << 33,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "create_private_threads": 1 << 36,
    "send_messages_in_threads": 1 << 38,
    "moderate_members": 1 << 40,
    "create_events": 1 << 44,
    "send_polls": 1 << 49,
    "pin_messages": 1 << 51,
}
ALL = (1 << 53) - 1


def bits(names: Iterable[str]) -> int:
    """Add permissions up; an unknown name is a KeyError."""
    total = 0
    for name in names:
        total |= BITS[name]
    return total


USUAL = bits(
    [
        "add_reactions",
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "connect",
        "change_nickname",
        "use_application_commands",
        "create_public_threads",
        "send_messages_in_threads",
        "send_polls",
    ]
)
"""What everybody may do in a new guild."""
INVITED = ALL & ~BITS["administrator"]
"""What the bot may do when a test does not say."""


def of_member(guild: dict[str, Any], member: dict[str, Any]) -> int:
    """Add up a member's roles; its owner and administrators may do everything."""
    if guild["owner_id"] == member["user"]["id"]:
        return ALL
    held = {guild["id"], *member["roles"]}
    total = 0
    for role in guild["roles"]:
        total |= int(role["permissions"]) if role["id"] in held else 0
    return ALL if total & BITS["administrator"] else total


def in_channel(guild: dict[str, Any], member: dict[str, Any], channel: dict[str, Any]) -> int:
    """Apply a channel's overwrites: everyone's, then those of roles together, then the member's."""
    total = of_member(guild, member)
    if total == ALL:
        return ALL
    by_id = {each["id"]: each for each in channel.get("permission_overwrites", [])}
    roles = [by_id[role] for role in member["roles"] if role in by_id]
    everyone, own = by_id.get(guild["id"]), by_id.get(member["user"]["id"])
    for group in ([everyone], roles, [own]):
        stated = [each for each in group if each]
        for each in stated:
            total &= ~int(each["deny"])
        for each in stated:
            total |= int(each["allow"])
    return total if total & BITS["view_channel"] else 0


def top_role(guild: dict[str, Any], member: dict[str, Any]) -> int:
    """Find how high a member's highest role stands; nobody gives or takes a role above it."""
    if guild["owner_id"] == member["user"]["id"]:
        return 1 << 30
    return max(
        (role["position"] for role in guild["roles"] if role["id"] in member["roles"]), default=0
    )
