"""What an operator should know of Weaver on Discord: token, intents, channels, permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.discord.api import Api
from bot.adapters.discord.permissions import invitation, lacking
from bot.adapters.discord.settings import DiscordSettings
from bot.domain.model import Space
from bot.domain.ports import Rejected, TryLater
from bot.domain.text import join_words

_MEMBERS, _WORDS = (1 << 14) | (1 << 15), (1 << 18) | (1 << 19)
"""Flags of an application: its members and content intents, in full or limited."""


@dataclass(frozen=True, slots=True)
class Health:
    """How Weaver is on Discord. ``wrong`` says what a person has to mend, one thing a line."""

    name: str = ""
    invitation: str = ""
    """The link that adds Weaver to a server."""
    spaces: int = 0
    """Channels that were looked at."""
    wrong: tuple[str, ...] = ()


@dataclass
class Examination:
    """Look at an application, and at each channel that is a space."""

    api: Api
    settings: DiscordSettings
    _wrong: list[str] = field(default_factory=list)
    _servers: dict[str, tuple[Any, Any, Any]] = field(default_factory=dict)

    async def look(self, spaces: Iterable[Space]) -> Health:
        """Tell how it is; reads only."""
        try:
            client = await self.api.client()
            about = await self.api.call("GET", "/applications/@me")
            self._intents(int(about.get("flags") or 0))
            every = list(spaces)
            for space in every:
                await self._space(space)
        except TryLater as answer:
            return Health(wrong=(str(answer),))
        except OSError as error:
            words = f"gave no answer ({type(error).__name__}); try again"
            return Health(wrong=(f"{self.settings.api} {words}",))
        name = client.user.name if client.user else ""
        link = invitation(self.api.application)
        return Health(name, link, len(every), tuple(self._wrong))

    def _intents(self, flags: int) -> None:
        """Compare what is asked of the gateway with what is switched on for the application."""
        for wanted, bits, name in (
            (self.settings.sees_members, _MEMBERS, "Server Members Intent"),
            (self.settings.sees_words, _WORDS, "Message Content Intent"),
        ):
            if wanted and not flags & bits:
                self._wrong.append(
                    f"{name} is not switched on for the application, so Discord will refuse the "
                    f"line: switch it on in the developer portal under Bot, or do without it in "
                    f"discord.intents, which says {self.settings.intents!r}"
                )

    async def _space(self, space: Space) -> None:
        """Look whether Weaver can be in a channel as it must."""
        name = f"#{space.name}" if space.name != space.id else f"channel {space.id}"
        try:
            channel = await self.api.found("/channels/{channel_id}", channel_id=int(space.id))
            if channel is None:
                self._wrong.append(f"{name} is not there any more: take it out, or name another")
                return
            guild, roles, member = await self._server(str(channel["guild_id"]))
        except Rejected:
            self._wrong.append(
                f"{name} cannot be seen by Weaver: add it to the server, or let it see the "
                f"channel; this link does: {invitation(self.api.application)}"
            )
            return
        lacks = lacking(guild, roles, member, channel)
        if lacks:
            link = invitation(self.api.application, guild["id"])
            self._wrong.append(f"in {name} Weaver lacks {join_words(lacks)}; one click: {link}")

    async def _server(self, guild: str) -> tuple[Any, Any, Any]:
        """A server, its roles, and Weaver as a member of it."""
        if guild not in self._servers:
            told = await self.api.call("GET", "/guilds/{guild_id}", guild_id=int(guild))
            member = await self.api.call(
                "GET",
                "/guilds/{guild_id}/members/{user_id}",
                guild_id=int(guild),
                user_id=int(self.api.me),
            )
            self._servers[guild] = (told, told["roles"], member)
        return self._servers[guild]
