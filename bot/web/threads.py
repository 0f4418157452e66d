"""Joins what people said with what Weaver decided: from entries and acts to a page's parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import regex

from bot.domain.hashtags import fold, hashtags
from bot.domain.pages import Act, Entry, Person, Place
from bot.domain.text import join_words
from bot.web.words import Told, tell

_SHOWN_AS_POSTS = frozenset({"SendPost", "Reply", "NotifyHosts", "DirectMessage"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a post's words; with ``tag``, the stretch is that hashtag."""

    text: str
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A post with the act behind it, the acts that hang from it and its thread, laid flat."""

    entry: Entry
    pieces: tuple[Piece, ...]
    act: Told | None
    acts: tuple[Told, ...]
    replies: tuple[Said, ...] = ()
    to: str = ""
    """Whom a reply answers, when that is not the one who began the thread."""


class Loom:
    """Weaves entries and acts together; ``find`` looks up an act older than those at hand."""

    def __init__(
        self, acts: Iterable[Act], people: Sequence[Person], find: Callable[[str], Act | None]
    ) -> None:
        self._people, self._find = people, find
        self._by_key: dict[str, Act] = {}
        self._by_post: dict[str, list[Act]] = {}
        for act in acts:
            self._by_key[act.key] = act
            if act.ref is not None:
                self._by_post.setdefault(act.ref, []).append(act)

    def thread(self, entry: Entry) -> Said:
        """Lay a thread out: every reply, however deep, in one list, oldest first."""
        replies = sorted(descendants(entry), key=attrgetter("at"))
        names = {post.id: author_name(post) for post in replies}
        return self._said(
            entry,
            replies=tuple(
                self._said(reply, to=names.get(reply.reply_to or "")) for reply in replies
            ),
        )

    def _said(self, entry: Entry, replies: tuple[Said, ...] = (), to: str | None = None) -> Said:
        own = entry.act_key
        act = None if own is None else self._by_key.get(own) or self._find(own)
        return Said(
            entry,
            pieces=tuple(pieces(entry.text, entry.tags)),
            act=tell(act, self._people) if act else None,
            acts=tuple(self._hanging(entry)),
            replies=replies,
            to=to or "",
        )

    def _hanging(self, entry: Entry) -> Iterator[Told]:
        """Tell the acts about a post, oldest first, without those that stand there as posts."""
        names = join_words(entry.passed_on_to)
        for act in sorted(self._by_post.get(entry.id, ()), key=attrgetter("seq")):
            if act.kind == "Undo" or (act.kind in _SHOWN_AS_POSTS and act.state == "done"):
                continue
            yield tell(act, self._people, names if act.state == "done" else "")


def descendants(entry: Entry) -> Iterator[Entry]:
    """Every post below an entry."""
    for reply in entry.replies:
        yield reply
        yield from descendants(reply)


def author_name(entry: Entry) -> str:
    """Who wrote it; Weaver's own posts have no author in the sandbox."""
    return entry.author.name if entry.author else "Weaver"


def pieces(text: str, tags: Sequence[str]) -> Iterator[Piece]:
    """Cut a text at its hashtags; which words are tags is for the world to say."""
    if not tags:
        yield Piece(text)
        return
    any_tag = "|".join(regex.escape(tag) for tag in sorted(tags, key=len, reverse=True))
    start = 0
    for found in regex.finditer(rf"(?<![\w&])[#\uff03]({any_tag})(?!\w)", text, regex.IGNORECASE):
        if found.start() > start:
            yield Piece(text[start : found.start()])
        yield Piece(found[0], found[1])
        start = found.end()
    if start < len(text):
        yield Piece(text[start:])


def audience_tag(place: Place) -> str:
    """The hashtag that asks for a group: its name without the sign."""
    return place.name.lstrip("#").replace(" ", "")


def with_tags(text: str, tags: Iterable[str]) -> str:
    """Add the tags that the text does not carry yet, each once, at its end."""
    for tag in (tag.lstrip("#") for tag in tags):
        if tag and fold(tag) not in map(fold, hashtags(text, "bluesky")):
            text = f"{text.rstrip()} #{tag}".lstrip()
    return text
