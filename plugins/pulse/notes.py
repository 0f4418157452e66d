"""Notes apart from the alarm: a space goes quiet, one person carries it, newcomers wait, a bot.

Pure: each looks at counts and says what it found, or None. No person is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bot.api import Loudest
from plugins.pulse.logic import Share, share_of
from plugins.pulse.weeks import Week

QUIET_WEEKS, QUIET_USUAL, QUIET_PART, QUIET_LEAST = 8, 52, 0.35, 8
"""Weeks that are compared; with how many; how far below is quiet; the least usual posts a week."""
QUIET_KNOWN = 26
"""Weeks that it takes to speak of a usual week."""
CARRIED_REPLIES, CARRIED_PEOPLE = 20, 2.0
WAITING_NEWCOMERS, WAITING_PART = 8, 0.5
BOT_POSTS, BOT_PART, BOT_REPLIES = 24, 0.30, 0.02


@dataclass(frozen=True, slots=True)
class Quiet:
    """So few posts a week lately, where so many were usual."""

    lately: float
    usual: float


@dataclass(frozen=True, slots=True)
class Carried:
    """Most replies come from one person."""

    replies: int
    people: int
    effective: float


def going_quiet(weeks: Sequence[Week]) -> Quiet | None:
    """Tell whether two checks running found under 35 % of the usual posts; weeks oldest first."""
    usable = [week for week in weeks if not week.quiet]
    found = _fallen(usable)
    return found if found and _fallen(usable[:-1]) else None


def _fallen(weeks: Sequence[Week]) -> Quiet | None:
    lately, before = weeks[-QUIET_WEEKS:], weeks[-QUIET_WEEKS - QUIET_USUAL : -QUIET_WEEKS]
    if len(before) < QUIET_KNOWN:
        return None
    usual = median(week.posts for week in before)
    mean = sum(week.posts for week in lately) / QUIET_WEEKS
    return Quiet(mean, usual) if usual >= QUIET_LEAST and mean < QUIET_PART * usual else None


def carried(by: Sequence[int]) -> Carried | None:
    """Tell whether replies come, in effect, from fewer than two people; of 20 replies or more.

    ``by`` is how many replies each person wrote to others.
    """
    replies = sum(by)
    if replies < CARRIED_REPLIES:
        return None
    effective = replies**2 / sum(count * count for count in by)
    return Carried(replies, len(by), effective) if effective < CARRIED_PEOPLE else None


def newcomers_waiting(answered: int, people: int) -> Share | None:
    """Tell whether fewer than half of newcomers are answered in time, surely; of 8 or more."""
    found = share_of(answered, people)
    sure = found is not None and found.n >= WAITING_NEWCOMERS and found.high < WAITING_PART
    return found if sure else None


def may_be_bot(found: Loudest | None) -> bool:
    """Tell whether an account begins over 30 % of what is begun, and hardly ever replies."""
    if found is None or found.of < BOT_POSTS:
        return False
    posts = found.originals + found.replies
    return found.originals > BOT_PART * found.of and found.replies < BOT_REPLIES * posts
