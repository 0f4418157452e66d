"""What a person, and what a program, is shown."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.audit.figures import Figures, Tally, Window
from bot.audit.posts import ORIGINAL, REPLY, REPOST
from bot.audit.table import Audit, Line, as_json, as_table, footnote
from bot.audit.tags_csv import instant
from tests.audit.conftest import Weaver

AS_OF = instant("2020-06-05T12:00:00Z")
FIRST = instant("2020-05-20T19:43:26+01:00"[:19] + "+01:00")
UKFECHAT = {
    "name": "#UKFEchat",
    "posts": 747,
    "accounts": 179,
    "pct_reply": 48.7,
    "pct_rt": 34.0,
    "ppa": 4.2,
    "first": "20/05/2020 19:43:26",
    "last": "04/06/2020 13:50:12",
    "reply_counts_consistent": [364, 364],
    "rt_counts_consistent": [254, 254],
}
CONNECTMORE = {
    "name": "#connectmore19",
    "posts": 0,
    "accounts": 0,
    "pct_reply": None,
    "pct_rt": None,
    "ppa": None,
}


def london(text: str) -> int:
    """The seed audit's dates are wall time; its summers lie an hour before UTC."""
    summer = 3600 if 3 < int(text[3:5]) < 10 else 0
    return instant(text) - summer


def posted(row: dict[str, Any]) -> Figures:
    """Post what a row of the seed audit must have counted."""
    replies = row.get("reply_counts_consistent", [0])[0]
    reposts = row.get("rt_counts_consistent", [0])[0]
    first, last = (
        london(row.get("first", "20/05/2020 10:00:00")),
        london(row.get("last", "03/06/2020 10:00:00")),
    )
    posts = []
    for place in range(row["posts"]):
        kind = REPLY if place < replies else REPOST if place < replies + reposts else ORIGINAL
        when = last if place == row["posts"] - 1 else first
        posts.append((place, place % row.get("accounts", 1), when << 2 | kind))
    tally = Tally()
    tally.add(posts)
    return tally.figures(Window())


def shown(row: dict[str, Any]) -> list[str]:
    """The strings that the seed audit printed."""

    def ratio(key: str, unit: str) -> str:
        return "-" if row[key] is None else f"{row[key]:.1f}{unit}"

    strings = [row["name"], f"{row['posts']:,}"]
    strings += [f"{row['accounts']:,}"] if "accounts" in row else []
    strings += [ratio("pct_reply", "%"), ratio("pct_rt", "%")]
    strings += [ratio("ppa", "")] if "ppa" in row else []
    return strings + [row[key] for key in ("first", "last", "active30") if key in row]


def audit_of(*rows: dict[str, Any], as_of: int = AS_OF) -> Audit:
    lines = [Line(row["name"], posted(row), "some rule") for row in rows]
    return Audit(lines, as_of, Window(), ZoneInfo("Europe/London"), ())


def cells(line: str) -> list[str]:
    return [cell for cell in line.split("  ") if cell.strip()]


@pytest.mark.parametrize("row", [UKFECHAT, CONNECTMORE])
def test_a_row_of_the_sector_audit_is_printed_as_it_was(row: dict[str, Any]) -> None:
    line = as_table(audit_of(row)).splitlines()[2]
    printed = [cell.strip() for cell in cells(line)]
    assert [string for string in shown(row) if string not in printed] == []


def test_every_row_of_the_sector_audit_is_printed_as_it_was(shared: Path) -> None:
    rows = json.loads((shared / "data/audit-2020.json").read_text())["rows"]
    lines = as_table(audit_of(*rows)).splitlines()[2:]
    for row, line in zip(rows, lines, strict=True):
        printed = [cell.strip() for cell in cells(line)]
        assert [string for string in shown(row) if string not in printed] == []
        expected = "-" if not row["posts"] else "%"
        assert expected in line


def test_the_zone_moves_dates_and_nothing_else() -> None:
    audit = audit_of(UKFECHAT)
    tokyo = Audit(audit.lines, audit.as_of, audit.window, ZoneInfo("Asia/Tokyo"), ())
    assert "21/05/2020 03:43:26" in as_table(tokyo)
    assert "Asia/Tokyo" in footnote(tokyo)
    assert as_json(tokyo) == as_json(audit)


def test_a_table_that_is_no_terminals_is_as_wide_as_it_needs() -> None:
    table = as_table(audit_of(UKFECHAT, CONNECTMORE))
    assert "…" not in table
    assert len({len(line) > 150 for line in table.splitlines()[:2]}) == 1


def test_a_narrow_terminal_gets_a_block_per_archive() -> None:
    blocks = as_table(audit_of(UKFECHAT, CONNECTMORE), 80)
    assert max(map(len, blocks.splitlines())) <= 80
    assert blocks.count("Account name") == 2
    assert "48.7%" in blocks


def test_names_steer_neither_markup_nor_terminal() -> None:
    audit = audit_of(CONNECTMORE | {"name": "#[red]\x1b[31m\nx"})
    assert "#[red]\ufffd[31m\ufffdx" in as_table(audit)
    assert json.loads(as_json(audit))[0]["name"] == "#[red]\x1b[31m\nx"


def test_json_has_exactly_its_keys_in_order() -> None:
    [row] = json.loads(as_json(audit_of(UKFECHAT)))
    assert list(row) == [
        "name",
        "posts",
        "accounts",
        "replies",
        "reposts",
        "pct_reply",
        "pct_repost",
        "posts_per_account",
        "first_post",
        "last_post",
        "active_last_30_days",
        "reply_share",
        "bot_posts",
        "activity",
    ]
    assert (row["reply_share"], row["active_last_30_days"]) == (0.7383, True)
    assert (len(row["activity"]), sum(row["activity"])) == (16, 747)


def test_csv_says_what_json_says(weaver: Weaver, archives: Path) -> None:
    files = [archives / name for name in ("chat.csv", "general.json")]
    as_of = ("--as-of", "2020-06-04")
    rows = json.loads(weaver("audit", *files, *as_of, "--format", "json").out)
    printed = weaver("audit", *files, *as_of, "--format", "csv").out
    for row, line in zip(rows, csv.DictReader(StringIO(printed)), strict=True):
        assert list(line) == list(row)
        assert line["activity"] == " ".join(map(str, row["activity"]))
        assert line["active_last_30_days"] == str(row["active_last_30_days"]).lower()
        assert {key: line[key] for key in ("name", "posts", "pct_reply", "first_post")} == {
            key: str(row[key]) for key in ("name", "posts", "pct_reply", "first_post")
        }


def test_the_table_ends_in_its_footnote(weaver: Weaver, archives: Path) -> None:
    ran = weaver(
        "audit", archives / "chat.csv", "--as-of", "2020-06-04T12:00:00Z", "--zone", "Asia/Tokyo"
    )
    assert ran.err == ""
    for said in (
        "2020-06-04T12:00:00Z",
        "Asia/Tokyo",
        "reply = in_reply_to_status_id_str set",
        "1 repeated row",
        "bot posts: 0",
        "all posts",
    ):
        assert said in ran.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--as-of", "soon"), "--as-of 'soon' is no ISO 8601 date"),
        (("--as-of", "9999-12-31T23:59:59Z", "--zone", "Asia/Tokyo"), "is no ISO 8601 date"),
        (("--since", "1/2/2020"), "--since '1/2/2020' is no ISO 8601 date"),
        (("--since", "2020-02-02", "--until", "2020-02-01"), "is not before"),
        (("--zone", "Mars/Olympus"), "Mars/Olympus"),
    ],
)
def test_a_wrong_option_is_said_in_one_line(
    weaver: Weaver, archives: Path, options: tuple[str, ...], said: str
) -> None:
    ran = weaver("audit", archives / "chat.csv", *options)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err


def test_without_as_of_it_is_now(weaver: Weaver, archives: Path) -> None:
    [row] = json.loads(weaver("audit", archives / "chat.csv", "--format", "json").out)
    assert row["active_last_30_days"] is False
