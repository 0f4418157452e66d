"""What stands between a series and its sessions: rows, timers, and the keys of acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.api import Occurrence, UserError, to_utc
from plugins.chats.logic import Prompt, announcement_at, pace_of, step_at
from plugins.chats.series import Chats, all_series, dates_of, next_date
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import chat_words, prompt_label


def session_at(ctx: Chats, series: Series, local: str) -> ChatSession:
    """Give the session of a series that was planned for a wall-clock time, written if need be."""
    session = session_known(ctx, series, local)
    if session is None:
        session = ChatSession(
            community=series.community,
            number=series.number,
            local=local,
            at=dates_of(ctx, series).at(datetime.fromisoformat(local)),
            minutes=series.minutes,
            pace=series.pace,
            warm_up=series.warm_up,
        )
        ctx.db.add(session)
    return session


def session_known(ctx: Chats, series: Series, local: str) -> ChatSession | None:
    """Give a session if it is written."""
    return ctx.db.get(ChatSession, (series.community, series.number, local))


def sessions(ctx: Chats, *states: str, number: int = 0) -> list[ChatSession]:
    """Give the sessions that are in one of some states, of one series or of all; latest first."""
    chosen = select(ChatSession).where(
        ChatSession.community == ctx.community.id, col(ChatSession.state).in_(states)
    )
    if number:
        chosen = chosen.where(ChatSession.number == number)
    return list(ctx.db.exec(chosen.order_by(col(ChatSession.at).desc())))


def session_open(ctx: Chats, series: Series) -> ChatSession | None:
    """Give the session that is going on now."""
    return next(iter(sessions(ctx, "open", number=series.number)), None)


def going_on(ctx: Chats, number: int) -> tuple[Series, ChatSession]:
    """Give the session that a host means; 0 is the one that goes on, if it is only one."""
    found = sessions(ctx, "open", number=number)
    if not found:
        which = f"chat {number}" if number else "no chat"
        raise UserError(f"{which} is{' not' if number else ''} going on now; chats list says when")
    if len(found) > 1:
        numbers = " or ".join(str(session.number) for session in found[::-1])
        raise UserError(f"which one? Write its number: {numbers}")
    series = ctx.db.get(Series, (ctx.community.id, found[0].number))
    assert series is not None
    return series, found[0]


def session_coming(ctx: Chats, series: Series) -> ChatSession | None:
    """Give the session that people already heard of, if it has not begun."""
    coming = sessions(ctx, "planned", number=series.number)
    return next((session for session in coming[::-1] if session.at > ctx.now), None)


def plan_all(ctx: Chats) -> None:
    """Set the timers of every series anew; one that is overdue is left to run or be missed."""
    for series in all_series(ctx):
        due = ctx.schedule.next(f"open:{series.number}")
        if due is None or due > ctx.now:
            plan(ctx, series)


def plan(ctx: Chats, series: Series, since: datetime | None = None) -> Occurrence | None:
    """Set the timers for the first date after ``since``, which is now if not said."""
    opening, announcing = f"open:{series.number}", f"announce:{series.number}"
    following = next_date(ctx, series, since)
    ctx.schedule.cancel(announcing)
    if following is None:
        ctx.schedule.cancel(opening)
        return None
    about = {"number": series.number, "local": following.local.isoformat()}
    chat = chat_words(series.recurrence)
    then = "hello, then Q1" if series.prompts else "an open floor"
    label, grace = f"The {chat} opens: {then}", ctx.settings.lateness
    ctx.schedule.once(opening, following.at, label, about, grace=grace)
    session = session_known(ctx, series, following.local.isoformat())
    if session is not None:
        session.at = following.at
        if session.announced or session.missed:
            return following
    at = announcement_at(following.at, ctx.settings.announce_minutes, ctx.now)
    if at is not None:
        label = f"Announcement of the {chat}"
        ctx.schedule.once(announcing, at, label, about, grace=following.at - at)
    return following


def steps_of(ctx: Chats, session: ChatSession) -> list[Step]:
    """Give the steps of a session that was opened, in order; none before."""
    mine = select(Step).where(
        Step.community == session.community,
        Step.number == session.number,
        Step.local == session.local,
    )
    return list(ctx.db.exec(mine.order_by(col(Step.position))))


def write_steps(ctx: Chats, session: ChatSession) -> list[Step]:
    """Write down the steps of a session that opens, each of which waits."""
    count = len(session.prompts)
    names = ["hello", *(step_name(position, count) for position in range(1, count + 2))]
    steps = [
        Step(
            community=session.community,
            number=session.number,
            local=session.local,
            position=position,
            name=name,
        )
        for position, name in enumerate(names)
    ]
    ctx.db.add_all(steps)
    return steps


def step_name(position: int, count: int) -> str:
    """Name a step as hosts know it: "Q3", "wrap-up"."""
    return f"Q{position}" if position <= count else "wrap-up"


def next_step(steps: Iterable[Step]) -> Step | None:
    """Give the step that comes next: the first that waits."""
    return next((step for step in steps if step.state == "waiting"), None)


def current_step(steps: Iterable[Step]) -> Step | None:
    """Give the prompt that people are in: the one asked last."""
    asked = [step for step in steps if step.state == "asked" and step.asked_at is not None]
    return max(asked, key=lambda step: (step.asked_at, step.position), default=None)


def planned_at(session: ChatSession, position: int) -> datetime:
    """When a step of a session is planned."""
    script = session.script
    return step_at(
        session.at, position, script, session.minutes, session.pace, warm_up=session.warm_up
    )


def time_of(session: ChatSession, position: int) -> timedelta:
    """How long a step has before the next one."""
    if position > len(session.prompts):
        return timedelta()
    return pace_of(session.script, position, session.pace, session.warm_up)


def set_step(ctx: Chats, session: ChatSession, position: int, earliest: datetime) -> datetime:
    """Set the timer of a step, at its planned time but never before ``earliest``; gives when."""
    script: list[Prompt] = session.script
    label = "The chat closes: thanks and the next date"
    if position <= len(script):
        label = prompt_label(position, script[position - 1].text)
    about = {"number": session.number, "local": session.local, "step": position}
    at = max(planned_at(session, position), earliest)
    ctx.schedule.once(timer(session, "step"), at, label, about, grace=ctx.settings.lateness)
    return at


def timer(session: ChatSession, what: str) -> str:
    """Name a timer of a session."""
    return f"{what}:{session.number}:{session.local}"


def stop_timers(ctx: Chats, session: ChatSession, *, late: bool = False) -> None:
    """Forget what is still to come in a session; with ``late`` its close as well."""
    for what in ("step", "quiet", "flow", *(["close"] if late else [])):
        ctx.schedule.cancel(timer(session, what))


def address_of(session: ChatSession) -> str:
    """Where a session's page is, below the address of the pages: by the day it was planned for."""
    return f"chats/{session.community}/{session.number}/{session.local[:10]}"


def key_of(ctx: Chats, session: ChatSession, *step: str | int) -> str:
    """Say why an act of a session exists: series, planned wall-clock time and step."""
    return ctx.key("chat", session.number, session.local, *step)


def miss(ctx: Chats, series: Series, session: ChatSession) -> datetime:
    """Mark a session missed, and those after it whose time is over too; returns until when."""
    until = max(session.at, ctx.now - ctx.settings.lateness)
    if session.state == "planned":
        session.state = "missed"
    dates = dates_of(ctx, series)
    date = dates.after(session.at)
    while date is not None and date.at <= until:
        later = session_at(ctx, series, date.local.isoformat())
        later.state = "missed" if later.state == "planned" else later.state
        date = dates.after(date.at)
    return until


def stop(ctx: Chats, session: ChatSession) -> None:
    """End a session that is going on, without a further word."""
    session.state = "cancelled"
    stop_timers(ctx, session, late=True)


def moment(session: ChatSession, series: Series) -> datetime:
    """Give the moment that a session was first planned for."""
    return to_utc(datetime.fromisoformat(session.local), series.zone)
