"""Read a capture of Jetstream from a file: JSON lines, plain or compressed by zstd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from typing import Any

from bot.domain.errors import UserError

ZSTD = b"\x28\xb5\x2f\xfd"
"""How a file that zstd compressed begins."""
_BLOCK = 1 << 16
"""Bytes at a time: their lines are still in the processor's cache when they are decoded."""
_END = re.compile(b"\n")
_LONGEST = 1 << 26
"""Bytes of a line that no capture has; what is longer is no file of lines."""


def blocks_of_lines(path: Path) -> Iterator[list[bytes]]:
    """The lines of a capture, some hundred at a time, empty ones left out.

    UserError for a file that cannot be read, is damaged, or has no lines.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(len(ZSTD))
            file.seek(0)
            yield from lines_in(file, begin, path)
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file; name a capture of Jetstream") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: cannot be read ({reason}); name another file") from None


def lines_in(file: BufferedIOBase, begin: bytes, path: Path) -> Iterator[list[bytes]]:
    """The same of an open file, which begins so and stands at its start; ``path`` is its name."""
    is_packed = begin.startswith(ZSTD)
    plain = _Joined(_decompressed(file, path)) if is_packed else file
    lines = BufferedReader(_Bounded(plain, path), _BLOCK)
    while block := lines.readlines(_BLOCK):
        yield [line for line in block if line != b"\n"] if b"\n" in block else block


class _Joined(RawIOBase):
    """Pieces, read as the one file that they are."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._piece = pieces, memoryview(b"")

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; returns how many bytes, 0 at the end."""
        self._piece = self._piece or memoryview(next(filter(None, self._pieces), b""))
        count = min(len(buffer), len(self._piece))
        buffer[:count], self._piece = self._piece[:count], self._piece[count:]
        return count


class _Bounded(RawIOBase):
    """A file of lines, which is refused where one of them has no end."""

    def __init__(self, file: BufferedIOBase | RawIOBase, path: Path) -> None:
        self._file, self._path, self._length = file, path, 0

    def readable(self) -> bool:
        """Promise that it can be read, as a buffer over it asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; returns how many bytes, 0 at the end."""
        count = self._file.readinto(buffer) or 0
        self._length = 0 if _END.search(buffer, 0, count) else self._length + count
        if self._length > _LONGEST:
            raise UserError(f"{self._path}: is no file of lines; give one JSON event a line")
        return count


def _decompressed(file: BufferedIOBase, path: Path) -> Iterator[bytes]:
    """What a file of one or more zstd frames holds; a frame that is cut short is damage."""
    import zstandard

    fresh = zstandard.ZstdDecompressor
    frame = fresh().decompressobj()
    try:
        for compressed in iter(partial(file.read, _BLOCK), b""):
            rest = compressed
            while rest:
                if frame.eof:
                    frame = fresh().decompressobj()
                yield frame.decompress(rest)
                rest = frame.unused_data if frame.eof else b""
    except zstandard.ZstdError:
        raise UserError(f"{path}: its compression is damaged; fetch the capture again") from None
    if not frame.eof:
        raise UserError(f"{path}: it ends in the middle; fetch the capture again")
