"""The weekly note to hosts: who waits, three numbers, one chart, one thing to try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.api import (
    Context,
    FirstSteps,
    Picture,
    Recurrence,
    Space,
    UserError,
    clock_words,
    day_words,
    zone_words,
)
from plugins.pulse.chart import LOOKED_AT, picture
from plugins.pulse.choices import Choices, conversations, talked_in
from plugins.pulse.logic import USUAL, WEEK, Share, named, posts, share, share_of, together
from plugins.pulse.settings import Settings
from plugins.pulse.tables import PulseState
from plugins.pulse.watch import closed
from plugins.pulse.weeks import USUAL_POSTS, Week

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
NEW, WAITS = timedelta(days=7), timedelta(hours=24)
"""How long somebody is new, and how long a first post may wait before hosts are told."""
LISTED, LEAST = 5, 10
"""Newcomers in one note at most; posts below which a week has nothing to say."""
LOOKED_BACK = timedelta(days=14)
LATEST = timedelta(hours=20)
"""How late the note may come: it is for the day, not for the minute."""


@dataclass(frozen=True, slots=True)
class When:
    """The day and time of the note, in the community's zone; None is never."""

    day: str
    at: time

    def rule(self, zone: str) -> Recurrence:
        """Every week at that time."""
        first = datetime.combine(date(2024, 1, 1), self.at)
        return Recurrence(first, zone, f"FREQ=WEEKLY;BYDAY={self.day.upper()}")

    def words(self, zone: str) -> str:
        """Say it: "Mondays at 9 am London time"."""
        day = day_words(date(2024, 1, 1 + DAYS.index(self.day))).partition(" ")[0]
        return f"{day}s at {clock_words(self.at)} {zone_words(zone)}"

    def __str__(self) -> str:
        return f"{self.day} {self.at:%H:%M}"


def when(chosen: Choices) -> When | None:
    """When the note is written: as hosts said by command, else as the settings say."""
    said = chosen.said.get("weekly")
    if said is None:
        said = f"{chosen.settings.weekly} {chosen.settings.weekly_at}"
    return None if said.startswith("off") else read(*said.split())


def read(day: str, at: str) -> When:
    """Read a day such as ``mo`` and a time such as ``09:00``; UserError when it is none."""
    try:
        return When(day, time.fromisoformat(at))
    except ValueError:
        raise UserError(f"{at!r} is no time of day: write it like 09:00") from None


def plan(ctx: Context[Settings], chosen: Choices) -> None:
    """Set the note's timer, or take it away; an unchanged one stays as it is."""
    at = when(chosen)
    if at is None:
        ctx.schedule.cancel("weekly")
    else:
        label = "The weekly note to hosts"
        ctx.schedule.repeat("weekly", at.rule(ctx.community.zone), label, grace=LATEST)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one closed week comes to, over every space where people talk."""

    share: Share | None
    people: int
    answered: Share | None
    """Of what was begun in the week and is a day old, what another answered within 24 hours."""
    usual: Share | None
    """The share of up to 26 weeks before, quiet ones left out, where those have 40 posts."""
    weeks: int
    """How many of those there are, from the first with a post on."""


def monday_of(now: datetime) -> datetime:
    """The last Monday, 00:00 UTC."""
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return today - timedelta(days=today.weekday())


def numbers(ctx: Context[Settings], chosen: Choices) -> Numbers:
    """Count the week that is over."""
    monday, spaces = monday_of(ctx.now), talked_in(ctx.community)
    last = monday - WEEK
    keys = [one.key for one in spaces]
    talks = ctx.posts.talks(keys, last, monday).values()
    by_week = ctx.posts.by_week(keys, last - USUAL * WEEK, last)
    before = [
        (number, talk)
        for one in spaces
        for number, talk in enumerate(by_week[one.key])
        if not chosen.is_quiet((last - (USUAL - number) * WEEK).date(), one)
    ]
    first = min((number for number, talk in before if posts(talk)), default=USUAL)
    until = min(monday, ctx.now - timedelta(hours=24))
    begun = [ctx.posts.answered(one.key, last, until, timedelta(hours=24)) for one in spaces]
    usual = share(together(talk for _, talk in before))
    return Numbers(
        share(together(talks)),
        ctx.posts.people(keys, last, monday),
        share_of(sum(k for k, _ in begun), sum(n for _, n in begun)),
        usual if usual and usual.n >= USUAL_POSTS else None,
        len({number for number, _ in before if number >= first}),
    )


def waiting(ctx: Context[Settings]) -> list[FirstSteps]:
    """The first posts of newcomers of whom nobody has answered anything for a day, oldest first."""
    places = {one.key for one in talked_in(ctx.community)}
    found = ctx.posts.first_steps(ctx.now - LOOKED_BACK, ctx.now - WAITS, NEW)
    met = {one.author.key for one in found if one.answered is not None}
    first = {one.author.key: one for one in reversed(found) if one.space in places}
    return [one for one in found if one.author.key not in met and first.get(one.author.key) is one]


def note(ctx: Context[Settings], chosen: Choices) -> tuple[str, tuple[Picture, ...]] | None:
    """The words and the chart of the note as it would be now; None when there is nothing to say."""
    found, newcomers = numbers(ctx, chosen), waiting(ctx)
    if not newcomers and (found.share is None or found.share.n < LEAST):
        return None
    states = _states(ctx, chosen)
    places = {one.key: one for one in talked_in(ctx.community)}
    values: dict[str, Any] = {
        "found": found,
        "monday": day_words((monday_of(ctx.now) - WEEK).date()),
        "waiting": [_placed(ctx, one, places[one.space]) for one in newcomers[:LISTED]],
        "more": max(0, len(newcomers) - LISTED),
        "alarmed": [name for name, state in states if state.alarm and not state.seen],
        "uneasy": [name for name, state in states if state.standing.amber],
        "suggestion": suggestion(found, newcomers, [state for _, state in states]),
    }
    chart = _chart(ctx, chosen)
    return ctx.render("weekly.md", **values), (chart,) if chart else ()


def suggestion(
    found: Numbers, newcomers: Sequence[FirstSteps], states: Sequence[PulseState]
) -> str:
    """Choose the one thing to try, by name: what waits goes before what could be better."""
    if newcomers:
        return "newcomers"
    if any(state.alarm or state.standing.amber for state in states):
        return "replies"
    if found.answered and found.answered.n >= LEAST and found.answered.k * 2 < found.answered.n:
        return "answers"
    return "thanks"


def _states(ctx: Context[Settings], chosen: Choices) -> list[tuple[str, PulseState]]:
    rows = (
        (named(one), ctx.db.get(PulseState, (ctx.community.id, one.key)))
        for one in conversations(ctx, chosen)
    )
    return [(name, row) for name, row in rows if row is not None]


def _placed(ctx: Context[Settings], one: FirstSteps, space: Space) -> dict[str, str]:
    return {
        "where": named(space),
        "day": day_words(one.at.date()),
        "link": ctx.link(space, one.post),
    }


def _chart(ctx: Context[Settings], chosen: Choices) -> Picture | None:
    """Every space together, week by week."""
    monday, spaces = monday_of(ctx.now), talked_in(ctx.community)
    if not spaces:
        return None
    each = [weeks[-LOOKED_AT:] for weeks in closed(ctx, chosen, spaces, monday).values()]
    weeks = [
        Week(
            parts[0].monday,
            sum(week.originals for week in parts),
            sum(week.replies for week in parts),
            quiet=all(week.quiet for week in parts),
        )
        for parts in zip(*each, strict=True)
    ]
    return picture(weeks, named(spaces[0]) if len(spaces) == 1 else ctx.community.name)
