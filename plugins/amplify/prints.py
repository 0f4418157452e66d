"""Tell that two texts are much the same without keeping either: a fingerprint of 64 bits. Pure.

Simhash, after Charikar (2002), Similarity estimation techniques from rounding algorithms: every
run of five characters votes on every bit, so texts that share most of them differ in few bits.
Unrelated texts differ in 32 of 64 on average, with a standard deviation of 4; a text with one or
two of its words changed differs in 9 to 14.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from bot.api import fold

NEAR = 14
"""Bits in which two texts that are much the same may differ: 4.5 deviations below chance."""
ENOUGH = 6
"""Words that a text needs before being like another one means anything."""
LEAST_WORDS = 15
"""Characters besides a link that make a post more than a link (the measures' own rule)."""
_BITS, _RUN = 64, 5
_LINK = re.compile(r"\w+://\S+")
_MARKED = re.compile(r"[#\uff03@]\S+")
_WORD = re.compile(r"[^\W_]+")


class Print(NamedTuple):
    """What is kept of a text for two days: 64 bits, and of how many words they are."""

    bits: int
    """Signed, as databases hold it."""
    words: int

    def is_like(self, other: Print, near: int = NEAR) -> bool:
        """Whether both texts were much the same; short ones only when they were alike."""
        if min(self.words, other.words) < ENOUGH:
            return self == other and self.words > 0
        return self.distance(other) <= near

    def distance(self, other: Print) -> int:
        """In how many bits they differ."""
        return ((self.bits ^ other.bits) & (1 << _BITS) - 1).bit_count()


def print_of(text: str) -> Print:
    """The fingerprint of a text; tags, names and where links lead do not matter."""
    words = _WORD.findall(fold(_plain(text)))
    features = _features(words)
    hashes = b"".join([blake2b(one.encode(), digest_size=_BITS // 8).digest() for one in features])
    ones = int.from_bytes(b"\1" * len(features), "big")
    bits = 0
    for place in range(_BITS // 8):
        column = int.from_bytes(hashes[place :: _BITS // 8], "big")
        for bit in reversed(range(8)):
            votes = (column >> bit & ones).bit_count()  # of every feature at once
            bits = bits << 1 | (2 * votes > len(features))
    return Print(bits - (1 << _BITS) if bits >> _BITS - 1 else bits, len(words))


def is_link_only(text: str, *, has_link: bool) -> bool:
    """Whether a post is a link and under 15 characters besides (tags and names left out)."""
    return has_link and sum(map(len, _WORD.findall(_plain(text)))) < LEAST_WORDS


def _plain(text: str) -> str:
    return _MARKED.sub(" ", _LINK.sub(" ", text))


def _features(words: list[str]) -> set[str]:
    """Every run of five characters, so that a word put in or changed touches only its own."""
    line = " ".join(words)
    return {line[at : at + _RUN] for at in range(max(1, len(line) - _RUN + 1))}
