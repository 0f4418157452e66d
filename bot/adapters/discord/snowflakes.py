"""Discord's ids: they grow with time, so an id tells when, and a moment gives an id. Pure."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_SHIFT = 22
_LONGEST = 25
"""Characters that Discord takes as a nonce."""


def moment(snowflake: int) -> datetime:
    """When an id was made, to the millisecond, UTC."""
    return EPOCH + timedelta(milliseconds=snowflake >> _SHIFT)


def snowflake(at: datetime) -> int:
    """The smallest id of a moment (aware)."""
    return max(0, (at - EPOCH) // timedelta(milliseconds=1)) << _SHIFT


def post_id(channel: int | str, message: int | str) -> str:
    """How Weaver names a message: by its channel, a thread included, and itself."""
    return f"{channel}/{message}"


def parts(post: str | None) -> tuple[int, int] | None:
    """Channel and message of a post's id; None for what is none."""
    channel, slash, message = (post or "").partition("/")
    if not (slash and _is_id(channel) and _is_id(message)):
        return None
    return int(channel), int(message)


def nonce(key: str, part: int = 0) -> str:
    """What tells Discord that a message is the same again: made of the act's key alone."""
    digest = hashlib.sha256(f"{part}:{key}".encode()).digest()[:15]
    return base64.b32encode(digest).decode()[:_LONGEST]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 20  # noqa: PLR2004 - 64 bits
