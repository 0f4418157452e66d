"""Show audited archives: the sector audit's table for people, JSON and CSV for programs."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.audit.detail import Detail
from bot.audit.figures import Figures, Window
from bot.domain.measures import DAILY_UP_TO, iso_utc, sparkline

UNDEFINED = "-"
_NUMERIC = (1, 2, 3, 4, 5)
_HEADINGS = (
    "Account name",
    "Posts",
    "No. of accounts",
    "% @reply",
    "% RT",
    "Posts per account",
    "Activity",
    "First post",
    "Last post",
    "Active in last 30 days",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One audited archive: its name, its figures, and the rules that made them."""

    name: str
    figures: Figures
    rules: str
    is_inferred: bool = False
    tells_reposts: bool = True
    detail: Detail | None = None
    """Counted only for a report or an export of every figure."""

    @property
    def doubt(self) -> str:
        """What an export says of its replies, where those are inferred."""
        return "inferred from words, a lower bound" if self.is_inferred else ""

    @property
    def labels(self) -> Mapping[str, str]:
        """What an export says of it before its figures."""
        return {}


@dataclass(frozen=True, slots=True)
class Audit:
    """What was asked, and what each archive answered."""

    lines: Sequence[Line]
    as_of: int
    window: Window
    zone: ZoneInfo
    bots: Sequence[str]
    is_live: bool = False
    """Whether it is Weaver's own log that was read."""


def as_json(audit: Audit) -> str:
    """Write a list with one object per archive, each on a line of its own."""
    rows = (json.dumps(_record(line, audit.as_of), ensure_ascii=False) for line in audit.lines)
    return "[\n" + ",\n".join(rows) + "\n]\n"


def as_csv(audit: Audit) -> str:
    """Write the JSON's keys and values; undefined is empty, activity is parted by spaces."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    records = [_record(line, audit.as_of) for line in audit.lines]
    writer.writerow(records[0])
    for record in records:
        activity = " ".join(map(str, record["activity"]))
        active = str(record["active_last_30_days"]).lower()
        changed = {"activity": activity, "active_last_30_days": active}
        writer.writerow((record | changed).values())
    return text.getvalue()


def as_table(audit: Audit, width: int | None = None) -> str:
    """Draw the table as wide as it needs; where a terminal is narrower, one block per archive."""
    rows = [_cells(line, audit) for line in audit.lines]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for place, heading in enumerate(_HEADINGS):
        table.add_column(heading, justify="right" if place in _NUMERIC else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    text = StringIO()
    console = Console(file=text, width=1 << 16, color_system=None, legacy_windows=False)
    needed = console.measure(table).maximum
    if width is None or needed <= width:
        console.width = needed
        console.print(table)
        return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"
    return "\n".join(_block(row) for row in rows)


def footnote(audit: Audit) -> str:
    """Say by which rules, exclusions, zone and instant the figures came about."""
    first = (
        f"As of {iso_utc(audit.as_of)}, which is {date_words(audit.as_of, audit)} in "
        f"{audit.zone.key}, the zone of the dates above; window: {window_words(audit.window)}."
    )
    bins = (
        f"Activity: one bar a day, or an ISO week (Monday, UTC) where a window is longer than "
        f"{DAILY_UP_TO // 86_400} days."
    )
    named = f", and {', '.join(audit.bots)} named by --bots" if audit.bots else ""
    bots = f"Bots (the platform's own mark, webhooks{named}) count only as bot posts."
    if audit.is_live:
        bots = (
            "Bots (Weaver itself, the platform's own mark, accounts that hosts named) count only "
            "as bot posts. Left out: the hosts' own spaces, and those that posts are passed on to."
        )
    each = [
        f"{plain(line.name)}: {line.rules}; "
        + ("" if audit.is_live else f"{line.figures.repeated:,} repeated rows dropped; ")
        + f"bot posts: {line.figures.bot_posts:,}."
        for line in audit.lines
    ]
    return "\n".join((first, bins, bots, *each)) + "\n"


def _record(line: Line, as_of: int) -> dict[str, Any]:
    figures = line.figures
    return {
        **line.labels,
        "name": line.name,
        "posts": figures.posts,
        "accounts": figures.accounts,
        "replies": figures.replies,
        "reposts": figures.reposts,
        "pct_reply": figures.pct_reply,
        "pct_repost": figures.pct_repost,
        "posts_per_account": figures.posts_per_account,
        "first_post": None if figures.first is None else iso_utc(figures.first),
        "last_post": None if figures.last is None else iso_utc(figures.last),
        "active_last_30_days": figures.active(as_of),
        "reply_share": figures.reply_share,
        "bot_posts": figures.bot_posts,
        "activity": figures.activity,
    }


def _cells(line: Line, audit: Audit) -> tuple[str, ...]:
    figures = line.figures
    return (
        plain(line.name),
        f"{figures.posts:,}",
        f"{figures.accounts:,}",
        _defined(figures.pct_reply, "%"),
        _defined(figures.pct_repost, "%"),
        _defined(figures.posts_per_account),
        sparkline(figures.activity),
        UNDEFINED if figures.first is None else date_words(figures.first, audit),
        UNDEFINED if figures.last is None else date_words(figures.last, audit),
        "Yes" if figures.active(audit.as_of) else "No",
    )


def _block(row: Sequence[str]) -> str:
    space = max(map(len, _HEADINGS))
    return "".join(f"{name:<{space}}  {cell}\n" for name, cell in zip(_HEADINGS, row, strict=True))


def _defined(value: float | None, unit: str = "") -> str:
    return UNDEFINED if value is None else f"{value:,.1f}{unit}"


def date_words(instant: int, audit: Audit) -> str:
    """Write an instant as the sector audit does, in the audit's zone."""
    return f"{datetime.fromtimestamp(instant, audit.zone):%d/%m/%Y %H:%M:%S}"


def window_words(window: Window) -> str:
    """Say which posts count."""
    since = "" if window.since is None else f"from {iso_utc(window.since)}"
    until = "" if window.until is None else f"before {iso_utc(window.until)}"
    return " ".join(filter(None, (since, until))) or "all posts"


def plain(name: str) -> str:
    """Keep a name that someone else chose from steering the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
