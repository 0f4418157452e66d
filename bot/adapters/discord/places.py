"""Which of Discord's channels are spaces of communities, and which community a server is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import discord

from bot.adapters.discord.convert import Place
from bot.adapters.discord.settings import PLATFORM
from bot.domain.model import Community, Space
from bot.domain.ports import Catalogue


class Servers(Protocol):
    """What is known of the servers that Weaver is on."""

    def get_guild(self, identity: int, /) -> discord.Guild | None:
        """One server; None where Weaver is not."""
        ...


class Places:
    """The spaces of the communities as they are now, by the channels that they are."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._found: Sequence[Community] | None = None
        self._spaces: dict[str, Space] = {}
        self._owners: dict[str, Community] = {}

    @property
    def spaces(self) -> Mapping[str, Space]:
        """Spaces by the ids of their channels."""
        communities = self._catalogue.communities()
        if communities is not self._found:
            self._found = communities
            every = [
                (space, community)
                for community in communities
                for space in community.spaces
                if space.platform == PLATFORM
            ]
            self._spaces = {space.id: space for space, _ in every}
            self._owners = {space.id: community for space, community in every}
        return self._spaces

    @property
    def only(self) -> Space | None:
        """A space of the one community that is on Discord; None where there are several."""
        found = [
            next(one for one in community.spaces if one.platform == PLATFORM)
            for community in self._catalogue.communities()
            if any(one.platform == PLATFORM for one in community.spaces)
        ]
        return found[0] if len(found) == 1 else None

    def of(self, channel: str, guild: discord.Guild | None) -> Place | None:
        """The place of a channel or thread; None where it is no space, or not known yet."""
        space = self.spaces.get(channel)
        if space is not None:
            return Place(space, channel)
        thread = guild.get_thread(int(channel)) if guild else None
        return self.of_thread(thread) if thread else None

    def of_thread(self, thread: discord.Thread) -> Place | None:
        """The place of a thread: a part of the space that it is in."""
        space = self.spaces.get(str(thread.parent_id))
        if space is None:
            return None
        forum = isinstance(thread.parent, discord.ForumChannel)
        names = tuple(tag.name.replace(" ", "") for tag in thread.applied_tags) if forum else ()
        return Place(space, str(thread.id), True, forum, str(thread.owner_id), names)

    def of_data(self, data: Mapping[str, Any], parent: Mapping[str, Any]) -> Place | None:
        """The place of a thread as the API tells of it, with the channel that it is in."""
        space = self.spaces.get(str(data.get("parent_id")))
        if space is None:
            return None
        named = {str(tag["id"]): str(tag["name"]) for tag in parent.get("available_tags") or ()}
        tags = (named.get(str(tag), "") for tag in data.get("applied_tags") or ())
        names = tuple(tag.replace(" ", "") for tag in tags if tag)
        owner = str(data.get("owner_id") or "")
        return Place(space, str(data["id"]), True, parent.get("type") in FORUMS, owner, names)

    def in_guild(self, guild: discord.Guild) -> Iterator[tuple[Community, list[Space]]]:
        """The communities of a server, each with its spaces there, in their own order."""
        known = self.spaces
        owners = {
            owner.id: owner
            for channel in guild.channels
            if (owner := self._owners.get(str(channel.id))) is not None
        }
        for community in owners.values():
            mine = [space for space in community.spaces if known.get(space.id) is space]
            yield community, [one for one in mine if guild.get_channel(int(one.id)) is not None]

    def lobbies(self, guild: discord.Guild) -> Iterator[Space]:
        """Where each community of a server meets who arrives."""
        for _, spaces in self.in_guild(guild):
            open_to_all = [one for one in spaces if one.purpose not in ("hosts", "audience")]
            yield from [one for one in open_to_all if one.purpose == "lobby"][:1] or open_to_all[:1]

    def asked_in(self, channel: str, guild: discord.Guild | None) -> Space | None:
        """The space that a command concerns: the one it is given in, or the server's only one."""
        place = self.of(channel, guild)
        if place is not None or guild is None:
            return place.space if place else None
        found = [spaces[0] for _, spaces in self.in_guild(guild)]
        return found[0] if len(found) == 1 else None


FORUMS = (15, 16)
"""Types of channels in which every thread begins with a post of its own."""
