"""What people are told of a date that changes after it was announced to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.api import Action, Moment, SendPost, Undo, Urgency, when_words
from plugins.chats import meetings, threads
from plugins.chats.planning import key_of
from plugins.chats.series import Chats, dates_of, moments, next_date, spaces_of
from plugins.chats.tables import ChatSession, Series
from plugins.chats.words import chat_words

_CALLED_OFF = (
    "A host called this chat off after it was announced, so those who read the announcement are "
    "told."
)
_MOVED = (
    "A host moved this chat after it was announced, so those who read the announcement are told."
)


def call_off(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Call off a session that has not begun; people are told if it was announced to them."""
    session.state = "cancelled"
    yield from meetings.strike(session)
    if not session.announced:
        return
    session.called_off += 1
    following = next_date(ctx, series, max(session.at, ctx.now))
    words = ctx.render(
        "called_off.md",
        chat=chat_words(series.recurrence),
        when=when_words(session.at, series.zone, ctx.now),
        next=following and when_words(following.at, series.zone, ctx.now),
    )
    meant = moments(ctx, series, session.at, following)
    what = f"off-{session.called_off}"
    yield from _say(ctx, series, session, what, words, meant=meant, why=_CALLED_OFF)


def bring_back(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Let a session take place after all, and take the word back that it would not."""
    session.state = "planned"
    if not session.called_off:
        return
    yield from meetings.enter(ctx, series, session)
    for place in _places(ctx, series):
        yield Undo(
            key_of(ctx, session, *place, f"on-{session.called_off}"),
            key_of(ctx, session, *place, f"off-{session.called_off}"),
            why="A host brought this chat back, so the word that it was off is taken back.",
        )


def tell_moved(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Let a session take place at another time; people are told if it was announced to them."""
    was = session.at
    session.at = dates_of(ctx, series).at(dt.datetime.fromisoformat(session.local))
    if session.at == was:
        return
    yield from meetings.move(ctx, series, session)
    if not session.announced:
        return
    session.moves += 1
    session.announced = False
    words = ctx.render(
        "moved.md",
        chat=chat_words(series.recurrence),
        was=when_words(was, series.zone, ctx.now),
        when=when_words(session.at, series.zone, ctx.now),
    )
    meant = moments(ctx, series, was, session.at)
    yield from _say(ctx, series, session, f"moved-{session.moves}", words, meant=meant, why=_MOVED)


def _say(  # noqa: PLR0913 - what is said, where and why
    ctx: Chats,
    series: Series,
    session: ChatSession,
    what: str,
    words: str,
    *,
    meant: tuple[Moment, ...],
    why: str,
) -> Iterator[Action]:
    """Say something about a session in each of its spaces."""
    for space, place in zip(spaces_of(ctx, series), _places(ctx, series), strict=True):
        key = key_of(ctx, session, *place, what)
        said = SendPost(key, space, words, moments=meant, why=why, urgency=Urgency.CHAT_STEP)
        yield threads.placed(session, said)


def _places(ctx: Chats, series: Series) -> list[list[str]]:
    """What tells the spaces of a chat apart in keys: nothing for its own, its key for others."""
    spaces = spaces_of(ctx, series)
    return [[] if space.key == series.space else [space.key] for space in spaces]
