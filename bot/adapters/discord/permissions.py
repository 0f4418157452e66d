"""What Weaver may do in a channel, and what it lacks, in Discord's own words. Pure.

The order of overwrites is Discord's: everyone, then all roles together, then the member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NEEDED: Mapping[str, int] = {
    "View Channel": 1 << 10,
    "Send Messages": 1 << 11,
    "Read Message History": 1 << 16,
    "Attach Files": 1 << 15,
    "Add Reactions": 1 << 6,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
"""What it takes in every space, under the names that Discord shows."""
ALSO: Mapping[str, int] = {
    "Manage Threads": 1 << 34,
    "Create Events": 1 << 44,
    "Manage Roles": 1 << 28,
    "View Audit Log": 1 << 7,
}
"""What some acts take: closing threads, the calendar, roles, and seeing who invited Weaver."""
WANTED = sum({**NEEDED, **ALSO}.values())
INVITE = (
    "https://discord.com/oauth2/authorize?client_id={application}"
    "&scope=bot%20applications.commands&permissions={permissions}"
)
_ADMINISTRATOR = 1 << 3
_ROLE, _MEMBER = 0, 1
Data = Mapping[str, Any]


def invitation(application: int | str, guild: int | str | None = None) -> str:
    """The link that adds Weaver to a server, or gives it what it lacks there, in one click."""
    link = INVITE.format(application=application, permissions=WANTED)
    return f"{link}&guild_id={guild}&disable_guild_select=true" if guild else link


def lacking(guild: Data, roles: Sequence[Data], member: Data, channel: Data) -> list[str]:
    """The permissions that Weaver (a member) needs in a channel and has not."""
    may = allowed(str(guild["id"]), roles, member, channel)
    return [name for name, bit in NEEDED.items() if not may & bit]


def allowed(guild: str, roles: Sequence[Data], member: Data, channel: Data) -> int:
    """What a member may do in a channel, as Discord's bits."""
    mine = {guild, *map(str, member.get("roles") or ())}
    may = 0
    for role in roles:
        if str(role["id"]) in mine:
            may |= int(role["permissions"])
    if may & _ADMINISTRATOR:
        return (1 << 53) - 1
    overwrites = channel.get("permission_overwrites") or ()
    person = str((member.get("user") or {}).get("id"))
    for group in (
        [one for one in overwrites if str(one["id"]) == guild],
        [
            one
            for one in overwrites
            if int(one["type"]) == _ROLE and str(one["id"]) in mine - {guild}
        ],
        [one for one in overwrites if int(one["type"]) == _MEMBER and str(one["id"]) == person],
    ):
        denied = granted = 0
        for one in group:
            denied |= int(one["deny"])
            granted |= int(one["allow"])
        may = may & ~denied | granted
    return may
