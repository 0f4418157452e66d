"""What every archive is reduced to: each post as three numbers, and where they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

ORIGINAL, REPLY, REPOST, STARTER = range(4)
"""Kinds of a post. A starter, in threads only, was posted in the channel and is counted there."""

QUOTE = STARTER
"""The same number, in all archives but threads: a post that shows another, counted as original."""

BOT = 1 << 60
"""Added to the facts of a bot's post, so that of two rows with one id a human's sorts first."""

Post = tuple[int, int, int]
"""Id and account as 64-bit numbers, and the facts: `seconds since 1970 << 2 | kind`, plus BOT."""

_LONGEST_NUMBER = 19  # digits that always fit into 64 bits


@dataclass(frozen=True, slots=True)
class Archive:
    """A recognised archive: its posts are still to be read, once, while its file is open."""

    name: str
    rules: str
    posts: Iterator[Post]
    is_thread: bool = False
    is_inferred: bool = False
    """Whether replies are told by words and not by links: their share is a lower bound."""
    tells_reposts: bool = True
    """Whether the format knows posts that only show another."""
    gone: Sequence[int] = ()
    """Ids of posts that the archive itself says were deleted; complete once the posts are read."""


def number(text: str) -> int:
    """Give an id's 64-bit number: its own if it is one, else a hash that is the same everywhere."""
    if len(text) <= _LONGEST_NUMBER and text.isdecimal() and text.isascii() and text[0] != "0":
        return int(text)
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def handle(name: str) -> str:
    """Give the form under which an account's name is compared: no leading @, no case."""
    return name.strip().removeprefix("@").casefold()
