"""What hosts may say to pulse: how spaces are meant, what does not count, and when to be quiet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from sqlmodel import col, delete, select

from bot.api import Answer, Button, Call, Context, Space, UserError, day_words, join_words
from plugins.pulse import watch, weekly
from plugins.pulse.choices import (
    Choices,
    choices,
    choose,
    closed_weeks,
    conversations,
    days_said,
    reference,
    talked,
    talked_in,
)
from plugins.pulse.logic import named
from plugins.pulse.settings import Settings
from plugins.pulse.tables import PulseClosure, PulseQuestion, PulseState

LONGEST_MUTE, LONGEST_EVENT = 52, 12
Meant = Literal["show", "conversation", "announcements", "resources"]
Weekday = Literal["show", "mo", "tu", "we", "th", "fr", "sa", "su", "off"]


def mode(
    call: Call, ctx: Context[Settings], mode: Meant = "show", space: Space | None = None
) -> Answer:
    """Say what SPACE, or all, is meant to be. Only a conversation is ever called a broadcast."""
    chosen = choices(ctx)
    if mode == "show":
        told = [f"{named(one)}: {chosen.mode(one)}" for one in talked_in(ctx.community)]
        return Answer("\n".join(told) or "There is no space here where people talk yet.")
    place = talked(ctx.community, space) if space else None
    if place is None and "mode" in ctx.settings.model_fields_set:
        raise UserError(
            f"config.toml says that all of it is meant for {ctx.settings.mode}; change it there, "
            "or name one space"
        )
    before = chosen.mode(place)
    choose(ctx, f"mode {place.key}" if place else "mode", mode)
    forget_others(ctx, choices(ctx))
    where, name = (named(place), f" {reference(place)}") if place else ("all of it", "")
    effect = (
        "Weaver looks every Monday whether people answer one another."
        if mode == "conversation"
        else "Weaver does not call it a broadcast, whatever the figures say."
    )
    undo = (Button("Undo", f"pulse mode {before}{name}"),) if before != mode else ()
    return Answer(f"So {where} is meant for {mode}. {effect}", buttons=undo)


def forget_others(ctx: Context[Settings], chosen: Choices) -> None:
    """Forget how spaces stood that are no conversation, or none any more."""
    keys = [one.key for one in conversations(ctx, chosen)]
    ctx.db.exec(
        delete(PulseState).where(
            col(PulseState.community) == ctx.community.id, col(PulseState.space).not_in(keys)
        )
    )


def closures(call: Call, ctx: Context[Settings]) -> Answer:
    """List the holidays and events whose weeks do not count."""
    names = {one.key: named(one) for one in ctx.community.spaces}
    lines = [f"{text} (config.toml)" for text in ctx.settings.closures]
    for one in choices(ctx).closures:
        where = f" in {names.get(one.space, one.space)}" if one.space else ""
        what = "event" if one.event else "closure"
        lines.append(f"{one.number}: {days_words(one)}, {what}{where}")
    if not lines:
        return Answer("Every week counts. To leave some out: pulse close 2026-12-19 2027-01-04")
    return Answer("\n".join(["Weeks that these touch do not count:", *lines]))


def close(
    call: Call, ctx: Context[Settings], first: str, last: str = "", space: Space | None = None
) -> Answer:
    """Leave out the weeks from FIRST to LAST (like 2026-12-19): a holiday, in SPACE or in all."""
    begin, end = days_said(first, last)
    place = talked(ctx.community, space) if space else None
    closing = PulseClosure(community=ctx.community.id, first=str(begin), last=str(end))
    return _left_out(ctx, closing, place)


def event(call: Call, ctx: Context[Settings], space: Space, weeks: int = 4) -> Answer:
    """Say that the last WEEKS weeks in SPACE were an event: they do not count, looking back too."""
    if not 1 <= weeks <= LONGEST_EVENT:
        raise UserError(f"WEEKS is between 1 and {LONGEST_EVENT}, not {weeks}")
    place = talked(ctx.community, space)
    begin, end = closed_weeks(ctx.now, weeks)
    closing = PulseClosure(community=ctx.community.id, first=str(begin), last=str(end), event=True)
    return _left_out(ctx, closing, place)


def _left_out(ctx: Context[Settings], closing: PulseClosure, place: Space | None) -> Answer:
    """Keep a closure, and judge anew what it may change."""
    closing.space = place.key if place else ""
    ctx.db.add(closing)
    ctx.db.flush()
    where = named(place) if place else "every space"
    told = _again(ctx, [place] if place else talked_in(ctx.community))
    what = "an event" if closing.event else "a closure"
    return Answer(
        f"Weeks from {days_words(closing)} are {what} in {where} now, and do not count.{told}",
        buttons=(Button("Undo", f"pulse reopen {closing.number}"),),
    )


def reopen(call: Call, ctx: Context[Settings], number: int) -> Answer:
    """Let the weeks of closure or event NUMBER count again; pulse closures lists them."""
    found = ctx.db.get(PulseClosure, number)
    if found is None or found.community != ctx.community.id:
        raise UserError(f"there is no closure {number} here; pulse closures lists them")
    places = [one for one in talked_in(ctx.community) if found.space in ("", one.key)]
    where = f" space:{reference(places[0])}" if found.space and places else ""
    back = Button("Undo", f"pulse close {found.first} {found.last}{where}")
    words = days_words(found)
    ctx.db.delete(found)
    ctx.db.flush()
    return Answer(f"Weeks from {words} count again.{_again(ctx, places)}", buttons=(back,))


def days_words(one: PulseClosure) -> str:
    """The days of a closure as people say them, with the year."""
    first, last = date.fromisoformat(one.first), date.fromisoformat(one.last)
    words = f"{day_words(first)} {first.year}"
    return words if first == last else f"{words} to {day_words(last)} {last.year}"


def _again(ctx: Context[Settings], spaces: Iterable[Space]) -> str:
    """Judge spaces anew, and say what that changed about alarms."""
    chosen = choices(ctx)
    over: list[str] = []
    back: list[str] = []
    stays: list[str] = []
    for space in spaces:
        if chosen.mode(space) != "conversation":
            continue
        row = ctx.db.get(PulseState, (ctx.community.id, space.key))
        was = row is not None and row.alarm is not None
        after = watch.again(ctx, chosen, space)
        now = after is not None and after.alarm is not None
        if was or now:
            (stays if was and now else over if was else back).append(named(space))
    parts = (
        (over, "Without them there is no alarm in {}."),
        (back, "With that, the alarm in {} is back."),
        (stays, "The alarm in {} stays: other weeks say the same."),
    )
    return "".join(f" {text.format(join_words(names))}" for names, text in parts if names)


def seen(call: Call, ctx: Context[Settings], space: Space) -> Answer:
    """Say that hosts know of the alarm in SPACE: the weekly note does not repeat it."""
    return _known(ctx, space, known=True)


def unseen(call: Call, ctx: Context[Settings], space: Space) -> Answer:
    """Let the weekly note repeat the alarm in SPACE after all."""
    return _known(ctx, space, known=False)


def _known(ctx: Context[Settings], space: Space, *, known: bool) -> Answer:
    row = ctx.db.get(PulseState, (ctx.community.id, space.key))
    if row is None or row.alarm is None:
        return Answer(f"There is no alarm in {named(space)} now.")
    row.seen = known
    name = reference(space)
    if known:
        text = f"Noted. The weekly note says no more of {named(space)} until this is over."
        return Answer(text, buttons=(Button("Undo", f"pulse unseen {name}"),))
    return Answer(f"The weekly note names {named(space)} again until this is over.")


def mute(call: Call, ctx: Context[Settings], space: Space, weeks: int = 8) -> Answer:
    """Tell hosts nothing of SPACE for WEEKS weeks; it is still counted."""
    if not 1 <= weeks <= LONGEST_MUTE:
        raise UserError(f"WEEKS is between 1 and {LONGEST_MUTE}, not {weeks}")
    place = talked(ctx.community, space)
    until = ctx.now + timedelta(weeks=weeks)
    choose(ctx, f"mute {place.key}", until.isoformat())
    return Answer(
        f"Weaver says nothing of {named(place)} until {day_words(until.date(), ctx.now.date())}. "
        "It still counts, and tells you then what is still bad.",
        buttons=(Button("Undo", f"pulse unmute {reference(place)}"),),
    )


def unmute(call: Call, ctx: Context[Settings], space: Space) -> Answer:
    """Let Weaver speak of SPACE again."""
    place = talked(ctx.community, space)
    muted = choices(ctx).is_muted(place, ctx.now)
    choose(ctx, f"mute {place.key}", None)
    return Answer(f"Weaver speaks of {named(place)} again." if muted else "It was not muted.")


def bot(call: Call, ctx: Context[Settings], number: int) -> Answer:
    """Say that the account of question NUMBER is a bot: its posts never count, past ones too."""
    asked = _question(ctx, number)
    if not ctx.bots.mark(asked.space, asked.post):
        raise UserError(
            "that post is gone, so nobody can tell whose it was; wait to be asked again"
        )
    asked.answer = "bot"
    return Answer(
        "Its posts no longer count here, looking back too, and Weaver does not answer them.",
        buttons=(Button("Undo", f"pulse person {number}"),),
    )


def person(call: Call, ctx: Context[Settings], number: int) -> Answer:
    """Say that the account of question NUMBER is a person: its posts count, as they did before."""
    asked = _question(ctx, number)
    if not ctx.bots.unmark(asked.space, asked.post):
        raise UserError("that post is gone, so nobody can tell whose it was; nothing was changed")
    was, asked.answer = asked.answer, "person"
    if was == "bot":
        return Answer("Its posts count again, looking back too.")
    return Answer("All stays as it is: its posts count.")


def bots(call: Call, ctx: Context[Settings]) -> Answer:
    """List the accounts that hosts were asked about, and what they said."""
    mine = select(PulseQuestion).where(col(PulseQuestion.community) == ctx.community.id)
    rows = ctx.db.exec(mine.order_by(col(PulseQuestion.number))).all()
    if not rows:
        return Answer("Weaver has asked about no account yet.")
    said = {"bot": "a bot, its posts do not count", "person": "a person", None: "no answer yet"}
    return Answer("\n".join(f"{one.number}: {one.post}: {said[one.answer]}" for one in rows))


def _question(ctx: Context[Settings], number: int) -> PulseQuestion:
    found = ctx.db.get(PulseQuestion, number)
    if found is None or found.community != ctx.community.id:
        raise UserError(f"there is no question {number} here; pulse bots lists them")
    return found


def note(call: Call, ctx: Context[Settings]) -> Answer:
    """Read the weekly note as it would be now."""
    found = weekly.note(ctx, choices(ctx))
    if found is None:
        return Answer("There is nothing to say this week, so there would be no note.")
    words, pictures = found
    return Answer(words, pictures=pictures)


def weekly_(call: Call, ctx: Context[Settings], day: Weekday = "show", time: str = "") -> Answer:
    """Say on which DAY and at what TIME (like 09:00) hosts have the weekly note; or off."""
    zone = ctx.community.zone
    before = weekly.when(choices(ctx))
    if day == "show":
        return Answer(f"The weekly note comes {before.words(zone)}." if before else NO_NOTE)
    at = time or (f"{before.at:%H:%M}" if before else ctx.settings.weekly_at)
    choose(ctx, "weekly", "off" if day == "off" else str(weekly.read(day, at)))
    weekly.plan(ctx, choices(ctx))
    after = weekly.when(choices(ctx))
    undo = Button("Undo", f"pulse weekly {before or 'off'}")
    said = f"The weekly note comes {after.words(zone)}." if after else NO_NOTE
    return Answer(said, buttons=(undo,))


NO_NOTE = "There is no weekly note. To have one: pulse weekly mo 09:00"
