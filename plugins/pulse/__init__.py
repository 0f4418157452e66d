"""Say honestly whether a community's talk is a conversation, and warn its hosts when it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.api import (
    Action,
    Answer,
    Call,
    CommunityOpened,
    Context,
    Due,
    Member,
    NotifyHosts,
    Page,
    Plugin,
    Recurrence,
    Space,
    Talk,
    UserError,
    join_words,
)
from plugins.pulse import desk, weekly
from plugins.pulse.asides import separate_notes
from plugins.pulse.chart import LOOKED_AT, SPUN, page_chart, page_yarn
from plugins.pulse.choices import choices, conversations, talked, talked_in
from plugins.pulse.logic import WEEK, named, posts, share, together
from plugins.pulse.overview import DAY, rows, span
from plugins.pulse.parts import Part, parted
from plugins.pulse.settings import Settings
from plugins.pulse.shares import shares
from plugins.pulse.tables import (
    PulseChoice,
    PulseClosure,
    PulseQuestion,
    PulseState,
    PulseTold,
    PulseTurns,
)
from plugins.pulse.watch import closed, inferred_share, look, take_turns

plugin = Plugin(
    "pulse",
    package=__name__,
    settings=Settings,
    tables=[PulseState, PulseChoice, PulseClosure, PulseTold, PulseQuestion, PulseTurns],
)
for said in (desk.mode, desk.closures, desk.close, desk.event, desk.reopen, desk.seen, desk.unseen):
    plugin.command(audience="hosts")(said)
for said in (desk.mute, desk.unmute, desk.bot, desk.person, desk.bots, desk.note, desk.weekly_):
    plugin.command(audience="hosts")(said)

MONDAYS = Recurrence(datetime(2024, 1, 1), "UTC", "FREQ=WEEKLY;BYDAY=MO")  # noqa: DTZ001 - wall time
WHY_WEEKLY = (
    "Once a week Weaver tells hosts who waits for an answer, and what the week comes to in three "
    "numbers; never about single people. pulse weekly off ends it."
)
LATEST = timedelta(days=6)
"""The check reads closed weeks, so it may come late, but not when the next is near."""
WINDOW, LONGEST, LONGEST_ANSWERS = 28, 366, 92
"""Days: who answered whom is looked up post by post, so for a season at most."""


@plugin.on(CommunityOpened)
def keep_watch(event: CommunityOpened, ctx: Context[Settings]) -> Iterator[Action]:
    """Look every Monday at 00:00 UTC, write the weekly note, and forget what is no conversation."""
    label = "A look at whether people answer one another"
    ctx.schedule.repeat("check", MONDAYS, label, grace=LATEST)
    chosen = choices(ctx)
    desk.forget_others(ctx, chosen)
    weekly.plan(ctx, chosen)
    yield from ()


@plugin.due("check")
def check_week(due: Due, ctx: Context[Settings]) -> Iterator[Action]:
    """Check every space on the weeks that are over, and tell its hosts when talk turns one way."""
    if due.missed:
        return
    chosen = choices(ctx)
    spaces = list(conversations(ctx, chosen))
    for space in spaces:
        if chosen.is_inferred(space):
            take_turns(ctx, space, due.at)
    weeks = closed(ctx, chosen, spaces, due.at)
    for space in spaces:
        told = look(ctx, chosen, space, weeks[space.key], due.at)
        if told:
            yield told
        yield from separate_notes(ctx, chosen, space, weeks[space.key], due.at)


@plugin.due("weekly")
def weekly_note(due: Due, ctx: Context[Settings]) -> Iterator[Action]:
    """Write to hosts what the week came to, unless there is nothing to say."""
    found = None if due.missed else weekly.note(ctx, choices(ctx))
    if found is not None:
        words, pictures = found
        yield NotifyHosts(ctx.key("weekly", due.local), words, pictures=pictures, why=WHY_WEEKLY)


@plugin.command(audience="members")
def share_(
    call: Call, ctx: Context[Settings], space: Space | None = None, days: int = WINDOW
) -> Answer:
    """Say how much of the talk in SPACE, or everywhere, was replies over the last DAYS days."""
    if not 1 <= days <= LONGEST:
        raise UserError(f"DAYS is between 1 and {LONGEST}, not {days}")
    spaces = [talked(ctx.community, space)] if space else talked_in(ctx.community)
    talk = _talk(ctx, spaces, ctx.now - timedelta(days=days))
    where = named(spaces[0]) if space else ""
    values: dict[str, Any] = {"where": where, "days": days, "talk": talk, "share": share(talk)}
    values["inferred"] = space is not None and choices(ctx).is_inferred(space)
    if values["inferred"]:
        since = ctx.now - timedelta(days=days)
        values["turns"] = inferred_share(ctx, spaces[0], since, ctx.now)
    return Answer(ctx.render("share.md", **values))


@plugin.command(audience="members")
def answers(
    call: Call, ctx: Context[Settings], space: Space, days: int = WINDOW, part: Part = "all"
) -> Answer:
    """Say who answers in SPACE, and how soon: over the last DAYS days, and of nobody alone.

    PART looks at sessions, at event weeks, or at what is between them.
    """
    if not 1 <= days <= LONGEST_ANSWERS:
        raise UserError(f"DAYS is between 1 and {LONGEST_ANSWERS}, not {days}")
    place = talked(ctx.community, space)
    until = ctx.now + timedelta(microseconds=1)
    since = ctx.now - timedelta(days=days)
    said = parted(ctx, place, ctx.posts.said(place.key, since, until), part)
    found = shares(said, ctx.now)
    roots = sum(not one.is_reply for one in said)
    values = {"where": named(place), "days": days, "found": found, "n": len(said), "roots": roots}
    values["part"] = part
    return Answer(ctx.render("answers.md", **values))


@plugin.command(audience="members")
def table(call: Call, ctx: Context[Settings], days: int = WINDOW, until: str = "") -> Answer:
    """Show the audit's columns for every space over DAYS days, up to now or to the day UNTIL."""
    if not 1 <= days <= LONGEST:
        raise UserError(f"DAYS is between 1 and {LONGEST}, not {days}")
    window = span(days, until, ctx.now)
    found = rows(ctx, talked_in(ctx.community), window)
    return Answer(ctx.render("table.md", window=window, rows=found))


@plugin.page
def panel(ctx: Context[Settings]) -> Page:
    """Show this week so far, in words, beside the weeks before."""
    spaces = talked_in(ctx.community)
    today = datetime.combine(ctx.now.astimezone(UTC).date(), time(), UTC)
    monday = today - timedelta(days=today.weekday())
    first = monday - LOOKED_AT * WEEK
    keys = [space.key for space in spaces]
    by_space = ctx.posts.by_week(keys, first, monday).values()
    mondays = [(first + number * WEEK).date() for number in range(LOOKED_AT)]
    before = zip(mondays, map(together, zip(*by_space, strict=True)), strict=False)
    talk = _talk(ctx, spaces, monday)
    values: dict[str, Any] = {"talk": talk, "posts": posts(talk), "share": share(talk)}
    stands = [(one, ctx.db.get(PulseState, (ctx.community.id, one.key))) for one in spaces]
    standing = [(space, row.standing) for space, row in stands if row]
    events = {day for _, found in standing for day in found.events}
    is_quiet = choices(ctx).is_quiet_everywhere
    values["chart"] = chart = page_chart(before, (monday.date(), talk), is_quiet, events)
    spun = ctx.posts.by_day(keys, today - (SPUN - 1) * DAY, today + DAY).values()
    values["window"] = span(WINDOW, "", ctx.now)
    values["table"] = rows(ctx, spaces, values["window"]) if chart else []
    values["yarn"] = page_yarn(map(together, zip(*spun, strict=True)))
    uneasy = [named(space) for space, found in standing if found.amber]
    values["uneasy"] = join_words(uneasy)
    return Page("The pulse", "pulse.html", values)


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase questions about a member's posts; nothing else here is of anybody."""
    db.exec(delete(PulseQuestion).where(col(PulseQuestion.post).contains(member.id)))


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell which of a member's posts hosts were asked about, where a post's id says whose it is."""
    mine = select(PulseQuestion).where(col(PulseQuestion.post).contains(member.id))
    asked = [{"post": one.post, "answer": one.answer} for one in db.exec(mine)]
    return {"asked whether it is a bot": asked} if asked else {}


def _talk(ctx: Context[Settings], spaces: Iterable[Space], since: datetime) -> Talk:
    """Count some spaces together up to now, a post of this very moment included."""
    until = ctx.now + timedelta(microseconds=1)
    return together(ctx.posts.talks([one.key for one in spaces], since, until).values())
