"""What stands between a series and its sessions: timers, and dates called off or brought back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, func, select

from bot.api import (
    Action,
    Context,
    Occurrence,
    SendPost,
    Space,
    Undo,
    Urgency,
    UserError,
    day_words,
    to_local,
    to_utc,
    when_words,
)
from plugins.chats.logic import GRACE, Slot, announcement_at, clash, step_at
from plugins.chats.settings import Settings
from plugins.chats.tables import ChatSession, Series
from plugins.chats.words import chat_words, length_words, prompt_label, questions_words

Chats = Context[Settings]


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


def next_number(ctx: Chats) -> int:
    """Give a number that no series of the community ever had."""
    highest = select(func.max(Series.number)).where(Series.community == ctx.community.id)
    return (ctx.db.exec(highest).one() or 0) + 1


def space_of(ctx: Chats, series: Series) -> Space | None:
    """Give the space of a series; None when the community has it no more."""
    return next((space for space in ctx.community.spaces if space.key == series.space), None)


def refuse_clash(ctx: Chats, series: Series) -> None:
    """Refuse a series that would run at the same time as another in its space."""
    others = [
        Slot(other.number, other.recurrence, other.minutes)
        for other in all_series(ctx)
        if other.space == series.space and other.number != series.number
    ]
    found = clash(Slot(series.number, series.recurrence, series.minutes), others, ctx.now)
    if found:
        raise UserError(
            f"chat {found.number} is in the same space at that time, first on "
            f"{when_words(found.at, series.zone, ctx.now)}; choose another time or another space"
        )


def session_at(ctx: Chats, series: Series, local: str) -> ChatSession:
    """Give the session of a series that stands for a wall-clock time, written if need be."""
    session = session_known(ctx, series, local)
    if session is None:
        session = ChatSession(
            community=series.community,
            number=series.number,
            local=local,
            at=to_utc(datetime.fromisoformat(local), series.zone),
            minutes=series.minutes,
            pace=series.pace,
        )
        ctx.db.add(session)
    return session


def session_known(ctx: Chats, series: Series, local: str) -> ChatSession | None:
    """Give a session if it is written."""
    return ctx.db.get(ChatSession, (series.community, series.number, local))


def session_open(ctx: Chats, series: Series) -> ChatSession | None:
    """Give the session that is going on now."""
    chosen = select(ChatSession).where(
        ChatSession.community == series.community,
        ChatSession.number == series.number,
        ChatSession.state == "open",
    )
    return ctx.db.exec(chosen.order_by(col(ChatSession.at).desc())).first()


def session_coming(ctx: Chats, series: Series) -> ChatSession | None:
    """Give the session that people already heard of, if it has not begun."""
    chosen = select(ChatSession).where(
        ChatSession.community == series.community,
        ChatSession.number == series.number,
        ChatSession.state == "planned",
        col(ChatSession.at) > ctx.now,
    )
    return ctx.db.exec(chosen).first()


def plan(ctx: Chats, series: Series, since: datetime | None = None) -> Occurrence | None:
    """Set the timers for the first date after ``since``, which is now if not said."""
    opening, announcing = f"open:{series.number}", f"announce:{series.number}"
    following = series.recurrence.after(since or ctx.now) if series.cancelled_at is None else None
    ctx.schedule.cancel(announcing)
    if following is None:
        ctx.schedule.cancel(opening)
        return None
    about = {"number": series.number, "local": following.local.isoformat()}
    chat = chat_words(series.recurrence)
    then = "hello, then Q1" if series.prompts else "an open floor"
    ctx.schedule.once(opening, following.at, f"The {chat} opens: {then}", about, grace=GRACE)
    session = session_known(ctx, series, following.local.isoformat())
    if session and (session.announced or session.missed):
        return following
    at = announcement_at(following.at, ctx.settings.announce_minutes, ctx.now)
    if at is not None:
        label = f"Announcement of the {chat}"
        ctx.schedule.once(announcing, at, label, about, grace=following.at - at)
    return following


def set_step(ctx: Chats, session: ChatSession, step: int, earliest: datetime) -> None:
    """Set the timer of a step, at its planned time but never before ``earliest``."""
    count = len(session.prompts)
    planned = step_at(session.at, step, count, session.minutes, session.pace)
    label = "The chat closes: thanks and the next date"
    if step <= count:
        label = prompt_label(step, session.prompts[step - 1])
    about = {"number": session.number, "local": session.local, "step": step}
    name = _step_timer(session)
    ctx.schedule.once(name, max(planned, earliest), label, about, grace=GRACE)


def _step_timer(session: ChatSession) -> str:
    return f"step:{session.number}:{session.local}"


def step_key(ctx: Chats, session: ChatSession, step: str | int) -> str:
    """Say why a post of a session exists: series, wall-clock time and step."""
    return ctx.key("chat", session.number, session.local, step)


def miss(ctx: Chats, series: Series, session: ChatSession) -> datetime:
    """Mark a session missed, and those after it whose time is over too; returns until when."""
    until = max(session.at, ctx.now - GRACE)
    if session.state == "planned":
        session.state = "missed"
    date = series.recurrence.after(session.at)
    while date is not None and date.at <= until:
        session_at(ctx, series, date.local.isoformat()).state = "missed"
        date = series.recurrence.after(date.at)
    return until


def stop(ctx: Chats, session: ChatSession) -> None:
    """End a session that is going on, without a further word."""
    session.state = "cancelled"
    ctx.schedule.cancel(_step_timer(session))


def call_off(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Call off a session that has not begun; people are told if it was announced to them."""
    session.state = "cancelled"
    space = space_of(ctx, series)
    if not session.announced or space is None:
        return
    session.called_off += 1
    following = series.recurrence.after(session.at) if series.cancelled_at is None else None
    yield SendPost(
        step_key(ctx, session, f"off-{session.called_off}"),
        space,
        ctx.render(
            "called_off.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            next=following and when_words(following.at, series.zone, ctx.now),
        ),
        why="A host called this chat off after it was announced, so those who read the "
        "announcement are told.",
        urgency=Urgency.CHAT_STEP,
    )


def bring_back(ctx: Chats, session: ChatSession) -> Iterator[Action]:
    """Let a session take place after all, and take the word back that it would not."""
    session.state = "planned"
    if session.called_off:
        yield Undo(
            step_key(ctx, session, f"on-{session.called_off}"),
            step_key(ctx, session, f"off-{session.called_off}"),
            why="A host brought this chat back, so the word that it was off is taken back.",
        )


def date_on(ctx: Chats, series: Series, day: date) -> Occurrence:
    """Give the occurrence on a day that is still to come; UserError when there is none."""
    morning = to_utc(datetime.combine(day, time()), series.zone) - timedelta(seconds=1)
    found = series.recurrence.after(max(ctx.now, morning))
    if found is None or found.local.date() != day:
        following = series.recurrence.after(ctx.now)
        hint = f"; its next date is {day_words(following.local.date())}" if following else ""
        raise UserError(f"chat {series.number} has no date to come on {day_words(day)}{hint}")
    return found


def today_in(ctx: Chats, series: Series) -> date:
    """Give the date where the series is at home."""
    return to_local(ctx.now, series.zone).date()


def session_words(series: Series, topic: str, count: int, pace: int) -> Mapping[str, Any]:
    """Give what the templates say about a session."""
    return {
        "chat": chat_words(series.recurrence),
        "topic": topic,
        "count": count,
        "questions": questions_words(count),
        "pace": length_words(pace),
        "length": length_words(series.minutes),
    }
