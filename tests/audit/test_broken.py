"""An archive that is broken, or none, is refused in one line that says where and what to do."""

import json
from pathlib import Path

import pytest
import zstandard

from tests.audit.conftest import Weaver

HEADER = "id_str,from_user,text,created_at,in_reply_to_status_id_str,is_retweet"
ROW = "{},ada,hello,Thu May 21 20:00:00 +0000 2020,,False"


def sheets_and_channels(archives: Path) -> dict[str, bytes]:
    """Sheets of TAGS and channels of Discord, each broken in its way."""
    general = (archives / "general.json").read_bytes()
    good = f"{HEADER}\n{ROW.format(1)}\n"
    return {
        "empty": b"",
        "prose": b"Dear all,\nhere is the archive.\n",
        "zip": b"PK\x03\x04\0\0",
        "utf-16": good.encode("utf-16"),
        "latin-1": f"{good}2,ada,caf\xe9".encode("latin-1"),
        "latin-1 json": general.replace(b"deleted", b"del\xe9ted"),
        "columns": b"id_str,text\n1,hi\n",
        "date": f'{good}2,ada,"two\nlines",whenever,,False\n'.encode(),
        "id": good.replace("\n1,", "\n1.1631E+18,").encode(),
        "short row": f"{good}2,ada\n".encode(),
        "open quote": f'{good}2,ada,"hel'.encode(),
        "cut json": general[: len(general) // 2],
        "cut head": general[:60],
        "broken json": general.replace(b'"isBot": false', b'"isBot": fals', 1),
        "two values": general + b"}",
        "other json": b'{"posts": []}',
        "list": b"[]",
        "no author": general.replace(b'"author"', b'"auteur"', 1),
        "bad time": general.replace(b"2024-03-04T09:01", b"yesterday", 1),
    }


def other_archives(archives: Path) -> dict[str, bytes]:
    """Streams, outboxes, lists and exports, each broken in its way."""
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
        "short row of an export": export + b'"13","emmy"\n',
        "prose like a letter": b"From my desk: here is the archive.\n",
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "is empty"),
        ("prose", "is no archive"),
        ("zip", "byte 4 "),
        ("utf-16", "save it as UTF-8"),
        ("latin-1", "line 3, byte 129 is no UTF-8: save it as UTF-8"),
        ("latin-1 json", "is no UTF-8: save it as UTF-8"),
        ("columns", "line 1 lacks the columns from_user, created_at"),
        ("date", "line 3 has no date to read: 'whenever'"),
        ("id", "line 2 has no whole id: '1.1631E+18'"),
        ("short row", "line 3 has 2 cells, its header 6"),
        ("open quote", "line 3 is broken CSV"),
        ("cut json", "ends in the middle, at byte "),
        ("cut head", "ends in the middle, at byte 60"),
        ("broken json", "is broken JSON, at byte "),
        ("two values", "is broken JSON, at byte "),
        ("other json", "is no archive"),
        ("list", "is no archive"),
        ("no author", "message 1 lacks"),
        ("bad time", "message 2 lacks"),
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
        ("prose like a letter", "is no archive that Weaver knows"),
        ("short row of an export", "line 11 has 2 cells, its header 6"),
    ],
)
def test_a_broken_archive_is_refused_in_one_line(
    weaver: Weaver, archives: Path, tmp_path: Path, name: str, said: str
) -> None:
    path = tmp_path / "broken"
    broken = sheets_and_channels(archives) | other_archives(archives)
    path.write_bytes(broken[name])
    ran = weaver("audit", archives / "chat.csv", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"weaver: {path}: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_the_byte_at_which_json_breaks_is_exact(
    weaver: Weaver, archives: Path, tmp_path: Path
) -> None:
    general = json.loads((archives / "general.json").read_text())
    general["messages"] *= 700  # longer than one bite
    text = json.dumps(general).encode()
    place = text.rindex(b'"isPinned"') if b'"isPinned"' in text else text.rindex(b'"isBot": ') + 9
    path = tmp_path / "long.json"
    path.write_bytes(text[:place] + b"?" + text[place:])
    assert f"is broken JSON, at byte {place}:" in weaver("audit", path).err


def test_what_cannot_be_opened_is_refused(weaver: Weaver, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.csv", tmp_path / "two\nlines.csv"):
        ran = weaver("audit", path)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "cannot be read" in ran.err
