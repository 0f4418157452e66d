"""``weaver replay`` prints what a capture holds, or in one line what is wrong with it."""

import json
import random
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import text

from bot.cli.commands import main
from bot.config import load
from bot.replay import hashtags_in, hashtags_of, replay, replay_into
from bot.storage.database import open_database
from tests.adapters.bluesky.lines import gone, said, uri

TAGS = ("#Tea", "#zürich", "#データ可視化")
COUNTS = ("events", "posts", "tagged", "replies", "deletes")
CONFIG = """
[bluesky.accounts.weaver]
id = "did:plc:weaver"

[community.tally]
name = "Tally"
plugins = ["welcome", "pulse"]
spaces = [
    { platform = "bluesky", id = "#Tea" },
    { platform = "bluesky", id = "#Jam" },
    { platform = "bluesky", id = "weaver", purpose = "lobby" },
]
"""


def command(*words: str) -> int:
    """Give ``weaver`` a command; returns its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["weaver", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0)


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    """Write a file of hashtags as people do."""
    file = tmp_path / "tags.txt"
    file.write_text("Tea\n#zürich\n\n  Tea \n", "utf-8")
    return file


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Write a small capture."""
    file = tmp_path / "capture.jsonl"
    told = [said("1", "#Tea"), said("2", "yes", reply=[uri("did:plc:ada", "1")]), gone("1")]
    file.write_bytes(b"\n".join(told) + b"\n")
    return file


def test_the_command_prints_its_counts(
    capture: Path, tags: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("replay", str(capture), "--tags", str(tags), "--json") == 0

    printed = json.loads(capsys.readouterr().out)
    seconds = printed.pop("seconds")
    assert printed == dict.fromkeys(COUNTS, 1) | {"events": 3, "posts": 2, "malformed": 0}
    assert seconds > 0


def test_the_command_says_it_in_words(
    capture: Path, tags: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capture.write_bytes(capture.read_bytes() + b"garbage")
    assert command("replay", str(capture), "--tags", str(tags)) == 0

    printed = capsys.readouterr().out
    assert "4 events, 2 posts: 1 tagged, 1 replies in their threads, 1 deletes" in printed
    assert "1 lines were no events" in printed


def test_compressed_captures_in_several_frames_are_the_same(capture: Path, tags: Path) -> None:
    whole, tracked = capture.read_bytes(), hashtags_in(tags)
    wanted = asdict(replay(capture, tracked)) | {"seconds": 0}
    press = zstandard.ZstdCompressor(write_checksum=True).compress
    capture.write_bytes(press(whole[:100]) + press(whole[100:]))

    assert asdict(replay(capture, tracked)) | {"seconds": 0} == wanted


def damage(file: Path) -> None:
    pressed = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(b"x" * 9000))
    pressed[-1] ^= 255
    file.write_bytes(pressed)


def cut(file: Path) -> None:
    file.write_bytes(zstandard.ZstdCompressor().compress(random.Random(1).randbytes(9000))[:-50])


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda file: file.unlink(), "no such file"),
        (lambda file: (file.unlink(), file.mkdir()), "cannot be read"),
        (lambda file: file.write_text("a,b\n1,2\n"), "none of its lines is an event"),
        (lambda file: file.write_text('{\n "a": 1\n}\n'), "none of its lines is an event"),
        (lambda file: file.write_bytes(b"\0" * 70_000_000), "no file of lines"),
        (damage, "damaged"),
        (cut, "ends in the middle"),
    ],
)
def test_what_is_no_capture_is_one_plain_line(
    spoil: Any, word: str, capture: Path, tags: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(capture)

    assert command("replay", str(capture), "--tags", str(tags)) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert word in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "holds no hashtag"),
        (b"\n#\n", "holds no hashtag"),
        (b"\xff\xfe", "no UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_of_hashtags_that_is_none_is_one_plain_line(
    content: bytes | None, word: str, capture: Path, tags: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tags.unlink()
    if content is not None:
        tags.write_bytes(content)

    assert command("replay", str(capture), "--tags", str(tags)) == 2

    assert word in capsys.readouterr().err


def test_without_a_hashtag_anywhere_the_command_asks_for_some(
    capture: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(capture.parent)

    assert command("replay", str(capture)) == 2
    assert "give --tags" in capsys.readouterr().err


def test_an_empty_capture_holds_nothing(capture: Path, tags: Path) -> None:
    capture.write_bytes(b"")

    tally = replay(capture, hashtags_in(tags))

    assert (tally.events, tally.tagged) == (0, 0)


def test_into_tells_the_communities_once_with_their_handlers(capture: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    config = load({"WEAVER_DATA": str(tmp_path / "data")}, tmp_path / "config.toml")
    capture.write_bytes(
        b"\n".join(
            [
                said("1", "#Tea #Jam"),
                said("2", "yes", reply=[uri("did:plc:ada", "1")]),
                said("3", "hello", "did:plc:weaver"),
            ]
        )
    )

    assert hashtags_of(config) == ["#Tea", "#Jam"]
    for _ in range(2):
        assert replay_into(config, capture).tagged == 1

    with closing(open_database(config.database)) as database, database.read.connect() as reading:
        rows = reading.execute(text("select kind, bot, count(*) from core_post group by 1, 2"))
        assert sorted(tuple(row) for row in rows) == [
            ("original", 0, 2), ("original", 1, 1), ("reply", 0, 2),
        ]  # fmt: skip
        assert reading.execute(text("select count(*) from core_cursor")).scalar() == 0


def test_into_and_a_file_of_hashtags_do_not_go_together(
    capture: Path, tags: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("replay", str(capture), "--tags", str(tags), "--into") == 2
    assert "leave --tags out" in capsys.readouterr().err
