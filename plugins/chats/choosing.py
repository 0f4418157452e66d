"""What there is to choose from where somebody picks rather than types: numbers, and own posts."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from sqlmodel import col, select

from bot.api import Action, Answer, Call, Post, UserError, when_words
from plugins.chats import bank, closures
from plugins.chats.series import Chats, all_series, next_date
from plugins.chats.tables import Series
from plugins.chats.words import chat_words

SERIES = (
    *("prompts", "edit", "picture", "cancel", "move", "calendar", "transcript"),
    *("next", "hold", "extend", "skip", "repeat", "end", "run", "leave", "where"),
    *("coming", "remind", "host", "stepdown", "swap", "rota", "rehearse"),
)
"""Commands whose NUMBER is that of a chat."""
READY, PROPOSED = ("order",), ("approve", "decline", "back")
"""Commands whose NUMBER is that of a topic that is ready, or of one that waits for that."""


def suggest(call: Call, ctx: Chats, post: Post) -> Generator[Action, None, Answer]:
    """Propose a post of your own as a topic for a chat to come."""
    if post.author.key != call.member.key:
        raise UserError(
            "these are somebody else\u2019s words: they can propose them, or you can in your own, "
            "with chats propose"
        )
    first = next((line for line in post.text.splitlines() if line.strip()), "")
    return (yield from bank.propose(call, ctx, first))


def series(ctx: Chats) -> Iterable[str]:
    """The chats that go on, each with its rhythm, its topic and its next date."""
    for one in all_series(ctx):
        yield _named(ctx, one)


def cancelled(ctx: Chats) -> Iterable[str]:
    """The chats that were cancelled, and those of which a date may be."""
    gone = select(Series).where(
        Series.community == ctx.community.id, col(Series.cancelled_at).is_not(None)
    )
    latest = ctx.db.exec(gone.order_by(col(Series.number).desc())).all()
    return [*(f"{_named(ctx, one)}, cancelled" for one in latest), *series(ctx)]


def topics(ctx: Chats) -> Iterable[str]:
    """The topics that members proposed, and those that are ready."""
    every = (*bank.in_state(ctx, "proposed"), *bank.in_state(ctx, "ready"))
    return [f"{one.number} {one.title}" for one in every]


def line(ctx: Chats) -> Iterable[str]:
    """The topics that are ready, in line."""
    return [f"{one.number} {one.title}" for one in bank.ready(ctx)]


def closed(ctx: Chats) -> Iterable[str]:
    """The days to come on which the community is closed."""
    return [f"{row.number} {words}" for row, words in closures.coming(ctx)]


def _named(ctx: Chats, one: Series) -> str:
    """A chat by its number, its rhythm, its topic and its next date."""
    following = next_date(ctx, one)
    topic = f"\u201c{one.topic}\u201d" if one.topic else ""
    when = when_words(following.at, one.zone, ctx.now) if following else ""
    parts = (f"{one.number} {chat_words(one.recurrence)}", topic, when)
    return ", ".join(part for part in parts if part)
