"""Read weekly counts of spaces from a CSV, for ``weaver detect``, and say when each is in alarm."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.api import UserError
from plugins.pulse.detector import course
from plugins.pulse.weeks import Week

WEEK = timedelta(days=7)
LONGEST = 50 * 53 * WEEK
"""A file that spans more has a mistyped year."""
COLUMNS = ("space", "week", "originals", "replies")
MOST = 10**12


@dataclass(frozen=True, slots=True)
class Course:
    """When a space was in alarm: weeks by their Mondays, and those that began a run of them."""

    weeks: int
    alarm_weeks: tuple[date, ...]
    onsets: tuple[date, ...]
    in_alarm: bool
    """Whether it is at the end."""


def detect(weeks: Sequence[Week]) -> Course:
    """Run the live alarm's checks over a history, oldest first, without gaps."""
    alarmed, onsets, before = [], [], False
    for week, standing in zip(weeks, course(weeks), strict=True):
        now = standing.alarm is not None
        if now:
            alarmed.append(week.monday)
        if now and not before:
            onsets.append(week.monday)
        before = now
    return Course(len(weeks), tuple(alarmed), tuple(onsets), before)


def read(lines: Iterable[str], name: str) -> dict[str, list[Week]]:
    """Give each space's weeks, by name, from its first row to the file's last week.

    Rows may come in any order; a week without a row has no posts; a row that is repeated word for
    word counts once. UserError names the file, the line and the cure of what is wrong.
    """
    table = csv.reader(lines, strict=True)
    rows: dict[tuple[str, date], tuple[int, Week]] = {}
    try:
        places = _places(next(table, []), name)
        for cells in table:
            if any(cell.strip() for cell in cells):
                _add(rows, cells, places, f"{name}: line {table.line_num}", table.line_num)
    except csv.Error as error:
        raise UserError(f"{name}: line {table.line_num} is no CSV ({error}): mend it") from None
    return _whole(rows, name)


def _places(header: Sequence[str], name: str) -> dict[str, int]:
    found = {cell.strip().casefold(): place for place, cell in enumerate(header)}
    if "space" not in found and "community" in found:
        found["space"] = found["community"]
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise UserError(
            f"{name}: line 1 names no column {', '.join(missing)}: "
            f"begin with space,week,originals,replies and, if you like, quiet"
        )
    return found


def _add(
    rows: dict[tuple[str, date], tuple[int, Week]],
    cells: Sequence[str],
    places: Mapping[str, int],
    where: str,
    line: int,
) -> None:
    if len(cells) <= max(places[column] for column in COLUMNS):
        raise UserError(f"{where} has {len(cells)} cells, fewer than line 1 names: complete it")
    space = cells[places["space"]].strip()
    if not space:
        raise UserError(f"{where} names no space: fill it in")
    quiet = places.get("quiet")
    week = Week(
        _monday(cells[places["week"]].strip(), where),
        _count(cells[places["originals"]].strip(), "originals", where),
        _count(cells[places["replies"]].strip(), "replies", where),
        quiet=quiet is not None and quiet < len(cells) and _flag(cells[quiet].strip(), where),
    )
    first, known = rows.setdefault((space, week.monday), (line, week))
    if known != week:
        raise UserError(
            f"{where} gives {space!r} another count for {week.monday} than line {first}: keep one"
        )


def _monday(text: str, where: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"{where}: week {text!r} is no date: write its Monday like 2026-03-02"
        ) from None
    if day.weekday():
        monday = day - timedelta(days=day.weekday())
        raise UserError(f"{where}: week {text} is a {day:%A}: give its Monday, {monday}")
    return day


def _count(text: str, column: str, where: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST)):
        raise UserError(
            f"{where}: {column} {text!r} is no count: write a whole number from 0 to {MOST}"
        )
    return int(text)


def _flag(text: str, where: str) -> bool:
    if text not in {"", "0", "1"}:
        raise UserError(f"{where}: quiet {text!r} is neither 0 nor 1: write one of them")
    return text == "1"


def _whole(rows: Mapping[tuple[str, date], tuple[int, Week]], name: str) -> dict[str, list[Week]]:
    """Put the weeks in order, with those that have no row."""
    if not rows:
        return {}
    days = [day for _, day in rows]
    first, last = min(days), max(days)
    if last - first > LONGEST:
        line = next(line for line, week in rows.values() if week.monday == first)
        raise UserError(f"{name}: from {first} (line {line}) to {last} is too long: check the year")
    begins: dict[str, date] = {}
    for space, day in rows:
        begins[space] = min(day, begins.get(space, day))
    return {
        space: [
            rows[space, day][1] if (space, day) in rows else Week(day, 0, 0)
            for day in (begin + number * WEEK for number in range((last - begin) // WEEK + 1))
        ]
        for space, begin in sorted(begins.items())
    }
