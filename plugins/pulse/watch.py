"""The weekly alarm: check the closed weeks of a space, remember how it stands, and tell hosts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import Context, NotifyHosts, Space
from plugins.pulse.detector import HORIZON, Finding, Standing, check, recovery
from plugins.pulse.logic import WEEK, named, percent
from plugins.pulse.settings import Settings
from plugins.pulse.tables import PulseState, mondays
from plugins.pulse.weeks import Week

REST = timedelta(weeks=8)
"""Hosts are told of one space at most once in so long."""


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


def look(ctx: Context[Settings], space: Space, at: datetime) -> NotifyHosts | None:
    """Check a space on the weeks closed by ``at``, those of missed checks too; tell of the last."""
    row = ctx.db.get(PulseState, (ctx.community.id, space.key))
    if row and row.checked_at >= at:
        return None
    weeks = closed(ctx, space, at)
    standing = row.standing if row else Standing()
    told = Telling(row.told, row.last_told) if row else Telling()
    late = HORIZON if row is None else min(HORIZON, (at - row.checked_at) // WEEK)
    found = None
    for place in range(len(weeks) - late, len(weeks)):
        standing, found = check(standing, weeks[: place + 1])
        if standing.alarm is None:
            told = telling(told, standing, found, at)
    after = telling(told, standing, found, at)
    remember(ctx, space, standing, after, at)
    if found is None or after.last == told.last:
        return None
    return alarm(ctx, space, standing, found, at)


def closed(ctx: Context[Settings], space: Space, at: datetime) -> list[Week]:
    """The weeks of a space that a check at ``at`` may look back on, oldest first."""
    first = (at - HORIZON * WEEK).date()
    talks = ctx.posts.weekly(space.key, at - HORIZON * WEEK, at)
    days = [first + number * WEEK for number in range(HORIZON)]
    return [
        Week(day, talk.originals, talk.replies, quiet=ctx.settings.is_quiet(day))
        for day, talk in zip(days, talks, strict=True)
    ]


def remember(
    ctx: Context[Settings], space: Space, standing: Standing, told: Telling, at: datetime
) -> None:
    """Keep how a space stands until the next check."""
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
            last_told=told.last,
            checked_at=at,
        )
    )


def alarm(
    ctx: Context[Settings], space: Space, standing: Standing, found: Finding, at: datetime
) -> NotifyHosts:
    """Put an alarm into words: what happened, compared with what, how sure, and what to try."""
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
    )
    return NotifyHosts(ctx.key("broadcast", space.key, at), words, why=WHY)


WHY = (
    "A weekly count of people’s posts; bots, reposts, quiet weeks and weeks that look like an "
    "event left out. Weaver speaks up when even the upper 90 % limit of the share of replies is "
    "under 15 %, or under 65 % of what is normal there (and under 45 %), at two checks running; or "
    "over twelve weeks under 80 % of normal, at three. At most once in eight weeks."
)
