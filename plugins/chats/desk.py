"""What hosts and members may ask about chats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator

from bot.api import (
    Action,
    Answer,
    Call,
    Space,
    UserError,
    day_words,
    to_utc,
    when_words,
)
from plugins.chats import planning
from plugins.chats.logic import announcement_at, check_pace, check_prompts, check_topic, prompts_in
from plugins.chats.planning import Chats
from plugins.chats.tables import Series
from plugins.chats.when import When, day_meant, times_meant
from plugins.chats.words import chat_words, length_words, questions_words, rhythm_words

Acts = Generator[Action, None, Answer]
_DATES = 8


def schedule(  # noqa: PLR0913 - what a host may say about a chat
    call: Call,
    ctx: Chats,
    *,
    when: str,
    topic: str,
    minutes: int = 0,
    pace: int = 0,
    space: Space | None = None,
    prompts: str,
) -> Answer:
    """Plan a chat: WHEN and TOPIC in quotation marks, then PROMPTS with " / " between them.

    WHEN is like "Tuesdays 7:30 pm", "every other Wednesday 12:30", "first Tuesday of the month
    19:00 Europe/Dublin" or "3 December 2026 20:00". PROMPTS may also stand one on a line; "open
    floor" plans a chat without any. MINUTES is how long it takes, PACE the minutes between one
    prompt and the next, SPACE where it is held.
    """
    said = times_meant(when, ctx.now, ctx.community.zone)
    found = prompts_in(prompts)
    series = Series(
        community=ctx.community.id,
        number=planning.next_number(ctx),
        space=(space or _usual_space(ctx)).key,
        start=said.recurrence.start.isoformat(),
        zone=said.recurrence.zone,
        rule=said.recurrence.rule,
        topic=check_topic(topic),
        prompts=found,
        minutes=minutes or ctx.settings.minutes,
        pace=pace or ctx.settings.pace,
        created_at=ctx.now,
    )
    check_prompts(found, ctx.settings.longest)
    check_pace(len(found), series.minutes, series.pace)
    planning.refuse_clash(ctx, series)
    ctx.db.add(series)
    planning.plan(ctx, series)
    return Answer(_planned(ctx, series, said))


def cancel(call: Call, ctx: Chats, number: int, date: str = "") -> Acts:
    """Cancel chat NUMBER for good, or only on one DATE: chats cancel 1 date:2026-05-19."""
    series = planning.live_series(ctx, number)
    if date:
        return (yield from _skip(ctx, series, date))
    series.cancelled_at = ctx.now
    words = f"Cancelled: chat {number}, {rhythm_words(series.recurrence)}."
    going_on = planning.session_open(ctx, series)
    if going_on is not None:
        planning.stop(ctx, going_on)
        words += " The one that is going on ends without a further word from Weaver."
    coming = planning.session_coming(ctx, series)
    if coming is not None:
        yield from planning.call_off(ctx, series, coming)
    planning.plan(ctx, series)
    return Answer(f"{words} To bring it back: chats restore {number}")


def restore(call: Call, ctx: Chats, number: int, date: str = "") -> Acts:
    """Bring back chat NUMBER, or one DATE of it, after it was cancelled."""
    series = planning.series_numbered(ctx, number)
    if date:
        return (yield from _unskip(ctx, series, date))
    if series.cancelled_at is None:
        raise UserError(
            f"chat {number} is not cancelled; to bring one date back: "
            f"chats restore {number} date:2026-05-19"
        )
    planning.refuse_clash(ctx, series)
    series.cancelled_at = None
    following = series.recurrence.after(ctx.now)
    if following is None:
        raise UserError(f"chat {number} has no date left to come; plan it anew: chats schedule")
    session = planning.session_known(ctx, series, following.local.isoformat())
    if session is not None and session.state == "cancelled":
        yield from planning.bring_back(ctx, session)
    planning.plan(ctx, series)
    next_ = when_words(following.at, series.zone, ctx.now)
    return Answer(f"Chat {number} goes on, {rhythm_words(series.recurrence)}. Next: {next_}.")


def prompts(call: Call, ctx: Chats, *, number: int, topic: str = "", prompts: str) -> Answer:
    """Set PROMPTS for the next session of chat NUMBER, with topic:"…" its TOPIC too."""
    series = planning.live_series(ctx, number)
    following = series.recurrence.after(ctx.now)
    if following is None:
        raise UserError(f"chat {number} has no date left to come; plan a new one: chats schedule")
    found = prompts_in(prompts)
    check_prompts(found, ctx.settings.longest)
    check_pace(len(found), series.minutes, series.pace)
    series.prompts = found
    series.topic = check_topic(topic) or series.topic
    planning.plan(ctx, series)
    about = f" about \u201c{series.topic}\u201d" if series.topic else ""
    return Answer(
        f"The {chat_words(series.recurrence)} on "
        f"{when_words(following.at, series.zone, ctx.now)}{about} has "
        f"{questions_words(len(found)) if found else 'an open floor'}."
    )


def list_(call: Call, ctx: Chats) -> Answer:
    """Show which chats are planned, and when the next ones are."""
    chats = []
    for series in planning.all_series(ctx):
        following = series.recurrence.after(ctx.now)
        going_on = planning.session_open(ctx, series)
        if following is None and going_on is None:
            continue
        chats.append(
            {
                "number": series.number,
                "rhythm": rhythm_words(series.recurrence),
                "space": _name(planning.space_of(ctx, series)),
                "now": going_on is not None,
                "next": following and when_words(following.at, series.zone, ctx.now),
                "topic": series.topic,
                "questions": questions_words(len(series.prompts)),
                "count": len(series.prompts),
            }
        )
    return Answer(ctx.render("list.md", chats=chats, is_host=call.is_host))


def _skip(ctx: Chats, series: Series, date: str) -> Acts:
    """Leave one date out; one that is going on ends."""
    going_on = planning.session_open(ctx, series)
    day = _day(ctx, series, date)
    if going_on is not None and going_on.local.startswith(day.isoformat()):
        planning.stop(ctx, going_on)
        return Answer(
            "The chat that is going on ends without a further word from Weaver. "
            "The ones after it stay planned."
        )
    occurrence = planning.date_on(ctx, series, day)
    local = occurrence.local.isoformat()
    series.skipped = [*series.skipped, local]
    session = planning.session_known(ctx, series, local)
    if session is not None:
        yield from planning.call_off(ctx, series, session)
    following = planning.plan(ctx, series)
    words = f"No chat {series.number} on {when_words(occurrence.at, series.zone, ctx.now)}."
    if following is not None:
        words += f" Next: {when_words(following.at, series.zone, ctx.now)}."
    undo = f"chats restore {series.number} date:{day.isoformat()}"
    return Answer(f"{words} To bring it back: {undo}")


def _unskip(ctx: Chats, series: Series, date: str) -> Acts:
    """Take one date in again that was left out."""
    day = _day(ctx, series, date)
    locals_ = [local for local in series.skipped if local.startswith(day.isoformat())]
    if not locals_ or to_utc(dt.datetime.fromisoformat(locals_[0]), series.zone) <= ctx.now:
        raise UserError(f"chat {series.number} has no cancelled date to come on {day_words(day)}")
    series.skipped = [local for local in series.skipped if local not in locals_]
    planning.refuse_clash(ctx, series)
    session = planning.session_known(ctx, series, locals_[0])
    if session is not None:
        yield from planning.bring_back(ctx, session)
    planning.plan(ctx, series)
    at = to_utc(dt.datetime.fromisoformat(locals_[0]), series.zone)
    return Answer(f"Chat {series.number} takes place on {when_words(at, series.zone, ctx.now)}.")


def _day(ctx: Chats, series: Series, date: str) -> dt.date:
    """Read a date of a series; "next" is its next one."""
    if date.strip().casefold() == "next":
        following = series.recurrence.after(ctx.now)
        if following is None:
            raise UserError(f"chat {series.number} has no date left to come")
        return following.local.date()
    return day_meant(date, planning.today_in(ctx, series))


def _usual_space(ctx: Chats) -> Space:
    """Give the space for chats, else the community's first."""
    return next(ctx.community.for_("chat"), ctx.community.spaces[0])


def _name(space: Space | None) -> str:
    return (space.name or space.id) if space else "a space that is gone"


def _planned(ctx: Chats, series: Series, said: When) -> str:
    """Say back what was planned, with every next date."""
    dates = series.recurrence.upcoming(ctx.now, _DATES)
    minutes = ctx.settings.announce_minutes
    at = announcement_at(dates[0].at, minutes, ctx.now)
    soon = "at once" if at == ctx.now else f"{length_words(minutes)} ahead"
    return ctx.render(
        "planned.md",
        number=series.number,
        rhythm=rhythm_words(series.recurrence),
        space=_name(planning.space_of(ctx, series)),
        said_zone=said.said_zone,
        zone=series.zone,
        dates=[when_words(date.at, series.zone, ctx.now) for date in dates],
        announced=soon if at else "",
        **planning.session_words(series, series.topic, len(series.prompts), series.pace),
    )
