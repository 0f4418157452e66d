"""Records of the AT Protocol, made from our values alone, so that a retry makes the same. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.bluesky.words import Words, facets, graphemes
from bot.domain.actions import Undo
from bot.domain.contact import WHO, whom_to_ask
from bot.domain.hashtags import fold
from bot.domain.ports import Delivery

POST, REPOST, PROFILE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"
GENERATOR = "app.bsky.feed.generator"
LIKE, FOLLOW = "app.bsky.feed.like", "app.bsky.graph.follow"
COLLECTIONS = {
    "SendPost": POST,
    "Reply": POST,
    "OpenThread": POST,
    "Repost": REPOST,
    "React": LIKE,
    "OfferFeed": GENERATOR,
}
"""What each kind of act makes."""
MOST_POSTS = 10
"""Posts that one text may become."""
MOST_GRAPHEMES, MOST_BYTES = 256, 2560
"""What a profile's description holds (app.bsky.actor.profile)."""
BOT = "bot"
"""The label by which an account says of itself that nobody sits behind it."""

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_MICROSECONDS = 1_000_000
_FOLLOWS = 1_640_995_200 * _MICROSECONDS
"""Where the keys of follows begin: with 2022; they spread over 407 days, all of them past."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an act's records stand and when they were made: the same on every attempt."""

    key: str
    at: datetime

    def at_part(self, part: int = 0) -> datetime:
        """When the part was made: the second before it was decided, a fraction from its key."""
        return self._base() + timedelta(milliseconds=part)

    def rkey(self, part: int = 0) -> str:
        """The record key, a TID: 53 bits of microseconds and 10 of a clock's number, base 32.

        Fraction and number come from the key, so of 1,000 acts decided in one second two share a
        record key once in 2,000 times, and 20 acts once in five million.
        """
        micros = int(self.at_part(part).timestamp()) * _MICROSECONDS
        micros += self.at_part(part).microsecond
        return _tid(micros << 10 | self._digest() % 1024)

    def _base(self) -> datetime:
        fraction = (self._digest() >> 10) % (_MICROSECONDS - MOST_POSTS * 1000)
        return self.at.replace(microsecond=fraction) - timedelta(seconds=1)

    def _digest(self) -> int:
        return int.from_bytes(hashlib.sha256(self.key.encode()).digest()[:8], "big")


def _tid(value: int) -> str:
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def follow_rkey(account: str, whom: str) -> str:
    """The record key of one account's follow of another, by their DIDs: always the same.

    55 of its bits come from the two: of 10,000 follows two share a key once in 700 million times.
    """
    digest = hashlib.sha256(f"follow {account} {whom}".encode()).digest()
    return _tid((_FOLLOWS << 10) + int.from_bytes(digest[:8], "big") % (1 << 55))


@dataclass(frozen=True, slots=True)
class Strong:
    """A record as it read at one moment: its address and the hash of its content."""

    uri: str
    cid: str

    @property
    def json(self) -> dict[str, str]:
        """As other records name it."""
        return {"uri": self.uri, "cid": self.cid}


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a reply hangs."""

    root: Strong
    parent: Strong


def created(at: datetime) -> str:
    """A moment as records write it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post_record(  # noqa: PLR0913 - the parts of a post
    words: Words,
    mark: Mark,
    part: int = 0,
    *,
    thread: Thread | None = None,
    dids: Mapping[str, str] | None = None,
    language: str | None = None,
    tags: Sequence[str] = (),
    embed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A post, in a thread or at the start of one."""
    record: dict[str, Any] = {
        "$type": POST,
        "text": words.text,
        "createdAt": created(mark.at_part(part)),
    }
    if found := facets(words, dids or {}):
        record["facets"] = found
    if language:
        record["langs"] = [language]
    if tags:
        record["tags"] = list(tags)
    if embed:
        record["embed"] = dict(embed)
    if thread:
        record["reply"] = {"root": thread.root.json, "parent": thread.parent.json}
    return record


def card_of(link: str, title: str) -> dict[str, Any]:
    """What a post shows under its words: a link, and nothing of what it leads to."""
    external = {"uri": link, "title": title.rstrip(":"), "description": ""}
    return {"$type": "app.bsky.embed.external", "external": external}


def subject_record(collection: str, subject: Strong, mark: Mark) -> dict[str, Any]:
    """A repost or a like of a post."""
    return {"$type": collection, "subject": subject.json, "createdAt": created(mark.at_part())}


def thread_of(parent: Strong, record: Mapping[str, Any]) -> Thread:
    """Where a reply to a post hangs: under it, in the thread it belongs to."""
    reply = record.get("reply")
    root = reply.get("root") if isinstance(reply, Mapping) else None
    if isinstance(root, Mapping) and root.get("uri") and root.get("cid"):
        return Thread(Strong(str(root["uri"]), str(root["cid"])), parent)
    return Thread(parent, parent)


def missing_tag(space: str, posts: Sequence[Words]) -> tuple[str, ...]:
    """The tag of a hashtag space, unless the words carry it: a post there has to be found there."""
    if not space.startswith("#"):
        return ()
    said = {fold(span.value) for words in posts for span in words.spans if span.kind == "tag"}
    tag = space.lstrip("#")
    return () if fold(tag) in said else (tag,)


def parts_of_uri(uri: str) -> tuple[str, str, str]:
    """The account, collection and key of ``at://account/collection/key``; ValueError for others."""
    scheme, _, rest = uri.partition("://")
    parts = rest.split("/")
    if scheme != "at" or len(parts) != 3 or not all(parts):  # noqa: PLR2004 - account, collection, key
        raise ValueError(f"{uri} is no address of a record")
    return parts[0], parts[1], parts[2]


def is_bot(profile: Mapping[str, Any]) -> bool:
    """Whether a profile says of itself that it is a bot's."""
    labels = profile.get("labels")
    values = labels.get("values") if isinstance(labels, Mapping) else None
    return any(isinstance(one, Mapping) and one.get("val") == BOT for one in values or ())


def as_bot(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The profile with the label ``bot`` added to what it says of itself."""
    labels = profile.get("labels")
    values = list(labels.get("values") or ()) if isinstance(labels, Mapping) else []
    said = {"$type": "com.atproto.label.defs#selfLabels", "values": [*values, {"val": BOT}]}
    return {**profile, "$type": PROFILE, "labels": said}


def with_contact(profile: Mapping[str, Any], contact: str) -> dict[str, Any] | None:
    """The profile with a line that says whom to turn to; None where its words leave no room.

    What people wrote there stays. A line of ours that names another contact gives way to it, and
    nothing is added where the contact stands already.
    """
    said = str(profile.get("description") or "")
    if not contact or contact in [word.strip(".,;:()<>") for word in said.split()]:
        return dict(profile)
    others = "\n".join(line for line in said.split("\n") if not line.startswith(WHO)).rstrip()
    words = "\n\n".join(part for part in (others, whom_to_ask(contact)) if part)
    if graphemes(words) > MOST_GRAPHEMES or len(words.encode()) > MOST_BYTES:
        return None
    return {**profile, "$type": PROFILE, "description": words}


def only_opened(action: Undo, delivery: Delivery) -> bool:
    """Whether the act to take back opened a thread from a post that stood before, and made none."""
    if delivery.target_kind != "OpenThread" or not delivery.target or delivery.target_at is None:
        return False
    made = Mark(action.of, delivery.target_at).rkey()
    return parts_of_uri(delivery.target)[2] != made
