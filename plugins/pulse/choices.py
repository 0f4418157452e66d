"""What hosts decided: what a space is meant to be, which weeks do not count, when to be quiet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, delete, select

from bot.api import Community, Context, Space, UserError, join_words
from plugins.pulse.logic import named
from plugins.pulse.settings import Mode, Settings, closure
from plugins.pulse.tables import PulseChoice, PulseClosure

COUNTED = ("conversation", "announcements", "resources")


@dataclass(frozen=True, slots=True)
class Choices:
    """The operator's settings and the hosts' commands, read together."""

    settings: Settings
    said: Mapping[str, str]
    """What hosts chose by command, by name."""
    closures: Sequence[PulseClosure]

    def mode(self, space: Space | None = None) -> Mode:
        """What a space is meant to be; a command for the space goes before one for all."""
        named_here = self.said.get(f"mode {space.key}") if space else None
        found = named_here or self.said.get("mode") or self.settings.mode
        assert found in COUNTED
        return found  # type: ignore[return-value]

    def is_quiet(self, monday: date, space: Space) -> bool:
        """Whether a closure or an event touches the week there."""
        return self.settings.is_quiet(monday) or any(
            one.touches(monday) for one in self.closures if one.space in ("", space.key)
        )

    def is_quiet_everywhere(self, monday: date) -> bool:
        """Whether a closure of all spaces touches the week."""
        return self.settings.is_quiet(monday) or any(
            one.touches(monday) for one in self.closures if not one.space
        )

    def is_muted(self, space: Space, at: datetime) -> bool:
        """Whether hosts asked for quiet about a space."""
        until = self.said.get(f"mute {space.key}")
        return until is not None and at < datetime.fromisoformat(until)

    def is_inferred(self, space: Space) -> bool:
        """Whether people there answer without links, so that answers are inferred from turns."""
        wanted = {name.lstrip("#").casefold() for name in self.settings.inferred}
        return not wanted.isdisjoint(
            name.lstrip("#").casefold() for name in (space.id, space.name) if name
        )


def choices(ctx: Context[Settings]) -> Choices:
    """Read what holds now."""
    mine = ctx.community.id
    said = ctx.db.exec(select(PulseChoice).where(col(PulseChoice.community) == mine))
    closures = ctx.db.exec(
        select(PulseClosure)
        .where(col(PulseClosure.community) == mine)
        .order_by(col(PulseClosure.first), col(PulseClosure.number))
    )
    return Choices(ctx.settings, {one.name: one.value for one in said}, list(closures))


def choose(ctx: Context[Settings], name: str, value: str | None) -> None:
    """Write down a host's choice; None takes it back."""
    if value is None:
        mine = (col(PulseChoice.community) == ctx.community.id, col(PulseChoice.name) == name)
        ctx.db.exec(delete(PulseChoice).where(*mine))
    else:
        ctx.db.merge(PulseChoice(community=ctx.community.id, name=name, value=value))
    ctx.db.flush()


def talked_in(community: Community) -> list[Space]:
    """The spaces where people talk: not the hosts' own, and not where posts are passed on to."""
    return [space for space in community.spaces if space.purpose not in ("audience", "hosts")]


def talked(community: Community, space: Space) -> Space:
    """The space, if people talk there; else UserError."""
    known = talked_in(community)
    if space not in known:
        names = join_words([named(found) for found in known]) or "none yet"
        raise UserError(f"{named(space)} is no space where people talk; those are {names}")
    return space


def conversations(ctx: Context[Settings], chosen: Choices) -> Iterator[Space]:
    """The spaces that are meant to be a conversation."""
    return (one for one in talked_in(ctx.community) if chosen.mode(one) == "conversation")


def reference(space: Space) -> str:
    """How a command names a space."""
    return f'"{space.id}"' if any(map(str.isspace, space.id)) else space.id


def days_said(first: str, last: str) -> tuple[date, date]:
    """Read the days that a host gave, as ``2026-12-19`` and perhaps a last one."""
    try:
        return closure(f"{first}/{last}" if last else first)
    except ValueError as error:
        raise UserError(str(error)) from None


def closed_weeks(at: datetime, count: int) -> tuple[date, date]:
    """The first and the last day of the last ``count`` weeks that were over at ``at``."""
    day = at.date()
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(weeks=count), monday - timedelta(days=1)
