"""What Weaver says in the course of a session, step by step; words are in the templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.api import (
    Action,
    Button,
    Moment,
    Occasion,
    Picture,
    SendPost,
    Space,
    Urgency,
    join_words,
    when_words,
)
from plugins.chats import bank, elsewhere, filling, guests, meetings, notes, rota, threads
from plugins.chats.logic import prompt_text
from plugins.chats.planning import (
    current_step,
    key_of,
    next_step,
    set_step,
    steps_of,
    time_of,
    timer,
    write_steps,
)
from plugins.chats.series import (
    Chats,
    next_date,
    script_words,
    series_numbered,
    series_words,
    spaces_of,
)
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import chat_words

_LOOKS = {"quiet": "is quiet", "flow": "still flows"}
_ANNOUNCED = (
    "Hosts planned this chat, and how long ahead chats are announced. Weaver only posts "
    "what hosts have planned; it never makes talk to fill a silence."
)
_OPENED = "Hosts planned a chat for this time. Weaver opens it and says how it works."
_ASKED = (
    "Hosts wrote this question for this chat, and how many minutes lie between one and the next."
)
_CLOSED = (
    "The time that hosts planned for this chat is over. Weaver closes it and says when the next "
    "one is."
)


def announce(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Say when the chat is and what it is about; hosts hear of it when prompts are wanting."""
    session.announced = True
    yield from threads.post_in_forum(ctx, series, session)
    for space in spaces_of(ctx, series):
        post = SendPost(
            _in_space(ctx, session, series, space, _announced_as(session)),
            space,
            announcement(ctx, series, session),
            why=_ANNOUNCED,
            buttons=(Button("I\u2019m coming", f"chats coming {series.number}"),),
            moments=(Moment(when_words(session.at, series.zone, ctx.now), session.at),),
            urgency=Urgency.CHAT_STEP,
            until=session.at,
        )
        yield threads.placed(session, post)
    yield from meetings.enter(ctx, series, session)
    yield from guests.reminders(ctx, series, session)
    if not series.prompts:
        yield notes.no_prompts(ctx, series, session)


def announcement(ctx: Chats, series: Series, session: ChatSession) -> str:
    """Say when the next session is, what it is about, and who leads it."""
    return ctx.render(
        "announcement.md",
        when=when_words(session.at, series.zone, ctx.now),
        leader=rota.leader(ctx, series, session.local),
        **series_words(series),
    )


def _announced_as(session: ChatSession) -> str:
    return f"announcement-{session.moves}" if session.moves else "announcement"


def begin(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Say hello and, without a warm-up, ask Q1; this uses up topic and prompts of the series."""
    chat = chat_words(series.recurrence)
    script = filling.filled(ctx, series.script, series.topic, chat)
    session.state, session.topic = "open", series.topic
    session.prompts = [prompt.kept() for prompt in script]
    session.minutes, session.pace = series.minutes, series.pace
    session.warm_up = series.warm_up if series.prompts else 0
    series.topic, series.prompts = "", []
    yield from bank.refill_and_warn(ctx, series)
    steps = write_steps(ctx, session)
    held_until(ctx, series, session, session.ends)
    yield from send(ctx, series, session, steps[0])
    if session.prompts and not session.warm_up:
        yield from go_on(ctx, series, session, steps[1], steps)
        return
    if not session.prompts and not session.announced:
        yield notes.no_prompts(ctx, series, session)
    at = set_step(ctx, session, 1, ctx.now + time_of(session, 0))
    yield from notes.step_out(ctx, series, session, steps[0], steps[1], at=at)


def go_on(
    ctx: Chats,
    series: Series,
    session: ChatSession,
    step: Step,
    steps: Sequence[Step] | None = None,
) -> Iterator[Action]:
    """Send a step that is next, set the time of the one after it, and tell the hosts.

    ``steps`` are those of the session, where they are at hand.
    """
    yield from send(ctx, series, session, step)
    session.held = 0
    following = next_step(steps or steps_of(ctx, session))
    if following is None:
        yield from close(ctx, session)
        return
    own = time_of(session, step.position)
    at = set_step(ctx, session, following.position, ctx.now + own)
    _watch(ctx, session, step, own)
    held_until(ctx, series, session, max(at, session.ends))
    yield from notes.step_out(ctx, series, session, step, following, at=at)


def held_until(ctx: Chats, series: Series, session: ChatSession, ends: datetime) -> None:
    """Write down when and where people meet, for whoever counts talk in sessions apart."""
    for space in spaces_of(ctx, series):
        name = f"{session.number}:{session.local}:{space.key}"
        ctx.occasions.record(name, Occasion(space.key, session.at, max(ends, session.at)))


def close(ctx: Chats, session: ChatSession) -> Iterator[Action]:
    """End a session whose last step is done; late answers are heard for a while."""
    session.state = "done"
    held_until(ctx, series_numbered(ctx, session.number), session, ctx.now)
    at = ctx.now + timedelta(hours=ctx.settings.late_hours)
    about = {"number": session.number, "local": session.local}
    label = "The time for late answers is over"
    ctx.schedule.once(timer(session, "close"), at, label, about, grace=timedelta(days=365))
    for what in ("step", "quiet", "flow"):
        ctx.schedule.cancel(timer(session, what))
    yield from ()


def _watch(ctx: Chats, session: ChatSession, step: Step, own: timedelta) -> None:
    """See later whether a prompt is quiet, or so lively that the next should wait."""
    about = {"number": session.number, "local": session.local, "step": step.position}
    for what, after in (("quiet", own / 2), ("flow", own - timedelta(minutes=2))):
        if not step.name.startswith("Q") or own < timedelta(minutes=4):
            ctx.schedule.cancel(timer(session, what))
        else:
            label = f"A look whether {step.name} {_LOOKS[what]}"
            at = ctx.now + after
            ctx.schedule.once(timer(session, what), at, label, about, grace=timedelta(days=365))


def send(ctx: Chats, series: Series, session: ChatSession, step: Step) -> Iterator[Action]:
    """Send a step to every space of the chat; sent again, it is an act of its own."""
    step.state, step.asked_at, step.times = "asked", ctx.now, step.times + 1
    yield from threads.post_in_forum(ctx, series, session)
    posts = dict(step.posts)
    text, pictures = words_of(ctx, series, session, step)
    last = len(session.prompts)
    again = [f"again-{step.times}"] if step.times > 1 else []
    before = elsewhere.question_before(steps_of(ctx, session), step) if series.also else None
    for space in spaces_of(ctx, series):
        key = _in_space(ctx, session, series, space, step.name, *again)
        posts[key] = [space.key, ""]
        post = SendPost(
            key,
            space,
            elsewhere.with_links(ctx, series, session, space, text, before=before),
            pictures=pictures,
            buttons=_offered(step),
            moments=_moments(ctx, series, session) if step.position > last else (),
            why=_why(step),
            urgency=Urgency.CHAT_STEP,
            until=ctx.now + ctx.settings.lateness,
        )
        yield threads.placed(session, post)
        yield from threads.open_from(ctx, series, session, post, step)
    step.posts = posts


def _in_space(ctx: Chats, session: ChatSession, series: Series, space: Space, *step: str) -> str:
    """The key of a step in a space: in a chat's own space the step alone says it."""
    elsewhere = [] if space.key == series.space else [space.key]
    return key_of(ctx, session, *elsewhere, *step)


def _moments(ctx: Chats, series: Series, session: ChatSession) -> tuple[Moment, ...]:
    """The moment that a step may speak of: the next date, as the wrap-up says it."""
    following = next_date(ctx, series, max(ctx.now, session.at))
    if following is None:
        return ()
    return (Moment(when_words(following.at, series.zone, ctx.now), following.at),)


def _offered(step: Step) -> tuple[Button, ...]:
    """With the hello people can say that their answers may be shown; nothing else needs buttons."""
    if step.position:
        return ()
    return (Button("Show my answers in the transcript", "me yes transcript"),)


def _why(step: Step) -> str:
    if step.position == 0:
        return _OPENED
    return _ASKED if step.name.startswith("Q") else _CLOSED


def words_of(
    ctx: Chats, series: Series, session: ChatSession, step: Step
) -> tuple[str, tuple[Picture, ...]]:
    """Give a step as it is posted: its words and its pictures."""
    script = session.script
    if step.position == 0:
        return hello(ctx, series, session), ()
    if step.position > len(script):
        return wrap_up(ctx, series, session), ()
    prompt = script[step.position - 1]
    shown = (Picture(prompt.alt, file=prompt.picture),) if prompt.picture else ()
    return prompt_text(step.position, prompt), shown


def hello(ctx: Chats, series: Series, session: ChatSession) -> str:
    """Welcome people, and say how it works."""
    count = len(session.prompts)
    words = script_words(series, session.topic, count, session.pace, session.minutes)
    even = not any(prompt.minutes for prompt in session.script)
    places = [space.name or space.id for space in spaces_of(ctx, series)]
    return ctx.render(
        "hello.md",
        warm_up=session.warm_up,
        even=even,
        thread=ctx.settings.thread,
        places=join_words(places) if len(places) > 1 else "",
        **words,
    )


def wrap_up(ctx: Chats, series: Series, session: ChatSession) -> str:
    """Thank everybody, leave the door open for late answers, and say when the next chat is."""
    following = next_date(ctx, series, max(ctx.now, session.at))
    return ctx.render(
        "wrap_up.md",
        chat=chat_words(series.recurrence),
        count=len(session.prompts),
        next=following and when_words(following.at, series.zone, ctx.now),
        topic=series.topic if following else "",
    )


def leave_out(
    ctx: Chats, series: Series, session: ChatSession, position: int, late: timedelta
) -> Iterator[Action]:
    """Mark a step missed and go on to the next; when the hour is long over, end it there."""
    steps = steps_of(ctx, session)
    over = ctx.now > session.ends + ctx.settings.lateness
    mine = steps[position]
    left = [step for step in steps if step.state == "waiting" and (over or step is mine)]
    for step in left:
        step.state = "missed"
    session.missed = [*session.missed, *(step.name for step in left)]
    following = next_step(steps)
    yield notes.step_missed(ctx, series, session, left, late)
    if following is None:
        yield from close(ctx, session)
        return
    set_step(ctx, session, following.position, ctx.now)


def again(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Post the prompt that people are in once more."""
    step = current_step(steps_of(ctx, session))
    assert step is not None
    asked_at = step.asked_at
    yield from send(ctx, series, session, step)
    step.asked_at = asked_at
