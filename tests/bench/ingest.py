"""How much listening to a whole network costs: ``make bench-ingest``.

The way from bytes to a matched decision, and the replay with its facts written, as ratios to a
bare typed decode of the same lines; and how much memory grows on the way to a million events.
``ARGS="CAPTURE.jsonl TAGS.txt"`` takes a capture instead of a made-up hour.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Raw, Struct, field

from bot.adapters.bluesky.capture import blocks_of_lines
from bot.adapters.bluesky.jetstream import Reader
from bot.adapters.bluesky.matcher import Matcher
from bot.replay import hashtags_in, passed, scratch
from tests.bench.network import TAGS, Network

EVENTS, CHUNK, TIMES = 200_000, 4_000, 5
EARLY, LATE = 100_000, 1_000_000
MOST_RATIO, MOST_REPLAY, MOST_GROWTH = 1.5, 2.5, 10.0


class Ref(Struct):
    """A record and its version."""

    uri: str
    cid: str = ""


class Reply(Struct):
    """Both ends of an answer."""

    root: Ref
    parent: Ref


class Feature(Struct):
    """A tag, a link or a mention."""

    type: str = field(name="$type")
    tag: str = ""
    uri: str = ""


class Facet(Struct):
    """A piece of text that means something."""

    features: list[Feature]


class Record(Struct):
    """What any record may hold of what a matcher needs."""

    text: str = ""
    created: str = field(name="createdAt", default="")
    facets: list[Facet] = []
    tags: list[str] = []
    reply: Reply | None = None
    embed: Raw = Raw()
    subject: Raw = Raw()


class Commit(Struct):
    """What was done."""

    operation: str
    collection: str
    rkey: str
    rev: str = ""
    cid: str = ""
    record: Record | None = None


class Line(Struct):
    """An event of v1's."""

    did: str
    time_us: int
    kind: str
    commit: Commit | None = None


bare = msgspec.json.Decoder(Line).decode


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of it."""
    began = time.process_time()
    work()
    return time.process_time() - began


def decode(lines: Sequence[bytes]) -> None:
    """Decode and throw away."""
    for line in lines:
        bare(line)


def decide(lines: Sequence[bytes], reader: Reader, matcher: Matcher) -> None:
    """Go from bytes to what the matcher says of them."""
    for change in reader.changes(lines):
        matcher.match(change)


def decisions(lines: Sequence[bytes], hashtags: Sequence[str]) -> tuple[float, float]:
    """CPU seconds of the bare decode and of ours, by turns through the same lines."""
    reader, matcher = Reader(), Matcher(hashtags, room=None)
    plain = ours = 0.0
    for at in range(0, len(lines), CHUNK):
        chunk = lines[at : at + CHUNK]
        plain += timed(lambda chunk=chunk: decode(chunk))  # type: ignore[misc]
        ours += timed(lambda chunk=chunk: decide(chunk, reader, matcher))  # type: ignore[misc]
    return plain, ours


def resident() -> float:
    """Megabytes of this process that are in memory now."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * 4096 / 1e6


def growth(hashtags: Sequence[str]) -> tuple[float, int]:
    """Megabytes that a pass with facts grows by from the early event to the late one; its posts."""
    seen: list[float] = []

    def blocks() -> Iterator[list[bytes]]:
        lines = Network(seed=11).lines(LATE)
        for at in range(0, LATE, CHUNK):
            yield list(islice(lines, CHUNK))
            if at + CHUNK in (EARLY, LATE):
                seen.append(resident())

    matcher = Matcher(hashtags, room=None)
    with scratch(hashtags) as keep:
        passed(blocks(), matcher, keep)
    return seen[-1] - seen[0], len(matcher.tracked)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="weaver-bench-") as folder:
        if arguments:
            capture, hashtags = Path(arguments[0]), hashtags_in(Path(arguments[1]))
        else:
            capture, hashtags = Path(folder) / "network.jsonl", [f"#{tag}" for tag in TAGS]
            capture.write_bytes(b"\n".join(Network().lines(EVENTS)))
        lines = capture.read_bytes().splitlines()
        pairs = [decisions(lines, hashtags) for _ in range(TIMES)]
        plain, ours = (min(each) for each in zip(*pairs, strict=True))
        with_facts = []
        for _ in range(TIMES):
            with scratch(hashtags) as keep:
                matcher = Matcher(hashtags, room=None)
                tally = passed(blocks_of_lines(capture), matcher, keep)
            with_facts.append(tally.seconds)
        replayed, count = min(with_facts), len(lines) / 1e6
    print(f"{len(lines):,} events; {tally.tagged:,} tagged, {tally.replies:,} replies")
    print(f"bare typed decode:     {plain / count:6.2f} us an event")
    for what, took, most in (
        ("matched decision", ours, MOST_RATIO),
        ("replay, facts kept", replayed, MOST_REPLAY),
    ):
        ratio = f"{took / plain:.2f} times the bare decode (aim: at most {most})"
        print(f"{what + ':':<22} {took / count:6.2f} us an event, {ratio}")
    grown, posts = growth(hashtags)
    print(
        f"memory from event {EARLY:,} to {LATE:,}, {posts:,} posts tracked: {grown:+.1f} MB "
        f"(aim: at most {MOST_GROWTH:g})"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
