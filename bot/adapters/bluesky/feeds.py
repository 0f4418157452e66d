"""Feeds that people on Bluesky follow by themselves: offered as a record, served as a skeleton.

The protocol: docs.bsky.app, "Custom Feeds"; lexicons app.bsky.feed.generator, describeFeedGenerator
and getFeedSkeleton. Whoever asks is not looked at, and nothing is kept about them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import regex

from bot.adapters.bluesky.records import GENERATOR, Mark, created
from bot.adapters.bluesky.repository import Repository
from bot.adapters.bluesky.settings import PLATFORM
from bot.domain.actions import OfferFeed
from bot.domain.errors import UserError
from bot.domain.pages import Answerer, Feeds
from bot.domain.ports import Delivery, Rejected

NAME, ABOUT = 24, 300
"""Graphemes of a feed's name and of what it says of itself."""
USUAL, MOST = 50, 100
"""Posts of a part of a feed: where nobody says how many, and at most."""
_LISTED = "feed:"
_GRAPHEME = regex.compile(r"\X")
Answer = tuple[int, Mapping[str, Any]]


def listed(post: str) -> str:
    """The receipt of a post that is in a feed alone: no record was made for it."""
    return f"{_LISTED}{post}"


def is_listed(receipt: str | None) -> bool:
    """Whether a receipt is one of those."""
    return (receipt or "").startswith(_LISTED)


def did_of(address: str) -> str:
    """The DID of whoever answers at an address; Rejected where Bluesky would not ask there.

    It takes https and no port; for tests, localhost with one (did:web).
    """
    parts = urlsplit(address)
    local = parts.hostname == "localhost"
    if not parts.hostname or (not local and (parts.scheme != "https" or parts.port)):
        raise Rejected(
            "Bluesky reads feeds from an address that begins with https:// and names no port, "
            f"which {address or 'none'!r} is not; the operator sets it under [weaver] address"
        )
    return f"did:web:{quote(parts.netloc, safe='')}"


async def offer(repository: Repository, action: OfferFeed, delivery: Delivery, address: str) -> str:
    """Publish a feed in the account's repository, under a key made of the act."""
    mark = Mark(delivery.key, delivery.at)
    record = {
        "$type": GENERATOR,
        "did": did_of(address),
        "displayName": cut(action.title, NAME),
        "description": cut(action.about, ABOUT),
        "acceptsInteractions": False,
        "createdAt": created(mark.at_part()),
    }
    return (await repository.put(GENERATOR, mark.rkey(), record)).strong.uri


def cut(words: str, most: int) -> str:
    """Words in so many graphemes, with a sign where some are left out."""
    letters = _GRAPHEME.findall(words)
    return words if len(letters) <= most else "".join(letters[: most - 1]) + "…"


def answers(feeds: Feeds, address: str) -> dict[str, Answerer]:
    """What Bluesky's servers ask of who serves feeds, by path; nothing without a fit address."""
    try:
        did = did_of(address)
    except Rejected:
        return {}
    return {
        "/.well-known/did.json": partial(_document, did, address.rstrip("/")),
        "/xrpc/app.bsky.feed.describeFeedGenerator": partial(_description, feeds, did),
        "/xrpc/app.bsky.feed.getFeedSkeleton": partial(_skeleton, feeds),
    }


def _document(did: str, address: str, query: Mapping[str, str]) -> Answer:
    """Who answers here, and what for (W3C DID, with Bluesky's name for the service)."""
    service = {"id": "#bsky_fg", "type": "BskyFeedGenerator", "serviceEndpoint": address}
    return 200, {"@context": ["https://www.w3.org/ns/did/v1"], "id": did, "service": [service]}


def _description(feeds: Feeds, did: str, query: Mapping[str, str]) -> Answer:
    """Which feeds there are."""
    return 200, {"did": did, "feeds": [{"uri": one} for one in feeds.offered(PLATFORM)]}


def _skeleton(feeds: Feeds, query: Mapping[str, str]) -> Answer:
    """A part of a feed: the addresses of its posts, newest first."""
    limit = query.get("limit", str(USUAL))
    if "feed" not in query:
        return _refused("InvalidRequest", "say which feed: feed=at://…")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:4]) <= MOST):
        return _refused("InvalidRequest", f"limit is a whole number from 1 to {MOST}")
    try:
        found = feeds.listing(query["feed"], int(limit), query.get("cursor", ""))
    except UserError as mistake:
        return _refused("InvalidRequest", str(mistake))
    if found is None:
        return _refused("UnknownFeed", "there is no such feed here, or it has ended")
    more = {"cursor": found.cursor} if found.cursor else {}
    return 200, {"feed": [{"post": one} for one in found.posts]} | more


def _refused(error: str, message: str) -> Answer:
    return 400, {"error": error, "message": message}
