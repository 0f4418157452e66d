"""Planning chats: when, where, what about, and which chats there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.api import Answer, Button, Call, Member, Space, UserError, when_words
from plugins.chats import filling
from plugins.chats import series as kept
from plugins.chats.doubt import Unclear
from plugins.chats.logic import (
    Prompt,
    announcement_at,
    check_pace,
    check_topic,
    prompt_in,
    prompts_in,
)
from plugins.chats.planning import plan, session_open, steps_of
from plugins.chats.series import Chats, coming_date, live_series
from plugins.chats.tables import Draft, Series
from plugins.chats.when import When, times_meant
from plugins.chats.words import chat_words, length_words, questions_words, rhythm_words

_DATES = 8


def schedule(  # noqa: PLR0913 - what a host may say about a chat
    call: Call,
    ctx: Chats,
    *,
    when: str,
    topic: str,
    minutes: int = 0,
    pace: int = 0,
    warmup: int = -1,
    space: Space | None = None,
    also: Space | None = None,
    prompts: str,
) -> Answer:
    """Plan a chat: WHEN and TOPIC in quotation marks, then PROMPTS with " / " between them.

    WHEN is like "Tuesdays 7:30 pm", "every other Wednesday 12:30", "first Tuesday of the month
    19:00 Europe/Dublin" or "3 December 2026 20:00". PROMPTS may also stand one on a line; "open
    floor" plans a chat without any. MINUTES is how long it takes, PACE the minutes between one
    prompt and the next, WARMUP the minutes to say hello before the first, SPACE where it is held
    and ALSO a second space for the same chat.
    """
    given = {
        "topic": topic,
        "minutes": minutes,
        "pace": pace,
        "warmup": warmup,
        "space": space.key if space else "",
        "also": also.key if also else "",
        "prompts": prompts,
    }
    return _schedule(call, ctx, when, given)


def _schedule(call: Call, ctx: Chats, when: str, given: Mapping[str, Any]) -> Answer:
    """Plan a chat, or ask which reading of its time is meant."""
    try:
        said = times_meant(when, ctx.now, ctx.community.zone)
    except Unclear as doubt:
        series = _series(ctx, given)  # what else is wrong with it is said first
        _check(ctx, series)
        return _ask(call, ctx, doubt, given)
    if said.minutes:
        given = {**given, "minutes": given["minutes"] or said.minutes}
    series = _series(ctx, given)
    times = said.recurrence
    series.start, series.zone, series.rule = times.start.isoformat(), times.zone, times.rule
    _check(ctx, series)
    kept.refuse_clash(ctx, series)
    ctx.db.add(series)
    plan(ctx, series)
    return _planned(ctx, series, said)


def _series(ctx: Chats, given: Mapping[str, Any]) -> Series:
    """A series as a host described it; its times are yet to come."""
    prompts = prompts_in(given["prompts"])
    warm_up = given["warmup"] if given["warmup"] >= 0 else ctx.settings.warmup
    usual = next(ctx.community.for_("chat"), ctx.community.spaces[0]).key
    space = given["space"] or usual
    also = [given["also"]] if given["also"] and given["also"] != space else []
    return Series(
        community=ctx.community.id,
        number=kept.next_number(ctx, Series),
        space=space,
        also=also,
        start="",
        zone=ctx.community.zone,
        topic=check_topic(given["topic"]),
        prompts=[prompt.kept() for prompt in prompts],
        minutes=given["minutes"] or ctx.settings.minutes,
        pace=given["pace"] or ctx.settings.pace,
        warm_up=warm_up,
        created_at=ctx.now,
    )


def _check(ctx: Chats, series: Series) -> None:
    """Refuse a script that does not fit its platforms or its time."""
    filling.check(ctx, series.script, kept.room(ctx, series))
    check_pace(series.script, series.minutes, series.pace, series.warm_up)


def _ask(call: Call, ctx: Chats, doubt: Unclear, given: Mapping[str, Any]) -> Answer:
    """Ask which reading is meant, and remember the rest of what was said meanwhile."""
    if not doubt.readings:
        raise UserError(str(doubt))
    mine = col(Draft.community) == ctx.community.id, col(Draft.member) == call.member.key
    ctx.db.exec(delete(Draft).where(*mine))
    draft = Draft(
        community=ctx.community.id,
        number=kept.next_number(ctx, Draft),
        member=call.member.key,
        readings=list(doubt.readings),
        given=dict(given),
        at=ctx.now,
    )
    ctx.db.add(draft)
    buttons = tuple(
        Button(reading[:80], f"chats choose {draft.number} {index}")
        for index, reading in enumerate(doubt.readings[:5], 1)
    )
    return Answer(str(doubt), mistake=True, buttons=buttons)


def choose(call: Call, ctx: Chats, draft: int, reading: int) -> Answer:
    """Say which READING of its time is meant for the chat that Weaver asked about."""
    row = ctx.db.get(Draft, (ctx.community.id, draft))
    if row is None or row.member != call.member.key:
        raise UserError("nothing waits for that answer any more; plan it with chats schedule")
    if not 1 <= reading <= len(row.readings):
        raise UserError(f"reading is from 1 to {len(row.readings)}, not {reading}")
    when, given = row.readings[reading - 1], row.given
    ctx.db.delete(row)
    return _schedule(call, ctx, when, given)


def prompts(call: Call, ctx: Chats, *, number: int, topic: str = "", prompts: str) -> Answer:
    """Set PROMPTS for the next session of chat NUMBER, with topic:"…" its TOPIC too."""
    series = live_series(ctx, number)
    found = prompts_in(prompts)
    _rewrite(ctx, series, found)
    series.topic = check_topic(topic) or series.topic
    return _has(ctx, series)


def edit(call: Call, ctx: Chats, *, number: int, prompt: int, text: str) -> Answer:
    """Change PROMPT (1 for Q1) of the next session of chat NUMBER, or of the one that is on.

    TEXT is how it reads from now on, with "(15 min)" behind it for a time of its own. A chat that
    is on can change what is still to come.
    """
    new = prompt_in(text)
    if not new.text:
        raise UserError("there is no prompt in that; chats skip leaves a question out")
    return _change(ctx, number, prompt, text=new.text, minutes=new.minutes)


def picture(  # noqa: PLR0913 - what a picture needs
    call: Call, ctx: Chats, *, number: int, prompt: int, file: str, alt: str
) -> Answer:
    """Show a picture with PROMPT (1 for Q1) of chat NUMBER: a FILE of yours, and ALT in its place.

    FILE lies among the hosts' pictures; ALT says all that it shows, for people who cannot see it.
    To take it away: chats picture 1 2 none none
    """
    found = ("", "") if file.casefold() == "none" else (file, alt)
    return _change(ctx, number, prompt, picture=found[0], alt=found[1])


def _change(ctx: Chats, number: int, prompt: int, **changes: Any) -> Answer:
    """Change one prompt, of the session that is on or else of the next."""
    series = kept.series_numbered(ctx, number)
    session = session_open(ctx, series)
    script = (session or series).script
    if not 1 <= prompt <= len(script):
        raise UserError(
            f"chat {number} has {questions_words(len(script))}, so there is no Q{prompt}"
        )
    new = script[prompt - 1] = replace(
        script[prompt - 1], **{name: value for name, value in changes.items() if name != "minutes"}
    )
    if changes.get("minutes"):
        new = script[prompt - 1] = replace(new, minutes=changes["minutes"])
    if session is None:
        _rewrite(ctx, series, script)
    else:
        _edit_live(ctx, series, prompt, script)
    shown = f" It shows {new.picture}: {new.alt}" if new.picture else ""
    return Answer(f"Q{prompt} will read: {new.text}{shown}")


def _edit_live(ctx: Chats, series: Series, prompt: int, script: list[Prompt]) -> None:
    """Change a prompt of the chat that is on, if it is not out yet."""
    session = session_open(ctx, series)
    assert session is not None
    if steps_of(ctx, session)[prompt].state != "waiting":
        raise UserError(f"Q{prompt} is out already, and stays as people read it")
    filling.check(ctx, script, kept.room(ctx, series))
    words = filling.filled(ctx, script, session.topic, chat_words(series.recurrence))
    session.prompts = [each.kept() for each in words]


def _rewrite(ctx: Chats, series: Series, script: list[Prompt]) -> None:
    """Give the next session of a series another script."""
    coming_date(ctx, series)
    filling.check(ctx, script, kept.room(ctx, series))
    check_pace(script, series.minutes, series.pace, series.warm_up)
    series.prompts = [prompt.kept() for prompt in script]
    plan(ctx, series)


def _has(ctx: Chats, series: Series) -> Answer:
    following = coming_date(ctx, series)
    about = f" about \u201c{series.topic}\u201d" if series.topic else ""
    count = len(series.prompts)
    return Answer(
        f"The {chat_words(series.recurrence)} on "
        f"{when_words(following.at, series.zone, ctx.now)}{about} has "
        f"{questions_words(count) if count else 'an open floor'}.",
        moments=kept.moments(ctx, series, following),
    )


def _planned(ctx: Chats, series: Series, said: When) -> Answer:
    """Say back what was planned, with every next date."""
    dates = kept.dates_of(ctx, series).upcoming(ctx.now, _DATES)
    if not dates:
        raise UserError(
            "the community is closed on every such date; chats closures shows when, "
            "chats reopen ends a closure"
        )
    minutes = ctx.settings.announce_minutes
    at = announcement_at(dates[0].at, minutes, ctx.now)
    soon = "at once" if at == ctx.now else f"{length_words(minutes)} ahead"
    even = not any(prompt.minutes for prompt in series.script)
    words = ctx.render(
        "planned.md",
        number=series.number,
        rhythm=rhythm_words(series.recurrence),
        space=kept.spaces_words(ctx, series),
        said_zone=said.said_zone,
        zone=series.zone,
        dates=[when_words(date.at, series.zone, ctx.now) for date in dates],
        announced=soon if at else "",
        even=even,
        warm_up=series.warm_up,
        neighbours=kept.neighbours(ctx, series),
        **kept.series_words(series),
    )
    return Answer(words, moments=kept.moments(ctx, series, *dates))


def forget(member: Member, db: Session) -> None:
    """Erase what a member was asked back about."""
    db.exec(delete(Draft).where(col(Draft.member) == member.key))


def tell(member: Member, db: Session) -> list[str]:
    """Tell which chats of a member wait for an answer."""
    mine = select(Draft).where(Draft.member == member.key)
    return [str(draft.given.get("topic", "")) for draft in db.exec(mine)]
