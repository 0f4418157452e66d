"""Read a capture of Jetstream from a file: JSON lines, plain or compressed by zstd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from bot.domain.errors import UserError

ZSTD = b"\x28\xb5\x2f\xfd"
"""How a file that zstd compressed begins."""
_BLOCK = 1 << 17
"""Bytes at a time: their lines are still in the processor's cache when they are decoded."""
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


def lines_in(file: BinaryIO, begin: bytes, path: Path) -> Iterator[list[bytes]]:
    """The same of an open file, which begins so and stands at its start; ``path`` is its name."""
    is_packed = begin.startswith(ZSTD)
    return _lines(_decompressed(file, path) if is_packed else _blocks(file), path)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _decompressed(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """What a file of one or more zstd frames holds; a frame that is cut short is damage."""
    import zstandard

    fresh = zstandard.ZstdDecompressor
    frame = fresh().decompressobj()
    try:
        for compressed in _blocks(file):
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


def _lines(blocks: Iterable[bytes], path: Path) -> Iterator[list[bytes]]:
    begun: list[bytes] = []
    length = 0
    for block in blocks:
        lines = block.split(b"\n")
        begun.append(lines[0])
        length += len(lines[0])
        if length > _LONGEST:
            raise UserError(f"{path}: is no file of lines; give one JSON event a line")
        if len(lines) > 1:
            lines[0] = b"".join(begun)
            begun = [lines.pop()]
            length = len(begun[0])
            yield lines if all(lines) else [line for line in lines if line]
    if rest := b"".join(begun):
        yield [rest]
