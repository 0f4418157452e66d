"""Sessions, event weeks, and what is between them: talk of different kinds, looked at apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from bot.api import Context, Occasion, Said, Space
from plugins.pulse.choices import choices
from plugins.pulse.settings import Settings
from plugins.pulse.tables import PulseClosure

Part = Literal["all", "sessions", "between", "events"]


def parted(ctx: Context[Settings], space: Space, said: Sequence[Said], part: Part) -> list[Said]:
    """Keep what was said in one part; sessions are those that a plugin wrote down."""
    if part == "all" or not said:
        return list(said)
    first, last = said[0].at, said[-1].at
    held = ctx.occasions.of(space.key, first - timedelta(days=7), last + timedelta(days=7))
    events = [one for one in choices(ctx).closures if one.event and one.space in ("", space.key)]
    return [one for one in said if part_of(one, held, events) == part]


def part_of(one: Said, held: Sequence[Occasion], events: Sequence[PulseClosure]) -> Part:
    """Tell in which part something was said: a session goes before an event week."""
    monday = one.at.date() - timedelta(days=one.at.weekday())
    if any(o.kind == "session" and o.begins <= one.at < o.ends for o in held):
        return "sessions"
    if any(event.touches(monday) for event in events):
        return "events"
    sunday = monday + timedelta(days=6)
    in_event = any(
        o.kind == "event" and o.begins.date() <= sunday and o.ends.date() >= monday for o in held
    )
    return "events" if in_event else "between"
