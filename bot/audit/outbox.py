"""Read the outbox.json of a Mastodon archive: what one account posted and boosted.

A status with inReplyTo is a reply, an Announce is a repost. A status that quotes another is a
quote, counted as an original. What was written to named people only is nobody else's business, and
is left out. The archive does not say whether the account is a bot's.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import ijson

from bot.audit.faults import BITE, HEAD_BITE, broken_json, misencoded, seconds, shown
from bot.audit.posts import BOT, ORIGINAL, QUOTE, REPLY, REPOST, Archive, Post, handle, number
from bot.domain.errors import UserError

_PUBLIC = ("#Public", "as:Public", "Public", "/followers")
"""How the addresses end that show a post to all, or to all who follow."""
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
_RULES = (
    "reply = inReplyTo set",
    "repost = a boost (Announce)",
    "quotes counted as originals",
    "direct messages left out",
    "one account’s own posts",
)
_CURE = "ask Mastodon for your archive again, and give its outbox.json"


def read(file: BinaryIO, head: bytes, path: Path, bots: frozenset[str]) -> Archive | None:
    """Recognise an outbox and promise its posts; None if the JSON is of another kind.

    `file` stands at the start of the JSON and `head` is its beginning.
    """
    name = _account_of(head)
    if name is None:
        return None
    return Archive(name or path.stem, "; ".join(_RULES), _posts(file, path, bots))


def _account_of(head: bytes) -> str | None:
    """Give the account's name, "" if the first post does not say it; None for no outbox."""
    is_outbox, name = False, ""
    try:
        for prefix, event, value in ijson.parse(BytesIO(head), buf_size=HEAD_BITE):
            if (prefix, event) == ("orderedItems", "start_array"):
                is_outbox = True
            elif (prefix, event) == ("orderedItems.item.actor", "string"):
                return _named(value) or name
    except ijson.JSONError:
        pass  # the head ends somewhere; what matters has been seen by then, or is not there
    return name if is_outbox else None


def _named(actor: str) -> str:
    """Give @name@host of an actor's address, such as https://host/users/name."""
    try:
        address = urlsplit(actor)
    except ValueError:
        return ""
    name = address.path.rstrip("/").rpartition("/")[2].removeprefix("@")
    return f"@{name}@{address.netloc}" if name and address.netloc else ""


def _posts(file: BinaryIO, path: Path, bots: frozenset[str]) -> Iterator[Post]:
    count = 0
    try:
        for item in ijson.items(file, "orderedItems.item", buf_size=BITE):
            count += 1
            status = item.get("object")
            kind = _kind(item, status)
            if kind is None or not _is_shown(item):
                continue
            actor = item["actor"]
            key = status["id"] if isinstance(status, dict) and kind != REPOST else item["id"]
            facts = seconds(item["published"]) << 2 | kind
            if bots and {handle(name) for name in _names(actor)} & bots:
                facts += BOT
            yield number(key), number(actor), facts
    except ijson.JSONError:
        raise misencoded(path) or broken_json(path, _CURE) from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UserError(
            f"{shown(path)}: item {count} lacks what every post has "
            f"(id, type, actor, published): {error}: {_CURE}"
        ) from None


def _kind(item: dict[str, Any], status: Any) -> int | None:
    """Say what kind of post an activity is; None for another activity."""
    if item["type"] == "Announce":
        return REPOST
    if item["type"] != "Create" or not isinstance(status, dict):
        return None
    if status.get("inReplyTo"):
        return REPLY
    return QUOTE if any(status.get(name) for name in _QUOTES) else ORIGINAL


def _is_shown(item: dict[str, Any]) -> bool:
    """Whether it went to more than people named in it."""
    to = [item.get("to") or [], item.get("cc") or []]
    addresses = [one for part in to for one in ([part] if isinstance(part, str) else part)]
    return not addresses or any(str(one).endswith(_PUBLIC) for one in addresses)


def _names(actor: str) -> tuple[str, ...]:
    full = _named(actor)
    return actor, full, full.removeprefix("@").partition("@")[0]
