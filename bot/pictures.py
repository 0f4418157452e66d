"""Turn a picture into bytes that a platform takes; drawings in a process that ends with them.

The library that draws takes some 100 MB: a Weaver that draws nothing now does not carry it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.domain.actions import Picture
from bot.domain.ports import Image, Rejected, TryLater

FOLDER = "pictures"
"""Where hosts' pictures lie, in the data folder."""
SECONDS = 20.0
SCALE = 2.0
"""Pixels to a unit of the drawing, so that its words are sharp on any screen."""
LARGEST = 8 * 1024 * 1024
_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
}


async def image_of(picture: Picture, data: Path) -> Image:
    """Draw a drawing, or read a file of the data folder's.

    Raises Rejected for a picture that never can be shown, and TryLater if drawing takes too long.
    """
    if not picture.alt.strip():
        raise Rejected("a picture needs words that say what it shows; write them as its alt")
    if picture.svg:
        return Image(await png(picture.svg), "image/png", "picture.png", picture.alt)
    folder = (data / FOLDER).resolve()
    path = (folder / picture.file).resolve()
    if not path.is_relative_to(folder) or path.suffix.lower() not in _TYPES:
        raise Rejected(f"{picture.file!r} is no picture in {FOLDER}; use {', '.join(_TYPES)}")
    try:
        found = await asyncio.to_thread(path.read_bytes)
    except OSError:
        raise Rejected(f"there is no picture {picture.file!r} in {folder}") from None
    if len(found) > LARGEST:
        raise Rejected(f"{picture.file!r} is larger than {LARGEST >> 20} MB")
    return Image(found, _TYPES[path.suffix.lower()], path.name, picture.alt)


async def png(svg: str) -> bytes:
    """Draw an SVG as PNG in a process of its own; it fetches nothing.

    Raises Rejected for what is no drawing, and TryLater if it takes more than 20 s.
    """
    drawing = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            drawn, _ = await drawing.communicate(svg.encode())
    except TimeoutError:
        raise TryLater("drawing the picture took too long") from None
    finally:
        if drawing.returncode is None:
            drawing.kill()
            await drawing.wait()
    if drawing.returncode != 0:
        raise Rejected("the picture cannot be drawn: it is no SVG")
    return drawn


def _draw() -> None:
    import vl_convert

    svg = sys.stdin.buffer.read().decode()
    drawn = vl_convert.svg_to_png(svg, scale=SCALE)
    if not drawn.startswith(b"\x89PNG"):
        sys.exit(1)
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    _draw()
