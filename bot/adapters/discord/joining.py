"""Come to a server and go: let those who manage it set their community up, step by step."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.adapters.discord.api import Api
from bot.adapters.discord.convert import member_of
from bot.adapters.discord.introduction import Introduction
from bot.adapters.discord.permissions import invitation, lacking
from bot.adapters.discord.places import Places
from bot.adapters.discord.settings import PLATFORM
from bot.adapters.discord.zones import zones_like
from bot.domain.commands import Holder
from bot.domain.errors import UserError
from bot.domain.model import Community, Purpose, Role, Space
from bot.domain.ports import AdapterState, Foundation, Rejected, TryLater
from bot.domain.recurrence import zone_named
from bot.domain.text import join_words

SETUP = "setup"
"""How the ids of the guided set-up begin."""
_TEXT = (0, 5, 15)
PLACES: Mapping[str, tuple[Purpose, str]] = {
    "lobby": ("lobby", "Where newcomers are welcomed"),
    "chat": ("chat", "Where chats happen"),
    "hosts": ("hosts", "Where only hosts read (may be left out)"),
}
"""The selects for channels: what each is for, and how it asks."""
NOT_YOURS = "Setting Weaver up is for those who manage this server; you can ask one of them."
STEPS = (
    "**{name}**, in the time of {zone}. Now choose, in any order, and press Begin. Where nobody is "
    "chosen to host, you alone do."
)
BEGUN = (
    "{name} is set up. Weaver greets newcomers in {lobby}. Next you can plan a weekly chat with "
    "/chats, name greeters and moderators with /roles give, and see all there is with /help."
)


@dataclass
class Joining:
    """Arrivals of Weaver's own, and the guided set-up by forms, selects and buttons."""

    api: Api
    places: Places
    state: AdapterState
    foundation: Foundation
    introduction: Introduction
    homes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The communities of each server that Weaver is on, by the server's id."""
    _drafting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def arrived(self, guild: discord.Guild) -> None:
        """Weaver is on a server: go on where it was before, or introduce itself once."""
        found = tuple(community.id for community, _ in self.places.in_guild(guild))
        self.homes[str(guild.id)] = found
        if found:
            await self.foundation.returned(found)
        elif not await self.state.get(_met(guild.id)):
            await self.introduction.meet(guild)
            await self.state.keep(_met(guild.id), "1")

    async def sent_away(self, guild: str) -> None:
        """Weaver was removed from a server."""
        await self.state.keep(_met(guild), "")
        if found := self.homes.pop(guild, ()):
            await self.foundation.left(found)

    async def open(self, interaction: discord.Interaction, zone: str = "") -> None:
        """Ask for the name and the zone by a form."""
        guild = interaction.guild
        form = discord.ui.Modal(title="Set Weaver up", custom_id=f"{SETUP}:named")
        name = guild.name if guild else ""
        form.add_item(_field("name", "What is your community called?", name[:100]))
        usual = zone[:100] or "Europe/London"
        form.add_item(_field("zone", "Its time zone, such as Europe/London", usual))
        form.stop()
        await interaction.response.send_modal(form)

    async def named(
        self, interaction: discord.Interaction, fields: Mapping[str, str]
    ) -> str | None:
        """Keep name and zone, and ask for the places; words for what cannot be."""
        name, zone = fields.get("name", "").strip(), fields.get("zone", "").strip()
        try:
            zone_named(zone)
        except (UserError, ValueError) as mistake:
            meant = f" Did you mean {found[0]}?" if (found := zones_like(zone)) else ""
            return f"{mistake}{meant}\nSay /setup to try again: it completes zones as you type."
        draft = {"name": name or "This community", "zone": zone}
        async with self._drafting:
            await self._keep(interaction, draft)
        await interaction.response.send_message(
            STEPS.format(**draft), view=_choices(), ephemeral=True
        )
        return None

    async def chosen(self, interaction: discord.Interaction, what: str, data: Any) -> None:
        """Keep what was chosen in one of the selects."""
        resolved = data.get("resolved") or {}
        async with self._drafting:
            draft = await self._draft(interaction)
            draft[what] = [str(one) for one in data.get("values") or ()]
            if what == "who":
                draft["users"] = list((resolved.get("users") or {}).values())
                draft["roles"] = list((resolved.get("roles") or {}).values())
            else:
                found = (resolved.get("channels") or {}).values()
                draft[f"{what} name"] = next((str(one["name"]) for one in found), what)
            await self._keep(interaction, draft)
        await interaction.response.defer()

    async def begin(self, interaction: discord.Interaction) -> str:
        """Found the community; tells what to do next, or what is missing."""
        if self.homes.get(str(interaction.guild_id)):
            return "This server is set up already; /help tells what can be changed, and how."
        draft = await self._draft(interaction)
        spaces = tuple(_spaces(draft))
        if not any(one.purpose == "lobby" for one in spaces):
            return "Choose where newcomers are welcomed; the rest may be left out."
        hosts = [*_people(draft)] or [member_of(_caller(interaction))]
        guild = interaction.guild_id
        community = Community(
            f"discord-{guild}", str(draft["name"]), str(draft["zone"]), spaces=spaces
        )
        try:
            await self.foundation.found(community, hosts)
        except UserError as mistake:
            return f"That cannot be: {mistake}."
        self.homes[str(guild)] = (community.id,)
        async with self._drafting:
            await self._keep(interaction, {})  # whom it named is kept where roles are
        words = BEGUN.format(name=community.name, lobby=f"<#{spaces[0].id}>")
        return "\n\n".join([words, *await self._lacks(guild or 0, spaces)])

    async def _lacks(self, guild: int, spaces: Sequence[Space]) -> list[str]:
        """What Weaver may not do there yet, with the one click that grants it."""
        try:
            told = await self.api.call("GET", "/guilds/{guild_id}", guild_id=guild)
            me = await self.api.call(
                "GET",
                "/guilds/{guild_id}/members/{user_id}",
                guild_id=guild,
                user_id=int(self.api.me),
            )
            found: list[str] = []
            for space in spaces:
                channel = await self.api.call(
                    "GET", "/channels/{channel_id}", channel_id=int(space.id)
                )
                if lacks := lacking(told, told["roles"], me, channel):
                    found.append(f"In <#{space.id}> Weaver still lacks {join_words(lacks)}.")
        except (Rejected, TryLater) as trouble:
            return [f"Weaver could not look at its permissions: {trouble}."]
        link = invitation(self.api.application, guild)
        return [*found, f"One click gives it what it lacks: {link}"] if found else []

    async def _draft(self, interaction: discord.Interaction) -> dict[str, Any]:
        kept = await self.state.get(f"draft:{interaction.guild_id}")
        found: dict[str, Any] = json.loads(kept) if kept else {}
        return {"name": "This community", "zone": "UTC", **found}

    async def _keep(self, interaction: discord.Interaction, draft: Mapping[str, Any]) -> None:
        await self.state.keep(f"draft:{interaction.guild_id}", json.dumps(draft))


def _met(guild: int | str) -> str:
    return f"met:{guild}"


def _spaces(draft: Mapping[str, Any]) -> list[Space]:
    """The spaces that were chosen: a channel that is chosen twice is the first of what it is."""
    found: dict[str, Space] = {}
    for what, (purpose, _) in PLACES.items():
        for channel in draft.get(what) or ():
            name = str(draft.get(f"{what} name") or channel)
            found.setdefault(channel, Space(PLATFORM, channel, name, purpose))
    return list(found.values())


def _people(draft: Mapping[str, Any]) -> list[Holder]:
    """The people and roles that were chosen as hosts."""
    roles = draft.get("roles") or ()
    return [
        *(member_of(user) for user in draft.get("users") or ()),
        *(Role(PLATFORM, str(role["id"]), str(role.get("name", ""))) for role in roles),
    ]


def _caller(interaction: discord.Interaction) -> Mapping[str, Any]:
    user = interaction.user
    return {"id": user.id, "username": user.name, "global_name": user.global_name}


def _choices() -> discord.ui.View:
    """The selects of the set-up, and the button that ends it."""
    view = discord.ui.View(timeout=None)
    kinds = [discord.ChannelType(kind) for kind in _TEXT]
    for what, (_, asks) in PLACES.items():
        view.add_item(
            discord.ui.ChannelSelect(
                custom_id=f"{SETUP}:{what}", channel_types=kinds, placeholder=asks
            )
        )
    view.add_item(
        discord.ui.MentionableSelect(
            custom_id=f"{SETUP}:who", placeholder="Who hosts", max_values=10
        )
    )
    view.add_item(discord.ui.Button(label="Begin", custom_id=f"{SETUP}:begin"))
    view.stop()
    return view


def _field(name: str, asks: str, usual: str) -> discord.ui.TextInput[Any]:
    return discord.ui.TextInput(label=asks, custom_id=name, default=usual, max_length=100)
