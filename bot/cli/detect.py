"""The command `weaver detect`: the weekly alarm over a file of counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import UserError

if TYPE_CHECKING:
    from plugins.pulse.weekly_csv import Course


def detect(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            readable=False,  # and told in our own words when it is not
            help="Columns space,week,originals,replies[,quiet].",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say in which weeks people posted and answered too little, as the weekly alarm would.

    A row is a week of a space: its Monday, people's originals and replies (no bots, no reposts),
    and 1 under quiet if it was a holiday or an event. A week without a row has no posts.
    """
    from plugins.pulse.weekly_csv import detect as judged
    from plugins.pulse.weekly_csv import read

    name = str(file) if str(file).isprintable() else ascii(str(file))
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            spaces = read(lines, name)
    except UnicodeDecodeError:
        raise UserError(f"{name}: is no UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise UserError(f"{name}: cannot be read ({error.strerror}): give a CSV file") from None
    found = {space: judged(weeks) for space, weeks in spaces.items()}
    if as_json:
        days = {
            space: {
                "alarm_weeks": [day.isoformat() for day in course.alarm_weeks],
                "onsets": [day.isoformat() for day in course.onsets],
            }
            for space, course in found.items()
        }
        typer.echo(json.dumps(days, ensure_ascii=False))
        return
    _print(found, name)


def _print(found: Mapping[str, Course], name: str) -> None:
    """Draw one row a space."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        "space", "weeks", "in alarm", "alarm raised after the week of", "now", box=box.SIMPLE
    )
    for space, course in found.items():
        shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in space)
        onsets = ", ".join(map(str, course.onsets)) or "never"
        now = "in alarm" if course.in_alarm else "well"
        table.add_row(Text(shown), str(course.weeks), str(len(course.alarm_weeks)), onsets, now)
    Console().print(table if found else f"{name}: holds no week yet.")
