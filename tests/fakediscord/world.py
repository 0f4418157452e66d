"""All that is true on this Discord: accounts, guilds, channels, members. Every change is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakediscord import permissions, shapes
from tests.fakediscord.clock import Clock
from tests.fakediscord.errors import Refused
from tests.fakediscord.shapes import Json

Tell = Callable[[str, Json, "str | None", "str | None"], None]
"""Hears of an event: its type, what it carries, and the guild and channel it happened in."""


class World:
    """The state that REST and gateway show. It holds the very objects that travel."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.tell: Tell = lambda *_: None
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, Json] = {}
        self.nonces: dict[tuple[str, str], tuple[float, str]] = {}
        self.events: dict[str, Json] = {}
        self.interested: dict[str, set[str]] = {}
        self.bans: dict[str, dict[str, str | None]] = {}
        self.audit: dict[str, list[Json]] = {}
        self.commands: dict[str | None, list[Json]] = {None: []}
        self.command_permissions: dict[tuple[str, str], list[Json]] = {}
        self.onboarding: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.closed: set[str] = set()
        self.down: set[str] = set()
        self.typing: list[str] = []
        self.bot = self.account("Weaver", bot=True)
        self.app_id: str = self.bot["id"]

    def account(self, name: str, *, bot: bool = False) -> Json:
        """Open an account."""
        made = shapes.user(self.clock.snowflake(), name, bot=bot)
        self.users[made["id"]] = made
        return made

    # What is there

    def guild(self, id_: str) -> Json:
        """Find a guild that the bot is in."""
        found = self.guilds.get(id_)
        if not found or not self.find_member(id_, self.app_id):
            raise Refused(10004)
        return found

    def channel(self, id_: str) -> Json:
        """Find a channel, a thread or a direct message."""
        if id_ not in self.channels:
            raise Refused(10003)
        return self.channels[id_]

    def message(self, channel_id: str, id_: str) -> Json:
        """Find a message in its channel."""
        found = self.messages.get(id_)
        if not found or found["channel_id"] != channel_id:
            raise Refused(10008)
        return found

    def find_member(self, guild_id: str, user_id: str) -> Json | None:
        """Find somebody in a guild."""
        members = self.guilds[guild_id]["members"]
        return next((each for each in members if each["user"]["id"] == user_id), None)

    def member(self, guild_id: str, user_id: str) -> Json:
        """Find somebody in a guild, or refuse."""
        found = self.find_member(guild_id, user_id)
        if not found:
            raise Refused(10007 if user_id in self.users else 10013)
        return found

    def role(self, guild_id: str, id_: str) -> Json:
        """Find a role of a guild."""
        found = next((each for each in self.guilds[guild_id]["roles"] if each["id"] == id_), None)
        if not found:
            raise Refused(10011)
        return found

    # Who may do what

    def may(self, channel: Json, user_id: str) -> int:
        """Add up what somebody may do in a channel; a thread follows its parent."""
        if "guild_id" not in channel:
            return permissions.ALL
        guild = self.guilds[channel["guild_id"]]
        member = self.find_member(guild["id"], user_id)
        parent = channel
        if channel["type"] in shapes.THREADS:
            parent = self.channels.get(channel["parent_id"], channel)
        return permissions.in_channel(guild, member, parent) if member else 0

    def require(self, channel: Json, *names: str) -> None:
        """Refuse the bot what it may not do in a channel."""
        held = self.may(channel, self.app_id)
        if not held & permissions.BITS["view_channel"]:
            raise Refused(50001)
        wanted = permissions.bits(names)
        if held & wanted != wanted:
            raise Refused(50013)

    def require_in_guild(self, guild_id: str, *names: str) -> Json:
        """Refuse the bot what it may not do in a guild; return the guild."""
        guild = self.guild(guild_id)
        held = permissions.of_member(guild, self.member(guild_id, self.app_id))
        wanted = permissions.bits(names)
        if held & wanted != wanted:
            raise Refused(50013)
        return guild

    def require_rank(self, guild_id: str, role: Json) -> None:
        """Refuse the bot a role that stands as high as its own, or that Discord manages."""
        guild = self.guild(guild_id)
        own = permissions.top_role(guild, self.member(guild_id, self.app_id))
        if role["position"] >= own or role["managed"] or role["id"] == guild_id:
            raise Refused(50013)

    # What happens to guilds, channels and members

    def found(self, name: str, owner: Json) -> Json:
        """Found a guild; the bot is not in it yet."""
        at = self.clock.stamp()
        guild = shapes.guild(self.clock.snowflake(), name, owner["id"], at, permissions.USUAL)
        self.guilds[guild["id"]] = guild
        self.bans[guild["id"]], self.audit[guild["id"]] = {}, []
        self.commands[guild["id"]] = []
        self.enter(guild, owner)
        return guild

    def invite_bot(self, guild: Json, inviter: Json, granted: int) -> None:
        """Add the bot, with its own managed role, as the audit log tells."""
        tags = {"bot_id": self.app_id}
        place = len(guild["roles"])
        name = self.bot["username"]
        role = shapes.role(self.clock.snowflake(), name, granted, place, managed=True, tags=tags)
        guild["roles"].append(role)
        member = shapes.member(self.bot, self.clock.stamp())
        member["roles"] = [role["id"]]
        guild["members"].append(member)
        guild["member_count"] += 1
        self.note(guild["id"], 28, inviter["id"], self.app_id)
        fresh = {key: value for key, value in guild.items() if key != "unavailable"}
        self.tell("GUILD_CREATE", fresh, guild["id"], None)

    def remove_bot(self, guild: Json) -> None:
        """Take the bot out of a guild."""
        self.leave(guild, self.app_id)
        self.tell("GUILD_DELETE", {"id": guild["id"]}, guild["id"], None)

    def enter(self, guild: Json, account: Json, *, pending: bool = False) -> Json:
        """Let somebody in."""
        member = shapes.member(account, self.clock.stamp(), pending=pending)
        guild["members"].append(member)
        guild["member_count"] += 1
        self.tell("GUILD_MEMBER_ADD", member | {"guild_id": guild["id"]}, guild["id"], None)
        return member

    def leave(self, guild: Json, user_id: str) -> None:
        """Let somebody go, or put them out."""
        member = self.member(guild["id"], user_id)
        guild["members"].remove(member)
        guild["member_count"] -= 1
        if user_id != self.app_id:
            gone = {"guild_id": guild["id"], "user": member["user"]}
            self.tell("GUILD_MEMBER_REMOVE", gone, guild["id"], None)

    def ban(self, guild: Json, user_id: str, by: str, why: str | None = None) -> None:
        """Put somebody out and keep them out."""
        if user_id not in self.users:
            raise Refused(10013)
        self.bans[guild["id"]][user_id] = why
        self.note(guild["id"], 22, by, user_id, reason=why)
        told = {"guild_id": guild["id"], "user": self.users[user_id]}
        self.tell("GUILD_BAN_ADD", told, guild["id"], None)
        if self.find_member(guild["id"], user_id):
            self.leave(guild, user_id)

    def unban(self, guild: Json, user_id: str, by: str) -> None:
        """Let somebody come again."""
        del self.bans[guild["id"]][user_id]
        self.note(guild["id"], 23, by, user_id)
        told = {"guild_id": guild["id"], "user": self.users[user_id]}
        self.tell("GUILD_BAN_REMOVE", told, guild["id"], None)

    def change_member(self, guild_id: str, user_id: str, **changes: Any) -> Json:
        """Change somebody's roles, nickname, screening or flags."""
        member = self.member(guild_id, user_id)
        member.update(changes)
        self.tell("GUILD_MEMBER_UPDATE", member | {"guild_id": guild_id}, guild_id, None)
        return member

    def open_channel(self, guild: Json, name: str, kind: int = shapes.TEXT, **more: Any) -> Json:
        """Open a channel."""
        place = len(guild["channels"])
        made = shapes.channel(self.clock.snowflake(), guild["id"], name, kind, place)
        made |= {key: value for key, value in more.items() if value is not None}
        guild["channels"].append(made)
        self.channels[made["id"]] = made
        self.tell("CHANNEL_CREATE", made, guild["id"], made["id"])
        return made

    def close_channel(self, channel: Json) -> None:
        """Delete a channel or thread, with what was said there."""
        guild = self.guilds[channel["guild_id"]]
        is_thread = channel["type"] in shapes.THREADS
        gone = shapes_of_deleted(channel) if is_thread else channel
        self.tell("THREAD_DELETE" if is_thread else "CHANNEL_DELETE", gone, guild["id"], None)
        for thread in [each for each in guild["threads"] if each["parent_id"] == channel["id"]]:
            self.close_channel(thread)
        guild["threads" if is_thread else "channels"].remove(channel)
        del self.channels[channel["id"]]
        for id_ in [
            key for key, each in self.messages.items() if each["channel_id"] == channel["id"]
        ]:
            del self.messages[id_]

    def change_channel(self, channel: Json, changes: Json) -> Json:
        """Rename a channel, archive a thread, change overwrites…"""
        of_thread = ("archived", "locked", "auto_archive_duration", "invitable")
        for key, value in changes.items():
            if key in of_thread and "thread_metadata" in channel:
                channel["thread_metadata"][key] = value
            else:
                channel[key] = value
        if changes.get("archived") is not None:
            channel["thread_metadata"]["archive_timestamp"] = self.clock.stamp()
        is_thread = channel["type"] in shapes.THREADS
        kind = "THREAD_UPDATE" if is_thread else "CHANNEL_UPDATE"
        self.tell(kind, channel, channel["guild_id"], channel["id"])
        return channel

    def add_role(self, guild: Json, name: str, granted: int = 0, **more: Any) -> Json:
        """Make a role, just above everyone's."""
        for each in guild["roles"]:
            each["position"] += each["position"] > 0
        role = shapes.role(self.clock.snowflake(), name, granted, 1, **more)
        guild["roles"].append(role)
        told = {"guild_id": guild["id"], "role": role}
        self.tell("GUILD_ROLE_CREATE", told, guild["id"], None)
        return role

    def remove_role(self, guild: Json, role: Json) -> None:
        """Delete a role; whoever had it has it no more."""
        guild["roles"].remove(role)
        for member in guild["members"]:
            if role["id"] in member["roles"]:
                member["roles"].remove(role["id"])
        told = {"guild_id": guild["id"], "role_id": role["id"]}
        self.tell("GUILD_ROLE_DELETE", told, guild["id"], None)

    def note(self, guild_id: str, action: int, by: str, target: str | None, **more: Any) -> None:
        """Write a line of a guild's audit log; it may name why, and what changed."""
        entry = {"id": self.clock.snowflake(), "user_id": by, "target_id": target, **more}
        entry["action_type"] = action
        entry = {key: value for key, value in entry.items() if key != "reason" or value}
        self.audit[guild_id].append(entry)
        told = entry | {"guild_id": guild_id}
        self.tell("GUILD_AUDIT_LOG_ENTRY_CREATE", told, guild_id, None)

    def direct(self, user_id: str) -> Json:
        """Open the direct messages with somebody, as often as one likes."""
        if user_id not in self.users:
            raise Refused(10013)
        for channel in self.channels.values():
            if channel["type"] == shapes.DM and channel["recipients"][0]["id"] == user_id:
                return channel
        made = {"id": self.clock.snowflake(), "type": shapes.DM, "last_message_id": None}
        made |= {"flags": 0, "recipients": [self.users[user_id]]}
        self.channels[made["id"]] = made
        self.tell("CHANNEL_CREATE", made, None, None)
        return made


def shapes_of_deleted(thread: Json) -> Json:
    """Say which thread is gone, and no more."""
    return {key: thread[key] for key in ("id", "guild_id", "parent_id", "type")}
