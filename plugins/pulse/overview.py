"""The table of all spaces: the audit's columns beside the share of whole threads, each labelled.

Members read it, so what is of under ten posts, or of one or two people, is withheld.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.api import Context, Space, Talk, UserError, sparkline, yarn
from plugins.pulse.choices import choices
from plugins.pulse.logic import Audit, Share, audit, named, posts, share
from plugins.pulse.settings import Settings
from plugins.pulse.shares import FEWEST, SMALLEST
from plugins.pulse.watch import inferred_share

DAY = timedelta(days=1)
DAILY = 31
"""Days up to which a bar is a day; of a longer window it is an ISO week."""


@dataclass(frozen=True, slots=True)
class Span:
    """A window in time, up to but without its end."""

    since: datetime
    until: datetime
    days: int
    last: date | None
    """The last day that counts; None for now."""


@dataclass(frozen=True, slots=True)
class Row:
    """One space in one window."""

    name: str
    kind: str
    """Hashtag, account or channel: each is measured apart."""
    activity: Sequence[int]
    """Posts from the first day of the window to the last, reposts included."""
    share: Share | None
    """Replies of whole threads, reposts left out; None without posts."""
    audit: Audit | None
    """As the audit of 2020 read: reposts are posts; of a hashtag, only posts that carry it."""
    few: bool
    """Under ten posts: the shares are withheld."""
    few_people: bool
    """One or two people: how many is withheld."""
    inferred: bool = False
    """Whether people there answer without links: then the shares are of what is linked."""
    turns: Share | None = None
    """Turns of the closed weeks in the window, which are held against themselves alone."""

    @property
    def bars(self) -> str:
        """Activity in a line of words."""
        return sparkline(self.activity)

    @property
    def yarn(self) -> str:
        """The same for a page."""
        return yarn(self.activity)


def span(days: int, until: str, now: datetime) -> Span:
    """Read a window; ``until`` is a day of the ISO calendar, UTC, which counts to its end."""
    if not until:
        return Span(now - days * DAY, now + timedelta(microseconds=1), days, None)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise UserError(f"UNTIL {until!r} is no day: write one like 2026-05-12") from None
    end = datetime.combine(last, time(), UTC) + DAY
    return Span(end - days * DAY, end, days, last)


def rows(ctx: Context[Settings], spaces: Sequence[Space], window: Span) -> list[Row]:
    """Count some spaces."""
    keys = [one.key for one in spaces]
    tags = [one.key for one in spaces if kind_of(one) == "hashtag"]
    whole = ctx.posts.talks(keys, window.since, window.until)
    read = whole | (ctx.posts.tagged(tags, window.since, window.until) if tags else {})
    first = datetime.combine(window.since.date(), time(), UTC)
    end = datetime.combine((window.until - timedelta(microseconds=1)).date(), time(), UTC) + DAY
    days = ctx.posts.by_day(keys, first, end)
    chosen = choices(ctx)
    found = []
    for one in spaces:
        row = _row(one, whole[one.key], read[one.key], activity(days[one.key], first.date()))
        if chosen.is_inferred(one):
            turns = inferred_share(ctx, one, window.since, window.until)
            row = replace(
                row, inferred=True, turns=turns if turns and turns.n >= SMALLEST else None
            )
        found.append(row)
    return found


def _row(space: Space, whole: Talk, read: Talk, days: Sequence[int]) -> Row:
    """Put one space into a row: all of it, and as the audit reads it."""
    return Row(
        name=named(space),
        kind=kind_of(space),
        activity=days,
        share=share(whole),
        audit=audit(read),
        few=posts(whole) < SMALLEST or posts(read) + read.reposts < SMALLEST,
        few_people=min(read.people, whole.people) < FEWEST,
    )


def kind_of(space: Space) -> str:
    """What a space is, in a word."""
    if space.id.startswith("#"):
        return "hashtag"
    return "account" if space.platform in ("bluesky", "mastodon") else "channel"


def activity(days: Sequence[Talk], first: date) -> list[int]:
    """Count posts by day up to 31 days, else by ISO week (from Monday, UTC)."""
    counts = [posts(day) + day.reposts for day in days]
    if len(counts) <= DAILY + 1:  # a window that does not begin at midnight touches one more
        return counts
    head = 7 - first.weekday()
    starts = [0, *range(head, len(counts), 7)]
    ends = [*starts[1:], len(counts)]
    return [sum(counts[start:end]) for start, end in zip(starts, ends, strict=True)]
