"""A session before it happens: everything it will post, with when, as it will read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.api import Answer, Call, UserError, clock_words, to_local, when_words
from plugins.chats import bank, rota, steps
from plugins.chats.logic import announcement_at
from plugins.chats.planning import planned_at, step_name
from plugins.chats.series import Chats, coming_date, live_series, room, spaces_words
from plugins.chats.tables import ChatSession, Series, Step


def rehearse(call: Call, ctx: Chats, number: int) -> Answer:
    """Read the next session of chat NUMBER as it will be: every post, with its time and length."""
    series = live_series(ctx, number)
    date = coming_date(ctx, series)
    turn = rota.turn_of(ctx, series, date.local.isoformat())
    if not call.is_host and (turn is None or turn.member != call.member.key):
        raise UserError("the script of a chat is for its hosts and for whoever leads it")
    session = ChatSession(
        community=series.community,
        number=number,
        local=date.local.isoformat(),
        at=date.at,
        minutes=series.minutes,
        pace=series.pace,
        warm_up=series.warm_up if series.prompts else 0,
        topic=series.topic,
        prompts=list(series.prompts),
    )
    longest = room(ctx, series)
    posts = [
        {
            "at": clock_words(to_local(at, series.zone).time()),
            "text": text,
            "shows": shows,
            "over": max(0, len(text) - longest),
        }
        for at, text, shows in _posts(ctx, series, session)
    ]
    return Answer(
        ctx.render(
            "rehearsal.md",
            posts=posts,
            when=when_words(date.at, series.zone, ctx.now),
            space=spaces_words(ctx, series),
            longest=longest,
            number=number,
        )
    )


def _posts(ctx: Chats, series: Series, session: ChatSession) -> Iterator[tuple[datetime, str, str]]:
    """Every post of a session to come: when, how it reads, and what its picture shows."""
    announced = announcement_at(session.at, ctx.settings.announce_minutes, ctx.now)
    if announced is not None:
        yield announced, steps.announcement(ctx, series, session), ""
    count = len(session.prompts)
    following = next(iter(bank.ready(ctx)), None)
    topic, series.topic = series.topic, following.title if following else ""  # as it will be then
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
        yield at, text, "".join(picture.alt for picture in pictures)
    series.topic = topic
