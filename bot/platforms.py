"""The platforms that the settings name, and their adapters; their libraries load when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.adapters.bluesky import settings as bluesky
from bot.adapters.bluesky.settings import Bluesky
from bot.adapters.discord import settings as discord
from bot.adapters.discord.settings import Discord
from bot.config import Config
from bot.domain.errors import UserError
from bot.domain.ports import Catalogue, Foundation
from bot.kernel.consent import stopped as refusals
from bot.kernel.consent import why_quiet
from bot.kernel.facts import is_answered, threads
from bot.kernel.ledger import is_receipt, standing_cards, standing_reposts
from bot.kernel.memory import Memory

if TYPE_CHECKING:
    from bot.adapters.bluesky.adapter import BlueskyAdapter
    from bot.adapters.discord.adapter import DiscordAdapter


def check(config: Config) -> None:
    """Refuse, in plain words, what cannot be on the platforms that the settings name."""
    bluesky_of(config)
    discord_of(config)


def bluesky_of(config: Config) -> Bluesky | None:
    """What the settings say of Bluesky; UserError for spaces and hosts that cannot be there."""
    if config.bluesky is None and "bluesky" not in config.platforms:
        return None
    if config.bluesky is None:
        raise UserError(
            f"{config.source}: bluesky: is missing, though communities have spaces there; name "
            "its accounts"
        )
    outside = (config.data, config.weaver.address)
    found = bluesky.read(config.bluesky, config.environment, config.source, *outside)
    for identity, community in config.communities.items():
        place = f"{config.source}: community.{identity}"
        bluesky.check_community(place, community.community(identity), found)
    return found


def discord_of(config: Config) -> Discord | None:
    """What the settings say of Discord; UserError for spaces and hosts that cannot be there."""
    if config.discord is None and "discord" not in config.platforms:
        return None
    if config.discord is None:
        raise UserError(
            f"{config.source}: discord: is missing, though communities have spaces there; write "
            "[discord], if only as an empty table"
        )
    found = discord.read(config.discord, config.environment, config.source)
    for identity, community in config.communities.items():
        place = f"{config.source}: community.{identity}"
        discord.check_community(place, community.community(identity))
    return found


def bluesky_adapter(config: Config, found: Bluesky, memory: Memory) -> BlueskyAdapter:
    """Bluesky, for the spaces of the settings."""
    from bot.adapters.bluesky.adapter import BlueskyAdapter  # its library takes a second to load
    from bot.adapters.bluesky.matcher import ROOM
    from bot.adapters.bluesky.parting import LATEST

    languages = {
        space.id: community.language
        for community in config.communities.values()
        for space in community.spaces
        if space.platform == "bluesky"
    }

    def logged() -> list[tuple[str, str, bool]]:
        with memory.database.read.connect() as connection:
            return list(threads(connection, memory.platform, ROOM))

    def standing() -> list[tuple[str, str]]:
        with memory.database.read.connect() as connection:
            reposts = standing_reposts(connection, memory.platform, LATEST)
            return reposts + standing_cards(connection, memory.platform, LATEST)

    def stopped() -> list[str]:
        with memory.database.read.connect() as connection:
            return refusals(connection, memory.platform)

    def quiet(account: str) -> bool:
        with memory.database.read.connect() as connection:
            return _rests(connection, config, account)

    return BlueskyAdapter(
        found,
        memory,
        languages,
        logged=logged,
        standing=standing,
        stopped=stopped,
        quiet=quiet,
    )


def _rests(connection: Connection, config: Config, account: str) -> bool:
    """Whether an account does nothing by itself now: a dry run, or all that it serves is paused."""
    served = [
        identity
        for identity, community in config.communities.items()
        if any(s.platform == "bluesky" and account in (s.id, s.account) for s in community.spaces)
    ]
    return config.weaver.dry_run or all(why_quiet(connection, one) for one in served)


def discord_adapter(
    config: Config, found: Discord, memory: Memory, catalogue: Catalogue, foundation: Foundation
) -> DiscordAdapter:
    """Discord, for whatever communities there are."""
    from bot.adapters.discord.adapter import DiscordAdapter  # its library takes a second to load

    def claimed(post: str) -> bool:
        with memory.database.read.connect() as connection:
            return is_receipt(connection, post)

    def answered(post: str, author: str) -> bool:
        with memory.database.read.connect() as connection:
            return is_answered(connection, post, author)

    return DiscordAdapter(
        found, memory, catalogue, config.data, foundation, claimed=claimed, answered=answered
    )
