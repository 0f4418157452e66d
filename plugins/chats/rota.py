"""The host rota: who leads which session, who steps in, and who is reminded when."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    DirectMessage,
    Due,
    Member,
    Moment,
    NotifyHosts,
    Occurrence,
    UserError,
    to_local,
    when_words,
)
from plugins.chats.planned import day_of
from plugins.chats.series import (
    Chats,
    all_series,
    date_on,
    dates_of,
    live_series,
    moments,
    series_numbered,
    spaces_of,
)
from plugins.chats.tables import Series, Turn
from plugins.chats.words import chat_words

Acts = Generator[Action, None, Answer]
_AHEAD = {"week": timedelta(days=7), "day": timedelta(days=1)}
_SHOWN = 6


def host(call: Call, ctx: Chats, number: int, date: str = "") -> Acts:
    """Lead chat NUMBER on DATE, or on its next date that nobody leads yet."""
    series = live_series(ctx, number)
    one = date_on(ctx, series, day_of(ctx, series, date)) if date else _free(ctx, series)
    local = one.local.isoformat()
    turn = turn_of(ctx, series, local)
    if turn is not None and turn.member == call.member.key:
        raise UserError(f"you lead that one already; to step down: {_down(series, one)}")
    if turn is not None:
        raise UserError(f"{turn.name} leads that one; ask them to step down, or to swap")
    name = call.member.name or call.member.id
    ctx.db.add(
        Turn(
            community=ctx.community.id,
            number=number,
            local=local,
            member=call.member.key,
            name=name,
        )
    )
    _remind(ctx, series, one)
    yield from _tell(ctx, series, one, f"{name} leads", "host")
    return Answer(
        f"You lead the {chat_words(series.recurrence)} on "
        f"{when_words(one.at, series.zone, ctx.now)}. Weaver reminds you a week and a day before. "
        f"To step down: {_down(series, one)}",
        moments=moments(ctx, series, one),
    )


def stepdown(call: Call, ctx: Chats, number: int, date: str) -> Acts:
    """Step down from leading chat NUMBER on DATE; a stand-in is looked for among the hosts."""
    series = live_series(ctx, number)
    one = date_on(ctx, series, day_of(ctx, series, date))
    turn = turn_of(ctx, series, one.local.isoformat())
    if turn is None or (turn.member != call.member.key and not call.is_host):
        raise UserError("you do not lead that one; chats rota shows who leads when")
    ctx.db.delete(turn)
    _forget_reminders(ctx, series, one.local.isoformat())
    yield from _tell(ctx, series, one, "Nobody leads", f"free-{ctx.now:%Y%m%d%H%M%S}", free=True)
    return Answer("Noted. The hosts hear that somebody is wanted to stand in.")


def swap(call: Call, ctx: Chats, number: int, mine: str, theirs: str) -> Answer:
    """Swap the session of chat NUMBER that you lead on MINE for the one on THEIRS.

    It is done once the one who leads there says the same the other way round.
    """
    series = live_series(ctx, number)
    ours = date_on(ctx, series, day_of(ctx, series, mine))
    other = date_on(ctx, series, day_of(ctx, series, theirs))
    turn = turn_of(ctx, series, ours.local.isoformat())
    there = turn_of(ctx, series, other.local.isoformat())
    if turn is None or turn.member != call.member.key:
        raise UserError("you do not lead the first of these; chats rota shows who leads when")
    if there is None:
        raise UserError(f"nobody leads the second one; take it: chats host {number} {theirs}")
    if there.offered != turn.local:
        turn.offered = there.local
        return Answer(
            f"Offered. {there.name} accepts with: chats swap {number} "
            f"{_day(series, other)} {_day(series, ours)}"
        )
    turn.member, there.member = there.member, turn.member
    turn.name, there.name = there.name, turn.name
    turn.offered = there.offered = ""
    when = when_words(other.at, series.zone, ctx.now)
    return Answer(f"Swapped: you lead on {when}.", moments=moments(ctx, series, other))


def rota(call: Call, ctx: Chats, number: int = 0) -> Answer:
    """Show who leads the next sessions, and who led the last."""
    lines: list[str] = []
    meant: list[Moment] = []
    for series in [live_series(ctx, number)] if number else all_series(ctx):
        dates = dates_of(ctx, series).upcoming(ctx.now, _SHOWN)
        meant += moments(ctx, series, *dates)
        for one in dates:
            turn = turn_of(ctx, series, one.local.isoformat())
            who = turn.name if turn else "nobody yet"
            lines.append(f"{series.number}. {when_words(one.at, series.zone, ctx.now)}: {who}")
        last = _last(ctx, series)
        if last is not None:
            lines.append(f"Chat {series.number} was led last by {last.name}.")
    take = "To lead one: chats host NUMBER 2026-05-19"
    if not lines:
        return Answer("No chats are planned.")
    return Answer("\n".join([*lines, take]), moments=tuple(meant))


def remind(due: Due, ctx: Chats) -> Iterator[Action]:
    """Remind whoever leads a session, a week and a day before."""
    series = series_numbered(ctx, due.payload["number"])
    local: str = due.payload["local"]
    turn = turn_of(ctx, series, local)
    planned = dates_of(ctx, series)
    placed = planned.placed(datetime.fromisoformat(local))
    spaces = spaces_of(ctx, series)
    if due.missed or turn is None or placed is None or not spaces or series.cancelled_at:
        return
    member = replace(Member.of(turn.member), name=turn.name)
    at = planned.at(datetime.fromisoformat(local))
    space = next((one for one in spaces if one.platform == member.platform), spaces[0])
    ready = f"It is about \u201c{series.topic}\u201d." if series.topic else "It has no topic yet."
    yield DirectMessage(
        ctx.key("turn", series.number, local, due.payload["ahead"], member),
        space,
        member,
        f"You lead the {chat_words(series.recurrence)} on "
        f"{when_words(at, series.zone, ctx.now)}. {ready} To read how it goes: chats rehearse "
        f"{series.number}",
        moments=moments(ctx, series, at),
        why="Whoever said they would lead a chat is reminded a week and a day before.",
    )


def turn_of(ctx: Chats, series: Series, local: str) -> Turn | None:
    """Who leads a session."""
    return ctx.db.get(Turn, (ctx.community.id, series.number, local))


def leader(ctx: Chats, series: Series, local: str) -> str:
    """The name of who leads a session; empty when nobody does."""
    turn = turn_of(ctx, series, local)
    return turn.name if turn else ""


def forget(member: Member, db: Session) -> None:
    """Erase a member from the rota; the series goes on without them."""
    db.exec(delete(Turn).where(col(Turn.member) == member.key))


def tell(member: Member, db: Session) -> list[str]:
    """Tell which sessions a member leads or led."""
    mine = select(Turn).where(Turn.member == member.key).order_by(col(Turn.local))
    return [f"chat {turn.number} of {turn.local}" for turn in db.exec(mine)]


def _free(ctx: Chats, series: Series) -> Occurrence:
    """The next date that nobody leads yet."""
    for one in dates_of(ctx, series).upcoming(ctx.now, 53):
        if turn_of(ctx, series, one.local.isoformat()) is None:
            return one
    raise UserError(f"every date of chat {series.number} has somebody; thank you all the same")


def _last(ctx: Chats, series: Series) -> Turn | None:
    now = to_local(ctx.now, series.zone).isoformat()
    past = select(Turn).where(
        Turn.community == ctx.community.id, Turn.number == series.number, col(Turn.local) < now
    )
    return ctx.db.exec(past.order_by(col(Turn.local).desc())).first()


def _remind(ctx: Chats, series: Series, one: Occurrence) -> None:
    local = one.local.isoformat()
    for ahead, before in _AHEAD.items():
        if one.at - before > ctx.now:
            about = {"number": series.number, "local": local, "ahead": ahead}
            ctx.schedule.once(
                f"turn:{series.number}:{local}:{ahead}",
                one.at - before,
                "A reminder to whoever leads the chat",
                about,
                grace=timedelta(hours=12),
            )


def _forget_reminders(ctx: Chats, series: Series, local: str) -> None:
    for ahead in _AHEAD:
        ctx.schedule.cancel(f"turn:{series.number}:{local}:{ahead}")


def _tell(  # noqa: PLR0913 - what the hosts are told
    ctx: Chats, series: Series, one: Occurrence, words: str, what: str, *, free: bool = False
) -> Iterator[Action]:
    """Tell the hosts who leads a session, or that nobody does any more."""
    if not any(ctx.community.for_("hosts")):
        return
    take = Button("I\u2019ll lead it", f"chats host {series.number} {_day(series, one)}")
    yield NotifyHosts(
        ctx.key("turn", series.number, one.local, what),
        f"{words} the {chat_words(series.recurrence)} on "
        f"{when_words(one.at, series.zone, ctx.now)}.",
        why="Hosts hear who leads a chat, and when somebody is wanted.",
        moments=moments(ctx, series, one),
        buttons=(take,) if free else (),
    )


def _day(series: Series, one: Occurrence) -> str:
    return to_local(one.at, series.zone).date().isoformat()


def _down(series: Series, one: Occurrence) -> str:
    return f"chats stepdown {series.number} {_day(series, one)}"
