"""How the gateway packs what it sends: one stream of one compressor for each connection."""

from __future__ import annotations

import zlib
from typing import Protocol

import zstandard


class Stream(Protocol):
    """Packs one payload after the other."""

    def pack(self, raw: bytes) -> bytes | str:
        """Return what travels; a text where nothing is compressed."""
        ...


class Plain:
    """Sends texts."""

    def pack(self, raw: bytes) -> str:
        """Return the payload as it is."""
        return raw.decode()


class Zlib:
    """``compress=zlib-stream``: each payload ends with a sync flush (00 00 ff ff)."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj()

    def pack(self, raw: bytes) -> bytes:
        """Compress one payload to its end."""
        return self._compressor.compress(raw) + self._compressor.flush(zlib.Z_SYNC_FLUSH)


class Zstd:
    """``compress=zstd-stream``: each payload ends its block."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor().compressobj()

    def pack(self, raw: bytes) -> bytes:
        """Compress one payload to its end."""
        end = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return self._compressor.compress(raw) + self._compressor.flush(end)


def stream(name: str | None) -> Stream:
    """Choose what a client asked for; an unknown name is a KeyError."""
    return {None: Plain, "zlib-stream": Zlib, "zstd-stream": Zstd}[name]()
