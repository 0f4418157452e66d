"""Pictures as posts on Bluesky carry them: how many, how large, and of what shape. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.ports import Image, Rejected

MOST_IMAGES = 4
LARGEST = 2_000_000
"""What one post holds, and bytes of each (app.bsky.embed.images)."""
Shape = tuple[int, int]
"""Width and height, in pixels."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG that its measures follow (ITU-T T.81, table B.1)."""
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
"""Markers that stand without a segment."""


def fitting(image: Image) -> Image:
    """The picture, if Bluesky takes one so large; Rejected, with a cure, if it does not."""
    if len(image.data) > LARGEST:
        raise Rejected(
            f"{image.name} has {len(image.data) / 1e6:.1f} MB, and Bluesky takes pictures of up "
            f"to {LARGEST / 1e6:g} MB; make it smaller"
        )
    return image


def embedded(images: Sequence[tuple[Image, Mapping[str, Any]]]) -> dict[str, Any]:
    """What a post shows under its words: pictures, each with its uploaded bytes' name."""
    shown = []
    for image, blob in images:
        one: dict[str, Any] = {"alt": image.alt, "image": dict(blob)}
        if shape := shape_of(image.data):
            one["aspectRatio"] = {"width": shape[0], "height": shape[1]}
        shown.append(one)
    return {"$type": "app.bsky.embed.images", "images": shown}


def shape_of(data: bytes) -> Shape | None:
    """The width and height that a PNG, GIF, WebP or JPEG says it has; None where it says none."""
    shape: Shape | None = None
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        shape = _number(data[16:20]), _number(data[20:24])
    elif data.startswith((b"GIF87a", b"GIF89a")):
        shape = _little(data[6:8]), _little(data[8:10])
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        shape = _webp(data)
    elif data.startswith(b"\xff\xd8"):
        shape = _jpeg(data)
    return shape if shape and all(shape) else None


def _webp(data: bytes) -> Shape | None:
    """The measures of its first chunk: lossy, lossless or extended (RFC 9649)."""
    match data[12:16]:
        case b"VP8 ":
            return _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
        case b"VP8L":
            bits = _little(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return _little(data[24:27]) + 1, _little(data[27:30]) + 1
    return None


def _jpeg(data: bytes) -> Shape | None:
    """The measures of the first frame, found from segment to segment."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker's first byte
        marker = data[at + 1]
        if marker in _FRAMES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        if marker == 0xFF:  # noqa: PLR2004 - padding before a marker
            at += 1
        else:
            at += 2 if marker in _ALONE else 2 + _number(data[at + 2 : at + 4])
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
