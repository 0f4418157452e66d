"""The page about many archives, and the export of every figure: whole, alone, and of nobody."""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.audit import saving
from bot.audit.saving import save
from bot.domain.errors import UserError
from tests.audit.conftest import Weaver
from tests.audit.formats import Said, mbox, tags

AS_OF = ("--as-of", "2020-06-04T12:00:00Z")
START = 1_580_000_000
WEEK = 7 * 86_400


def talk(weeks: int, each: int, people: int = 12) -> list[Said]:
    return [
        Said(
            week * 100 + number,
            1 + (week + number) % people,
            START + week * WEEK + number * 600,
            "reply" if number % 3 else "original",
        )
        for week in range(weeks)
        for number in range(each)
    ]


@pytest.fixture
def folder(tmp_path: Path, archives: Path) -> Path:
    found = tmp_path / "sector"
    (found / "north").mkdir(parents=True)
    (found / ".hidden").mkdir()
    for name in ("general.json", "outbox.json", "channel-export.txt"):
        (found / name).write_bytes((archives / name).read_bytes())
    (found / "north" / "zebras.csv").write_bytes(tags(talk(20, 15)))
    (found / "Aardvarks.mbox").write_bytes(mbox(talk(16, 12)))
    (found / "few.csv").write_bytes(tags(talk(1, 4, people=2)))
    (found / "notes.txt").write_text("Remember the milk.")
    (found / ".hidden" / "chat.csv").write_bytes((archives / "chat.csv").read_bytes())
    return found


def exported(weaver: Weaver, folder: Path, *options: object) -> dict[str, Any]:
    out = folder / "figures.json"
    ran = weaver("audit", folder, *AS_OF, "--figures", out, *options)
    assert ran.code == 0, ran.err
    whole = json.loads(out.read_text("utf-8"))
    assert isinstance(whole, dict)
    return whole


def test_a_folder_is_read_by_name_and_what_is_no_archive_is_told_of(
    weaver: Weaver, folder: Path
) -> None:
    ran = weaver("audit", folder, *AS_OF, "--format", "json")
    names = [row["name"] for row in json.loads(ran.out)]
    assert names == [
        "Aardvarks", "channel-export", "few", "#general", "zebras", "@ada@maths.example",
    ]  # fmt: skip
    assert "weaver: not read: notes.txt: is no archive that Weaver knows.\n" in ran.err
    ran = weaver("audit", folder / ".hidden" / "..", folder / "notes.txt")
    assert ran.code == 2
    assert "notes.txt: is no archive" in ran.err


def test_a_folder_without_archives_is_refused(weaver: Weaver, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Remember the milk.")
    ran = weaver("audit", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    why = "cannot be read (it holds no archive that Weaver knows)"
    assert ran.err == f"weaver: {tmp_path}: {why}: see weaver audit --help\n"


def test_a_broken_archive_in_a_folder_stops_all_and_leaves_no_file(
    weaver: Weaver, folder: Path, tmp_path: Path
) -> None:
    (folder / "cut.json").write_bytes((folder / "general.json").read_bytes()[:900])
    ran = weaver(
        "audit", folder, "--report", tmp_path / "out.html", "--figures", tmp_path / "o.csv"
    )
    assert (ran.code, ran.out) == (2, "")
    assert "cut.json: ends in the middle" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["sector"]


def test_the_page_stands_alone_and_names_archives_in_their_order(
    weaver: Weaver, folder: Path
) -> None:
    out = folder / "mirror.html"
    plain = weaver("audit", folder, *AS_OF)
    ran = weaver("audit", folder, *AS_OF, "--report", out)
    assert ran.out == plain.out
    html = out.read_text("utf-8")
    assert weaver("audit", folder, *AS_OF, "--report", out).code == 0
    assert out.read_text("utf-8") == html  # nor does it read its own page
    for never in ("<script", "<link", "@import", "url(", " src=", "http://", "https://"):
        assert never not in html.replace("http://www.w3.org", "")
    headings = re.findall(r'<h3 id="archive-\d+">(.*?)</h3>', html)
    assert headings == [
        "#general", "@ada@maths.example", "Aardvarks", "channel-export", "few", "zebras",
    ]  # fmt: skip
    assert html.count('<svg class="chart chart--wide"') == 2
    assert "Not read: notes.txt: is no archive that Weaver knows." in html
    assert str(folder) not in html


def test_nobody_is_named_on_it(weaver: Weaver, folder: Path) -> None:
    out = folder / "mirror.html"
    weaver("audit", folder, *AS_OF, "--report", out, "--bots", "person3")
    html = out.read_text("utf-8")
    for name in ("person1", "person3", "grace", "emmy", "example.org"):
        assert name not in html
    assert "1 account was named as a bot." in html


def test_small_cells_are_withheld(weaver: Weaver, folder: Path) -> None:
    whole = exported(weaver, folder)
    few = next(one for one in whole["archives"] if one["name"] == "few")
    figures = {one["name"]: one for one in few["figures"]}
    for name in ("accounts", "posts_per_account", "pct_reply", "pct_conversation", "people_core"):
        assert figures[name]["value"] is None
        assert figures[name]["withheld"]
    assert figures["posts"]["value"] == 4


def test_what_a_format_does_not_tell_is_not_shown_as_none(weaver: Weaver, folder: Path) -> None:
    archives = {one["name"]: one["figures"] for one in exported(weaver, folder)["archives"]}
    found = {name: figures[3] for name, figures in archives.items()}
    assert {one["name"] for one in found.values()} == {"pct_repost"}
    told = {name: one["withheld"] for name, one in found.items()}
    assert told["Aardvarks"] == told["channel-export"] == "not told by this format"
    assert told["zebras"] == ""


def test_every_figure_says_how_it_was_made(weaver: Weaver, folder: Path) -> None:
    whole = exported(weaver, folder, "--since", "2020-01-01", "--bots", "person3")
    assert whole["window"] == {"since": "2020-01-01T00:00:00Z", "until": None}
    assert whole["as_of"] == "2020-06-04T12:00:00Z"
    assert "1 account named with --bots" in whole["exclusions"]
    assert whole["not_read"] == ["notes.txt: is no archive that Weaver knows."]
    zebras = next(one for one in whole["archives"] if one["name"] == "zebras")
    figures = {one["name"]: one for one in zebras["figures"]}
    assert all(one["formula"] for one in figures.values())
    share = figures["pct_conversation"]
    assert (share["k"], share["n"]) == (
        figures["pct_reply"]["k"],
        figures["posts"]["value"] - figures["pct_repost"]["k"],
    )
    assert share["low"] < share["value"] < share["high"]
    assert len(zebras["weeks"]) == 20
    assert sum(week["posts"] for week in zebras["weeks"]) == share["n"]


def test_csv_says_the_same_a_row_a_figure(weaver: Weaver, folder: Path) -> None:
    whole, out = exported(weaver, folder), folder / "figures.csv"
    (folder / "figures.json").unlink()
    assert weaver("audit", folder, *AS_OF, "--figures", out).code == 0
    rows = list(csv.DictReader(StringIO(out.read_text("utf-8"))))
    told = [
        (archive["name"], figure["name"], figure["formula"], figure["withheld"])
        for archive in whole["archives"]
        for figure in archive["figures"]
    ]
    assert [(r["archive"], r["name"], r["formula"], r["withheld"]) for r in rows] == told
    assert {row["as_of"] for row in rows} == {"2020-06-04T12:00:00Z"}
    assert all("rows that repeat an id" in row["exclusions"] for row in rows)


def test_figures_go_into_json_or_csv(weaver: Weaver, archives: Path, tmp_path: Path) -> None:
    ran = weaver("audit", archives / "chat.csv", "--figures", tmp_path / "out.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "ends in neither .json nor .csv: choose one" in ran.err


def test_what_cannot_be_written_is_told_in_one_line(
    weaver: Weaver, archives: Path, tmp_path: Path
) -> None:
    ran = weaver("audit", archives / "chat.csv", "--report", tmp_path / "nowhere" / "out.html")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "out.html: cannot be written" in ran.err


def test_a_file_is_written_whole_or_stays_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.html"
    save(path, "before")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving.os, "fsync", full)
    with pytest.raises(UserError, match="no space left"):
        save(path, "after")
    assert path.read_text() == "before"

    def interrupted(number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(saving.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(path, "after")
    assert path.read_text() == "before"
    assert [found.name for found in tmp_path.iterdir()] == ["out.html"]
