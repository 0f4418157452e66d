"""What hosts are told in the course of a session, with the buttons that go with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.api import (
    Action,
    Button,
    NotifyHosts,
    Urgency,
    clock_words,
    join_words,
    to_local,
    when_words,
)
from plugins.chats.planning import address_of, key_of
from plugins.chats.series import Chats, moments
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import chat_words, late_words


def controls(series: Series, current: Step, following: Step) -> tuple[Button, ...]:
    """Give the buttons of a chat that is going on: what each does is its label."""
    number, then = series.number, following.name
    wrap = not then.startswith("Q")
    found = [
        Button("Wrap up now" if wrap else f"Ask {then} now", f"chats next {number}"),
        Button(f"Hold {'the wrap-up' if wrap else then} five minutes", f"chats hold {number}"),
        Button("End five minutes later", f"chats extend {number}"),
    ]
    if not wrap:
        found.append(Button(f"Skip {then}", f"chats skip {number}"))
    if current.name.startswith("Q"):
        found.append(Button(f"Post {current.name} again", f"chats repeat {number}"))
    return (*found[:4], Button("End early\u2026", f"chats end {number}"))


def step_out(  # noqa: PLR0913 - what the note tells
    ctx: Chats,
    series: Series,
    session: ChatSession,
    step: Step,
    following: Step,
    *,
    at: datetime,
) -> Iterator[Action]:
    """Tell the hosts which step is out and which is next, with everything they may do."""
    if not any(ctx.community.for_("hosts")):
        return
    words = ctx.render(
        "step_out.md",
        name=step.name,
        count=len(session.prompts),
        chat=chat_words(series.recurrence),
        next=following.name,
        at=time_words(at, series),
    )
    key = key_of(ctx, session, f"note-{step.name}-{step.times}")
    yield NotifyHosts(
        key,
        words,
        why="While a chat is on, its hosts hear of each step, so that they can change what comes.",
        urgency=Urgency.CHAT_STEP,
        buttons=controls(series, step, following),
        until=max(at, ctx.now),
    )


def time_words(at: datetime, series: Series) -> str:
    """Say a time of today in a chat's zone."""
    return clock_words(to_local(at, series.zone).time())


def step_missed(
    ctx: Chats, series: Series, session: ChatSession, left: Sequence[Step], late: timedelta
) -> Action:
    """Tell the hosts which steps did not go out, and offer to do it now or to leave it."""
    name = left[0].name
    words = ctx.render(
        "step_missed.md",
        chat=chat_words(series.recurrence),
        steps=join_words([step.name for step in left]),
        many=len(left) > 1,
        when=when_words(session.at, series.zone, ctx.now),
        late=late_words(late),
    )
    return NotifyHosts(
        key_of(ctx, session, f"missed-{name}"),
        words,
        why="A step that is later than its grace allows is left out, and the hosts decide.",
        urgency=Urgency.CHAT_STEP,
        buttons=missed_buttons(series, left),
    )


def missed_buttons(series: Series, left: Sequence[Step]) -> tuple[Button, ...]:
    """Offer to do each step that was missed now, or to leave it."""
    first = left[0].name
    run = [
        Button(
            f"Ask {step.name} now" if step.name.startswith("Q") else f"Say the {step.name} now",
            f"chats run {series.number} {step.name}",
        )
        for step in left[:3]
    ]
    return (*run, Button("Leave it", f"chats leave {series.number} {first}"))


def chat_missed(ctx: Chats, series: Series, session: ChatSession, why: str) -> Action:
    """Tell the hosts that a chat did not open, and offer to hold it now."""
    return NotifyHosts(
        key_of(ctx, session, "missed-chat"),
        ctx.render(
            "chat_missed.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            why=why,
            prompts=len(series.prompts),
        ),
        moments=moments(ctx, series, session.at),
        why="A chat that is later than its grace allows is not held, and the hosts decide.",
        buttons=(
            Button("Hold it now", f"chats run {series.number} chat"),
            Button("Leave it", f"chats leave {series.number} chat"),
        ),
    )


def trouble(ctx: Chats, series: Series, session: ChatSession, step: Step, why: str) -> Action:
    """Tell the hosts, once for each reason, that a step did not arrive."""
    if why not in session.troubles:
        session.troubles = [*session.troubles, why]
    return NotifyHosts(
        key_of(ctx, session, f"trouble-{session.troubles.index(why)}"),
        ctx.render(
            "trouble.md", chat=chat_words(series.recurrence), step=step.name, why=why.rstrip(".")
        ),
        why="A step that could not be posted is marked as missed, and the hosts decide.",
        urgency=Urgency.CHAT_STEP,
        buttons=missed_buttons(series, [step]),
    )


def no_calendar(ctx: Chats, series: Series, session: ChatSession, why: str) -> Action:
    """Tell the hosts, once a month at most, that a session is not in the platform's calendar."""
    return NotifyHosts(
        ctx.key("calendar", series.number, session.local[:7]),
        ctx.render(
            "no_calendar.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            why=why.rstrip("."),
        ),
        why="Hosts hear when an announced chat could not be put into the platform's calendar.",
        moments=moments(ctx, series, session.at),
    )


def closed(ctx: Chats, series: Series, session: ChatSession) -> Action:
    """Tell the hosts that a session is over for good, and where its transcript is."""
    day = to_local(session.at, series.zone).date().isoformat()
    page = f" Its page: {ctx.base}{address_of(session)}" if ctx.base and ctx.settings.pages else ""
    return NotifyHosts(
        key_of(ctx, session, "closed"),
        f"The time for late answers to the {chat_words(series.recurrence)} of "
        f"{when_words(session.at, series.zone, ctx.now)} is over. Its transcript is ready.{page}",
        moments=moments(ctx, series, session.at),
        why="Hosts hear when a session is over for good, so that they can pass its transcript on.",
        buttons=(
            Button("Read it", f"chats transcript {series.number} {day}"),
            Button("For a newsletter", f"chats summary {series.number} {day}"),
        ),
    )


def no_space(ctx: Chats, series: Series, session: ChatSession) -> Action:
    """Tell hosts that a chat had nowhere to take place."""
    return NotifyHosts(
        key_of(ctx, session, "no-space"),
        ctx.render(
            "no_space.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            number=series.number,
        ),
        moments=moments(ctx, series, session.at),
        why="The space of this chat is no longer one of the community’s.",
    )


def no_prompts(ctx: Chats, series: Series, session: ChatSession) -> Action:
    """Tell hosts that a chat is an open floor unless they write prompts."""
    return NotifyHosts(
        key_of(ctx, session, "no-prompts"),
        ctx.render(
            "no_prompts.md",
            chat=chat_words(series.recurrence),
            when=when_words(session.at, series.zone, ctx.now),
            number=series.number,
            begun=session.state == "open",
        ),
        moments=moments(ctx, series, session.at),
        why="Nobody wrote prompts for this chat, and Weaver never makes any up.",
    )


def quiet(  # noqa: PLR0913 - what the note tells
    ctx: Chats,
    series: Series,
    session: ChatSession,
    step: Step,
    following: Step,
    *,
    minutes: str,
) -> Action:
    """Tell the hosts that nobody has answered yet; the silence is theirs."""
    return NotifyHosts(
        key_of(ctx, session, f"quiet-{step.name}"),
        ctx.render("quiet.md", name=step.name, minutes=minutes),
        why="Hosts hear of a prompt that nobody has answered after half its time. Weaver never "
        "fills a silence.",
        urgency=Urgency.CHAT_STEP,
        buttons=controls(series, step, following),
    )


def flowing(  # noqa: PLR0913 - what the note tells
    ctx: Chats,
    series: Series,
    session: ChatSession,
    following: Step,
    *,
    answers: str,
    at: datetime,
    held: bool,
) -> Action:
    """Tell the hosts that people are still in a prompt: it is held for them, or they may."""
    return NotifyHosts(
        key_of(ctx, session, f"flow-{following.name}"),
        ctx.render(
            "flow.md",
            name=following.name,
            answers=answers,
            at=time_words(at, series),
            held=held,
        ),
        why="Hosts let a question run on while at least two answers a minute arrive."
        if held
        else "At least two answers a minute arrive, so the hosts may want the next to wait.",
        urgency=Urgency.CHAT_STEP,
        buttons=(
            Button(f"Ask {following.name} now", f"chats next {series.number}"),
            Button(f"Hold {following.name} five minutes", f"chats hold {series.number}"),
        ),
    )
