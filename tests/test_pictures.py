"""Pictures as platforms take them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.actions import Picture
from bot.domain.ports import Rejected
from bot.pictures import FOLDER, SCALE, image_of, png

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">'
    '<rect width="30" height="20" fill="#26303b"/></svg>'
)


def test_a_drawing_is_drawn_at_twice_its_size() -> None:
    drawn = asyncio.run(png(SQUARE))

    width, height = int.from_bytes(drawn[16:20], "big"), int.from_bytes(drawn[20:24], "big")
    assert drawn.startswith(b"\x89PNG")
    assert (width, height) == (30 * SCALE, 20 * SCALE)


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(Rejected, match="no SVG"):
        asyncio.run(png("once upon a time"))


def test_a_file_of_the_hosts_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "dot.png").write_bytes(PIXEL)

    image = asyncio.run(image_of(Picture("A dot", file="dot.png"), tmp_path))

    assert (image.data, image.type, image.alt) == (PIXEL, "image/png", "A dot")


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (Picture(" ", svg=SQUARE), "words that say what it shows"),
        (Picture("A secret", file="../installation.key"), "no picture"),
        (Picture("A page", file="page.html"), "no picture"),
        (Picture("A dot", file="gone.png"), "there is no picture"),
    ],
)
def test_other_pictures_are_refused_in_plain_words(
    picture: Picture, why: str, tmp_path: Path
) -> None:
    with pytest.raises(Rejected, match=why):
        asyncio.run(image_of(picture, tmp_path))
