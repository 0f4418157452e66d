"""What was said in a session: words of people who said yes, counts of everybody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from bot.api import Answer, Call, Page, Space, Talk, UserError, to_local, when_words
from plugins.chats.logic import prompt_text
from plugins.chats.planning import address_of, sessions, steps_of
from plugins.chats.series import Chats, next_date, series_numbered, spaces_of, today_in
from plugins.chats.shape import Hour, Shape, shape
from plugins.chats.tables import AnswerRow, ChatSession, Series
from plugins.chats.when import day_meant
from plugins.chats.words import chat_words, people_words, platform_words

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that its author lets everybody read."""

    name: str
    text: str
    link: str
    late: bool
    at: dt.datetime
    platform: str = ""
    """Where it was said, as people call it; empty in the sandbox."""


def transcript(call: Call, ctx: Chats, number: int, date: str = "") -> Answer:
    """Read what was said in the last session of chat NUMBER, or in that of DATE."""
    series = series_numbered(ctx, number)
    session = _session(ctx, series, date)
    return Answer(ctx.render("transcript.md", **contents(ctx, series, session)))


def summary(call: Call, ctx: Chats, number: int, date: str = "") -> Answer:
    """Sum the last session of chat NUMBER up, or that of DATE, for a newsletter: without names."""
    series = series_numbered(ctx, number)
    session = _session(ctx, series, date)
    following = next_date(ctx, series)
    page = f"{ctx.base}{address_of(session)}" if ctx.base and ctx.settings.pages else ""
    return Answer(
        ctx.render(
            "summary.md",
            **contents(ctx, series, session),
            page=page,
            next=following and when_words(following.at, series.zone, ctx.now),
            next_topic=series.topic,
        )
    )


def contents(
    ctx: Chats, series: Series, session: ChatSession, withheld: Collection[str] = ()
) -> Mapping[str, Any]:
    """Everything that a transcript shows; answers of members who are ``withheld`` are counted."""
    answers = _answers(ctx, session)
    spaces = {space.key: space for space in spaces_of(ctx, series)}
    prompts = []
    for step in steps_of(ctx, session):
        if not step.name.startswith("Q") or step.state != "asked":
            continue
        mine = [row for row in answers if row.position == step.position]
        shown = [row for row in mine if row.text is not None and row.member not in withheld]
        said = [_said(ctx, row, session, spaces) for row in shown]
        prompts.append(
            {
                "name": step.name,
                "question": session.script[step.position - 1].text,
                "asked_at": step.asked_at,
                "text": prompt_text(step.position, session.script[step.position - 1]),
                "said": said,
                "others": len(mine) - len(said),
                "count": len(mine),
                "links": _links(ctx, step.posts, spaces),
            }
        )
    loose = [row for row in answers if row.position == 0 or row.position > len(session.prompts)]
    return {
        "chat": chat_words(series.recurrence),
        "topic": session.topic,
        "when": when_words(session.at, series.zone, ctx.now),
        "prompts": prompts,
        "besides": len(loose),
        "late": sum(row.at > session.ends for row in answers),
        "counts": _counts(ctx, series, session),
        "open_until": _open_until(ctx, series, session),
    }


def _said(ctx: Chats, row: AnswerRow, session: ChatSession, spaces: Mapping[str, Space]) -> Said:
    space = spaces.get(row.space)
    link = ctx.link(space, row.post) if space else ""
    platform = platform_words(row.space.partition(":")[0])
    nameless = f"Somebody on {platform}" if platform else "A member"
    late = row.at > session.ends
    return Said(row.name or nameless, row.text or "", link, late, row.at, platform)


def _links(ctx: Chats, posts: Mapping[str, list[str]], spaces: Mapping[str, Space]) -> list[str]:
    """Where a question can be read, in each space in which it stands."""
    found = [
        ctx.link(spaces[space], receipt)
        for space, receipt in posts.values()
        if receipt and space in spaces
    ]
    return [link for link in found if link]


def people_shown(ctx: Chats, session: ChatSession) -> frozenset[str]:
    """The keys of the members whose words stand in a transcript."""
    rows = _answers(ctx, session)
    return frozenset(row.member for row in rows if row.text is not None and row.member)


def _answers(ctx: Chats, session: ChatSession) -> list[AnswerRow]:
    mine = select(AnswerRow).where(
        AnswerRow.community == session.community,
        AnswerRow.number == session.number,
        AnswerRow.local == session.local,
    )
    return list(ctx.db.exec(mine.order_by(col(AnswerRow.at), col(AnswerRow.post))))


def _counts(ctx: Chats, series: Series, session: ChatSession) -> str:
    """Who took part, in numbers: people's posts in the chat's spaces, Weaver's left out."""
    until = session.closed_at or min(ctx.now, _closes(ctx, session))
    talks = [ctx.posts.talk(space.key, session.at, until) for space in spaces_of(ctx, series)]
    total = Talk(
        originals=sum(talk.originals for talk in talks),
        replies=sum(talk.replies for talk in talks),
        reposts=0,
        bot_posts=0,
        people=sum(talk.people for talk in talks),
    )
    posts = total.originals + total.replies
    if not posts:
        return "Nobody has posted yet."
    return (
        f"{people_words(total.people)} posted; {total.replies} of {posts} posts were replies. "
        "Weaver\u2019s own posts and reposts are left out."
    )


def _closes(ctx: Chats, session: ChatSession) -> dt.datetime:
    return session.ends + dt.timedelta(hours=ctx.settings.late_hours)


def _open_until(ctx: Chats, series: Series, session: ChatSession) -> str:
    if session.closed_at is not None:
        return ""
    return when_words(_closes(ctx, session), series.zone, ctx.now)


def shape_of(ctx: Chats, session: ChatSession) -> Shape | None:
    """The shape of a session's hour: every answer counts in it, and none can be told apart."""
    asked = [step.position for step in steps_of(ctx, session) if step.name.startswith("Q")]
    found: dict[int, list[dt.datetime]] = {position: [] for position in asked}
    for row in _answers(ctx, session):
        found.get(row.position, []).append(row.at)
    hour = Hour(session.at, session.ends, session.closed_at or _closes(ctx, session))
    return shape(hour, found)


def _session(ctx: Chats, series: Series, date: str) -> ChatSession:
    """The session that somebody means: of a date, else the last that was held."""
    held = sessions(ctx, "open", "done", number=series.number)
    day: dt.date | None = day_meant(date, today_in(ctx, series)) if date else None
    for session in held:
        if day is None or to_local(session.at, series.zone).date() == day:
            return session
    which = "on that day" if date else "yet"
    raise UserError(f"chat {series.number} was not held {which}; chats list shows what is planned")


def past(ctx: Chats) -> Page | None:
    """Show the last sessions on the community's page, each with what people let everybody read."""
    held = [one for one in sessions(ctx, "done") if one.closed_at is not None][:_SHOWN]
    if not held:
        return None
    chats = []
    for session in held:
        series = series_numbered(ctx, session.number)
        chats.append({**contents(ctx, series, session), "shape": shape_of(ctx, session)})
    return Page("Past chats", "past.html", {"chats": chats})
