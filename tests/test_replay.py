"""A capture is counted as the plainest possible reading of it would, whatever it holds."""

import importlib.util
import json
import random
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.adapters.bluesky.capture import blocks_of_lines
from bot.adapters.bluesky.matcher import Matcher
from bot.cli.commands import main
from bot.config import load
from bot.domain.events import SpaceEvent
from bot.domain.hashtags import fold, hashtags
from bot.replay import hashtags_in, hashtags_of, passed, replay, replay_into
from bot.storage.database import open_database
from tests.adapters.bluesky.lines import POST, commit, gone, line, record, said, shared, tag, uri

TAGS = ("#Tea", "#zürich", "#データ可視化")
SPELLINGS = ("Tea", "TEA", "Zürich", "データ可視化", "Teapot", "Cake")
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


def plainest(lines: Sequence[bytes]) -> dict[str, int]:
    """Count by decoding everything and looking at everything."""
    counts = dict.fromkeys(COUNTS, 0) | {"events": len(lines)}
    wanted = {fold(one[1:], "bluesky") for one in TAGS}
    tracked: set[str] = set()
    for one in lines:
        try:
            event = json.loads(one)
            found = event.get("payload") or event["commit"] | {"did": event["did"]}
            if found["collection"] != POST:
                continue
            name, made = uri(found["did"], found["rkey"]), found.get("record", {})
        except (ValueError, KeyError, AttributeError):
            continue
        if found["operation"] == "delete":
            counts["deletes"] += name in tracked
            continue
        tags = list(hashtags(made["text"], "bluesky")) + made.get("tags", [])
        tags += [one["tag"] for facet in made.get("facets", ()) for one in facet["features"]]
        is_tagged = any(fold(one, "bluesky") in wanted for one in tags)
        if found["operation"] == "create":
            counts["posts"] += 1
            counts["tagged"] += is_tagged
            ends = {end["uri"] for end in made.get("reply", {}).values()}
            counts["replies"] += bool(ends & tracked)
        if is_tagged:
            tracked.add(name)
    return counts


def anything(chance: random.Random) -> bytes:
    """One line of a lively and untidy stream, in which few posts and people meet often."""
    did, rkey = f"did:plc:{chance.choice('abc')}", str(chance.randrange(12))
    known = [uri(f"did:plc:{chance.choice('abc')}", str(chance.randrange(12))) for _ in range(2)]
    words = [chance.choice(["", "#", " #", "\uff03", "x#"]) + chance.choice(SPELLINGS)]
    more: dict[str, Any] = {}
    if chance.random() < 0.3:
        more["facets"] = [tag(chance.choice(SPELLINGS), 900, -1)]
    if chance.random() < 0.2:
        more["tags"] = [chance.choice(SPELLINGS)]
    if chance.random() < 0.5:
        more["reply"] = known
    v2 = chance.random() < 0.5
    match chance.randrange(8):
        case 0:
            return gone(rkey, did, v2=v2)
        case 1:
            return line(commit("update", rkey, record(words[0], **more)), did, v2=v2)
        case 2:
            return shared(rkey, known[0], did)
        case 3:
            return chance.choice([b"garbage", b"{", said("1", "#Tea")[:-9], b'{"did":"x"}'])
        case _:
            return said(rkey, f"so {words[0]} it is", did, v2=v2, **more)


@given(st.integers(0), st.integers(1, 400))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_count_is_the_plainest_ones(tmp_path: Path, seed: int, length: int) -> None:
    chance = random.Random(seed)
    lines = [anything(chance) for _ in range(length)] + [said("last")]
    file = tmp_path / "capture.jsonl"
    file.write_bytes(b"\n".join(lines))

    kept: list[SpaceEvent] = []
    tally = asdict(passed(blocks_of_lines(file), Matcher(TAGS, room=None), kept.extend))

    assert {name: tally[name] for name in COUNTS} == plainest(lines)
    whole: list[SpaceEvent] = []
    own = {"did:plc:weaver": "weaver"}  # with an account of its own, every post is read whole
    again = asdict(passed(blocks_of_lines(file), Matcher(TAGS, room=None), whole.extend, own=own))
    assert again | {"seconds": 0} == tally | {"seconds": 0}
    assert whole == kept


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("v2", [(), ("--v2",)])
def test_the_count_is_the_generators_own(
    seed: int, v2: tuple[str, ...], shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "stream.jsonl"
    options = ["--n", "5000", "--seed", str(seed), "--tagged", "0.1", *v2]
    monkeypatch.setattr(sys, "argv", ["generate", str(file), *options])
    source = shared / "tools" / "generate_jetstream.py"
    if not source.exists():
        pytest.skip(f"NO GENERATOR: {source} is absent")
    spec = importlib.util.spec_from_file_location("generate_jetstream", source)
    assert spec
    assert spec.loader
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    generator.main()

    tally = asdict(replay(file, hashtags_in(tmp_path / "stream.tags.txt")))

    truth = json.loads((tmp_path / "stream.truth.json").read_text())
    assert {name: tally[name] for name in COUNTS} == {name: truth[name] for name in COUNTS}
    assert tally["malformed"] == 0


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
