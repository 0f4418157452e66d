"""What counts as what in Discord's CSV, Bluesky's stream, an outbox and a mailing list."""

import json
from pathlib import Path

import pytest
import zstandard

from tests.audit.conftest import Weaver, only

NOW = ("--as-of", "2026-06-01T00:00:00Z", "--format", "json")
KEYS = ("name", "posts", "accounts", "replies", "reposts", "bot_posts")


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
