"""Which roles people have: told when that is news, and not again while it stays so."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import discord

from bot.adapters.discord.convert import member_of
from bot.adapters.discord.places import Places
from bot.adapters.discord.settings import PLATFORM
from bot.domain.events import RolesChanged
from bot.domain.model import Role

REMEMBERED = 16_384
"""People of whom it is remembered which roles were told last."""


@dataclass
class Holding:
    """What was told last of each person of a server."""

    places: Places
    _told: OrderedDict[tuple[int, str], frozenset[str]] = field(default_factory=OrderedDict)

    def news(
        self, guild: discord.Guild, user: Mapping[str, Any], member: Mapping[str, Any]
    ) -> list[RolesChanged]:
        """What is new of somebody's roles, for each community of the server."""
        if user.get("bot") or "roles" not in member:
            return []
        key, held = (guild.id, str(user["id"])), frozenset(map(str, member["roles"]))
        if self._told.get(key) == held:
            return []
        self._told[key] = held
        self._told.move_to_end(key)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        now = datetime.now(UTC)
        what = f"r{guild.id}/{user['id']}/{now.timestamp():.6f}"
        who, roles = member_of(user, member.get("nick")), tuple(_roles(guild, held))
        return [
            RolesChanged(f"{what}/{space.id}", now, space, who, roles)
            for space in self.places.lobbies(guild)
        ]


def _roles(guild: discord.Guild, held: frozenset[str]) -> list[Role]:
    """Roles by their ids, named where the server is known to have them."""
    found = [(one, guild.get_role(int(one))) for one in sorted(held)]
    return [Role(PLATFORM, one, role.name if role else "") for one, role in found]
