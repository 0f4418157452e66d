"""What Weaver says in the course of a session, step by step; words are in the templates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.api import Action, NotifyHosts, SendPost, Space, Urgency, join_words, when_words
from plugins.chats.logic import GRACE, prompt_text
from plugins.chats.planning import Chats, session_words, set_step, step_key
from plugins.chats.tables import ChatSession, Series
from plugins.chats.words import chat_words


def announce(ctx: Chats, series: Series, session: ChatSession, space: Space) -> Iterator[Action]:
    """Say when the chat is and what it is about; hosts hear of it when prompts are wanting."""
    count = len(series.prompts)
    when = when_words(session.at, series.zone, ctx.now)
    words = session_words(series, series.topic, count, series.pace)
    yield SendPost(
        step_key(ctx, session, "announcement"),
        space,
        ctx.render("announcement.md", when=when, **words),
        why="Hosts planned this chat, and how long ahead chats are announced. Weaver only posts "
        "what hosts have planned; it never makes talk to fill a silence.",
        urgency=Urgency.CHAT_STEP,
    )
    if not count:
        yield _no_prompts(ctx, series, session)


def begin(ctx: Chats, series: Series, session: ChatSession, space: Space) -> Iterator[Action]:
    """Say hello and ask Q1; this uses up the topic and the prompts of the series."""
    session.state, session.topic, session.prompts = "open", series.topic, list(series.prompts)
    session.minutes, session.pace = series.minutes, series.pace
    series.topic, series.prompts = "", []
    count = len(session.prompts)
    yield SendPost(
        step_key(ctx, session, "hello"),
        space,
        ctx.render("hello.md", **session_words(series, session.topic, count, session.pace)),
        why="Hosts planned a chat for this time. Weaver opens it and says how it works.",
        urgency=Urgency.CHAT_STEP,
    )
    if count:
        yield ask(ctx, session, space, 1)
    elif not session.announced:
        yield _no_prompts(ctx, series, session)
    set_step(ctx, session, min(2, count + 1), ctx.now + timedelta(minutes=session.pace))


def ask(ctx: Chats, session: ChatSession, space: Space, number: int) -> Action:
    """Ask one question."""
    return SendPost(
        step_key(ctx, session, f"Q{number}"),
        space,
        prompt_text(number, session.prompts[number - 1]),
        why="Hosts wrote this question for today’s chat, and how many minutes lie between one and "
        "the next.",
        urgency=Urgency.CHAT_STEP,
    )


def wrap_up(ctx: Chats, series: Series, session: ChatSession, space: Space) -> Action:
    """Thank everybody, leave the door open for late answers, and say when the next chat is."""
    following = None
    if series.cancelled_at is None:
        following = series.recurrence.after(max(ctx.now, session.at))
    return SendPost(
        step_key(ctx, session, "wrap-up"),
        space,
        ctx.render(
            "wrap_up.md",
            chat=chat_words(series.recurrence),
            count=len(session.prompts),
            next=following and when_words(following.at, series.zone, ctx.now),
        ),
        why="The time that hosts planned for this chat is over. Weaver closes it and says when "
        "the next one is.",
        urgency=Urgency.CHAT_STEP,
    )


def leave_out(ctx: Chats, series: Series, session: ChatSession, number: int) -> Iterator[Action]:
    """Mark a step missed and go on to the next; when the hour is long over, end it there."""
    count = len(session.prompts)
    over = ctx.now > session.ends + GRACE
    names = [step_name(step, count) for step in range(number, count + 2)]
    if over or number > count:
        session.state = "done"
        session.missed = [*session.missed, *names]
        if number <= count:
            yield _unasked(ctx, series, session, names)
        return
    session.missed = [*session.missed, names[0]]
    set_step(ctx, session, number + 1, ctx.now)


def step_name(step: int, count: int) -> str:
    """Name a step as hosts know it: "Q3", "wrap-up"."""
    return f"Q{step}" if step <= count else "wrap-up"


def no_space(ctx: Chats, series: Series, session: ChatSession) -> Action:
    """Tell hosts that a chat had nowhere to take place."""
    return NotifyHosts(
        step_key(ctx, session, "no-space"),
        ctx.render(
            "no_space.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            number=series.number,
        ),
        why="The space of this chat is no longer one of the community’s.",
    )


def _no_prompts(ctx: Chats, series: Series, session: ChatSession) -> Action:
    return NotifyHosts(
        step_key(ctx, session, "no-prompts"),
        ctx.render(
            "no_prompts.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            number=series.number,
            begun=session.state == "open",
        ),
        why="Nobody wrote prompts for this chat, and Weaver never makes any up.",
    )


def _unasked(ctx: Chats, series: Series, session: ChatSession, names: list[str]) -> Action:
    return NotifyHosts(
        step_key(ctx, session, "unasked"),
        ctx.render(
            "unasked.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            steps=join_words(names),
            number=series.number,
        ),
        why="The time of this chat was over before Weaver could go on. Too late is worse than not "
        "at all, so the rest is left to the hosts.",
    )
