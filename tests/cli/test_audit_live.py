"""`weaver audit --live` over the data of a Weaver that ran, and beside one that runs."""

import csv
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def used(terminal: Terminal, lived_in: Path) -> Terminal:
    shutil.copytree(lived_in, terminal.data)
    return terminal


def test_every_space_where_people_talk_has_a_row(used: Terminal) -> None:
    ran = used("audit", "--live", "--format", "json")
    assert ran.code == 0
    rows = json.loads(ran.out)
    assert {row["kind"] for row in rows} <= {"channel", "hashtag", "account"}
    assert list(rows[0])[:7] == [
        "community", "platform", "space", "kind", "reading", "name", "posts",
    ]  # fmt: skip
    assert sum(row["posts"] for row in rows) > 0
    assert all(sum(row["activity"]) == row["posts"] for row in rows)
    assert "the hosts' own spaces" in ran.err
    printed = used("audit", "--live", "--format", "csv")
    told = [row["space"] for row in csv.DictReader(StringIO(printed.out))]
    assert told == [row["space"] for row in rows]
    assert "No. of accounts" in used("audit", "--live", "--days", "1").out


def test_it_reads_beside_a_running_weaver_and_writes_reports(
    beside: tuple[Terminal, int], tmp_path: Path
) -> None:
    terminal, _ = beside
    page, figures = tmp_path / "live.html", tmp_path / "live.json"
    ran = terminal("audit", "--live", "--report", str(page), "--figures", str(figures))
    assert ran.code == 0, ran.err
    assert "all posts" in page.read_text("utf-8")
    assert json.loads(figures.read_text("utf-8"))["window"]["since"] is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--live",), "there is no database yet; weaver run makes it"),
        ((), "name archives, or ask for --live: one of the two"),
        (("--live", "chat.csv"), "name archives, or ask for --live: one of the two"),
        (("chat.csv", "--community", "tally"), "--community and --config go with --live"),
        (("--live", "--bots", "ada"), "--bots is for archives"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    ran = terminal("audit", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--community", "nobody"), "community 'nobody': has no space to read; communities here"),
        (("--days", "7", "--since", "2026-01-01"), "--days says the window alone"),
    ],
)
def test_a_window_or_community_that_cannot_be_is_told(
    used: Terminal, words: tuple[str, ...], said: str
) -> None:
    ran = used("audit", "--live", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
