"""Translate changes on Bluesky into what happened in a community's spaces. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from bot.adapters.bluesky.jetstream import LINK, POST, REPOST, Change, Record, aware, moment, part
from bot.adapters.bluesky.matcher import Match
from bot.domain.events import PostDeleted, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Member, Post, PostKind, Space

PLATFORM = "bluesky"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def happenings(
    change: Change, match: Match, bots: Collection[str] = frozenset()
) -> Iterator[SpaceEvent]:
    """What a change means in each space it belongs to; nothing, under a key that cannot be.

    An event's id is made of repository, record, revision and space: the same on every server and
    at every replay. ``bots`` are the DIDs of Weaver's own accounts.
    """
    if not change.did.startswith("did:") or _storable(change.uri + change.rev) is None:
        return
    record = change.record
    written = _written(record)
    at = aware(change.time_us) or written or _EPOCH
    what = f"{change.did}/{change.rkey}/{change.rev}/{change.operation}"
    if record is None or change.operation == "delete":
        for space in match.known:
            yield PostDeleted(f"{what}/{space}", at, Space(PLATFORM, space), change.uri)
        return
    kind, parent, root = _place(change.collection, record)
    author = Member(PLATFORM, change.did, is_bot=change.did in bots)
    said = min(written or at, at)
    words, link = record.text.replace("\0", ""), _has_link(record)
    for space in match.spaces:
        here = Space(PLATFORM, space)
        post = Post(
            change.uri, here, author, words, said, kind, parent, root, match.tags, link
        )  # fmt: skip
        event = PostEdited if space in match.known else PostSeen
        yield event(f"{what}/{space}", at, here, post)


def _written(record: Record | None) -> datetime | None:
    """When a record says it was made; nobody checks that, so it only ever makes it older."""
    at = moment(record.created) if record else None
    return max(at, _EPOCH) if at else None


def _place(collection: str, record: Record) -> tuple[PostKind, str | None, str | None]:
    """Kind, parent and root of a post; of a repost, what it shows is its root."""
    if collection == REPOST:
        return "repost", None, _storable(record.subject.uri if record.subject else "")
    if record.reply is not None:
        parent, root = _storable(record.reply.parent.uri), _storable(record.reply.root.uri)
        return "reply", parent or root, root or parent
    return ("quote" if _quotes(record) else "original"), None, None


def _quotes(record: Record) -> bool:
    """Whether a post shows another one; feeds and lists are shown alike and are none."""
    shown = part(record.embed, "record", "uri") or part(record.embed, "record", "record", "uri")
    return isinstance(shown, str) and f"/{POST}/" in shown


def _has_link(record: Record) -> bool:
    """Whether a post leads elsewhere: by a facet, by a card, or in its words."""
    features = (feature for facet in record.facets or () for feature in facet.features)
    return (
        any(feature.type == LINK for feature in features)
        or isinstance(part(record.embed, "external"), dict)
        or isinstance(part(record.embed, "media", "external"), dict)
        or "://" in record.text
    )


def _storable(uri: str) -> str | None:
    """An address that any database takes, or None."""
    return uri if uri and uri.isascii() and uri.isprintable() else None
