"""Read Jetstream's lines, v1 and v2 alike, and look closely at none that is about other things.

Posts and reposts are a third of the network's talk. The other lines say so near their beginning,
so they are put aside before anything is decoded; see bot/decisions for what that saves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import structlog
from msgspec import Raw, Struct, field

from bot.adapters.bluesky.salvage import UNREADABLE, opened, salvaged

log = structlog.get_logger()

POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
LIKE = "app.bsky.feed.like"
COLLECTIONS = (POST, REPOST)
"""What Weaver reads of the network; and likes, where the operator wants them counted."""
TAG = "app.bsky.richtext.facet#tag"
LINK = "app.bsky.richtext.facet#link"
MENTION = "app.bsky.richtext.facet#mention"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = 4_102_444_800_000_000
"""Microseconds of the year 2100: a later time is no time."""
_HEAD = 256
"""Bytes within which a server's line has named its collection, unless its keys are unusual."""
_FIRST = 90
"""Bytes that a server's line spends on who and when, before it names its collection."""
_NAMED = b'e","collection":"'
"""Where a commit names its collection, right after create, update or delete."""
_TELLING = len(_NAMED) + len("app.bsky.feed.")
"""One letter there tells nearly all else from a post or repost; the decoder tells the rest."""
_NEWLINE, _BRACE = b"\n}"


class Link(Struct, frozen=True, gc=False):
    """A record named by its address."""

    uri: str = ""


class Replied(Struct, gc=False):
    """Which post a reply answers, and which one its thread hangs from."""

    root: Link = Link()
    parent: Link = Link()


class Feature(Struct, gc=False):
    """What a facet makes of its piece of text: of interest are tags, links and mentions."""

    type: str = field(name="$type", default="")
    tag: str = ""
    did: str = ""


class Facet(Struct, gc=False):
    """A piece of a post's text that means something. Where it claims to lie is not trusted."""

    features: tuple[Feature, ...] = ()
    index: Raw = Raw()


class Sketch(Struct, gc=False):
    """As little of a post or a repost as tells whether it may matter."""

    text: str = ""
    facets: tuple[Facet, ...] | None = None
    tags: tuple[str, ...] | None = None
    reply: Replied | None = None
    subject: Link | None = None

    def tag_facets(self) -> list[str]:
        """The tags that facets and the list ``tags`` give, as written."""
        found = list(self.tags) if self.tags else []
        for facet in self.facets or ():
            for feature in facet.features:
                if feature.type == TAG:
                    found.append(feature.tag)
        return found


class Made(Struct, gc=False):
    """What a glance at a line of v1's tells of a change."""

    operation: str = ""
    collection: str = ""
    record: Sketch | None = None


MayMatter = Callable[[Made], bool]
"""Whether a change may be of interest; a yes may be wrong, a no never."""


class Record(Sketch, gc=False):
    """A post or a repost, as far as Weaver looks; every unknown field is let be."""

    created: str = field(name="createdAt", default="")
    embed: Raw = Raw()
    langs: Raw = Raw()
    labels: Raw = Raw()
    """Both as the author's client wrote them, to be looked at when they are needed."""

    def mentioned(self) -> list[str]:
        """The DIDs that facets name, each once; a facet that lies outside the text names nobody."""
        found = placed(self)
        return list(dict.fromkeys([did for _, _, did in found])) if found else []


class Change(Struct, gc=False):
    """A record was made, changed or removed: v1's commit, v2's payload."""

    did: str = ""
    time_us: int = 0
    """When the server heard of it, microseconds since 1970; 0 when it does not say."""
    operation: Literal["create", "update", "delete", ""] = ""
    collection: str = ""
    rkey: str = ""
    rev: str = ""
    record: Record | None = None
    """There unless the operation is delete."""
    cid: str = ""
    type: str = field(name="$type", default="")
    time: str = ""

    @property
    def uri(self) -> str:
        """The address of the record."""
        return f"at://{self.did}/{self.collection}/{self.rkey}"


class _Line(Struct, gc=False):
    did: str = ""
    kind: str = ""
    time_us: int = 0
    commit: Change | None = None
    payload: Change | None = None


class _Glance(Struct, gc=False):
    commit: Made | None = None


class _Moment(Struct, gc=False):
    time: str = ""


class _Dated(Struct, gc=False):
    """As little of a line as tells when it happened."""

    time_us: int = 0
    payload: _Moment | None = None


class Reader:
    """Turn lines into changes. What cannot be read is counted and logged once, never raised."""

    def __init__(
        self, collections: tuple[str, ...] = COLLECTIONS, may_matter: MayMatter | None = None
    ) -> None:
        """``may_matter``: which of their posts and reposts to read whole; all, where it is None."""
        self._may_matter = may_matter
        self.passed_over = 0
        """Posts made that were not read whole."""
        self.malformed = 0
        """Lines that were no events of Jetstream's."""
        self._collections = collections
        self._initials = tuple({ord(name.rpartition(".")[2][0]) for name in collections})
        self._line = msgspec.json.Decoder(_Line).decode
        self._glance = msgspec.json.Decoder(_Glance).decode
        self._dated = msgspec.json.Decoder(_Dated).decode

    def read(self, line: bytes) -> Change | None:
        """Return the change of a post or repost that a line tells of; None for all else."""
        return next(self.changes((line,)), None)

    def changes(self, lines: Iterable[bytes]) -> Iterator[Change]:
        """The changes of posts and reposts that lines tell of, in order."""
        decode, glance, ours = self._line, self._glance, self._collections
        may_matter, initials = self._may_matter, self._initials
        for line in lines:
            named = line.find(_NAMED, _FIRST)
            try:
                if 0 < named < _HEAD and line[named + _TELLING] not in initials:
                    end = line[-2] if line[-1] == _NEWLINE else line[-1]
                    if end != _BRACE and line.rstrip()[-1] != _BRACE:
                        self._strange()
                    continue
                if may_matter is not None:
                    made = glance(line).commit
                    if made is not None and made.collection in ours and not may_matter(made):
                        self.passed_over += made.collection == POST
                        continue
                found = decode(line)
            except (*UNREADABLE, IndexError):
                found = salvaged(line, _Line)
            change = found.commit
            if change is None:
                change = self._other(found)
                if change is None:
                    continue
            else:
                change.did, change.time_us = found.did, found.time_us
            if change.collection in ours and (
                change.operation if change.record else change.operation == "delete"
            ):
                yield change
            else:
                self._let_go(change)

    def _let_go(self, change: Change) -> None:
        """Leave out what is about other things, or is not whole."""
        of_accounts = bool(change.did and change.type)
        if change.collection in self._collections or not (change.collection or of_accounts):
            self._strange()

    def _other(self, line: _Line) -> Change | None:
        """Of a line that is no commit of v1's: v2's payload, or nothing of interest."""
        change = line.payload
        if change is not None:
            at = moment(change.time)
            change.time_us = micros(at) if at else 0
        elif not (line.did and line.kind):
            self._strange()
        return change

    def time_of(self, line: bytes) -> int:
        """When what a line tells of reached the server: microseconds since 1970; 0 if unknown."""
        try:
            dated = self._dated(line)
        except UNREADABLE:
            return 0
        if dated.time_us or dated.payload is None:
            return dated.time_us if 0 < dated.time_us < _LATEST else 0
        time = moment(dated.payload.time)
        return micros(time) if time else 0

    def _strange(self) -> None:
        self.malformed += 1
        if self.malformed == 1:
            log.warning("a line is no event of Jetstream's", hint="it and later ones are let be")


def placed(record: Record) -> list[tuple[int, int, str]]:
    """The mentions of a post that do not lie: from which byte up to which, and whom."""
    named = [
        (facet, one.did)
        for facet in record.facets or ()
        for one in facet.features
        if one.type == MENTION and one.did.startswith("did:")
    ]
    if not named:
        return []
    size = len(record.text.encode("utf-8", "replace"))
    places = [(*_place(facet.index), did) for facet, did in named]
    return [(start, end, did) for start, end, did in places if 0 <= start < end <= size]


def _place(index: Raw) -> tuple[int, int]:
    """From which byte up to which a facet claims to lie; nowhere, if it does not say so."""
    place = opened(index)
    start, end = place.get("byteStart"), place.get("byteEnd")
    if type(start) is not int or type(end) is not int:
        return 0, 0
    return start, end


def micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // _MICROSECOND


def moment(written: str) -> datetime | None:
    """Read a time as people's programs write it, UTC unless it says otherwise."""
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is UTC:
            return at
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def aware(time_us: int) -> datetime | None:
    """The aware time of microseconds since 1970; None for what cannot be one."""
    return _EPOCH + time_us * _MICROSECOND if 0 < time_us < _LATEST else None
