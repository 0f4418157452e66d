"""Translate changes on Bluesky into what happened in a community's spaces. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from msgspec import Raw

from bot.adapters.bluesky.jetstream import LINK, POST, REPOST, Change, Record, aware, moment
from bot.adapters.bluesky.matcher import Match
from bot.adapters.bluesky.salvage import opened, read
from bot.adapters.bluesky.talk import Said, Talk
from bot.domain.events import CommandCalled, PostDeleted, PostEdited, PostSeen, SpaceEvent
from bot.domain.model import Member, Post, PostKind, Space

PLATFORM = "bluesky"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
"""A tag of BCP 47, roughly."""
NOBODY: Mapping[str, str] = {}


def happenings(
    change: Change, match: Match, own: Mapping[str, str] = NOBODY, talk: Talk | None = None
) -> Iterator[SpaceEvent]:
    """What a change means in each space it belongs to; nothing, under a key that cannot be.

    An event's id is made of repository, record, revision and space: the same on every server and
    at every replay. A post that is made has the hash of its content for a revision, which those
    know as well who only show posts. ``own`` are the names of Weaver's own accounts by their DIDs.
    """
    uri = change.uri
    version = (change.cid if change.operation == "create" else "") or change.rev
    if not change.did.startswith("did:") or _storable(uri + version) is None:
        return
    record = change.record
    written = moment(record.created) if record else None
    at = aware(change.time_us) or written or _EPOCH
    what = f"{change.did}/{change.rkey}/{version}/{change.operation}"
    if record is None or change.operation == "delete":
        for space in match.known:
            yield PostDeleted(f"{what}/{space}", at, space_of(space), uri)
        return
    shown = opened(record.embed)
    kind, parent, root = _place(change.collection, record, shown)
    author = member_of(change.did, own)
    command = talk.heard(change, match.called, match.spaces, own) if talk else None
    if command is not None:
        yield _called(f"{what}/command", at, author, uri, command)
        return
    said = min(max(written or at, _EPOCH), at)
    words, link = record.text.replace("\0", ""), _has_link(record, shown)
    named = tuple([member_of(did, own) for did in record.mentioned() if _storable(did)])
    languages, labels = _languages(record.langs), _labels(record.labels)
    more = (author, words, said, kind, parent, root, match.tags, link, named, languages, labels)
    pictures = _pictures(shown) if shown else ()
    for space in match.spaces:
        here = space_of(space)
        post = Post(uri, here, *more, pictures)
        event = PostEdited if space in match.known else PostSeen
        yield event(f"{what}/{space}", at, here, post)


def _called(event: str, at: datetime, author: Member, uri: str, said: Said) -> CommandCalled:
    """A command: it is for Weaver, and no post of the space (see bot/decisions)."""
    others, about = said.others, said.about
    return CommandCalled(event, at, said.space, author, said.text, uri, others, about=about)


def member_of(did: str, own: Mapping[str, str]) -> Member:
    """The member behind a DID; Weaver's own accounts are known as bots, by their names."""
    return _account(did, own[did]) if did in own else _person(did)


@lru_cache(4096)
def _person(did: str) -> Member:
    return Member(PLATFORM, did)


@lru_cache(64)
def _account(did: str, name: str) -> Member:
    return Member(PLATFORM, did, is_bot=True, account=name)


@lru_cache(4096)
def space_of(space: str) -> Space:
    """The space of an id: a hashtag with its sign, or an account's name."""
    return Space(PLATFORM, space)


def _place(
    collection: str, record: Record, shown: Mapping[str, Any]
) -> tuple[PostKind, str | None, str | None]:
    """Kind, parent and root of a post; of a repost, what it shows is its root."""
    if collection == REPOST:
        return "repost", None, _storable(record.subject.uri if record.subject else "")
    if record.reply is not None:
        above, top = record.reply.parent.uri, record.reply.root.uri
        root = _storable(top)
        parent = root if above == top else _storable(above)
        return "reply", parent or root, root or parent
    return ("quote" if shown and _quotes(shown) else "original"), None, None


def _quotes(shown: Mapping[str, Any]) -> bool:
    """Whether a post shows another one; feeds and lists are shown alike and are none."""
    found = shown.get("record")
    if isinstance(found, dict) and isinstance(found.get("record"), dict):
        found = found["record"]  # with pictures beside it, it lies one deeper
    uri = found.get("uri") if isinstance(found, dict) else None
    return isinstance(uri, str) and f"/{POST}/" in uri


def _has_link(record: Record, shown: Mapping[str, Any]) -> bool:
    """Whether a post leads elsewhere: by a card, in its words, or by a facet."""
    media = shown.get("media")
    if "external" in shown or (isinstance(media, dict) and "external" in media):
        return True
    if "://" in record.text:
        return True
    return any(one.type == LINK for facet in record.facets or () for one in facet.features)


def _pictures(shown: Mapping[str, Any]) -> tuple[bool, ...]:
    """Of each picture or video that a post shows, whether it has alt text; beside a quote, too."""
    media = shown.get("media")
    found = media if isinstance(media, dict) else shown
    listed = found.get("images") or found.get("items")  # as a gallery calls them
    if isinstance(listed, list):
        return tuple([_is_described(one.get("alt")) for one in listed if isinstance(one, dict)])
    return (_is_described(found.get("alt")),) if "video" in found else ()


def _is_described(alt: object) -> bool:
    return isinstance(alt, str) and not alt.isspace() and alt != ""


def _languages(langs: Raw) -> tuple[str, ...]:
    """The languages that a post says it is in, as far as they are written as languages are."""
    said = read(langs)
    found = said if isinstance(said, list) else []
    return tuple([one for one in found if isinstance(one, str) and _is_language(one)])


@lru_cache(256)
def _is_language(tag: str) -> bool:
    return _LANGUAGE.fullmatch(tag) is not None


def _labels(labels: Raw) -> tuple[str, ...]:
    """The warnings that its author put on a post."""
    values = opened(labels).get("values")
    found = [one.get("val") for one in values or () if isinstance(one, dict)]
    return tuple(one for one in found if isinstance(one, str) and one)


def _storable(uri: str) -> str | None:
    """An address that any database takes, or None."""
    return uri if uri and uri.isascii() and uri.isprintable() else None
