"""When does a conversation stop being one? The weekly check, and what it remembers.

Pure: closed weeks go in, a standing and a finding come out. The live alarm and ``weaver detect``
are both this module. Three rules look at a space that is meant to be a conversation:

- ``floor``: hardly anything is a reply, whatever it was before.
- ``fall``: over the last 4 weeks far fewer replies than is normal here.
- ``slide``: over 12 weeks fewer than is normal here; a small loss, but one that stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Literal

from plugins.pulse.weeks import ALIKE, USUAL, Pool, Reading, Week, normal_of

Reason = Literal["floor", "fall", "slide"]

HORIZON = 104
"""Weeks that a check may look back on."""
RECENT, LONG = 4, 12
"""Weeks that are judged; that are judged where people post little, and for a slide."""
ENOUGH, ACTIVE = 24, 3
"""Posts, and weeks with posts, below which a share is luck."""
LONG_POSTS, LONG_ACTIVE = 60, 6
BUSY = 2
"""A week counts for at most so many usual ones."""
EVENT, EVENT_POSTS, EVENT_KNOWN, EVENT_LONGEST = 2.6, 12, 6, 6
"""So many usual weeks' posts, and at least so many of them, look like an event, once so many weeks
are known. After so many such weeks running it is no event: the space has grown."""
FLOOR = 0.15
FALL, FALL_CEILING = 0.65, 0.45
FALL_FEW, FALL_FEW_CEILING = 0.60, 0.35
"""The same where people post so little that twelve weeks are judged: a few posts more or less are
much there."""
UNEASY, UNEASY_CEILING = 0.80, 0.60
SLIDE, SLIDE_STILL = 0.80, 0.90
RUNNING, SLIDE_RUNNING, GOOD_RUNNING = 2, 3, 3
"""Bad checks running that raise an alarm; the same for a slide; good ones that end it."""
AGAIN, AGAIN_FALL, AGAIN_SLIDE, AGAIN_FLOOR = 0.8, 0.5, 0.9, 0.25


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a space from one check to the next; nothing about people."""

    low: int = 0
    """Checks running that were bad by floor or fall."""
    slid: int = 0
    uneasy: int = 0
    good: int = 0
    alarm: Reason | None = None
    normal: float | None = None
    """What was normal when the alarm was raised."""
    alarmed: frozenset[date] = frozenset()
    """Weeks that ended in alarm: they are not what is normal."""
    events: frozenset[date] = frozenset()
    """Weeks so busy that they look like an event."""
    busy: int = 0
    """Such weeks running."""

    @property
    def amber(self) -> bool:
        """Somewhat fewer replies than normal, two checks running: worth a line, not an alarm."""
        return self.alarm is None and self.uneasy >= RUNNING


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw, for the message: the weeks it is about and what they are held against.

    Those are the recent weeks, and of a slide that raises the alarm the last twelve.
    """

    recent: Reading
    normal: float | None
    reason: Reason | None
    """Why this check was bad; None when it was not, or not by itself."""
    raised: bool = False
    """Whether it raised the alarm."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """All that one check sees."""

    recent: Finding
    slide: Finding | None = None
    uneasy: bool = False


def check(before: Standing, weeks: Sequence[Week]) -> tuple[Standing, Finding | None]:
    """Go from one weekly check to the next, on closed weeks, oldest first, without gaps.

    No finding when the week just closed is quiet or an event, or when there are too few posts to
    tell: then an alarm stays as it is.
    """
    weeks = weeks[-HORIZON:]
    latest = weeks[-1]
    if latest.quiet:
        return _closed(before, latest), None
    before = _events(before, weeks)
    sight = None if latest.monday in before.events else _look(before, weeks)
    if sight is None:
        return _closed(before, latest), None
    after = replace(
        before,
        low=before.low + 1 if sight.recent.reason else 0,
        slid=before.slid + 1 if sight.slide else 0,
        uneasy=before.uneasy + 1 if sight.uneasy else 0,
    )
    if before.alarm:
        return _closed(_eased(after, sight.recent), latest), sight.recent
    found = _decisive(after, sight)
    if found is None:
        return after, sight.recent
    after = replace(after, alarm=found.reason, normal=found.normal, good=0)
    return _closed(after, latest), replace(found, raised=True)


def course(weeks: Sequence[Week], standing: Standing | None = None) -> Iterator[Standing]:
    """Check a history week by week, each on what was known then; yields every standing."""
    after = standing or Standing()
    for number in range(1, len(weeks) + 1):
        after, _ = check(after, weeks[max(0, number - HORIZON) : number])
        yield after


def _look(standing: Standing, weeks: Sequence[Week]) -> _Sight | None:
    """Hold the recent weeks against the floor and against normal; None when too few to tell."""
    usable = [w for w in reversed(weeks) if not w.quiet and w.monday not in standing.events]
    most = BUSY * median([w.posts for w in usable[:USUAL] if w.posts] or [1])
    recent = Pool(usable[:RECENT], most)
    if recent.posts < ENOUGH:
        recent = Pool(usable[:LONG], most)
    if recent.posts < ENOUGH or recent.active < ACTIVE:
        return None
    normal = normal_of(usable[len(recent.weeks) :], most, standing.alarmed)
    plain = recent.reading(ALIKE)
    reason: Reason | None = "floor" if plain.high < FLOOR else None
    if normal is None:
        return _Sight(Finding(plain, None, reason))
    reading = recent.reading(normal.alike)
    is_few = len(recent.weeks) > RECENT
    part, ceiling = (FALL_FEW, FALL_FEW_CEILING) if is_few else (FALL, FALL_CEILING)
    if reading.high < min(part * normal.share, ceiling):
        reason = "fall"
    return _Sight(
        Finding(plain if reason == "floor" else reading, normal.share, reason),
        slide=_slide(usable, most, standing.alarmed, reading),
        uneasy=reading.high < min(UNEASY * normal.share, UNEASY_CEILING),
    )


def _slide(
    usable: Sequence[Week], most: float, alarmed: frozenset[date], recent: Reading
) -> Finding | None:
    """Hold twelve weeks against normal; they count only while the recent ones are still low."""
    pool = Pool(usable[:LONG], most)
    if len(pool.weeks) < LONG or pool.posts < LONG_POSTS or pool.active < LONG_ACTIVE:
        return None
    normal = normal_of(usable[LONG:], most, alarmed)
    if normal is None or recent.high >= SLIDE_STILL * normal.share:
        return None
    reading = pool.reading(normal.alike)
    return Finding(reading, normal.share, "slide") if reading.high < SLIDE * normal.share else None


def _decisive(standing: Standing, sight: _Sight) -> Finding | None:
    """The finding that raises the alarm, once there were enough bad checks running."""
    if standing.low >= RUNNING:
        return sight.recent
    return sight.slide if standing.slid >= SLIDE_RUNNING else None


def _eased(standing: Standing, found: Finding) -> Standing:
    """End the alarm after enough good checks running."""
    good = standing.good + 1 if found.recent.share > recovery(standing) else 0
    if good < GOOD_RUNNING:
        return replace(standing, good=good)
    return replace(standing, low=0, slid=0, good=0, alarm=None, normal=None)


def recovery(standing: Standing) -> float:
    """The share above which a check in alarm is a good one."""
    if standing.alarm == "floor" or standing.normal is None:
        return AGAIN_FLOOR
    ceiling = AGAIN_SLIDE if standing.alarm == "slide" else AGAIN_FALL
    return min(AGAIN * standing.normal, ceiling)


def _closed(standing: Standing, latest: Week) -> Standing:
    """Write down a week that ended in alarm."""
    if standing.alarm is None:
        return standing
    return replace(standing, alarmed=standing.alarmed | {latest.monday})


def _events(standing: Standing, weeks: Sequence[Week]) -> Standing:
    """Tell whether the week just closed looks like an event, or whether events became growth."""
    latest, earlier = weeks[-1], [week for week in weeks[:-1] if not week.quiet][-USUAL:]
    known = [w.posts for w in earlier if w.posts and w.monday not in standing.events]
    if (
        len(known) < EVENT_KNOWN
        or latest.posts < EVENT_POSTS
        or latest.posts <= EVENT * median(known)
    ):
        return replace(standing, busy=0)
    if standing.busy < EVENT_LONGEST:
        events = standing.events | {latest.monday}
        return replace(standing, events=events, busy=standing.busy + 1)
    run = {week.monday for week in earlier[-standing.busy :]}
    return replace(standing, events=standing.events - run)
