"""Which series there are, where and when each is held, and what must not meet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, func, select

from bot.api import (
    Context,
    Moment,
    Occurrence,
    Space,
    UserError,
    day_words,
    to_local,
    to_utc,
    when_words,
)
from plugins.chats.dates import Closure, Dates
from plugins.chats.logic import Slot, clash
from plugins.chats.settings import Settings
from plugins.chats.tables import ClosureRow, Series
from plugins.chats.words import chat_words, length_words, questions_words

Chats = Context[Settings]
_CLOCKS = timedelta(hours=2)
"""How far two clocks may drift apart within a year."""


def all_series(ctx: Chats) -> list[Series]:
    """Give the series of the community that are not cancelled, in the order they were planned."""
    chosen = select(Series).where(
        Series.community == ctx.community.id, col(Series.cancelled_at).is_(None)
    )
    return list(ctx.db.exec(chosen.order_by(col(Series.number))))


def series_numbered(ctx: Chats, number: int) -> Series:
    """Give a series, cancelled or not; UserError when there is none of that number."""
    series = ctx.db.get(Series, (ctx.community.id, number))
    if series is None:
        raise UserError(f"there is no chat {number} here; chats list shows which there are")
    return series


def live_series(ctx: Chats, number: int) -> Series:
    """Give a series that goes on; UserError when it is cancelled."""
    series = series_numbered(ctx, number)
    if series.cancelled_at is not None:
        raise UserError(f"chat {number} is cancelled; chats restore {number} brings it back")
    return series


def next_number(ctx: Chats, table: Any) -> int:
    """Give a number that no row of the community's in a table ever had."""
    highest = select(func.max(table.number)).where(table.community == ctx.community.id)
    return int(ctx.db.exec(highest).one() or 0) + 1


def closures(ctx: Chats) -> list[Closure]:
    """Give the closures of the community, in the order of their days."""

    def read() -> list[Closure]:
        mine = select(ClosureRow).where(ClosureRow.community == ctx.community.id)
        return [row.closure for row in ctx.db.exec(mine.order_by(col(ClosureRow.begins)))]

    return ctx.recall("closures", read, ClosureRow)


def dates_of(ctx: Chats, series: Series) -> Dates:
    """Give the dates of a series as they stand: moved, skipped and closed ones considered."""
    moved = {
        datetime.fromisoformat(planned): datetime.fromisoformat(placed)
        for planned, placed in series.moved.items()
        if planned not in series.skipped
    }
    return Dates(series.recurrence, moved, closures(ctx))


def next_date(ctx: Chats, series: Series, after: datetime | None = None) -> Occurrence | None:
    """Give the next date of a series; None when it is cancelled or has none left."""
    if series.cancelled_at is not None:
        return None
    return dates_of(ctx, series).after(after or ctx.now)


def coming_date(ctx: Chats, series: Series) -> Occurrence:
    """Give the next date of a series; UserError when it has none left."""
    following = next_date(ctx, series)
    if following is None:
        raise UserError(
            f"chat {series.number} has no date left to come; plan a new one: chats schedule"
        )
    return following


def date_on(ctx: Chats, series: Series, day: date) -> Occurrence:
    """Give the date on a day that is still to come; UserError when there is none."""
    morning = to_utc(datetime.combine(day, time()), series.zone) - timedelta(seconds=1)
    found = next_date(ctx, series, max(ctx.now, morning))
    if found is None or to_local(found.at, series.zone).date() != day:
        following = next_date(ctx, series)
        hint = ""
        if following is not None:
            hint = f"; its next date is {day_words(to_local(following.at, series.zone).date())}"
        raise UserError(f"chat {series.number} has no date to come on {day_words(day)}{hint}")
    return found


def today_in(ctx: Chats, series: Series) -> date:
    """Give the date where the series is at home."""
    return to_local(ctx.now, series.zone).date()


def spaces_of(ctx: Chats, series: Series) -> list[Space]:
    """Give the spaces of a series that the community still has, its home first."""
    mine = (series.space, *series.also)
    known = {space.key: space for space in ctx.community.spaces}
    return [known[key] for key in mine if key in known]


def spaces_words(ctx: Chats, series: Series) -> str:
    """Name the spaces of a series."""
    names = [space.name or space.id for space in spaces_of(ctx, series)]
    return " and ".join(names) or "a space that is gone"


def moments(ctx: Chats, series: Series, *ats: datetime | Occurrence | None) -> tuple[Moment, ...]:
    """What words of a chat's time mean, so that platforms can show it in each reader's zone."""
    found = [one.at if isinstance(one, Occurrence) else one for one in ats if one is not None]
    return tuple(Moment(when_words(at, series.zone, ctx.now), at) for at in found)


def room(ctx: Chats, series: Series) -> int:
    """How many characters a prompt may have: what the narrowest of its platforms takes."""
    there = {space.platform for space in spaces_of(ctx, series)}
    limits = [ctx.longest[platform] for platform in there if platform in ctx.longest]
    return min([ctx.settings.longest, *limits])


def refuse_clash(ctx: Chats, series: Series) -> None:
    """Refuse a series that would run at the same time as another in one of its spaces."""
    mine = {series.space, *series.also}
    others = [
        Slot(other.number, dates_of(ctx, other), other.minutes)
        for other in all_series(ctx)
        if mine & {other.space, *other.also} and other.number != series.number
    ]
    found = clash(Slot(series.number, dates_of(ctx, series), series.minutes), others, ctx.now)
    if found:
        raise UserError(
            f"chat {found.number} is in the same space at that time, first on "
            f"{when_words(found.at, series.zone, ctx.now)}; choose another time or another space"
        )


def neighbours(ctx: Chats, series: Series) -> str:
    """Say when another community that this Weaver looks after meets at the same hour."""
    chosen = select(Series).where(
        Series.community != ctx.community.id, col(Series.cancelled_at).is_(None)
    )
    mine = Slot(-1, dates_of(ctx, series), series.minutes)
    for other in ctx.db.exec(chosen.order_by(col(Series.community), col(Series.number))):
        if not _near(series, other):
            continue
        found = clash(mine, [Slot(other.number, other.recurrence, other.minutes)], ctx.now)
        if found is not None:
            return (
                f"Another community here, {other.community}, meets at the same hour, first on "
                f"{when_words(found.at, series.zone, ctx.now)}; people who are in both can only be "
                "in one."
            )
    return ""


def _near(one: Series, other: Series) -> bool:
    """Whether two series may meet at all, by the hour of the day, before dates are worked out."""
    day = timedelta(days=1)
    starts = [to_utc(datetime.fromisoformat(each.start), each.zone) for each in (one, other)]
    apart = (starts[0] - starts[1]) % day
    return min(apart, day - apart) < timedelta(minutes=max(one.minutes, other.minutes)) + _CLOCKS


def series_words(series: Series) -> Mapping[str, Any]:
    """Give what the templates say about the next session of a series."""
    return script_words(series, series.topic, len(series.prompts), series.pace, series.minutes)


def script_words(
    series: Series, topic: str, count: int, pace: int, minutes: int
) -> Mapping[str, Any]:
    """Give what the templates say about a session."""
    return {
        "chat": chat_words(series.recurrence),
        "topic": topic,
        "count": count,
        "questions": questions_words(count),
        "pace": length_words(pace),
        "length": length_words(minutes),
    }
