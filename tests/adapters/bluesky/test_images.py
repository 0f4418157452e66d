"""Pictures get the shape they say they have, and those that do not fit are refused with a cure."""

import struct

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.bluesky.images import LARGEST, embedded, fitting, shape_of
from bot.domain.ports import Image, Rejected

SIDES = st.integers(1, 1 << 14)
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">'
    '<rect width="30" height="20" fill="#26303b"/></svg>'
)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height)


def lossy(width: int, height: int) -> bytes:
    frame = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width % 0x4000, height % 0x4000)
    return b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0" + frame


def lossless(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    return b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", bits)


def extended(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + sides


@given(SIDES, SIDES, st.sampled_from([png, gif, lossless, extended]))
def test_a_picture_has_the_shape_that_it_says(width: int, height: int, kind: object) -> None:
    assert callable(kind)

    assert shape_of(kind(width, height)) == (width, height)


def test_a_lossy_webp_has_the_shape_that_it_says() -> None:
    assert shape_of(lossy(550, 368)) == (550, 368)


def test_drawings_have_the_shape_they_were_drawn_in() -> None:
    assert shape_of(vl_convert.svg_to_png(SQUARE, scale=2)) == (60, 40)
    assert shape_of(vl_convert.svg_to_jpeg(SQUARE, scale=2)) == (60, 40)


@given(st.binary(max_size=64), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8"]))
def test_no_bytes_are_too_strange(rest: bytes, begin: bytes) -> None:
    shape = shape_of(begin + rest)

    assert shape is None or all(side > 0 for side in shape)


def test_a_jpeg_without_a_frame_has_no_shape() -> None:
    assert shape_of(b"\xff\xd8\xff\xff\xe0\0\x04ab\xff\xd9" + b"\0" * 20) is None


def test_a_picture_without_a_shape_is_shown_without_one() -> None:
    image = Image(b"?", "image/png", "dot.png", "A dot")

    shown = embedded([(image, {"ref": "bytes"})])["images"]

    assert shown == [{"alt": "A dot", "image": {"ref": "bytes"}}]


def test_a_picture_that_is_too_large_is_refused_with_a_cure() -> None:
    image = Image(bytes(LARGEST + 100_000), "image/png", "poster.png", "A poster")

    with pytest.raises(Rejected, match=r"poster\.png has 2\.1 MB.*up to 2 MB; make it smaller"):
        fitting(image)
