"""The course of a session: what happens when its times come, and when its acts arrive or fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import select

from bot.api import (
    Action,
    CommunityOpened,
    Delivered,
    Due,
    Failed,
    MeetingAnswered,
    MeetingCounted,
    Plugin,
    PostDeleted,
    PostEdited,
    PostSeen,
)
from plugins.chats import (
    answers,
    guests,
    meetings,
    notes,
    planning,
    rehearsal,
    rota,
    steps,
    threads,
)
from plugins.chats.series import Chats, series_numbered, spaces_of
from plugins.chats.settings import Settings
from plugins.chats.tables import ChatSession, Series, Step
from plugins.chats.words import late_words, length_words, number_words

_MINUTE = timedelta(minutes=1)
_STEP = re.compile(r"hello|Q\d+|wrap-up")
_REMEMBERED = ("calendar-", "post", "thread")
"""How the last part of a key begins whose receipt a session remembers."""


def listen(plugin: Plugin[Settings]) -> None:
    """Have a plugin follow its chats through their course."""
    plugin.on(CommunityOpened)(stand)
    plugin.due("announce")(announce)
    plugin.due("open")(open_chat)
    plugin.due("step")(step)
    plugin.due("quiet")(quiet)
    plugin.due("flow")(flow)
    plugin.due("close")(close)
    plugin.due("turn")(rota.remind)
    plugin.due("rehearsal")(rehearsal.play_on)
    plugin.on(Delivered, prefix="chat:")(arrived)
    plugin.on(Failed, prefix="chat:")(failed)
    plugin.on(MeetingAnswered)(guests.answered)
    plugin.on(MeetingCounted)(guests.counted)
    plugin.on(PostSeen)(hear)
    plugin.on(PostEdited)(reread)
    plugin.on(PostDeleted)(drop)


def stand(event: CommunityOpened, ctx: Chats) -> Iterator[Action]:
    """See that every series has its timers; one that is overdue is left to run or be missed."""
    planning.plan_all(ctx)
    yield from ()


def _due(ctx: Chats, due: Due) -> tuple[Series, ChatSession]:
    series = series_numbered(ctx, due.payload["number"])
    return series, planning.session_at(ctx, series, due.payload["local"])


def announce(due: Due, ctx: Chats) -> Iterator[Action]:
    """Say once that a chat is near; hosts are told when it has no prompts yet."""
    series, session = _due(ctx, due)
    if due.missed or ctx.now >= session.at or not spaces_of(ctx, series):
        session.missed = [*session.missed, "announcement"]
    elif session.state == "planned":
        yield from steps.announce(ctx, series, session)


def open_chat(due: Due, ctx: Chats) -> Iterator[Action]:
    """Open the session that is due, or mark it missed, and look ahead to the next."""
    series, session = _due(ctx, due)
    since = due.at
    if session.state == "planned" and not spaces_of(ctx, series):
        session.state = "missed"
        yield notes.no_space(ctx, series, session)
    elif due.missed:
        since = planning.miss(ctx, series, session)
        why = f"Weaver was not running, and came back {late_words(due.late)} late"
        yield notes.chat_missed(ctx, series, session, why)
    elif session.state == "planned":
        yield from steps.begin(ctx, series, session)
    planning.plan(ctx, series, since)


def step(due: Due, ctx: Chats) -> Iterator[Action]:
    """Ask the next question or wrap up; a step that was missed is marked, and the chat goes on."""
    series, session = _due(ctx, due)
    if session.state != "open":
        return
    position: int = due.payload["step"]
    mine = planning.steps_of(ctx, session)[position]
    if mine.state != "waiting":
        return
    if due.missed:
        yield from steps.leave_out(ctx, series, session, position, due.late)
        return
    if not spaces_of(ctx, series):
        yield notes.no_space(ctx, series, session)
        session.state = "done"
        return
    held = _held(ctx, series, session, mine)
    if held is not None:
        yield held
        return
    yield from steps.go_on(ctx, series, session, mine)


def _held(ctx: Chats, series: Series, session: ChatSession, coming: Step) -> Action | None:
    """Hold a step for a minute while answers flow, if hosts want that and as long as they do."""
    current = planning.current_step(planning.steps_of(ctx, session))
    left = ctx.settings.hold_while_flowing - session.held
    if left <= 0 or current is None:
        return None
    recent = answers.recent(ctx, session, current.position)
    if recent < answers.FLOWING:
        return None
    session.held += 1
    planning.set_step(ctx, session, coming.position, ctx.now + _MINUTE)
    words = f"{number_words(recent)} answers"
    until = ctx.now + left * _MINUTE
    return notes.flowing(ctx, series, session, coming, answers=words, at=until, held=True)


def quiet(due: Due, ctx: Chats) -> Iterator[Action]:
    """Tell the hosts of a prompt that nobody has answered after half its time."""
    series, session = _due(ctx, due)
    position: int = due.payload["step"]
    all_steps = planning.steps_of(ctx, session)
    following = planning.next_step(all_steps)
    if due.late > _MINUTE or session.state != "open" or following is None:
        return
    if all_steps[position].state == "missed":
        return  # hosts know already that nobody was asked
    if answers.count(ctx, session, position) == 0:
        half = planning.time_of(session, position) / 2
        minutes = length_words(round(half / _MINUTE))
        yield notes.quiet(ctx, series, session, all_steps[position], following, minutes=minutes)


def flow(due: Due, ctx: Chats) -> Iterator[Action]:
    """Suggest to the hosts, two minutes before the next prompt, that people are still in this."""
    series, session = _due(ctx, due)
    following = planning.next_step(planning.steps_of(ctx, session))
    at = ctx.schedule.next(planning.timer(session, "step"))
    if due.late > _MINUTE or session.state != "open" or following is None or at is None:
        return
    recent = answers.recent(ctx, session, due.payload["step"])
    if recent >= answers.FLOWING and not ctx.settings.hold_while_flowing:
        words = f"{number_words(recent)} answers"
        yield notes.flowing(ctx, series, session, following, answers=words, at=at, held=False)


def close(due: Due, ctx: Chats) -> Iterator[Action]:
    """Close a session when the time for late answers is over."""
    series, session = _due(ctx, due)
    session.closed_at = ctx.now
    guests.tidy(ctx, session)
    yield notes.closed(ctx, series, session)


def arrived(event: Delivered, ctx: Chats) -> Iterator[Action]:
    """Remember under which id a step stands, so that replies to it are known."""
    step = _step_named(ctx, event.key)
    if step is not None:
        if event.key in step.posts:
            space, _ = step.posts[event.key]
            step.posts = {**step.posts, event.key: [space, event.receipt]}
    elif event.key.rpartition(":")[2].startswith(_REMEMBERED):
        held = _session_of(ctx, event.key)
        if held is not None:
            meetings.entered(held, event.key, event.receipt)
            threads.opened(held, event.key, event.receipt)
    yield from ()


def failed(event: Failed, ctx: Chats) -> Iterator[Action]:
    """Mark a step that could not be posted anywhere as missed, and let the hosts decide."""
    held = _session_of(ctx, event.key)
    if held is not None:
        threads.give_up(held, event.key)
        if meetings.is_entry(held, event.key) and ctx.acts.state(event.key) == "dead":
            series = series_numbered(ctx, held.number)
            yield notes.no_calendar(ctx, series, held, event.why)
    found = _step_of(ctx, event.key)
    if found is None:
        return
    session, step = found
    threads.leave(session, step.posts[event.key][0])
    series = series_numbered(ctx, session.number)
    newest = list(step.posts)[-1] == event.key or len(step.posts) > 1
    elsewhere = any(receipt for _, receipt in step.posts.values())
    if step.state == "asked" and newest and not elsewhere:
        step.state = "missed"
        session.missed = [*session.missed, step.name]
    yield notes.trouble(ctx, series, session, step, event.why)


def _parts(key: str) -> list[str]:
    """What an act's key is made of."""
    return [part.replace("%3A", ":").replace("%25", "%") for part in key.split(":")]


def _session_of(ctx: Chats, key: str) -> ChatSession | None:
    """The session that an act belongs to."""
    parts = _parts(key)
    return ctx.db.get(ChatSession, (ctx.community.id, int(parts[3]), parts[4]))


def _step_named(ctx: Chats, key: str) -> Step | None:
    """The step that an act's key names, if its last part, or the one before "again", does."""
    parts = _parts(key)
    name = parts[-2] if parts[-1].startswith("again-") else parts[-1]
    if _STEP.fullmatch(name) is None:
        return None
    if name != "wrap-up":
        position = 0 if name == "hello" else int(name[1:])
        return ctx.db.get(Step, (ctx.community.id, int(parts[3]), parts[4], position))
    named = select(Step).where(
        Step.community == ctx.community.id,
        Step.number == int(parts[3]),
        Step.local == parts[4],
        Step.name == name,
    )
    return ctx.db.exec(named).first()


def _step_of(ctx: Chats, key: str) -> tuple[ChatSession, Step] | None:
    """The step that an act belongs to, and its session."""
    session = _session_of(ctx, key)
    if session is None:
        return None
    for step in planning.steps_of(ctx, session):
        if key in step.posts:
            return session, step
    return None


def hear(event: PostSeen, ctx: Chats) -> Iterator[Action]:
    """Count an answer; keep its words if its author said yes."""
    answers.hear(ctx, event.post)
    yield from ()


def reread(event: PostEdited, ctx: Chats) -> Iterator[Action]:
    """Follow an edit."""
    answers.edit(ctx, event.post)
    yield from ()


def drop(event: PostDeleted, ctx: Chats) -> Iterator[Action]:
    """Forget an answer that was deleted, at once."""
    answers.drop(ctx, event.space.key, event.post_id)
    yield from ()
