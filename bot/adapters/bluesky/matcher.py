"""Decide which posts of the network are a community's business. Pure: it reads and remembers.

A post is tracked when it carries a tracked tag, as a facet, in its list of tags or in its words,
or comes from an account that is a space. What answers a tracked post, anywhere in its thread, is
followed: counted, and obeyed when it changes or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from bot.adapters.bluesky.jetstream import POST, Change, Made, Record, Sketch
from bot.adapters.bluesky.talk import addressed
from bot.domain.hashtags import fold, hashtags

Spaces = tuple[str, ...]
"""Ids of spaces, each once."""
NOWHERE: Spaces = ()
_WIDE = "\uff03"
"""The other sign that a hashtag may begin with."""
_LONGEST = 640
"""Characters of a tag, by Bluesky's own rule: what is longer is none, and is not remembered."""
ROOM = 500_000
"""Posts that a running Weaver remembers, at about 80 bytes each; older ones are forgotten."""


class Match(NamedTuple):
    """Where a change belongs."""

    tagged: Spaces = NOWHERE
    """Spaces whose tag it carries or whose account made it."""
    answers: Spaces = NOWHERE
    """Spaces in whose threads it is a reply."""
    known: Spaces = NOWHERE
    """Spaces that heard of it before."""
    tracked: bool = False
    """Whether it was ever tracked itself, and not only as a reply in a thread."""
    tags: tuple[str, ...] = ()
    """Its tags as written; these make it a candidate for amplifying."""
    called: str = ""
    """The account of Weaver's that it mentions or answers, by name."""

    @property
    def spaces(self) -> Spaces:
        """All of them, each once."""
        return tuple(dict.fromkeys(self.tagged + self.answers + self.known))


class Memory(dict[int, Spaces]):
    """Where posts belong, by 64 bits of their address; with room for some, the oldest go."""

    def __init__(self, room: int | None) -> None:
        super().__init__()
        self._room = room

    def remember(self, uri: str, spaces: Spaces) -> None:
        """Remember a post from now on; ``spaces`` is shared, not copied."""
        self[hash(uri)] = spaces
        if self._room is not None and len(self) > self._room:
            kept = list(self.items())[len(self) // 4 :]
            self.clear()
            self.update(kept)


class Matcher:
    """Tell what concerns the spaces: hashtags, and accounts by their DIDs."""

    def __init__(
        self,
        hashtags: Iterable[str],
        accounts: Mapping[str, str] | None = None,
        room: int | None = ROOM,
    ) -> None:
        """``hashtags`` are ids of spaces with their sign, ``accounts`` ids of spaces by DID."""
        tags: dict[str, Spaces] = {}
        for space in dict.fromkeys(hashtags):
            key = fold(space.lstrip(f"#{_WIDE}"), "bluesky")
            tags[key] = (*tags.get(key, ()), space)
        self._tags = tags
        self._accounts: dict[str, Spaces] = {}
        self._names: dict[str, str] = {}
        self.speak_as(accounts or {})
        self._spaces_of_tag = lru_cache(4096)(self._of_tag)
        self._shared: dict[Spaces, Spaces] = {}
        self.tracked, self.followed = Memory(room), Memory(room)

    def speak_as(self, accounts: Mapping[str, str]) -> None:
        """Take these accounts for spaces: ids by DID."""
        if len(accounts) != len(self._accounts):
            self._names = dict(accounts)
            self._accounts = {did: (space,) for did, space in accounts.items()}

    def recollect(self, posts: Iterable[tuple[str, str, bool]]) -> None:
        """Take up what the post log holds: space, post, and whether it is tracked itself."""
        for space, uri, tracked in posts:
            self._remember(self.tracked if tracked else self.followed, uri, (space,))

    def may_matter(self, made: Made) -> bool:
        """Whether a change may be the business of a hashtag's space; see MayMatter.

        Of spaces that are accounts it knows nothing.
        """
        record = made.record
        if record is None or made.operation != "create":
            return True
        if made.collection != POST:
            return record.subject is not None and hash(record.subject.uri) in self.tracked
        text, reply = record.text, record.reply
        if reply is not None and self._answers(reply.root.uri, reply.parent.uri):
            return True
        has_more = "#" in text or _WIDE in text or record.facets or record.tags
        return bool(has_more and self._tagged(record))

    def match(self, change: Change) -> Match | None:
        """Say where a change belongs, and remember it; None when it is nobody's business."""
        record = change.record
        if record is None or change.operation == "delete":
            return self._deleted(change.uri)
        if change.collection != POST:
            return self._reposted(change, record)
        text, reply = record.text, record.reply
        tagged = answers = NOWHERE
        if "#" in text or _WIDE in text or record.facets or record.tags:
            tagged = self._tagged(record)
        if self._accounts:
            tagged = _merged(tagged, self._accounts.get(change.did, NOWHERE))
        if reply is not None:
            answers = self._answers(reply.root.uri, reply.parent.uri)
        if change.operation == "update":
            return self._updated(change.uri, record, tagged, answers)
        called = addressed(change, record, self._names) if self._names else ""
        if not tagged and not answers:
            return Match(called=called) if called else None
        self._keep(change.uri, tagged, answers)
        return Match(tagged, answers, NOWHERE, bool(tagged), candidates(record), called)

    def _answers(self, root: str, parent: str) -> Spaces:
        """The spaces in whose threads a reply is."""
        get = self.tracked.get
        spaces = get(hash(root), NOWHERE)
        return spaces if parent == root else _merged(spaces, get(hash(parent), NOWHERE))

    def _updated(self, uri: str, record: Record, tagged: Spaces, answers: Spaces) -> Match | None:
        """A change may bring a post in; what once was in stays."""
        tracked, followed = self._known(uri)
        if not (tagged or answers or tracked or followed):
            return None
        self._keep(uri, tagged, answers)
        known, is_tracked = _merged(tracked, followed), bool(tracked or tagged)
        return Match(tagged, answers, known, is_tracked, candidates(record))

    def _reposted(self, change: Change, record: Record) -> Match | None:
        subject = record.subject
        spaces = self.tracked.get(hash(subject.uri)) if subject else None
        if not spaces or change.operation != "create":
            return None
        self._keep(change.uri, NOWHERE, spaces)
        return Match(NOWHERE, spaces)

    def _deleted(self, uri: str) -> Match | None:
        tracked, followed = self._known(uri)
        if not tracked and not followed:
            return None
        self.followed.pop(hash(uri), None)
        return Match(known=_merged(tracked, followed), tracked=bool(tracked))

    def _known(self, uri: str) -> tuple[Spaces, Spaces]:
        key = hash(uri)
        return self.tracked.get(key, NOWHERE), self.followed.get(key, NOWHERE)

    def _keep(self, uri: str, tagged: Spaces, answers: Spaces) -> None:
        if tagged:
            self._remember(self.tracked, uri, tagged)
        if answers:
            self._remember(self.followed, uri, answers)

    def _tagged(self, record: Sketch) -> Spaces:
        """The spaces of the tags of a post, wherever it carries them."""
        of_tag, found = self._spaces_of_tag, NOWHERE
        for tag in record.tag_facets():
            if len(tag) <= _LONGEST and (spaces := of_tag(tag)):
                found = _merged(found, spaces)
        if self._may_hold_more(record.text, found):
            for tag in inline(record.text):
                if spaces := of_tag(tag):
                    found = _merged(found, spaces)
        return found

    def _may_hold_more(self, text: str, found: Spaces) -> bool:
        """Whether words may hold a tag of other spaces. Quick: a yes may be wrong, a no never."""
        if _WIDE in text:
            return True
        pieces = text.split("#")
        last = pieces.pop()
        if not pieces:
            return False
        for piece in pieces[1:]:
            words = piece.split(None, 1)
            if not words:
                if not piece:
                    return True
            elif len(words[0]) == len(piece) or self._may_be(words[0], found):
                return True
        words = last.split(None, 1)
        return bool(words) and self._may_be(words[0], found)

    def _may_be(self, word: str, found: Spaces) -> bool:
        """Whether a word after a sign may be the tag of a space that is not yet found."""
        if len(word) > _LONGEST or not word.isalnum():
            return True
        spaces = self._spaces_of_tag(word)
        return bool(spaces) and not set(spaces) <= set(found)

    def _of_tag(self, tag: str) -> Spaces:
        return self._tags.get(fold(tag, "bluesky"), NOWHERE)

    def _remember(self, memory: Memory, uri: str, spaces: Spaces) -> None:
        """Remember spaces on top of those remembered, keeping one copy of equal ones."""
        merged = _merged(memory.get(hash(uri), NOWHERE), spaces)
        memory.remember(uri, self._shared.setdefault(merged, merged))


def has_sign(text: str) -> bool:
    """Whether words may hold a tag at all."""
    return "#" in text or _WIDE in text


def inline(text: str) -> list[str]:
    """The tags in words, as Bluesky would find them."""
    return hashtags(text, "bluesky")


def candidates(record: Record) -> tuple[str, ...]:
    """The tags by which a post may be passed on: facets and list; words only without facets."""
    tags = record.tag_facets()
    if not record.facets and has_sign(record.text):
        tags = [*inline(record.text), *tags]
    return tuple(dict.fromkeys(tags))


def _merged(one: Spaces, other: Spaces) -> Spaces:
    if not other or one is other:
        return one
    return tuple(dict.fromkeys(one + other)) if one else other
