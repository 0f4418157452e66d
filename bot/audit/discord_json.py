"""Read a channel that DiscordChatExporter saved as JSON, message by message.

Joins, pins, boosts and other notices are no posts. A message that points to another in its own
channel is a reply, whether or not the other still exists; a forward, and a message carried over
from another channel, is a repost. In the export of a thread or forum post everything after the
first voice other than the starter's is a reply as well (`Archive.is_thread`). Webhooks need no
rule of their own: Discord marks their authors as bots.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from bot.audit.faults import BITE, HEAD_BITE, broken_json, misencoded, seconds, shown
from bot.audit.posts import (
    BOT,
    ORIGINAL,
    REPLY,
    REPOST,
    STARTER,
    Archive,
    Post,
    handle,
    number,
)
from bot.domain.errors import UserError

_THREADS = frozenset({"GuildNewsThread", "GuildPublicThread", "GuildPrivateThread"})
_REPLIES = frozenset({"Reply", "19"})
_SPOKEN = _REPLIES | {"Default", "20", "23"}  # 20 and 23: an answer to a command
_THREAD_STARTER = "21"
_RULES = (
    "reply = points to a message of the channel",
    "repost = forwarded or carried over from another channel",
    "notices (joins, pins, boosts) left out",
)
_THREAD_RULE = "in a thread, all after the first voice other than its starter's = reply"
_CURE = "export the channel again with DiscordChatExporter, format JSON"


def read(file: BinaryIO, head: bytes, path: Path, bots: frozenset[str]) -> Archive | None:
    """Read the export's own head and promise the posts; None if the JSON is of another kind.

    `file` stands at the start of the JSON and `head` is its beginning, down to the messages.
    """
    try:
        channel = _channel(head)
    except ijson.JSONError:
        if path.stat().st_size > len(head):
            return None
        raise misencoded(path) or broken_json(path, _CURE) from None
    if not channel:
        return None
    is_thread = channel.get("type") in _THREADS
    rules = "; ".join((*_RULES, _THREAD_RULE) if is_thread else _RULES)
    name = f"#{channel.get('name') or path.stem}"
    posts = _posts(file, path, channel, bots)
    return Archive(name.encode("utf-8", "replace").decode(), rules, posts, is_thread)


def _channel(head: bytes) -> dict[str, str]:
    channel: dict[str, str] = {}
    for prefix, event, value in ijson.parse(BytesIO(head), buf_size=HEAD_BITE):
        if (prefix, event) == ("messages", "start_array"):
            return channel
        if event == "string" and prefix.startswith("channel."):
            channel[prefix.removeprefix("channel.")] = value
    return {}


def _posts(
    file: BinaryIO, path: Path, channel: dict[str, str], bots: frozenset[str]
) -> Iterator[Post]:
    count = 0
    try:
        for message in ijson.items(file, "messages.item", buf_size=BITE):
            count += 1
            kind = _kind(message, channel)
            if kind is None:
                continue
            author = message["author"]
            facts = seconds(message["timestamp"]) << 2 | kind
            if author.get("isBot") or (bots and _names(author) & bots):
                facts += BOT
            yield number(message["id"]), number(author["id"]), facts
    except ijson.JSONError:
        raise misencoded(path) or broken_json(path, _CURE) from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UserError(
            f"{shown(path)}: message {count} lacks what every message has "
            f"(id, type, timestamp, author): {error}: {_CURE}"
        ) from None


def _kind(message: dict[str, Any], channel: dict[str, str]) -> int | None:
    """Say what kind of post a message is; None for a notice of the platform."""
    kind, reference = message["type"], message.get("reference") or {}
    if kind == _THREAD_STARTER and channel.get("type") in _THREADS:
        return STARTER
    if kind not in _SPOKEN:
        return None
    if reference.get("type") == "Forward" or message.get("forwardedMessage"):
        return REPOST
    if kind in _REPLIES:
        return REPLY
    if not reference.get("messageId"):
        return ORIGINAL
    return REPLY if reference.get("channelId") in (None, channel.get("id")) else REPOST


def _names(author: dict[str, Any]) -> set[str]:
    name = handle(author["name"])
    return {name, f"{name}#{author.get('discriminator')}", author["id"]}
