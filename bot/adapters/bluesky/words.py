"""Words as Bluesky shows them: what in them is a link, a tag or a mention, and posts that fit.

A post holds 300 graphemes and 3,000 bytes; longer words become several, cut between paragraphs,
sentences or words, and never inside a grapheme, a link, a tag or a mention. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import regex
from atproto import models
from atproto_client.utils.facet_detection import detect_facets, detect_mentions

GRAPHEMES, BYTES = 300, 3000
"""What one post holds (app.bsky.feed.post)."""
SHOWN = 60
"""Graphemes shown of a link that alone would not fit; it still leads where it led."""
TAG_BYTES = 640
_GRAPHEME = regex.compile(r"\X")
_ENDS = (
    regex.compile(r"\n\s*\n\s*"),
    regex.compile(r"\n\s*"),
    regex.compile(r"(?<=[.!?…\u3002\uff01\uff1f])\s+"),
)
"""Where to cut, best first: after a paragraph, a line, a sentence."""
_SPACE = regex.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, in code points, that means something."""

    start: int
    end: int
    kind: Literal["link", "tag", "mention"]
    value: str
    """The address, the tag without its sign, or the handle."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one post says."""

    text: str
    spans: tuple[Span, ...] = ()


def graphemes(text: str) -> int:
    """Count what a reader sees as characters."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def marked(text: str) -> Words:
    """Find the links, tags and mentions in a text, as Bluesky's own library does."""
    encoded = text.encode()

    def at(position: int) -> int:
        return len(encoded[:position].decode())

    found = [
        Span(at(mention.byte_start), at(mention.byte_end), "mention", mention.handle.lower())
        for mention in detect_mentions(text)
    ]
    for facet in detect_facets(text):
        start, end = at(facet.index.byte_start), at(facet.index.byte_end)
        for feature in facet.features:
            if isinstance(feature, models.AppBskyRichtextFacet.Link):
                found.append(Span(start, end, "link", feature.uri))
            elif len(feature.tag.encode()) <= TAG_BYTES:
                found.append(Span(start, end, "tag", feature.tag))
    return Words(text, tuple(_apart(sorted(found, key=lambda span: span.start))))


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """Of spans that overlap, keep the first."""
    end = 0
    for span in spans:
        if span.start >= end:
            end = span.end
            yield span


def posts(text: str) -> list[Words]:
    """Cut a text into posts; none when there is nothing to say."""
    words = _fitting(marked(text))
    made, start = [], 0
    atoms = _atoms(words)
    while start < len(words.text):
        end = _end(words, atoms, start)
        part = _part(words, start, end)
        if part.text:
            made.append(part)
        start = end
    return made


def _fitting(words: Words) -> Words:
    """Show only the beginning of a link that would not fit into one post."""
    text, spans, moved = "", [], 0
    for span in words.spans:
        shown = words.text[span.start : span.end]
        text += words.text[moved : span.start]
        if span.kind == "link" and (graphemes(shown) > GRAPHEMES or len(shown.encode()) > BYTES):
            shown = "".join(_GRAPHEME.findall(shown)[:SHOWN]) + "…"
        spans.append(replace(span, start=len(text), end=len(text) + len(shown)))
        text += shown
        moved = span.end
    return Words(text + words.text[moved:], tuple(spans))


def _atoms(words: Words) -> list[tuple[int, int]]:
    """Where what is never cut starts, each with its graphemes: a grapheme, or a whole span."""
    starts: list[tuple[int, int]] = []
    spans = list(words.spans)
    for found in _GRAPHEME.finditer(words.text):
        while spans and spans[0].end <= found.start():
            spans.pop(0)
        inside = spans and spans[0].start < found.start()
        # A grapheme that reaches over a span's start belongs to both: nothing is cut there.
        if starts and inside:
            start, count = starts[-1]
            starts[-1] = (start, count + 1)
        else:
            starts.append((found.start(), 1))
    return starts


def _end(words: Words, atoms: Sequence[tuple[int, int]], start: int) -> int:
    """Where the post that starts at ``start`` ends: as far as it fits, at the best place."""
    count, size, fits, whole = 0, 0, start, True
    for number, (position, length) in enumerate(atoms):
        if position < start:
            continue
        end = atoms[number + 1][0] if number + 1 < len(atoms) else len(words.text)
        count += length
        size += len(words.text[position:end].encode())
        if (count > GRAPHEMES or size > BYTES) and fits > start:
            whole = False
            break
        fits = end
    return fits if whole else _best(words, atoms, start, fits)


def _best(words: Words, atoms: Sequence[tuple[int, int]], start: int, fits: int) -> int:
    """The last paragraph, line or sentence in the second half; else the last space; else there."""
    allowed = {position for position, _ in atoms}
    window = words.text[start:fits]
    for pattern in _ENDS:
        ends = [start + match.end() for match in pattern.finditer(window)]
        late = [end for end in ends if end in allowed and end - start > len(window) // 2]
        if late:
            return late[-1]
    if words.text[fits].isspace():
        return fits
    ends = [start + match.end() for match in _SPACE.finditer(window)]
    good = [end for end in ends if end in allowed and words.text[start:end].strip()]
    return good[-1] if good else fits


def _part(words: Words, start: int, end: int) -> Words:
    """One post of a text, without the space around it."""
    text = words.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    spans = [
        replace(span, start=span.start - start, end=span.end - start)
        for span in words.spans
        if span.start >= start and span.end <= start + len(text)
    ]
    return Words(text, tuple(spans))


def facets(words: Words, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The spans as facets, in bytes; a mention of nobody we know stays plain text."""
    made = []
    for span in words.spans:
        feature = _feature(span, dids)
        if feature is not None:
            start = len(words.text[: span.start].encode())
            end = start + len(words.text[span.start : span.end].encode())
            index = {"byteStart": start, "byteEnd": end}
            made.append({"index": index, "features": [feature]})
    return made


def _feature(span: Span, dids: Mapping[str, str]) -> dict[str, str] | None:
    kind = f"app.bsky.richtext.facet#{span.kind}"
    match span.kind:
        case "link":
            return {"$type": kind, "uri": span.value}
        case "tag":
            return {"$type": kind, "tag": span.value}
        case "mention":
            did = dids.get(span.value)
            return {"$type": kind, "did": did} if did else None
