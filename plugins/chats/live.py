"""What hosts may do while a chat is on, and with a step that was missed."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Literal

from bot.api import Action, Answer, Button, Call, Undo, UserError, join_words
from plugins.chats import bank, notes, steps
from plugins.chats.logic import prompt_text
from plugins.chats.planning import (
    current_step,
    going_on,
    next_step,
    plan,
    session_open,
    sessions,
    set_step,
    steps_of,
    time_of,
    timer,
)
from plugins.chats.series import Chats, live_series, series_numbered, spaces_of
from plugins.chats.tables import ChatSession, Series, Step

Acts = Generator[Action, None, Answer]
_LONG = 120
_RUN = timedelta(hours=24)


def next_(call: Call, ctx: Chats, number: int = 0) -> Acts:
    """Ask the next question now, or wrap up when there is none left."""
    series, session = going_on(ctx, number)
    step = _coming(ctx, session)
    yield from steps.go_on(ctx, series, session, step)
    return Answer(f"{_named(step)} is out. {_outlook(ctx, series, session)}")


def hold(call: Call, ctx: Chats, number: int = 0, minutes: int = 5) -> Answer:
    """Let the question that people are in run on for some MINUTES more."""
    series, session = going_on(ctx, number)
    _sensible(minutes)
    step = _coming(ctx, session)
    due = ctx.schedule.next(timer(session, "step")) or ctx.now
    set_step(ctx, session, step.position, max(due, ctx.now) + timedelta(minutes=minutes))
    _forget_flow(ctx, session)
    return Answer(
        f"{_outlook(ctx, series, session)} What comes after it moves up where it can.",
        buttons=(Button(f"{_verb(step)} now", f"chats next {series.number}"),),
    )


def extend(call: Call, ctx: Chats, number: int = 0, minutes: int = 5) -> Answer:
    """End the chat some MINUTES later."""
    series, session = going_on(ctx, number)
    _sensible(minutes)
    session.minutes += minutes
    step = _coming(ctx, session)
    if not step.name.startswith("Q"):
        set_step(ctx, session, step.position, ctx.now)
    return Answer(f"The chat ends at {notes.time_words(session.ends, series)}.")


def skip(call: Call, ctx: Chats, number: int = 0) -> Answer:
    """Leave the next question out; it goes into the topic bank."""
    series, session = going_on(ctx, number)
    step = _coming(ctx, session)
    if not step.name.startswith("Q"):
        raise UserError(
            "there is no question left to skip; to close the chat without a word: "
            f"chats cancel {series.number} date:today"
        )
    step.state = "skipped"
    due = ctx.schedule.next(timer(session, "step")) or ctx.now
    set_step(ctx, session, step.position + 1, due)
    prompt = session.script[step.position - 1]
    kept = bank.keep(ctx, session.topic or "Left over", [prompt])
    return Answer(
        f"{step.name} is left out and kept as topic {kept.number} of the bank. "
        f"{_outlook(ctx, series, session)}"
    )


def repeat(call: Call, ctx: Chats, number: int = 0) -> Acts:
    """Post the question that people are in once more."""
    series, session = going_on(ctx, number)
    step = current_step(steps_of(ctx, session))
    if step is None or not step.name.startswith("Q"):
        raise UserError("no question is out yet; chats next asks the first one")
    yield from steps.again(ctx, series, session)
    return Answer(f"{step.name} is posted once more. {_outlook(ctx, series, session)}")


def end(call: Call, ctx: Chats, number: int = 0, sure: Literal["ask", "now"] = "ask") -> Acts:
    """End the chat early, with thanks and the next date; asks first, unless sure:now."""
    series, session = going_on(ctx, number)
    all_steps = steps_of(ctx, session)
    waiting = [step for step in all_steps if step.state == "waiting"]
    prompts = [step.name for step in waiting if step.name.startswith("Q")]
    if sure == "ask":
        left = f"{join_words(prompts)} would go into the topic bank. " if prompts else ""
        return Answer(
            f"End the chat now, with thanks and the next date? {left}This cannot be taken back.",
            buttons=(Button("Yes, end it now", f"chats end {series.number} now"),),
        )
    unasked = [session.script[step.position - 1] for step in waiting[:-1]]
    for step in waiting[:-1]:
        step.state = "skipped"
    if unasked:
        bank.keep(ctx, session.topic or "Left over", unasked)
    yield from steps.go_on(ctx, series, session, waiting[-1])
    return Answer("The chat is wrapped up. Answers that come later are heard as any.")


def run(call: Call, ctx: Chats, number: int, step: str) -> Acts:
    """Do a missed STEP now: Q2, hello, wrap-up, or chat for a whole chat that did not open."""
    series = series_numbered(ctx, number)
    if step.casefold() == "chat":
        return (yield from _hold_now(ctx, series))
    session, found = _missed(ctx, series, step)
    if not spaces_of(ctx, series):
        raise UserError(f"the space of chat {number} is not among this community's any more")
    for key, (_, receipt) in found.posts.items():
        if not receipt:
            yield Undo(
                key_again(key),
                key,
                why="It is posted anew, so whatever the failed attempt may have left goes first.",
            )
    yield from steps.send(ctx, series, session, found)
    session.missed = [name for name in session.missed if name != found.name]
    if session.state == "open":
        coming = _coming(ctx, session)
        set_step(ctx, session, coming.position, ctx.now + time_of(session, found.position))
        return Answer(f"{_named(found)} goes out now. {_outlook(ctx, series, session)}")
    return Answer(f"{_named(found)} goes out now.")


def leave(call: Call, ctx: Chats, number: int, step: str) -> Answer:
    """Leave a missed STEP as it is."""
    series = series_numbered(ctx, number)
    if step.casefold() == "chat":
        missed = _last_missed(ctx, series)
        missed.missed = [*missed.missed, "left"] if "left" not in missed.missed else missed.missed
        return Answer("It is left as it is: marked as missed.")
    _, found = _missed(ctx, series, step)
    found.state = "left"
    return Answer(f"{_named(found)} is left as it is: marked as missed.")


def where(call: Call, ctx: Chats, number: int = 0) -> Answer:
    """Tell where a chat that is on has got to, for whoever comes late."""
    series, session = going_on(ctx, number)
    all_steps = steps_of(ctx, session)
    current, following = current_step(all_steps), next_step(all_steps)
    asked = [step for step in all_steps if step.state == "asked" and step.name.startswith("Q")]
    due = ctx.schedule.next(timer(session, "step"))
    script = session.script
    return Answer(
        ctx.render(
            "where.md",
            topic=session.topic,
            count=len(script),
            current=current and current.name,
            since=current and current.asked_at and notes.time_words(current.asked_at, series),
            prompts=[prompt_text(step.position, script[step.position - 1]) for step in asked],
            next=following and following.name,
            at=due and notes.time_words(due, series),
        )
    )


def key_again(key: str) -> str:
    """The key of the undo that clears the way for an act to be done anew."""
    return f"{key}:cleared"


def _hold_now(ctx: Chats, series: Series) -> Acts:
    """Open the chat that was missed last, with its steps counted from now."""
    live_series(ctx, series.number)
    session = _last_missed(ctx, series)
    if session_open(ctx, series) is not None:
        raise UserError(f"chat {series.number} is going on already")
    if not spaces_of(ctx, series):
        raise UserError(f"the space of chat {series.number} is not among this community's any more")
    session.at = ctx.now
    yield from steps.begin(ctx, series, session)
    plan(ctx, series)
    return Answer(f"The chat is open. {_outlook(ctx, series, session)}")


def _last_missed(ctx: Chats, series: Series) -> ChatSession:
    """The session that was missed last, if that is not too long ago."""
    missed = next(iter(sessions(ctx, "missed", number=series.number)), None)
    if missed is None or ctx.now - missed.at > _RUN:
        raise UserError(f"no session of chat {series.number} was missed in the last day")
    return missed


def _missed(ctx: Chats, series: Series, name: str) -> tuple[ChatSession, Step]:
    """The step of a name that was missed, in the session that is on or was on last."""
    held = sessions(ctx, "open", "done", number=series.number)
    if held and ctx.now - held[0].ends < _RUN:
        missed = [step for step in steps_of(ctx, held[0]) if step.state in ("missed", "left")]
        for step in missed:
            if step.name.casefold() == name.casefold():
                return held[0], step
        if missed:
            names = join_words([step.name for step in missed])
            raise UserError(f"{name} was not missed; what was missed is {names}")
    raise UserError(f"nothing of chat {series.number} was missed in the last day")


def _coming(ctx: Chats, session: ChatSession) -> Step:
    step = next_step(steps_of(ctx, session))
    assert step is not None, "a session that is open has a step to come"
    return step


def _outlook(ctx: Chats, series: Series, session: ChatSession) -> str:
    """Say what comes next, and when."""
    step, due = next_step(steps_of(ctx, session)), ctx.schedule.next(timer(session, "step"))
    if step is None or due is None:
        return "That was the last of it."
    return f"{_named(step)} follows at {notes.time_words(due, series)}."


def _named(step: Step) -> str:
    return step.name if step.name.startswith("Q") else f"The {step.name}"


def _verb(step: Step) -> str:
    return f"Ask {step.name}" if step.name.startswith("Q") else "Wrap up"


def _sensible(minutes: int) -> None:
    if not 1 <= minutes <= _LONG:
        raise UserError(f"minutes is from 1 to {_LONG}, not {minutes}")


def _forget_flow(ctx: Chats, session: ChatSession) -> None:
    ctx.schedule.cancel(timer(session, "flow"))
