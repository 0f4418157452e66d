"""Tell what is said to Weaver on Bluesky from what is said about it, and read its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.adapters.bluesky.jetstream import Change, Record, placed
from bot.adapters.bluesky.settings import PLATFORM, SPEAKER
from bot.domain.model import Member, Post, Space
from bot.domain.ports import Reads

_BEFORE = " \t\r\n,;:.!?-\u2013\u2014"
"""What may stand between a mention and the words."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""When a post was written whose time nobody tells."""
_GAP = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Said:
    """Words that are for Weaver, as a command."""

    space: Space
    text: str
    others: tuple[Member, ...] = ()
    """Whom else they name, by the handle as it is written."""
    about: Post | None = None
    """The post that they answer."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What counts as a command, and where one belongs that is in no tracked space."""

    reads: Reads
    """Whether words are a command in a space; what is none is let be as a post."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """The space of each account, by the account's name."""

    def heard(
        self, change: Change, called: str, spaces: tuple[str, ...], own: Mapping[str, str]
    ) -> Said | None:
        """What a post says to the account ``called``; None where it is no command.

        It belongs to the hashtag that the post is tracked in, the first if there are several; else
        to the account's own space.
        """
        record = change.record
        if record is None or not called or change.operation != "create" or change.did in own:
            return None
        home = self.homes.get(called, called)
        native = next((space for space in spaces if space.startswith("#")), home)
        space = Space(PLATFORM, native, account=called)
        text, others = _words(record, own)
        if not self.reads(space, text):
            return None
        return Said(space, text, others, _above(record, space, own))


def homes_of(spaces: Iterable[Space]) -> dict[str, str]:
    """Where talk with each account belongs: its own space, else the first in which it speaks."""
    here = [space for space in spaces if space.platform == PLATFORM]
    homes = {space.id: space.id for space in here if not space.id.startswith("#")}
    for space in here:
        homes.setdefault(space.account or SPEAKER, space.id)
    return homes


def addressed(change: Change, record: Record, own: Mapping[str, str]) -> str:
    """The account of Weaver's that a post mentions or answers; empty where there is none."""
    if change.did in own:
        return ""
    for facet in record.facets or ():
        for feature in facet.features:
            if feature.did in own and feature.did in record.mentioned():
                return own[feature.did]
    return own.get(_repository(record.reply.parent.uri), "") if record.reply else ""


def _repository(uri: str) -> str:
    """Whose record an address leads to."""
    return uri.removeprefix("at://").partition("/")[0]


def _words(record: Record, own: Mapping[str, str]) -> tuple[str, tuple[Member, ...]]:
    """The words without the names of Weaver's accounts, and the other people they name."""
    encoded, others = record.text.encode("utf-8", "replace"), []
    cut: list[tuple[int, int]] = []
    for start, end, did in placed(record):
        if did in own:
            cut.append((start, end))
        else:
            name = encoded[start:end].decode("utf-8", "replace").lstrip("@")
            others.append(Member(PLATFORM, did, name))
    for start, end in sorted(cut, reverse=True):
        encoded = encoded[:start] + b" " + encoded[end:]
    text = encoded.decode("utf-8", "replace").replace("\0", "")
    return _GAP.sub(" ", text).strip().lstrip(_BEFORE), tuple(others)


def _above(record: Record, space: Space, own: Mapping[str, str]) -> Post | None:
    """The post that a reply answers, as far as the reply tells of it."""
    uri = record.reply.parent.uri if record.reply else ""
    did = _repository(uri)
    if not (uri.isascii() and uri.isprintable() and did.startswith("did:")):
        return None
    author = Member(PLATFORM, did, is_bot=did in own, account=own.get(did, ""))
    return Post(uri, space, author, "", _EPOCH)
