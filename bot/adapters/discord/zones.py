"""Time zones, as somebody who types one may mean it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

MOST = 25


def zones_like(begun: str) -> Sequence[str]:
    """The zones that hold what was typed, 25 at most: places that begin with it are first."""
    wanted = begun.strip().replace(" ", "_").casefold()
    fits = [zone for zone in _zones() if wanted in zone.casefold()]
    return sorted(fits, key=lambda zone: not _place(zone).startswith(wanted))[:MOST]


@cache
def _zones() -> Sequence[str]:
    """Zones that are places, and UTC."""
    every = (zone for zone in available_timezones() if "/" in zone)
    return [*sorted(zone for zone in every if not zone.startswith("Etc/")), "UTC"]


def _place(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()
