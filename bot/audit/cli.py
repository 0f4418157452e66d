"""The commands `weaver audit` and `weaver tags`."""

import json
import sys
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.audit.figures import Window
from bot.audit.gathering import gather
from bot.audit.posts import handle
from bot.audit.saving import save
from bot.audit.table import Audit, as_csv, as_json, as_table, footnote
from bot.domain.errors import UserError
from bot.domain.hashtags import hashtags
from bot.domain.recurrence import zone_named


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
            help="Archives, or folders of them: TAGS (CSV), DiscordChatExporter (JSON, CSV), "
            "Jetstream (.jsonl, .jsonl.zst), Mastodon (outbox.json), mailing lists (mbox). "
            "Each is told by what it holds.",
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
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.html",
            help="Also write one page about all of them, to print or hand round: table, charts, "
            "method, exclusions; nobody is named.",
        ),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.json|OUT.csv",
            help="Also write every figure with its formula, n, range, window and exclusions.",
        ),
    ] = None,
) -> None:
    """Audit archives: how much is posted, by how many, and how much of it is replies.

    Prints one row per file, as the sector audit of 2020 did; nothing at all
    if one of the files cannot be read.
    """
    if figures and figures.suffix.lower() not in (".json", ".csv"):
        raise UserError(f"--figures {figures}: ends in neither .json nor .csv: choose one")
    window = Window(_instant(since, "--since"), _instant(until, "--until"))
    if window.since is not None and window.until is not None and window.since >= window.until:
        raise UserError(f"--since {since} is not before --until {until}: swap them")
    at = _instant(as_of, "--as-of")
    written = {path.resolve() for path in (report, figures) if path}
    found = gather(
        files, written, frozenset(map(handle, bots or ())), window, detailed=bool(written)
    )
    result = Audit(
        lines=found.lines,
        as_of=int(datetime.now(UTC).timestamp()) if at is None else at,
        window=window,
        zone=_zone(zone),
        bots=bots or (),
    )
    for one in found.left_out:
        typer.echo(f"weaver: not read: {one}", err=True)
    if report:
        from bot.audit.report import report as page

        save(report, page(result, found.left_out))
    if figures:
        from bot.audit import export

        is_csv = figures.suffix.lower() == ".csv"
        save(figures, export.as_csv(result) if is_csv else export.as_json(result, found.left_out))
    _print(result, form)


def _print(result: Audit, form: Format) -> None:
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
