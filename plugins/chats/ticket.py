"""The next chat as a ticket on the community's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.api import Page, Planned, clock_words, day_words, when_words, zone_named, zone_words
from plugins.chats.series import Chats, all_series, next_date, series_words, today_in
from plugins.chats.words import soon_words


def coming(ctx: Chats) -> Iterator[Planned]:
    """The next date of each series, as it stands now: moved, put off, or none."""
    for series in all_series(ctx):
        date = next_date(ctx, series)
        if date is not None:
            how = ctx.render("how.md", **series_words(series))
            yield Planned(series.space, date.at, series.zone, how)


def page(ctx: Chats) -> Page | None:
    """Show the next chat; nothing while none is planned."""
    coming = [
        (date, series) for series in all_series(ctx) if (date := next_date(ctx, series)) is not None
    ]
    if not coming:
        return None
    date, series = min(coming, key=lambda pair: (pair[0].at, pair[1].number))
    zone = zone_named(series.zone)
    starts = date.at.astimezone(zone)
    ends = (date.at + timedelta(minutes=series.minutes)).astimezone(zone)
    today = today_in(ctx, series)
    values = {
        **series_words(series),
        "datetime": starts.isoformat(timespec="minutes"),
        "day": day_words(starts.date(), today),
        "starts": clock_words(starts.time()),
        "ends": clock_words(ends.time()),
        "zone": zone_words(series.zone),
        "soon": soon_words((starts.date() - today).days),
        "universal": when_words(date.at, "UTC", ctx.now),
    }
    return Page("Next chat", "ticket.html", values)
