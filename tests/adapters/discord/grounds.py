"""A server with people on it, as the contract of adapters needs to see it: the real client on
tests/fakediscord."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.settings import Discord, DiscordSettings
from bot.domain.commands import CommandSpec, Holder
from bot.domain.model import Community, Space
from tests.adapters.contract import Grounds
from tests.adapters.notebook import Notebook


class Listed:
    """A catalogue that a test fills."""

    def __init__(self, *communities: Community, specs: Sequence[CommandSpec] = ()) -> None:
        self.listed, self._specs = communities, specs

    def communities(self) -> Sequence[Community]:
        return self.listed

    def specs(self) -> Sequence[CommandSpec]:
        return self._specs

    async def complete(
        self, space: Space, spec: CommandSpec, parameter: str, begun: str
    ) -> Sequence[str]:
        return [f"{spec.group} {parameter} {begun}"]


class Nobody:
    """Founds nothing."""

    async def found(self, community: Community, hosts: Sequence[Holder]) -> None:
        raise AssertionError(community)

    async def left(self, communities: Sequence[str]) -> None:
        return

    async def returned(self, communities: Sequence[str]) -> None:
        return

    async def bury(self, after: timedelta) -> int:
        return 0


class DiscordGrounds(Grounds):
    """One server with a lobby, an audience and Ada, who talks there."""

    def __init__(self, discord: Any, folder: Path, **settings: Any) -> None:
        super().__init__()
        self.discord = discord
        self.ada = discord.person("Ada")
        self.garden = discord.guild("Garden", self.ada)
        self.here = self.garden.channel("lobby")
        self.column = self.garden.channel("roses")
        self.lobby = Space("discord", str(self.here.id), "lobby", "lobby")
        self.audience = Space("discord", str(self.column.id), "roses", "audience")
        self.nowhere = Space("discord", "123456789012345678", "nowhere")
        self.community = Community(
            "garden", "The garden", spaces=(self.lobby, self.audience), hosts=frozenset()
        )
        self.state, self.catalogue = Notebook(), Listed(self.community)
        self.settings = DiscordSettings(api=discord.url, gateway=discord.gateway_url, **settings)
        self.folder = folder
        self.said: dict[str, Any] = {}
        self.adapter: DiscordAdapter = self.anew()

    def anew(self) -> DiscordAdapter:
        """An adapter as it is after a restart."""
        found = Discord(self.settings, self.discord.token)
        return DiscordAdapter(found, self.state, self.catalogue, self.folder, Nobody())

    def says(self, text: str) -> str:
        message = self.ada.says(self.here, text)
        post = f"{self.here.id}/{message.id}"
        self.said[post] = message
        return post

    def deletes(self, post: str) -> None:
        self.ada.deletes(self.said[post])

    def seen(self) -> list[str]:
        return [self._shown(one) for place in (self.here, self.column) for one in place.by_bot]

    def _shown(self, message: Any) -> str:
        reference = message.data.get("message_reference") or {}
        if reference.get("type") == 1:
            return f"{reference['channel_id']}/{reference['message_id']}"
        return str(message.content)

    def closes(self) -> None:
        self.loop.run(self.adapter.close())
        self.loop.run(asyncio.sleep(0))
