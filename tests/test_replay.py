"""A capture is counted as the plainest possible reading of it would, whatever it holds."""

import importlib.util
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.bluesky.capture import blocks_of_lines
from bot.adapters.bluesky.matcher import Matcher
from bot.domain.events import SpaceEvent
from bot.domain.hashtags import fold, hashtags
from bot.replay import hashtags_in, passed, replay
from tests.adapters.bluesky.lines import POST, commit, gone, line, record, said, shared, tag, uri

TAGS = ("#Tea", "#zürich", "#データ可視化")
SPELLINGS = ("Tea", "TEA", "Zürich", "データ可視化", "Teapot", "Cake")
COUNTS = ("events", "posts", "tagged", "replies", "deletes")


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
