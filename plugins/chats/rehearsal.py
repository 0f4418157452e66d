"""A session before it happens: everything it will post, with when, as it will read."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    Due,
    NotifyHosts,
    Occurrence,
    Picture,
    SendPost,
    Urgency,
    UserError,
    clock_words,
    join_words,
    to_local,
    when_words,
)
from plugins.chats import bank, filling, rota, steps
from plugins.chats.logic import announcement_at
from plugins.chats.planning import planned_at, step_name
from plugins.chats.series import (
    Chats,
    coming_date,
    dates_of,
    live_series,
    moments,
    next_date,
    room,
    series_numbered,
    spaces_words,
)
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import chat_words

Acts = Generator[Action, None, Answer]
_SECOND, _SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=15)
"""What a minute of the script takes when it is played, and bounds of the time between posts."""


class _Shown(NamedTuple):
    """A post of a session to come."""

    at: datetime
    text: str
    pictures: tuple[Picture, ...] = ()


def rehearse(
    call: Call, ctx: Chats, number: int, how: Literal["read", "play", "stop"] = "read"
) -> Acts:
    """Read the next session of chat NUMBER as it will be: every post, with its time and length.

    With how:play Weaver posts all of it where only hosts read, a minute in a second, with pictures
    and all; how:stop ends that.
    """
    series = live_series(ctx, number)
    date = coming_date(ctx, series)
    turn = rota.turn_of(ctx, series, date.local.isoformat())
    if not call.is_host and (turn is None or turn.member != call.member.key):
        raise UserError("the script of a chat is for its hosts and for whoever leads it")
    if how == "stop":
        stopped = ctx.schedule.cancel(_timer(series))
        return Answer("The rehearsal is over." if stopped else "No rehearsal is being played.")
    session = _session(ctx, series)
    if how == "play":
        return (yield from _play(call, ctx, series, session))
    return Answer(
        ctx.render(
            "rehearsal.md",
            posts=_listed(ctx, series, session),
            when=when_words(date.at, series.zone, ctx.now),
            space=spaces_words(ctx, series),
            longest=room(ctx, series),
            number=number,
        ),
        moments=moments(ctx, series, date),
        buttons=(Button("Play it to the hosts", f"chats rehearse {number} play"),),
    )


def _session(ctx: Chats, series: Series) -> ChatSession:
    """The next session as it stands now; it is not kept."""
    date = coming_date(ctx, series)
    script = filling.filled(ctx, series.script, series.topic, chat_words(series.recurrence))
    return ChatSession(
        community=series.community,
        number=series.number,
        local=date.local.isoformat(),
        at=date.at,
        minutes=series.minutes,
        pace=series.pace,
        warm_up=series.warm_up if series.prompts else 0,
        topic=series.topic,
        prompts=[prompt.kept() for prompt in script],
    )


def _listed(ctx: Chats, series: Series, session: ChatSession) -> list[dict[str, object]]:
    """The posts of a session as the listing shows them."""
    longest = room(ctx, series)
    return [
        {
            "at": clock_words(to_local(one.at, series.zone).time()),
            "text": one.text,
            "shows": join_words([picture.alt for picture in one.pictures]),
            "over": max(0, len(one.text) - longest),
        }
        for one in _posts(ctx, series, session)
    ]


def _play(call: Call, ctx: Chats, series: Series, session: ChatSession) -> Acts:
    """Post the first of a session now, and each next in its turn."""
    hosts = next(ctx.community.for_("hosts"), None)
    if hosts is None:
        raise UserError(
            "there is no space in which only hosts read, so it cannot be played; to read it: "
            f"chats rehearse {series.number}"
        )
    if ctx.schedule.next(_timer(series)) is not None:
        raise UserError(
            f"it is being played already; chats rehearse {series.number} stop ends that"
        )
    posts = list(_posts(ctx, series, session))
    lasts = sum((_gap(one, then) for one, then in pairwise(posts)), timedelta())
    began = f"{ctx.now:%Y%m%d%H%M%S%f}"
    yield from _show(ctx, series, posts, 0, began)
    seconds = round(lasts / _SECOND)
    return Answer(
        f"The rehearsal begins in {hosts.name or hosts.id}: {len(posts)} posts in about {seconds} "
        "seconds, each with its time. Nobody but hosts sees it, and nothing of it counts.",
        buttons=(Button("Stop it", f"chats rehearse {series.number} stop"),),
    )


def play_on(due: Due, ctx: Chats) -> Iterator[Action]:
    """Post what comes next in a rehearsal; one that was interrupted is not taken up again."""
    series = series_numbered(ctx, due.payload["number"])
    if due.missed:
        yield NotifyHosts(
            ctx.key("rehearsal", series.number, due.payload["began"], "broken"),
            "The rehearsal was broken off, as Weaver was not running, and is not taken up again.",
            why="Hosts hear why a rehearsal that they asked for does not go on.",
            buttons=(Button("Play it anew", f"chats rehearse {series.number} play"),),
        )
    if due.missed or series.cancelled_at or next_date(ctx, series) is None:
        return
    posts = list(_posts(ctx, series, _session(ctx, series)))
    position: int = due.payload["position"]
    if position < len(posts):
        yield from _show(ctx, series, posts, position, due.payload["began"])


def _show(
    ctx: Chats, series: Series, posts: list[_Shown], position: int, began: str
) -> Iterator[Action]:
    """Post one of a session's posts to the hosts, and plan the next; its buttons are left out."""
    hosts = next(ctx.community.for_("hosts"), None)
    if hosts is None:
        return
    one = posts[position]
    clock = clock_words(to_local(one.at, series.zone).time())
    last = position == len(posts) - 1
    yield SendPost(
        ctx.key("rehearsal", series.number, began, position),
        hosts,
        f"Rehearsal, {clock}:\n\n{one.text}" + ("\n\nThat was the rehearsal." if last else ""),
        pictures=one.pictures,
        moments=moments(ctx, series, *(date.at for date in _dates(ctx, series))),
        why="A host asked to see the next session of this chat played, where only hosts read.",
        urgency=Urgency.CHAT_STEP,
        until=ctx.now + ctx.settings.lateness,
    )
    if not last:
        about = {"number": series.number, "position": position + 1, "began": began}
        at = ctx.now + _gap(one, posts[position + 1])
        label = "The rehearsal goes on"
        ctx.schedule.once(_timer(series), at, label, about, grace=timedelta(minutes=1))


def _gap(one: _Shown, then: _Shown) -> timedelta:
    """How long a rehearsal waits between two posts: a second for a minute, within bounds."""
    minutes = (then.at - one.at) / timedelta(minutes=1)
    return min(max(minutes * _SECOND, _SHORTEST), _LONGEST)


def _dates(ctx: Chats, series: Series) -> list[Occurrence]:
    return dates_of(ctx, series).upcoming(ctx.now, 2)


def _timer(series: Series) -> str:
    return f"rehearsal:{series.number}"


def _posts(ctx: Chats, series: Series, session: ChatSession) -> Iterator[_Shown]:
    """Every post of a session to come: when, how it reads, and its pictures."""
    announced = announcement_at(session.at, ctx.settings.announce_minutes, ctx.now)
    if announced is not None:
        yield _Shown(announced, steps.announcement(ctx, series, session))
    count = len(session.prompts)
    following = next(iter(bank.ready(ctx)), None)
    topic, series.topic = series.topic, following.title if following else ""  # as it will be then
    shown = []
    for position in range(count + 2):
        name = step_name(position, count) if position else "hello"
        step = Step(
            community=session.community,
            number=session.number,
            local=session.local,
            position=position,
            name=name,
        )
        text, pictures = steps.words_of(ctx, series, session, step)
        at = planned_at(session, position) if position else session.at
        shown.append(_Shown(at, text, pictures))
    series.topic = topic
    yield from shown
