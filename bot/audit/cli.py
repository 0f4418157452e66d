"""The commands `weaver audit` and `weaver tags`."""

import json
import sys
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.audit.figures import Window
from bot.audit.gathering import Asked, gather
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
        list[Path] | None,
        typer.Argument(
            metavar="FILE…",
            readable=False,  # and told in our own words when it is not
            help="Archives, or folders of them: TAGS (CSV), DiscordChatExporter (JSON, CSV), "
            "Jetstream (.jsonl, .jsonl.zst), Mastodon (outbox.json), mailing lists (mbox). "
            "Each is told by what it holds.",
        ),
    ] = None,
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
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=36_500,
            help="Count the last so many days before --as-of.",
            show_default="28 with --live, where no window is given",
        ),
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
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Read what Weaver itself logged, and no archive; also while it runs."
        ),
    ] = False,
    community: Annotated[
        str | None,
        typer.Option(metavar="ID", help="With --live: only this community of the settings."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            readable=False,
            help="With --live: the settings.",
            show_default="WEAVER_CONFIG, else config.toml here, else the example community",
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
    """Audit archives, or Weaver's own log: posts, people, and how much of it is replies.

    Prints one row per archive, as the sector audit of 2020 did; nothing at all
    if one of the files cannot be read. With --live, one row per space, and two
    for a hashtag: the posts that carry it, and its whole threads. Turns that are
    inferred, where people answer without links, have a row of their own.
    """
    if figures and figures.suffix.lower() not in (".json", ".csv"):
        raise UserError(f"--figures {figures}: ends in neither .json nor .csv: choose one")
    if live == bool(files):
        raise UserError("name archives, or ask for --live: one of the two")
    if (community or config) and not live:
        raise UserError("--community and --config go with --live: add it, or leave them out")
    if live and bots:
        raise UserError("--bots is for archives; in a community hosts say: weaver do pulse --help")
    asked = Asked(
        Window(_instant(since, "--since"), _instant(until, "--until")),
        _instant(as_of, "--as-of"),
        days,
        detailed=bool(report or figures),
    )
    if live:
        from bot.audit.gathering_live import gather_live

        found = gather_live(config, community, asked)
    else:
        passed_over = {path.resolve() for path in (report, figures) if path}
        found = gather(files or [], passed_over, frozenset(map(handle, bots or ())), asked)
    result = Audit(found.lines, found.as_of, found.window, _zone(zone), bots or (), is_live=live)
    for one in found.left_out:
        typer.echo(f"weaver: not read: {one}", err=True)
    _save(result, found.left_out, report, figures)
    _print(result, form)


def _save(
    result: Audit, left_out: Sequence[str], report: Path | None, figures: Path | None
) -> None:
    if report:
        from bot.audit.report import report as page

        save(report, page(result, left_out))
    if figures:
        from bot.audit import export

        is_csv = figures.suffix.lower() == ".csv"
        save(figures, export.as_csv(result) if is_csv else export.as_json(result, left_out))


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
