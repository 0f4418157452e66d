"""Which posts answer which prompt: counted for everybody, kept in words only of who said yes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session, col, delete, func, select

from bot.api import Member, Post
from plugins.chats import threads
from plugins.chats.planning import current_step, sessions, steps_of
from plugins.chats.series import Chats
from plugins.chats.tables import AnswerRow, ChatSession, Series, Step

PURPOSE = "transcript"
"""What members agree to when their answers may be shown with their name."""
FLOWING = 6
"""Answers in the last three minutes from which on a prompt flows: two a minute."""
_WINDOW = timedelta(minutes=3)
_MARK = re.compile(r"^\W*A(\d{1,2})\b", re.IGNORECASE)


def hear(ctx: Chats, post: Post) -> None:
    """Write down a post that answers a prompt of a chat that is on, or was not long ago."""
    if post.kind not in ("original", "reply", "quote"):
        return
    for session in _listening(ctx, post.space.key):
        position = position_of(ctx, session, post)
        if position is not None:
            row = AnswerRow(
                community=session.community,
                space=post.space.key,
                post=post.id,
                number=session.number,
                local=session.local,
                position=position,
                at=post.at,
            )
            if ctx.consent.of(post.author, PURPOSE):
                row.member, row.name, row.text = post.author.key, post.author.name, post.text
            ctx.db.merge(row)
            return


def _listening(ctx: Chats, space: str) -> list[ChatSession]:
    """The sessions in a space whose answers still count, the one that is on first."""
    first = ctx.recall("first heard", partial(_first_heard, ctx), ChatSession)
    if first is None or first > ctx.now:
        return []  # as for most posts
    found = []
    for session in sessions(ctx, "open", "done"):
        if session.closed_at is not None or session.at > ctx.now:
            continue
        series = ctx.db.get(Series, (session.community, session.number))
        if series is not None and space in (series.space, *series.also):
            found.append(session)
    return sorted(found, key=lambda one: one.state != "open")


def _first_heard(ctx: Chats) -> datetime | None:
    """From when on answers to some session count; None while there is none."""
    unclosed = col(ChatSession.state).in_(("open", "done")), col(ChatSession.closed_at).is_(None)
    first = select(func.min(col(ChatSession.at))).where(
        ChatSession.community == ctx.community.id, *unclosed
    )
    return ctx.db.exec(first).one()


def position_of(ctx: Chats, session: ChatSession, post: Post) -> int | None:
    """Which prompt a post answers: by what it replies to, by its "A2", else the one people are in.

    None when it is no answer: after the end a post must say what it answers, unless it stands in
    the session's own thread.
    """
    steps = steps_of(ctx, session)
    count = len(session.prompts)
    if post.reply_to is not None:
        under = _under(ctx, session, steps, post)
        if under is not None:
            return under
    found = _MARK.match(post.text)
    if found and 1 <= int(found[1]) <= count:
        return int(found[1])
    current = current_step(steps)
    if current and threads.is_in(session, steps, post):
        return current.position
    if session.state != "open" or (post.reply_to is not None and post.root is not None):
        return None
    return current.position if current else None


def _under(ctx: Chats, session: ChatSession, steps: list[Step], post: Post) -> int | None:
    """The step whose thread a reply stands in; a thread of the whole session says nothing."""
    above = {post.reply_to, post.root} - {None} - threads.beginnings(session, steps)
    for step in steps:
        if above & {receipt for _, receipt in step.posts.values() if receipt}:
            return step.position
    answered = select(AnswerRow.position).where(
        AnswerRow.community == ctx.community.id,
        AnswerRow.space == post.space.key,
        col(AnswerRow.post).in_(above),
    )
    return ctx.db.exec(answered).first()


def edit(ctx: Chats, post: Post) -> None:
    """Let kept words read as their author changed them."""
    row = ctx.db.get(AnswerRow, (ctx.community.id, post.space.key, post.id))
    if row is not None and row.text is not None:
        row.text = post.text


def drop(ctx: Chats, space: str, post_id: str) -> None:
    """Forget an answer that was deleted."""
    row = ctx.db.get(AnswerRow, (ctx.community.id, space, post_id))
    if row is not None:
        ctx.db.delete(row)


def withdraw(member: Member, community: str, db: Session) -> None:
    """Take down at once the words and the name of a member, in one community or in all."""
    mine = select(AnswerRow).where(AnswerRow.member == member.key)
    for row in db.exec(mine):
        if community in ("", row.community):
            row.member, row.name, row.text = "", "", None


def forget(member: Member, db: Session) -> None:
    """Erase the answers of a member, words and all."""
    db.exec(delete(AnswerRow).where(col(AnswerRow.member) == member.key))


def count(
    ctx: Chats,
    session: ChatSession,
    position: int,
    since: datetime | None = None,
    *,
    space: str = "",
) -> int:
    """How many answers a prompt has, in all, since a moment, or in the space of a key."""
    counted = select(func.count()).where(
        AnswerRow.community == session.community,
        AnswerRow.number == session.number,
        AnswerRow.local == session.local,
        AnswerRow.position == position,
    )
    if since is not None:
        counted = counted.where(col(AnswerRow.at) > since)
    if space:
        counted = counted.where(AnswerRow.space == space)
    return int(ctx.db.exec(counted).one())


def recent(ctx: Chats, session: ChatSession, position: int) -> int:
    """How many answers a prompt had in the last three minutes."""
    return count(ctx, session, position, ctx.now - _WINDOW)


def tell(member: Member, db: Session) -> list[dict[str, str | None]]:
    """Tell which answers of a member are kept."""
    mine = select(AnswerRow).where(AnswerRow.member == member.key).order_by(col(AnswerRow.at))
    return [{"at": row.at.isoformat(), "text": row.text} for row in db.exec(mine)]
