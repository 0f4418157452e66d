"""The commands `weaver audit` and `weaver tags`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from enum import StrEnum
from io import RawIOBase
from math import ceil
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

import typer

from bot.audit.archives import Watch, audit_file
from bot.audit.figures import Window
from bot.audit.posts import handle
from bot.audit.table import Audit, Line, as_csv, as_json, as_table, footnote
from bot.domain.errors import UserError
from bot.domain.hashtags import hashtags
from bot.domain.recurrence import zone_named

_LONG = 1 << 23  # bytes: a shorter file is read before anyone could see a bar


class Format(StrEnum):
    """How an audit is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Platform(StrEnum):
    """Whose rule for hashtags holds."""

    BLUESKY = "bluesky"
    DISCORD = "discord"
    MASTODON = "mastodon"
    TWITTER = "twitter"


def register(app: typer.Typer) -> None:
    """Add both commands to an app; a person's mistake leaves them as UserError."""
    app.command()(audit)
    app.command()(tags)


def audit(  # noqa: PLR0913, PLR0917 - one parameter an option
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Archives: TAGS (CSV), DiscordChatExporter (JSON, CSV), Jetstream (.jsonl, "
            ".jsonl.zst), Mastodon (outbox.json), mailing lists (mbox). Told by what they hold.",
        ),
    ],
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="The instant by which “active in last 30 days” is judged, ISO 8601, UTC unless "
            "it says otherwise.",
            show_default="now",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Count posts from this instant on, inclusive."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Count posts before this instant, exclusive.")
    ] = None,
    zone: Annotated[
        str, typer.Option(metavar="ZONE", help="The IANA zone in which the table shows dates.")
    ] = "Europe/London",
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    bots: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="An account to leave out as a bot: name, handle or id. Repeatable."
        ),
    ] = None,
) -> None:
    """Audit archives: how much is posted, by how many, and how much of it is replies.

    Prints one row per file, as the sector audit of 2020 did; nothing at all
    if one of the files cannot be read.
    """
    window = Window(_instant(since, "--since"), _instant(until, "--until"))
    if window.since is not None and window.until is not None and window.since >= window.until:
        raise UserError(f"--since {since} is not before --until {until}: swap them")
    at = _instant(as_of, "--as-of")
    result = Audit(
        lines=_lines(files, frozenset(map(handle, bots or ())), window),
        as_of=int(datetime.now(UTC).timestamp()) if at is None else at,
        window=window,
        zone=_zone(zone),
        bots=bots or (),
    )
    if form is Format.TABLE:
        width = typer.get_terminal_size().columns if sys.stdout.isatty() else None
        typer.echo(as_table(result, width) + "\n" + footnote(result), nl=False)
    else:
        typer.echo(as_json(result) if form is Format.JSON else as_csv(result), nl=False)
        typer.echo(footnote(result), err=True, nl=False)


def tags(
    text: Annotated[str, typer.Argument(help="The text, or - to read standard input.")],
    platform: Annotated[Platform, typer.Option(help="Whose rule holds.")] = Platform.BLUESKY,
    as_json_: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List the hashtags in a text as a platform finds them: without #, in order, with repeats."""
    try:
        whole = sys.stdin.buffer.read().decode() if text == "-" else text
        whole.encode()
    except UnicodeError:
        source = "standard input" if text == "-" else "TEXT"
        raise UserError(f"{source} is no UTF-8: write it in UTF-8") from None
    found = hashtags(whole, platform.value)
    if as_json_:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo("".join(f"{tag}\n" for tag in found), nl=False)


def _lines(files: list[Path], bots: frozenset[str], window: Window) -> list[Line]:
    lines = []
    with _progress(files) as watch:
        for path in files:
            archive = audit_file(path, bots, watch)
            figures = archive.tally.figures(window, is_thread=archive.is_thread)
            lines.append(Line(archive.name, figures, archive.rules))
    return lines


@contextmanager
def _progress(files: list[Path]) -> Iterator[Watch]:
    """Show how far long files have been read, on a terminal's standard error only."""
    length = sum(path.stat().st_size for path in files if path.is_file())
    if length < _LONG or not sys.stderr.isatty():
        yield lambda file: file
        return

    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=length)
        yield lambda file: cast("RawIOBase", progress.wrap_file(file, task_id=task))


def _instant(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - refused below
    if not MINYEAR < at.year < MAXYEAR:  # no year that a zone could push out of the calendar
        raise UserError(
            f"{option} {text!r} is no ISO 8601 date: write one like 2020-06-04T12:00:00Z"
        )
    return ceil((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_named(name)
    except ValueError as error:
        raise UserError(f"--zone: {error}") from None
