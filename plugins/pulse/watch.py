"""The weekly alarm: check the closed weeks of a space, remember how it stands, and tell hosts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.api import Button, Context, NotifyHosts, Space
from plugins.pulse.chart import LOOKED_AT, picture
from plugins.pulse.choices import Choices, reference
from plugins.pulse.detector import HORIZON, Finding, Standing, check, course, recovery
from plugins.pulse.logic import WEEK, Share, named, percent, share_of
from plugins.pulse.settings import Settings
from plugins.pulse.tables import PulseState, PulseTurns, mondays
from plugins.pulse.turns import Message, counted
from plugins.pulse.weeks import USUAL, Week

REST = timedelta(weeks=8)
"""Hosts are told of one space at most once in so long."""
KEY_RECENT, KEY_LEAST, KEY_PART = 4, 10, 0.75
"""The second key: the answered share of so many weeks, of at least so many posts that began
something, is under so much of the one of the 26 weeks before."""
MARGIN = timedelta(days=4)
"""How much after a week may still take up what was begun in it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the hosts were told of a space."""

    told: bool = False
    """Whether of the alarm that is on."""
    last: datetime | None = None


def telling(before: Telling, standing: Standing, found: Finding | None, at: datetime) -> Telling:
    """Decide whether the hosts are told now: once an alarm, when it is bad, and never too often.

    An alarm that was raised too soon after the last is told when the rest is over, if it is on and
    the check is still a bad one.
    """
    if standing.alarm is None:
        return Telling(told=False, last=before.last)
    rested = before.last is None or at - before.last >= REST
    bad = found is not None and (found.raised or found.recent.share <= recovery(standing))
    if before.told or not rested or not bad:
        return before
    return Telling(told=True, last=at)


def look(
    ctx: Context[Settings], chosen: Choices, space: Space, weeks: Sequence[Week], at: datetime
) -> NotifyHosts | None:
    """Check a space on the weeks closed by ``at``, those of missed checks too; tell of the last."""
    row = ctx.db.get(PulseState, (ctx.community.id, space.key))
    if row and row.checked_at >= at:
        return None
    standing = row.standing if row else Standing()
    told = Telling(row.told, row.last_told) if row else Telling()
    late = HORIZON if row is None else min(HORIZON, (at - row.checked_at) // WEEK)
    found = None
    for place in range(len(weeks) - late, len(weeks)):
        standing, found = check(standing, weeks[: place + 1])
        if standing.alarm is None:
            told = telling(told, standing, found, at)
    after = telling(told, standing, found, at)
    if after.last != told.last and not _may_tell(ctx, chosen, space, at):
        after = told
    remember(ctx, space, standing, after, at)
    if found is None or after.last == told.last:
        return None
    raised = Alarm(space, standing, found, weeks, chosen.is_inferred(space))
    return alarm(ctx, raised, at)


def _may_tell(ctx: Context[Settings], chosen: Choices, space: Space, at: datetime) -> bool:
    """Whether hosts want to hear of it, and where answers are inferred, the second key turns."""
    if chosen.is_muted(space, at):
        return False
    return not chosen.is_inferred(space) or fewer_answered(_turns(ctx, space), at)


def fewer_answered(turns: Sequence[PulseTurns], at: datetime) -> bool:
    """Turn the second key: is under 75 % of the usual share of openings taken up, too?

    Without openings enough to say, it stays locked.
    """
    first = str((at - KEY_RECENT * WEEK).date())
    before = str((at - (KEY_RECENT + USUAL) * WEEK).date())
    lately = [one for one in turns if first <= one.monday < str(at.date())]
    usually = [one for one in turns if before <= one.monday < first]
    shares = []
    for weeks in (lately, usually):
        openings = sum(one.openings for one in weeks)
        if openings < KEY_LEAST:
            return False
        shares.append(sum(one.answered for one in weeks) / openings)
    return shares[0] < KEY_PART * shares[1]


def take_turns(ctx: Context[Settings], space: Space, at: datetime) -> None:
    """Count the turns of the week that closed at ``at``, and the week before anew.

    Whom a post names is kept for two weeks, so earlier weeks stay as they were counted; a post
    that was begun late in a week is taken up in the next.
    """
    for back in (2, 1):
        since, until = at - back * WEEK, at - (back - 1) * WEEK
        said = ctx.posts.said(space.key, since - timedelta(hours=1), min(at, until + MARGIN))
        found = counted([Message(m.who, m.at, m.names, m.to) for m in said], since, until)
        ctx.db.merge(
            PulseTurns(
                community=ctx.community.id,
                space=space.key,
                monday=str(since.date()),
                openings=found.openings,
                turns=found.turns,
                answered=found.answered,
            )
        )
    ctx.db.flush()


def inferred_share(
    ctx: Context[Settings], space: Space, since: datetime, until: datetime
) -> Share | None:
    """Give the share of turns over the closed weeks that lie in a window; None without any."""
    weeks = [
        one
        for one in _turns(ctx, space)
        if one.monday >= str(since.date()) and one.monday <= str((until - WEEK).date())
    ]
    turns = sum(one.turns for one in weeks)
    return share_of(turns, turns + sum(one.openings for one in weeks))


def _turns(ctx: Context[Settings], space: Space) -> list[PulseTurns]:
    mine = (
        col(PulseTurns.community) == ctx.community.id,
        col(PulseTurns.space) == space.key,
    )
    return list(ctx.db.exec(select(PulseTurns).where(*mine)))


def closed(
    ctx: Context[Settings], chosen: Choices, spaces: Sequence[Space], at: datetime
) -> dict[str, list[Week]]:
    """The weeks of spaces, by key, that a check at ``at`` may look back on, oldest first.

    Replies are those that a platform links; where hosts said that answers are inferred, turns.
    """
    first = (at - HORIZON * WEEK).date()
    days = [first + number * WEEK for number in range(HORIZON)]
    linked = [one.key for one in spaces if not chosen.is_inferred(one)]
    talks = ctx.posts.by_week(linked, at - HORIZON * WEEK, at) if linked else {}

    def counts(space: Space) -> Iterable[tuple[int, int]]:
        if space.key in talks:
            return ((talk.originals, talk.replies) for talk in talks[space.key])
        turns = {one.monday: (one.openings, one.turns) for one in _turns(ctx, space)}
        return (turns.get(str(day), (0, 0)) for day in days)

    return {
        space.key: [
            Week(day, originals, replies, quiet=chosen.is_quiet(day, space))
            for day, (originals, replies) in zip(days, counts(space), strict=True)
        ]
        for space in spaces
    }


def again(ctx: Context[Settings], chosen: Choices, space: Space) -> PulseState | None:
    """Judge a space anew from its whole history, after hosts said which weeks do not count.

    Nobody is told anything: the alarm that hosts know goes, comes back or stays as it was.
    """
    row = ctx.db.get(PulseState, (ctx.community.id, space.key))
    if row is None:
        return None
    standing = Standing()
    weeks = closed(ctx, chosen, [space], row.checked_at)[space.key]
    for standing in course(weeks):  # noqa: B007 - the last
        pass
    known = standing.alarm is not None and row.last_told is not None
    remember(ctx, space, standing, Telling(known, row.last_told), row.checked_at)
    return ctx.db.get(PulseState, (ctx.community.id, space.key))


def remember(
    ctx: Context[Settings], space: Space, standing: Standing, told: Telling, at: datetime
) -> None:
    """Keep how a space stands until the next check."""
    before = ctx.db.get(PulseState, (ctx.community.id, space.key))
    ctx.db.merge(
        PulseState(
            community=ctx.community.id,
            space=space.key,
            low=standing.low,
            slid=standing.slid,
            uneasy=standing.uneasy,
            good=standing.good,
            busy=standing.busy,
            alarm=standing.alarm,
            normal=standing.normal,
            weeks=mondays(standing, (at - HORIZON * WEEK).date()),
            told=told.told,
            seen=before is not None and before.seen and standing.alarm is not None,
            last_told=told.last,
            checked_at=at,
        )
    )
    ctx.db.flush()


@dataclass(frozen=True, slots=True)
class Alarm:
    """All that the words of an alarm are made from."""

    space: Space
    standing: Standing
    found: Finding
    weeks: Sequence[Week]
    inferred: bool


def alarm(ctx: Context[Settings], raised: Alarm, at: datetime) -> NotifyHosts:
    """Put an alarm into words: what happened, compared with what, how sure, and what to try."""
    space, standing, found = raised.space, raised.standing, raised.found
    recent = found.recent
    words = ctx.render(
        "alarm.md",
        space=named(space),
        reading=recent,
        reason=standing.alarm,
        share=percent(recent.share),
        low=percent(recent.low),
        high=percent(recent.high),
        normal=None if found.normal is None else percent(found.normal),
        skipped=sum(day >= (at - (recent.weeks + 6) * WEEK).date() for day in standing.events),
        inferred=raised.inferred,
    )
    drawn = picture(raised.weeks[-LOOKED_AT:], named(space), found.normal, standing.events)
    name = reference(space)
    return NotifyHosts(
        ctx.key("broadcast", space.key, at),
        words,
        buttons=(
            Button("We know", f"pulse seen {name}"),
            Button("Quiet for 8 weeks", f"pulse mute {name} 8"),
            Button("This was an event", f"pulse event {name} {recent.weeks}"),
        ),
        pictures=(drawn,) if drawn else (),
        why=WHY_INFERRED if raised.inferred else WHY,
    )


WHY = (
    "A weekly count of people’s posts; bots, reposts, quiet weeks and weeks that look like an "
    "event left out. Weaver speaks up when even the upper 90 % limit of the share of replies is "
    "under 15 %, or under 65 % of what is normal there (and under 45 %; 60 and 35 % where people "
    "post so little that twelve weeks are read), at two checks running; or over twelve weeks under "
    "80 % of normal, at three. At most once in eight weeks."
)
WHY_INFERRED = (
    f"{WHY} People there answer without links, so who answers whom is inferred from turns; Weaver "
    "then speaks up only if fewer openings are taken up, too (under 75 % of usual)."
)
