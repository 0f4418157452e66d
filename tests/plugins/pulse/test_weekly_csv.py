"""``weaver detect``: what it reads, what it refuses, and what it prints."""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.api import UserError
from bot.cli.commands import cli
from plugins.pulse.weekly_csv import detect, read

HEADER = "space,week,originals,replies,quiet"
START = date(2024, 1, 1)


def rows(space: str, *counts: tuple[int, int], start: int = 0) -> list[str]:
    return [
        f"{space},{START + timedelta(weeks=start + place)},{originals},{replies},0"
        for place, (originals, replies) in enumerate(counts)
    ]


FALLS = rows("garden", *[(20, 30)] * 30, *[(48, 2)] * 10)


def printed(tmp_path: Path, lines: list[str], *options: str) -> str:
    file = tmp_path / "weeks.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["detect", str(file), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_alarm_weeks_and_onsets_are_printed_as_json(tmp_path: Path) -> None:
    found = json.loads(printed(tmp_path, [HEADER, *FALLS, *rows("den", *[(5, 5)] * 9)], "--json"))

    assert found["den"] == {"alarm_weeks": [], "onsets": []}
    assert found["garden"]["onsets"] == found["garden"]["alarm_weeks"][:1]
    assert date.fromisoformat(found["garden"]["onsets"][0]) >= START + timedelta(weeks=31)
    assert found["garden"]["alarm_weeks"][-1] == str(START + timedelta(weeks=39))


def test_the_order_of_rows_repeated_rows_and_the_old_name_change_nothing(tmp_path: Path) -> None:
    usual = printed(tmp_path, [HEADER, *FALLS], "--json")
    mixed = [*FALLS, *FALLS[:5]]
    random.Random(5).shuffle(mixed)

    assert printed(tmp_path, [HEADER.replace("space", "community"), *mixed], "--json") == usual
    bare = [line.removesuffix(",0") for line in FALLS]
    assert printed(tmp_path, [HEADER.removesuffix(",quiet"), *bare], "--json") == usual


def test_weeks_without_a_row_have_no_posts(tmp_path: Path) -> None:
    gap = [(0, 0)] * 5
    whole = [(20, 30)] * 20, gap, [(20, 30)] * 5, [(48, 2)] * 8, gap
    counts = [count for part in whole for count in part]
    lines = rows("garden", *counts)
    spare = [line for line in lines if not line.endswith(",0,0,0")]
    other = rows("den", (1, 1), start=len(counts) - 1)

    assert len(spare) < len(lines)
    full = json.loads(printed(tmp_path, [HEADER, *lines, *other], "--json"))
    assert json.loads(printed(tmp_path, [HEADER, *spare, *other], "--json")) == full
    assert full["garden"]["alarm_weeks"][-1] == str(START + timedelta(weeks=len(counts) - 1))


def test_quiet_weeks_are_skipped() -> None:
    marked = [line.removesuffix("0") + "1" if ",48,2," in line else line for line in FALLS]

    [weeks] = read([HEADER, *marked], "weeks.csv").values()
    assert detect(weeks).onsets == ()


def test_without_json_it_is_a_table_to_read(tmp_path: Path) -> None:
    table = printed(tmp_path, [HEADER, *FALLS, *rows("den", *[(5, 5)] * 9)])

    assert "never" in table
    assert "in alarm" in table
    assert "garden" in table


def test_a_file_with_only_its_header_is_no_mistake(tmp_path: Path) -> None:
    assert json.loads(printed(tmp_path, [HEADER], "--json")) == {}
    assert "holds no week yet" in " ".join(printed(tmp_path, [HEADER]).split())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "line 1 names no column space, week, originals, replies: begin with"),
        (["space,week,originals"], "line 1 names no column replies: begin with"),
        ([HEADER, "a,2024-01-02,1,1,0"], "line 2: week 2024-01-02 is a Tuesday: give its Monday"),
        ([HEADER, "a,soon,1,1,0"], "line 2: week 'soon' is no date: write its Monday"),
        ([HEADER, "a,2024-01-01,-1,1,0"], "line 2: originals '-1' is no count"),
        ([HEADER, "a,2024-01-01,1,1.5,0"], "line 2: replies '1.5' is no count"),
        ([HEADER, "a,2024-01-01,1,1,yes"], "line 2: quiet 'yes' is neither 0 nor 1"),
        ([HEADER, ",2024-01-01,1,1,0"], "line 2 names no space"),
        ([HEADER, "a,2024-01-01,1"], "line 2 has 3 cells, fewer than line 1 names"),
        (
            [HEADER, "a,2024-01-01,1,1,0", "a,2024-01-01,1,2,0"],
            "line 3 gives 'a' another count for 2024-01-01 than line 2: keep one",
        ),
        (
            [HEADER, "a,0204-01-02,1,1,0", "a,2024-01-01,1,2,0"],
            "from 0204-01-02 (line 2) to 2024-01-01 is too long: check the year",
        ),
        ([HEADER, 'a,"2024-01-01,1,1,0'], "line 2 is no CSV"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_with_its_place(
    lines: list[str], said: str
) -> None:
    with pytest.raises(UserError) as refused:
        read([f"{line}\n" for line in lines], "weeks.csv")

    assert str(refused.value).startswith("weeks.csv: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(b"space,week\xff\n")
    for name, said in [("none.csv", "cannot be read"), ("odd.csv", "is no UTF-8")]:
        with pytest.raises(UserError, match=said):
            CliRunner().invoke(cli, ["detect", str(tmp_path / name)], catch_exceptions=False)
