"""Who is coming, and who asked to be reminded; counted, and told to nobody by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from sqlmodel import Session, col, delete, func, select

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    DirectMessage,
    Grounds,
    MeetingAnswered,
    MeetingCounted,
    Member,
    UserError,
    when_words,
)
from plugins.chats import meetings
from plugins.chats.series import (
    Chats,
    all_series,
    coming_date,
    live_series,
    moments,
    series_numbered,
)
from plugins.chats.tables import ChatSession, Guest, Series
from plugins.chats.words import chat_words

PURPOSE = "reminders"
"""What members ask for when they want to be reminded of chats."""
_COMING = ("coming", "interested")


def coming(call: Call, ctx: Chats, number: int = 0, answer: Literal["yes", "no"] = "yes") -> Answer:
    """Say that you are coming to the next session of chat NUMBER, or no longer are."""
    series = _meant(ctx, number)
    date = coming_date(ctx, series)
    local = date.local.isoformat()
    if answer == "no":
        _not_coming(ctx, number=series.number, local=local, member=call.member)
    elif _row(ctx, series, local, call.member, "coming") is None:
        _add(ctx, series, local, call.member, "coming")
    count = expected(ctx, series, local)
    when = when_words(date.at, series.zone, ctx.now)
    meant = moments(ctx, series, date)
    people = f"{count} {'person' if count == 1 else 'people'} so far"
    if answer == "no":
        return Answer(f"Noted: you are not coming on {when}. Expected: {people}.", moments=meant)
    return Answer(
        f"Noted: you are coming on {when}. Expected: {people}. Nobody is told your name.",
        buttons=(
            Button("Remind me", f"chats remind {series.number}"),
            Button("I can\u2019t after all", f"chats coming {series.number} no"),
        ),
        moments=meant,
    )


def remind(
    call: Call, ctx: Chats, number: int = 0, answer: Literal["on", "off", "pass"] = "on"
) -> Answer:
    """Be reminded of chat NUMBER before each session; off ends that, pass skips the next one."""
    series = _meant(ctx, number)
    row = _row(ctx, series, "", call.member, "remind")
    name = chat_words(series.recurrence)
    if answer == "pass":
        date = coming_date(ctx, series)
        local = date.local.isoformat()
        if _row(ctx, series, local, call.member, "pass") is None:
            _add(ctx, series, local, call.member, "pass")
        return Answer(f"Not this time, then. The {name} after it you are reminded of as before.")
    if answer == "off":
        if row is not None:
            ctx.db.delete(row)
        return Answer(f"You are not reminded of the {name} any more.")
    ctx.consent.record(call.member, PURPOSE, True)
    if row is None:
        _add(ctx, series, "", call.member, "remind")
    ahead = ctx.settings.announce_minutes
    when = "when it is announced" if ahead else "never, since this community announces no chats"
    return Answer(
        f"You are reminded of the {name} in private, {when}.",
        buttons=(
            Button("Not this time", f"chats remind {series.number} pass"),
            Button("No reminders", f"chats remind {series.number} off"),
        ),
    )


def answered(event: MeetingAnswered, ctx: Chats) -> Iterator[Action]:
    """Count who says in a calendar that they are coming; their latest word holds, however said."""
    session = meetings.of_receipt(ctx, event.meeting)
    if session is not None and event.coming:
        _interested(ctx, session, event.member)
    elif session is not None:
        _not_coming(ctx, number=session.number, local=session.local, member=event.member)
    yield from ()


def counted(event: MeetingCounted, ctx: Chats) -> Iterator[Action]:
    """Count a calendar's guests anew, as after a time in which Weaver did not hear of them."""
    session = meetings.of_receipt(ctx, event.meeting)
    if session is not None:
        platform = f"{event.space.platform}:"
        gone = delete(Guest).where(
            col(Guest.community) == session.community,
            col(Guest.number) == session.number,
            col(Guest.local) == session.local,
            col(Guest.said) == "interested",
            col(Guest.member).startswith(platform, autoescape=True),
        )
        ctx.db.exec(gone)
        for member in event.members:
            _interested(ctx, session, member)
    yield from ()


def _interested(ctx: Chats, session: ChatSession, member: Member) -> None:
    key = (ctx.community.id, session.number, session.local, member.key, "interested")
    if ctx.db.get(Guest, key) is None:
        series = series_numbered(ctx, session.number)
        _add(ctx, series, session.local, member, "interested")


def _not_coming(ctx: Chats, *, number: int, local: str, member: Member) -> None:
    """Take back that somebody is coming, wherever they said it."""
    mine = (
        col(Guest.community) == ctx.community.id,
        col(Guest.number) == number,
        col(Guest.local) == local,
        col(Guest.member) == member.key,
        col(Guest.said).in_(_COMING),
    )
    ctx.db.exec(delete(Guest).where(*mine))


def reminders(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Remind everybody who asked for it, but for those who sit this one out."""
    asked = select(Guest).where(
        Guest.community == ctx.community.id,
        Guest.number == series.number,
        Guest.local == "",
        Guest.said == "remind",
    )
    spaces = {space.key: space for space in ctx.community.spaces}
    for row in ctx.db.exec(asked.order_by(col(Guest.member))).all():
        member = replace(Member.of(row.member), name=row.name)
        space = next((one for one in spaces.values() if one.platform == member.platform), None)
        if space is None or _row(ctx, series, session.local, member, "pass") is not None:
            continue
        yield DirectMessage(
            ctx.key("remind", series.number, session.local, session.moves, member),
            space,
            member,
            _reminder(ctx, series, session),
            why="Whoever asked to be reminded of this chat is reminded when it is announced.",
            grounds=Grounds(member, PURPOSE, "agreed"),
            buttons=(
                Button("Not this time", f"chats remind {series.number} pass"),
                Button("No reminders", f"chats remind {series.number} off"),
            ),
            moments=moments(ctx, series, session.at),
            until=session.at,
        )


def _reminder(ctx: Chats, series: Series, session: ChatSession) -> str:
    about = f" It is about \u201c{series.topic}\u201d." if series.topic else ""
    when = when_words(session.at, series.zone, ctx.now)
    return f"The {chat_words(series.recurrence)} is on {when}.{about}"


def expected(ctx: Chats, series: Series, local: str) -> int:
    """How many are coming to a session: each person once, whether in words or in a calendar."""
    counted = select(func.count(func.distinct(Guest.member))).where(
        Guest.community == ctx.community.id,
        Guest.number == series.number,
        Guest.local == local,
        col(Guest.said).in_(_COMING),
    )
    return int(ctx.db.exec(counted).one())


def tidy(ctx: Chats, session: ChatSession) -> None:
    """Forget who said that they would come, once a session is over."""
    over = (
        col(Guest.community) == session.community,
        col(Guest.number) == session.number,
        col(Guest.local) == session.local,
    )
    ctx.db.exec(delete(Guest).where(*over))


def forget(member: Member, db: Session) -> None:
    """Erase what a member said about coming."""
    db.exec(delete(Guest).where(col(Guest.member) == member.key))


def tell(member: Member, db: Session) -> list[str]:
    """Tell what a member said about coming."""
    mine = select(Guest).where(Guest.member == member.key)
    mine = mine.order_by(col(Guest.number), col(Guest.local), col(Guest.said))
    return [f"chat {row.number}: {row.said} {row.local}".strip() for row in db.exec(mine)]


def _meant(ctx: Chats, number: int) -> Series:
    """The series of a number; without one, the only one there is."""
    if number:
        return live_series(ctx, number)
    mine = all_series(ctx)
    if len(mine) != 1:
        raise UserError("which chat? Write its number, as chats list shows it")
    return mine[0]


def _row(ctx: Chats, series: Series, local: str, member: Member, said: str) -> Guest | None:
    return ctx.db.get(Guest, (ctx.community.id, series.number, local, member.key, said))


def _add(ctx: Chats, series: Series, local: str, member: Member, said: str) -> None:
    ctx.db.add(
        Guest(
            community=ctx.community.id,
            number=series.number,
            local=local,
            member=member.key,
            said=said,
            name=member.name,
        )
    )
    ctx.db.flush()
