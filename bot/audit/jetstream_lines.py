"""Read a capture of Bluesky's Jetstream: JSON lines, plain or compressed by zstd.

A record with a reply is a reply, a repost is a repost, a post that shows another is a quote. Posts
that the capture says were deleted are left out; edits change no count. Bluesky marks no post of a
bot's, so bots are those that are named, by their DID.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedIOBase
from pathlib import Path

import msgspec

from bot.adapters.bluesky.capture import ZSTD, lines_in
from bot.adapters.bluesky.convert import happenings
from bot.adapters.bluesky.jetstream import Reader
from bot.adapters.bluesky.matcher import Match
from bot.audit.faults import shown
from bot.audit.posts import BOT, ORIGINAL, QUOTE, REPLY, REPOST, Archive, Post, handle, number
from bot.domain.errors import UserError
from bot.domain.events import PostDeleted, PostSeen
from bot.domain.model import Post as Spoken

_KINDS = {"original": ORIGINAL, "reply": REPLY, "repost": REPOST, "quote": QUOTE}
_NAMES = ("did", "kind", "time_us", "commit", "payload")
_HERE = ("archive",)
"""The one space to which all that a capture holds belongs."""
_RULES = (
    "reply = the record answers a post",
    "repost = a repost record",
    "quotes counted as originals",
    "deleted posts left out",
    "bots are not marked here, so name them by DID with --bots",
)
_CURE = "delete that line, or fetch the capture again"


def is_capture(head: bytes) -> bool:
    """Whether a file that begins so is a capture."""
    if head.startswith(ZSTD):
        return True
    try:
        first = msgspec.json.decode(head.lstrip().partition(b"\n")[0])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return isinstance(first, dict) and "did" in first and any(name in first for name in _NAMES[1:])


def read(file: BufferedIOBase, head: bytes, path: Path, bots: frozenset[str]) -> Archive:
    """Promise the posts of a capture; `file` stands at its start and `head` is its beginning."""
    gone = array("Q")
    name = path.name.removesuffix(".zst").removesuffix(".jsonl") or path.name
    posts = _posts(lines_in(file, head, path), gone, path, bots)
    return Archive(name.encode("utf-8", "replace").decode(), "; ".join(_RULES), posts, gone=gone)


def _posts(
    blocks: Iterable[Sequence[bytes]], gone: "array[int]", path: Path, bots: frozenset[str]
) -> Iterator[Post]:
    reader, line = Reader(), 0
    for lines in blocks:
        for change in reader.changes(lines):
            if change.operation == "update":
                continue
            is_gone = change.operation == "delete"
            match = Match(known=_HERE) if is_gone else Match(tagged=_HERE)
            for event in happenings(change, match):
                if isinstance(event, PostDeleted):
                    gone.append(number(event.post_id))
                elif isinstance(event, PostSeen):
                    yield _reduced(event.post, bots)
        if reader.malformed:
            raise _refusal(lines, line, path)
        line += len(lines)


def _reduced(post: Spoken, bots: frozenset[str]) -> Post:
    facts = int(post.at.timestamp() // 1) << 2 | _KINDS[post.kind]
    if bots and handle(post.author.id) in bots:
        facts += BOT
    return number(post.id), number(post.author.id), facts


def _refusal(lines: Sequence[bytes], before: int, path: Path) -> UserError:
    """Name the first line of some that is no event."""
    for place, line in enumerate(lines, 1):
        reader = Reader()
        reader.read(line)
        if reader.malformed:
            at = f"line {before + place} is no event of Jetstream’s"
            return UserError(f"{shown(path)}: {at}: {_CURE}")
    raise AssertionError(path)
