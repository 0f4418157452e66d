"""Which chats are planned, for whoever asks."""

from __future__ import annotations

from bot.api import Answer, Call, Moment, Occurrence, when_words
from plugins.chats import guests
from plugins.chats.planning import session_open
from plugins.chats.series import Chats, all_series, moments, next_date, spaces_words
from plugins.chats.tables import Series
from plugins.chats.words import questions_words, rhythm_words


def list_(call: Call, ctx: Chats) -> Answer:
    """Show which chats are planned, and when the next ones are."""
    chats = []
    meant: list[Moment] = []
    for series in all_series(ctx):
        following = next_date(ctx, series)
        going_on = session_open(ctx, series)
        if following is None and going_on is None:
            continue
        meant += moments(ctx, series, following)
        chats.append(
            {
                "number": series.number,
                "rhythm": rhythm_words(series.recurrence),
                "space": spaces_words(ctx, series),
                "now": going_on is not None,
                "next": following and when_words(following.at, series.zone, ctx.now),
                "topic": series.topic,
                "questions": questions_words(len(series.prompts)),
                "count": len(series.prompts),
                "expected": _expected(ctx, series, following),
            }
        )
    words = ctx.render("list.md", chats=chats, is_host=call.is_host)
    return Answer(words, moments=tuple(meant))


def _expected(ctx: Chats, series: Series, date: Occurrence | None) -> int:
    """How many said that they are coming to a date."""
    return guests.expected(ctx, series, date.local.isoformat()) if date else 0
