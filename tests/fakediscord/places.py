"""What tests hold in their hands: guilds, channels and messages that tell what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakediscord import commands, messages, permissions, shapes
from tests.fakediscord.shapes import Json

if TYPE_CHECKING:
    from tests.fakediscord.people import Person
    from tests.fakediscord.server import FakeDiscord


@dataclass(frozen=True)
class Message:
    """Something that was said; it may have been changed or deleted since."""

    server: FakeDiscord
    id: str

    @property
    def is_there(self) -> bool:
        """Whether it has not been deleted."""
        return self.id in self.server.world.messages

    @property
    def data(self) -> Json:
        """All that Discord knows of it."""
        world = self.server.world
        return self.server.do(lambda: messages.shown(world, world.messages[self.id]))

    @property
    def content(self) -> str:
        """Its words."""
        words: str = self.data["content"]
        return words

    @property
    def channel(self) -> Channel:
        """Where it is."""
        return Channel(self.server, self.data["channel_id"])

    @property
    def thread(self) -> Channel | None:
        """The thread that began from it."""
        return Channel(self.server, self.id) if self.id in self.server.world.channels else None

    @property
    def reactions(self) -> dict[str, int]:
        """How often each emoji was given."""
        given = self.data.get("reactions", [])
        return {each["emoji"]["name"]: each["count"] for each in given}

    @property
    def pinged(self) -> set[str]:
        """Whom it pings, by name; ``everyone`` and roles as ``&id``."""
        data = self.data
        names = {each["username"] for each in data["mentions"]}
        names |= {f"&{role}" for role in data["mention_roles"]}
        return names | ({"everyone"} if data["mention_everyone"] else set())


@dataclass(frozen=True)
class Channel:
    """A channel, a thread, a forum or somebody's direct messages."""

    server: FakeDiscord
    id: str

    @property
    def data(self) -> Json:
        """All that Discord knows of it."""
        return self.server.world.channels[self.id]

    @property
    def is_there(self) -> bool:
        """Whether it has not been deleted."""
        return self.id in self.server.world.channels

    @property
    def name(self) -> str:
        """Its name."""
        name: str = self.data["name"]
        return name

    @property
    def guild(self) -> Guild:
        """The guild it is in."""
        return Guild(self.server, self.data["guild_id"])

    @property
    def messages(self) -> list[Message]:
        """What stands there, the oldest first."""
        there = list(self.server.world.messages.values())
        return [Message(self.server, each["id"]) for each in there if each["channel_id"] == self.id]

    @property
    def by_bot(self) -> list[Message]:
        """What the bot said there, the oldest first."""
        own = self.server.world.app_id
        return [each for each in self.messages if each.data["author"]["id"] == own]

    @property
    def threads(self) -> list[Channel]:
        """The threads and posts under it, the oldest first."""
        there = list(self.server.world.channels.values())
        inside = [each for each in there if each.get("parent_id") == self.id]
        return [Channel(self.server, each["id"]) for each in inside]

    def tag(self, name: str) -> str:
        """Find the id of a forum's tag."""
        tags = self.data["available_tags"]
        return next(each["id"] for each in tags if each["name"] == name)

    def overwrite(
        self, target: str | None = None, allow: Iterable[str] = (), deny: Iterable[str] = ()
    ) -> None:
        """Add or take permissions here for a role or member; for the bot when none is named."""
        server, world = self.server, self.server.world
        id_ = target or world.app_id
        is_role = any(role["id"] == id_ for role in self.guild.data["roles"])
        new = {"id": id_, "type": 0 if is_role else 1}
        new |= {"allow": str(permissions.bits(allow)), "deny": str(permissions.bits(deny))}
        kept = [each for each in self.data["permission_overwrites"] if each["id"] != id_]
        changes = {"permission_overwrites": [*kept, new]}
        server.do(lambda: world.change_channel(self.data, changes))

    def changes(self, **to: Any) -> None:
        """Let somebody who may change it: ``changes(name="tea")``, ``changes(archived=True)``."""
        self.server.do(lambda: self.server.world.change_channel(self.data, to))

    def is_deleted(self) -> None:
        """Let somebody who may delete it."""
        self.server.do(lambda: self.server.world.close_channel(self.data))


@dataclass(frozen=True)
class Guild:
    """A server, as its members call it."""

    server: FakeDiscord
    id: str

    @property
    def data(self) -> Json:
        """All that Discord knows of it."""
        return self.server.world.guilds[self.id]

    @property
    def events(self) -> list[Json]:
        """Its scheduled events, the oldest first."""
        everywhere = list(self.server.world.events.values())
        return [each for each in everywhere if each["guild_id"] == self.id]

    @property
    def channels(self) -> list[Channel]:
        """Its channels, in order."""
        return [Channel(self.server, each["id"]) for each in self.data["channels"]]

    def channel(self, name: str, kind: int = shapes.TEXT, **more: Any) -> Channel:
        """Open a channel."""
        world = self.server.world
        made = self.server.do(lambda: world.open_channel(self.data, name, kind, **more))
        return Channel(self.server, made["id"])

    def announcements(self, name: str) -> Channel:
        """Open a channel whose messages can be published."""
        return self.channel(name, shapes.ANNOUNCEMENT)

    def stage(self, name: str) -> Channel:
        """Open a stage."""
        return self.channel(name, shapes.STAGE)

    def forum(self, name: str, tags: Iterable[str] = (), *, require_tag: bool = False) -> Channel:
        """Open a forum, which may ask for a tag on every post."""
        tag = {"moderated": False, "emoji_id": None, "emoji_name": None}
        stamp = self.server.clock.snowflake
        described = [tag | {"id": self.server.do(stamp), "name": each} for each in tags]
        flags = shapes.REQUIRE_TAG if require_tag else 0
        return self.channel(name, shapes.FORUM, available_tags=described, flags=flags)

    def role(self, name: str, *granted: str) -> str:
        """Make a role; return its id."""
        bits = permissions.bits(granted)
        made = self.server.do(lambda: self.server.world.add_role(self.data, name, bits))
        id_: str = made["id"]
        return id_

    def changes(self, **to: Any) -> None:
        """Let its owner change it: ``changes(system_channel_id=lobby.id)``."""

        def change() -> None:
            self.data.update(to)
            only = shapes.ONLY_AT_CREATE
            told = {key: value for key, value in self.data.items() if key not in only}
            self.server.world.tell("GUILD_UPDATE", told, self.id, None)

        self.server.do(change)

    def invites_bot(self, inviter: Person, granted: int = permissions.INVITED) -> None:
        """Let somebody add the bot, with these permissions."""
        world = self.server.world
        self.server.do(lambda: world.invite_bot(self.data, inviter.data, granted))

    def removes_bot(self) -> None:
        """Let somebody put the bot out."""
        self.server.do(lambda: self.server.world.remove_bot(self.data))

    def grants_bot(self, *names: str) -> None:
        """Give the bot exactly these permissions."""
        self._set_bots_permissions(permissions.bits(names))

    def takes_from_bot(self, *names: str) -> None:
        """Take these permissions from the bot."""
        role = self._bots_role()
        self._set_bots_permissions(int(role["permissions"]) & ~permissions.bits(names), names)

    def _bots_role(self) -> Json:
        own = self.server.world.app_id
        roles = self.data["roles"]
        return next(each for each in roles if each.get("tags", {}).get("bot_id") == own)

    def _set_bots_permissions(self, held: int, from_everyone: Iterable[str] = ()) -> None:
        def change() -> None:
            everyone, own = self.data["roles"][0], self._bots_role()
            own["permissions"] = str(held)
            less = permissions.bits(from_everyone) if from_everyone else permissions.ALL & ~held
            everyone["permissions"] = str(int(everyone["permissions"]) & ~less)
            for role in (everyone, own):
                told = {"guild_id": self.id, "role": role}
                self.server.world.tell("GUILD_ROLE_UPDATE", told, self.id, None)

        self.server.do(change)

    def lets_use(self, command: str, allowed: dict[str, bool]) -> None:
        """Say in the guild's settings which roles, people or channels may use a command."""

        def say() -> None:
            world = self.server.world
            found = commands.named(world, self.id, command, commands.CHAT_INPUT)
            roles = {role["id"] for role in self.data["roles"]}
            kind = {True: commands.ON_ROLE, False: commands.ON_USER}
            stated = [
                {"id": id_, "type": kind[id_ in roles], "permission": may}
                for id_, may in allowed.items()
            ]
            for each in stated:
                if each["id"] in world.channels or each["id"] == str(int(self.id) - 1):
                    each["type"] = commands.ON_CHANNEL
            world.command_permissions[(self.id, found["id"])] = stated
            told = {"id": found["id"], "application_id": world.app_id, "guild_id": self.id}
            told |= {"permissions": stated}
            world.tell("APPLICATION_COMMAND_PERMISSIONS_UPDATE", told, self.id, None)

        self.server.do(say)

    def goes_down(self) -> None:
        """Let the guild become unavailable, as in an outage; what happens in it is not told."""

        def down() -> None:
            self.server.world.down.add(self.id)
            told = {"id": self.id, "unavailable": True}
            self.server.world.tell("GUILD_DELETE", told, self.id, None)

        self.server.do(down)

    def comes_back(self) -> None:
        """End the outage."""

        def back() -> None:
            self.server.world.down.discard(self.id)
            self.server.world.tell("GUILD_CREATE", self.data, self.id, None)

        self.server.do(back)

    def onboards(self, **more: Any) -> None:
        """Set up what newcomers are asked."""
        nothing = {"guild_id": self.id, "prompts": [], "default_channel_ids": [], "enabled": True}
        nothing |= {"mode": 0, "below_requirements": False, "responses": []}
        self.server.world.onboarding[self.id] = nothing | more
