"""What counts as what in Discord's CSV, Bluesky's stream, an outbox and a mailing list."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.audit.conftest import Ran

Weaver = Callable[..., Ran]
NOW = ("--as-of", "2026-06-01T00:00:00Z", "--format", "json")
KEYS = ("name", "posts", "accounts", "replies", "reposts", "bot_posts")


def only(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    [row] = json.loads(ran.out)
    assert isinstance(row, dict)
    return row


def test_a_channel_of_discord_as_csv(weaver: Weaver, archives: Path) -> None:
    ran = weaver("audit", archives / "channel-export.txt", *NOW, "--bots", "helper")
    row = only(ran)
    assert [row[key] for key in KEYS] == ["channel-export", 4, 3, 2, 0, 1]
    assert (row["first_post"], row["last_post"]) == ("2024-03-04T09:00:00Z", "2024-03-05T09:00:00Z")
    assert "inferred, a lower bound" in ran.err
    assert "1 repeated row" in ran.err


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("06-Jan-23 02:03 PM", "2023-01-06T14:03:00Z"),
        ("1/6/2023 2:03 PM", "2023-01-06T14:03:00Z"),
        ("06/01/2023 14:03", "2023-01-06T14:03:00Z"),
        ("2023-01-06T15:03:00.1234567+01:00", "2023-01-06T14:03:00Z"),
    ],
)
def test_dates_of_every_version_of_that_exporter(
    weaver: Weaver, tmp_path: Path, date: str, instant: str
) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(
        f'AuthorID,Author,Date,Content,Attachments,Reactions\n"1","a","{date}","","",""\n'
    )
    assert only(weaver("audit", path, *NOW))["first_post"] == instant


def test_a_capture_of_bluesky(weaver: Weaver, archives: Path, tmp_path: Path) -> None:
    plain = archives / "stream.jsonl"
    ran = weaver("audit", plain, *NOW, "--bots", "did:plc:robot")
    row = only(ran)
    assert [row[key] for key in KEYS] == ["stream", 4, 3, 1, 1, 1]
    assert row["reply_share"] == 0.3333
    assert "quotes counted as originals" in ran.err
    assert "1 repeated row" in ran.err
    packed = tmp_path / "stream.jsonl.zst"
    packed.write_bytes(zstandard.ZstdCompressor().compress(plain.read_bytes()))
    again = weaver("audit", packed, *NOW, "--bots", "did:plc:robot")
    assert again.out == ran.out


def test_a_real_capture(weaver: Weaver, shared: Path) -> None:
    row = only(weaver("audit", shared / "data/jetstream-sample.jsonl", *NOW))
    assert [row[key] for key in KEYS] == ["jetstream-sample", 2, 2, 1, 1, 0]


def test_an_outbox_of_mastodon(weaver: Weaver, archives: Path) -> None:
    ran = weaver("audit", archives / "outbox.json", *NOW)
    row = only(ran)
    assert [row[key] for key in KEYS] == ["@ada@maths.example", 5, 1, 1, 1, 0]
    assert "direct messages left out" in ran.err
    row = only(weaver("audit", archives / "outbox.json", *NOW, "--bots", "@ada@maths.example"))
    assert (row["posts"], row["bot_posts"]) == (0, 5)


def test_a_mailing_list(weaver: Weaver, archives: Path) -> None:
    ran = weaver("audit", archives / "list.mbox", *NOW)
    row = only(ran)
    assert [row[key] for key in KEYS] == ["list", 3, 3, 2, 0, 1]
    assert (row["first_post"], row["last_post"]) == ("2024-03-04T09:00:00Z", "2024-03-05T08:00:00Z")
    assert "In-Reply-To or References" in ran.err


def test_the_content_tells_and_not_the_name(weaver: Weaver, archives: Path, tmp_path: Path) -> None:
    names = ["stream.jsonl", "outbox.json", "list.mbox", "channel-export.txt", "chat.csv"]
    for number, name in enumerate(names):
        (tmp_path / f"{number}.txt").write_bytes((archives / name).read_bytes())
    ran = weaver("audit", *[tmp_path / f"{number}.txt" for number in range(5)], *NOW)
    assert [row["posts"] for row in json.loads(ran.out)] == [5, 5, 3, 5, 6]


def broken(archives: Path, name: str) -> bytes:
    stream = (archives / "stream.jsonl").read_bytes()
    outbox = (archives / "outbox.json").read_bytes()
    letters = (archives / "list.mbox").read_bytes()
    export = (archives / "channel-export.txt").read_bytes()
    packed = zstandard.ZstdCompressor().compress(stream)
    return {
        "stream": stream.replace(b'"operation":"create","collection":"app.bsky.feed.r', b'"', 1),
        "cut stream": stream[:-40],
        "cut zst": packed[:-9],
        "damaged zst": packed[:20] + b"!" + packed[21:],
        "cut outbox": outbox[: len(outbox) // 2],
        "outbox without actor": outbox.replace(b'"actor"', b'"akteur"'),
        "outbox without date": outbox.replace(b"2026-05-02T", b"yesterday ", 1),
        "letter without sender": letters.replace(b"From: Emmy <EMMY", b"Form: Emmy <EMMY"),
        "letter without date": letters.replace(b"Tue Mar  5 08:00:00 2024", b"x 08:00:00 12024"),
        "export without id": export.replace(b'"13"', b'""', 1),
        "export without date": export.replace(b"2024-03-04T09:02", b"yesterday", 1),
        "short row": export + b'"13","emmy"\n',
        "prose": b"From my desk: here is the archive.\n",
    }[name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stream", "line 4 is no event of Jetstream’s: delete that line"),
        ("cut stream", "line 11 is no event of Jetstream’s: delete that line"),
        ("cut zst", "ends in the middle"),
        ("damaged zst", "fetch the capture again"),
        ("cut outbox", "ends in the middle, at byte "),
        ("outbox without actor", "item 1 lacks what every post has"),
        ("outbox without date", "item 2 lacks what every post has"),
        ("letter without sender", "the message at line 31 has no From"),
        ("letter without date", "the message at line 31 has no Date that can be read"),
        ("export without id", "line 6 has no AuthorID"),
        ("export without date", "line 6 has no date to read"),
        ("prose", "is no archive that Weaver knows"),
        ("short row", "line 11 has 2 cells, its header 6"),
    ],
)
def test_a_broken_archive_is_refused_in_one_line(
    weaver: Weaver, archives: Path, tmp_path: Path, name: str, said: str
) -> None:
    path = tmp_path / "broken"
    path.write_bytes(broken(archives, name))
    ran = weaver("audit", archives / "chat.csv", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"weaver: {path}: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1
