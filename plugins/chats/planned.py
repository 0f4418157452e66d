"""Changing what is planned: whole chats, and one date of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator

from bot.api import (
    Action,
    Answer,
    Call,
    UserError,
    day_words,
    to_local,
    to_utc,
    when_words,
)
from plugins.chats import changes, meetings, planning
from plugins.chats.planning import plan, session_known
from plugins.chats.series import (
    Chats,
    coming_date,
    date_on,
    dates_of,
    live_series,
    moments,
    next_date,
    refuse_clash,
    series_numbered,
    today_in,
)
from plugins.chats.tables import Series
from plugins.chats.when import day_meant, moment_meant
from plugins.chats.words import rhythm_words

Acts = Generator[Action, None, Answer]


def cancel(call: Call, ctx: Chats, number: int, date: str = "") -> Acts:
    """Cancel chat NUMBER for good, or only on one DATE: chats cancel 1 date:2026-05-19."""
    series = live_series(ctx, number)
    if date:
        return (yield from _skip(ctx, series, date))
    series.cancelled_at = ctx.now
    series.revised += 1
    words = f"Cancelled: chat {number}, {rhythm_words(series.recurrence)}."
    going_on = planning.session_open(ctx, series)
    if going_on is not None:
        planning.stop(ctx, going_on)
        yield from meetings.strike(going_on)
        words += " The one that is going on ends without a further word from Weaver."
    coming = planning.session_coming(ctx, series)
    if coming is not None:
        yield from changes.call_off(ctx, series, coming)
    plan(ctx, series)
    return Answer(f"{words} To bring it back: chats restore {number}")


def restore(call: Call, ctx: Chats, number: int, date: str = "") -> Acts:
    """Bring back chat NUMBER, or one DATE of it, after it was cancelled or moved."""
    series = series_numbered(ctx, number)
    if date:
        return (yield from _unskip(ctx, series, date))
    if series.cancelled_at is None:
        raise UserError(
            f"chat {number} is not cancelled; to bring one date back: "
            f"chats restore {number} date:2026-05-19"
        )
    refuse_clash(ctx, series)
    series.cancelled_at = None
    series.revised += 1
    following = next_date(ctx, series)
    if following is None:
        raise UserError(f"chat {number} has no date left to come; plan it anew: chats schedule")
    session = session_known(ctx, series, following.local.isoformat())
    if session is not None and session.state == "cancelled":
        yield from changes.bring_back(ctx, series, session)
    plan(ctx, series)
    next_ = when_words(following.at, series.zone, ctx.now)
    words = f"Chat {number} goes on, {rhythm_words(series.recurrence)}. Next: {next_}."
    return Answer(words, moments=moments(ctx, series, following))


def move(call: Call, ctx: Chats, *, number: int, date: str, to: str) -> Acts:
    """Move one DATE of chat NUMBER: chats move 1 next TO "Wednesday 4 March 8 pm", or "8 pm"."""
    series = live_series(ctx, number)
    occurrence = date_on(ctx, series, day_of(ctx, series, date))
    was = to_local(occurrence.at, series.zone)
    there = moment_meant(to, ctx.now, series.zone, was)
    if there == was:
        raise UserError(f"chat {number} is at that time already")
    others = dates_of(ctx, series).upcoming(ctx.now, 60)
    if any(one.at == to_utc(there, series.zone) for one in others):
        raise UserError(f"chat {number} takes place at that time anyway; cancel the date instead")
    local = occurrence.local.isoformat()
    series.moved = {**series.moved, local: there.isoformat()}
    if there == occurrence.local:
        series.moved = {old: new for old, new in series.moved.items() if old != local}
    series.revised += 1
    refuse_clash(ctx, series)
    session = session_known(ctx, series, local)
    if session is not None:
        yield from changes.tell_moved(ctx, series, session)
    plan(ctx, series)
    return Answer(
        f"Chat {number} of {when_words(occurrence.at, series.zone, ctx.now)} moves to "
        f"{when_words(to_utc(there, series.zone), series.zone, ctx.now)}. To take it back: "
        f"chats restore {number} date:{there.date().isoformat()}",
        moments=moments(ctx, series, occurrence, to_utc(there, series.zone)),
    )


def _skip(ctx: Chats, series: Series, date: str) -> Acts:
    """Leave one date out; one that is going on ends."""
    going_on = planning.session_open(ctx, series)
    day = day_of(ctx, series, date)
    if going_on is not None and to_local(going_on.at, series.zone).date() == day:
        planning.stop(ctx, going_on)
        yield from meetings.strike(going_on)
        return Answer(
            "The chat that is going on ends without a further word from Weaver. "
            "The ones after it stay planned."
        )
    occurrence = date_on(ctx, series, day)
    local = occurrence.local.isoformat()
    series.skipped = [*series.skipped, local]
    series.revised += 1
    session = session_known(ctx, series, local)
    if session is not None:
        yield from changes.call_off(ctx, series, session)
    following = plan(ctx, series)
    words = f"No chat {series.number} on {when_words(occurrence.at, series.zone, ctx.now)}."
    if following is not None:
        words += f" Next: {when_words(following.at, series.zone, ctx.now)}."
    undo = f"chats restore {series.number} date:{day.isoformat()}"
    meant = moments(ctx, series, occurrence, following)
    return Answer(f"{words} To bring it back: {undo}", moments=meant)


def _unskip(ctx: Chats, series: Series, date: str) -> Acts:
    """Take one date in again that was left out or moved."""
    day = day_of(ctx, series, date).isoformat()
    skipped = [
        local for local in series.skipped if day in (local[:10], series.moved.get(local, "")[:10])
    ]
    moved = [] if skipped else [old for old, new in series.moved.items() if new[:10] == day]
    [local] = (skipped or moved)[:1] or [""]
    at = to_utc(dt.datetime.fromisoformat(local), series.zone) if local else ctx.now
    if at <= ctx.now:
        day_ = day_words(dt.date.fromisoformat(day))
        raise UserError(f"chat {series.number} has no cancelled date to come on {day_}")
    series.skipped = [one for one in series.skipped if one != local]
    series.moved = {old: new for old, new in series.moved.items() if old not in moved}
    series.revised += 1
    refuse_clash(ctx, series)
    session = session_known(ctx, series, local)
    if session is not None and session.state == "cancelled":
        yield from changes.bring_back(ctx, series, session)
    elif session is not None:
        yield from changes.tell_moved(ctx, series, session)
    plan(ctx, series)
    at = dates_of(ctx, series).at(dt.datetime.fromisoformat(local))
    words = f"Chat {series.number} takes place on {when_words(at, series.zone, ctx.now)}."
    return Answer(words, moments=moments(ctx, series, at))


def day_of(ctx: Chats, series: Series, date: str) -> dt.date:
    """Read a date of a series; "next" is its next one."""
    if date.strip().casefold() == "next":
        return to_local(coming_date(ctx, series).at, series.zone).date()
    return day_meant(date, today_in(ctx, series))
