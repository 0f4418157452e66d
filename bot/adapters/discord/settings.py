"""The operator's ``[discord]``: what Weaver may see there; its token comes from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.config import plainly, read_secrets
from bot.domain.errors import UserError
from bot.domain.model import Community

PLATFORM = "discord"
TOKEN = "WEAVER_DISCORD_TOKEN"  # noqa: S105 - the name of a variable
_SNOWFLAKE = re.compile(r"\d{15,20}")

Intents = Literal["full", "without content", "without members", "neither"]
"""Which of Discord's two privileged intents are switched on for the application."""


class DiscordSettings(BaseModel):
    """``[discord]``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intents: Intents = "full"
    """What the application may see: members that join, the words of messages, both or neither."""
    secrets: Path | None = None
    """A file with the line ``token = "…"`` that only its owner may read."""
    shards: int | None = Field(default=None, ge=1)
    """Connections to Discord in this process; not set: as many as Discord recommends."""
    keep_days: int = Field(default=90, ge=1)
    """Days for which a community's data is kept after Weaver was removed from its server."""
    api: str = Field(default="https://discord.com/api/v10", pattern=r"^https?://[^\s]+[^/]$")
    """Where Discord's API is; for tests."""
    gateway: str = Field(default="wss://gateway.discord.gg/", pattern=r"^wss?://[^\s]+$")
    """Where its gateway is; for tests."""

    @property
    def sees_words(self) -> bool:
        """Whether the words of messages are told."""
        return self.intents in ("full", "without members")

    @property
    def sees_members(self) -> bool:
        """Whether members that join are told of."""
        return self.intents in ("full", "without content")


@dataclass(frozen=True, slots=True)
class Discord:
    """What holds for Discord in this process."""

    settings: DiscordSettings
    token: str = field(repr=False)


def read(table: Mapping[str, Any], environment: Mapping[str, str], source: Path) -> Discord:
    """Check ``[discord]`` and find the token; UserError names what is wrong, where and a cure."""
    place = f"{source}: discord"
    try:
        settings = DiscordSettings.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([place, *map(str, first["loc"])])
        if first["type"] == "extra_forbidden":
            raise UserError(f"{where}: there is no such setting; take it out") from None
        raise UserError(f"{where}: {plainly(first)}") from None
    kept = _kept(source.parent / settings.secrets) if settings.secrets else ""
    token = environment.get("WEAVER_DISCORD_TOKEN", "").strip() or kept
    if not token:
        raise UserError(
            f"{place}: there is no token; set {TOKEN}, or name a file with it as discord.secrets. "
            "The README tells where Discord shows it"
        )
    if token.startswith("Bot "):
        raise UserError(f"{TOKEN}: leave out the word Bot before the token")
    return Discord(settings, token)


def _kept(path: Path) -> str:
    """Read the secrets file, which nobody else may read."""
    found = read_secrets(path, "discord.secrets", 'one line there: token = "…"')
    token = found.get("token")
    if set(found) != {"token"} or not isinstance(token, str):
        raise UserError(f'{path}: write one line there and no other: token = "…"')
    return token.strip()


def check_community(place: str, community: Community) -> None:
    """Refuse hosts and spaces of a community that cannot be on Discord."""
    for host in sorted(community.hosts):
        platform, _, person = host.partition(":")
        if platform == PLATFORM and not _SNOWFLAKE.fullmatch(person):
            raise UserError(
                f"{place}.hosts: write {host!r} with its id, as names change: discord:1234…; "
                "Discord shows it under Copy User ID, in developer mode"
            )
    for space in community.spaces:
        if space.platform == PLATFORM and not _SNOWFLAKE.fullmatch(space.id):
            raise UserError(
                f"{place}.spaces: {space.id!r} is no channel id; Discord shows it under Copy "
                "Channel ID, in developer mode"
            )
