"""Events that no client should have to meet, of every kind that clients know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

KINDS = (
    "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
    *(f"AUTO_MODERATION_RULE_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    "AUTO_MODERATION_ACTION_EXECUTION",
    *(f"CHANNEL_{what}" for what in ("CREATE", "UPDATE", "DELETE", "PINS_UPDATE")),
    *(f"ENTITLEMENT_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    *(f"GUILD_{what}" for what in ("CREATE", "UPDATE", "DELETE", "AUDIT_LOG_ENTRY_CREATE")),
    *(f"GUILD_{what}" for what in ("BAN_ADD", "BAN_REMOVE", "EMOJIS_UPDATE", "STICKERS_UPDATE")),
    *(f"GUILD_MEMBER_{what}" for what in ("ADD", "REMOVE", "UPDATE")),
    "GUILD_MEMBERS_CHUNK",
    "GUILD_INTEGRATIONS_UPDATE",
    *(f"GUILD_ROLE_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    *(f"GUILD_SCHEDULED_EVENT_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    *(f"GUILD_SCHEDULED_EVENT_USER_{what}" for what in ("ADD", "REMOVE")),
    *(f"GUILD_SOUNDBOARD_SOUND_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    "GUILD_SOUNDBOARD_SOUNDS_UPDATE",
    *(f"INTEGRATION_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    "INTERACTION_CREATE",
    *(f"INVITE_{what}" for what in ("CREATE", "DELETE")),
    *(f"MESSAGE_{what}" for what in ("CREATE", "UPDATE", "DELETE", "DELETE_BULK")),
    *(f"MESSAGE_POLL_VOTE_{what}" for what in ("ADD", "REMOVE")),
    *(f"MESSAGE_REACTION_{what}" for what in ("ADD", "REMOVE", "REMOVE_ALL", "REMOVE_EMOJI")),
    "PRESENCE_UPDATE",
    *(f"STAGE_INSTANCE_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    *(f"SUBSCRIPTION_{what}" for what in ("CREATE", "UPDATE", "DELETE")),
    *(f"THREAD_{what}" for what in ("CREATE", "UPDATE", "DELETE", "LIST_SYNC")),
    *(f"THREAD_{what}" for what in ("MEMBER_UPDATE", "MEMBERS_UPDATE")),
    "TYPING_START",
    "USER_UPDATE",
    "VOICE_STATE_UPDATE",
    "VOICE_SERVER_UPDATE",
    "VOICE_CHANNEL_EFFECT_SEND",
    "WEBHOOKS_UPDATE",
)
"""Every event of discord.py 2.7.1 but READY and RESUMED; a test holds this to its parsers."""
ODD_IDS = {"id": "rose", "guild_id": "tulip", "channel_id": [], "user_id": None, "type": 9_999}
NONSENSE: tuple[Any, ...] = (None, [], "words", 7, {}, ODD_IDS)
FRAMES: tuple[Any, ...] = ("not JSON", "[]", "7", {"op": 99, "d": None}, {"d": 1}, {"op": 0})
"""What is not even an event."""


def nonsense(kind: str) -> Iterator[tuple[str, Any]]:
    """Give an event every content that makes no sense."""
    for data in NONSENSE:
        yield kind, data


def spoilt(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Spoil one field after the other of a content that makes sense: gone, null, odd."""
    for key in data:
        yield {name: value for name, value in data.items() if name != key}
        for odd in (None, "rose", -1, [], {}):
            yield data | {key: odd}
