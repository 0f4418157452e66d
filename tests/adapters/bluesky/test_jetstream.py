"""Lines of either version are read alike; what is damaged is counted and costs no neighbour."""

import json

import pytest
from structlog.testing import capture_logs

from bot.adapters.bluesky.jetstream import Made, Reader
from tests.adapters.bluesky.lines import (
    ADA,
    BEGIN,
    POST,
    REPOST,
    commit,
    gone,
    line,
    record,
    said,
    shared,
    tag,
    uri,
)

LIKE = {"$type": "app.bsky.feed.like", "subject": {"uri": uri(ADA, "1")}}
DAMAGED = [
    b"",
    b"garbage",
    b"{",
    b"[1,2]",
    b"null",
    b'"word"',
    b"{}",
    b"\xff\xfe\x00",
    b"\x00" * 400,
    said("1", "cut")[:-20],
    said("1", "#Tea")[:150],
    said("1", "half of it \\ud83d")[:-1],
    b'{"did":"did:plc:ada","time_us":1,"kind":"commit","commit":{}}',
    line(commit("create", "1")),
    line(commit("vanish", "1", record("x"))),
    line(commit("create", "1", ["no", "record"])),
    b"[" * 100_000,
]


@pytest.mark.parametrize("v2", [False, True])
def test_a_post_is_read(v2: bool) -> None:
    made = said("1", "Hello #Tea", facets=[tag("Tea")], tags=["Cake"], v2=v2)

    change = Reader().read(made)

    assert change is not None
    assert (change.did, change.collection, change.rkey) == (ADA, POST, "1")
    assert (change.operation, change.time_us) == ("create", BEGIN)
    assert change.uri == uri(ADA, "1")
    assert change.record is not None
    assert change.record.text == "Hello #Tea"
    assert sorted(change.record.tag_facets()) == ["Cake", "Tea"]


@pytest.mark.parametrize("v2", [False, True])
def test_a_delete_is_read(v2: bool) -> None:
    change = Reader().read(gone("1", v2=v2))

    assert change is not None
    assert (change.operation, change.record) == ("delete", None)


@pytest.mark.parametrize(
    "other",
    [
        line(commit("create", "1", LIKE, "app.bsky.feed.like")),
        line(commit("create", "1", LIKE, "app.bsky.feed.like"), v2=True),
        line(commit("create", "1", {"subject": "did:plc:bea"}, "app.bsky.graph.follow")),
        line(commit("create", "1", {"post": uri(ADA, "1")}, "app.bsky.feed.postgate")),
        line(commit("delete", "1", collection="app.bsky.feed.like")),
        b'{"did":"did:plc:ada","time_us":1,"kind":"identity","identity":{"did":"did:plc:ada"}}',
        b'{"$type":"message","payload":{"$type":"x#account","did":"did:plc:ada","account":{}}}',
    ],
)
def test_what_is_about_other_things_is_no_damage(other: bytes) -> None:
    reader = Reader()

    assert reader.read(other) is None
    assert reader.malformed == 0


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_line_is_counted_and_its_neighbours_are_read(damaged: bytes) -> None:
    reader = Reader()

    read = list(reader.changes([said("1"), damaged, said("2")]))

    assert [change.rkey for change in read] == ["1", "2"]
    assert reader.malformed == 1


def test_damage_is_logged_once_and_without_words() -> None:
    reader = Reader()

    with capture_logs() as logged:
        list(reader.changes(DAMAGED))

    assert reader.malformed == len(DAMAGED)
    assert len(logged) == 1
    assert "garbage" not in str(logged)


def test_what_a_glance_says_cannot_matter_is_not_read_whole() -> None:
    lines = [said("1", "Cake"), said("2", "Tea"), shared("3", uri(ADA, "1")), gone("1"), b"{"]
    seen = []

    def may_matter(made: Made) -> bool:
        seen.append((made.operation, made.collection))
        return made.record is None or made.record.text == "Tea"

    reader = Reader(may_matter=may_matter)

    assert [(one.operation, one.rkey) for one in reader.changes(lines)] == [
        ("create", "2"),
        ("delete", "1"),
    ]
    assert (reader.passed_over, reader.malformed) == (1, 1)
    assert seen == [("create", POST), ("create", POST), ("create", REPOST), ("delete", POST)]


def test_lines_of_the_second_version_are_read_whole() -> None:
    reader = Reader(may_matter=lambda _: False)

    assert reader.read(said("1", v2=True)) is not None
    assert reader.passed_over == 0


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b" "])
def test_how_a_line_ends_does_not_matter(end: bytes) -> None:
    reader = Reader()
    lines = [
        one + end for one in (said("1"), line(commit("create", "1", LIKE, "app.bsky.feed.like")))
    ]

    assert [change.rkey for change in reader.changes(lines)] == ["1"]
    assert reader.malformed == 0
    like = lines[1].removesuffix(end)
    assert not list(reader.changes([like[:-20] + end, like + b"x" + end]))
    assert reader.malformed == 2


def test_the_order_of_keys_and_spaces_between_them_do_not_matter() -> None:
    usual = json.loads(said("1", "#Tea"))
    turned = {name: usual[name] for name in reversed(usual)}
    turned["commit"] = {name: turned["commit"][name] for name in reversed(turned["commit"])}

    for written in (json.dumps(turned), json.dumps(usual, indent=1).replace("\n", " ")):
        change = Reader().read(written.encode())
        assert change is not None
        assert (change.rkey, change.time_us) == ("1", BEGIN)


def test_unknown_fields_are_let_be() -> None:
    made = commit("create", "1", record("#Tea", new={"deep": [1]}, bridge="x")) | {"extra": [{}]}

    change = Reader().read(line(made))

    assert change is not None
    assert change.record is not None
    assert change.record.text == "#Tea"


def test_fields_of_wrong_types_take_only_themselves_along() -> None:
    strange = record(
        "#Tea",
        facets=[tag(5), "facet", tag("Cake"), {"features": None}, {"features": [7, {}]}],
        tags=["Jam", 3],
        embed=[1],
        langs="en",
    ) | {"createdAt": 12, "reply": "no"}

    change = Reader().read(line(commit("create", "1", strange)))

    assert change is not None
    assert change.record is not None
    assert change.record.text == "#Tea"
    assert sorted(change.record.tag_facets()) == ["", "Cake", "Jam"]
    assert change.record.reply is None


def test_a_line_of_a_megabyte_is_read() -> None:
    change = Reader().read(said("1", "#Tea " + "x" * 1_000_000))

    assert change is not None


@pytest.mark.parametrize("time_us", [-1, 0, 10**18, 10**30])
def test_a_time_that_cannot_be_is_unknown(time_us: int) -> None:
    assert Reader().time_of(said("1", time_us=time_us)) == 0


@pytest.mark.parametrize("v2", [False, True])
def test_when_anything_happened_is_told(v2: bool) -> None:
    like = line(commit("create", "1", LIKE, "app.bsky.feed.like"), time_us=BEGIN + 1_500_000, v2=v2)

    assert Reader().time_of(like) == BEGIN + 1_500_000
