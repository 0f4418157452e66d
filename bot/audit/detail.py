"""Count what stands beside the audit's table: week by week, and by how many people. No names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.audit.figures import Tally, Window
from bot.audit.posts import REPLY, REPOST
from bot.domain.measures import WEEK

FEWEST = 3
"""Under so many people a count says more about persons than about the community."""
ENOUGH_PEOPLE = 10
"""Under so many people there are no bands to speak of."""
SMALLEST = 10
"""Under so many posts a share is mostly luck."""

_MONDAY = 4 * 86_400  # 1970-01-05, the first Monday that Unix time knows
_FACTS_A_WEEK = WEEK << 2
_KIND = 3
_SEVERAL = -1 << 40  # no week


@dataclass(frozen=True, slots=True)
class WeekCount:
    """What people said in a week, reposts left out."""

    monday: date
    posts: int
    replies: int


@dataclass(frozen=True, slots=True)
class Bands:
    """How many people carry the talk, join in, and come by; counts only."""

    core: int
    """The fewest people who wrote half of the posts (CHAOSS: contributor absence factor)."""
    active: int
    """Others who posted in two weeks or more."""
    peripheral: int
    """Others, who posted in one week only."""


@dataclass(frozen=True, slots=True)
class Detail:
    """An archive's weeks, from the first to the last with a post, and its bands."""

    weeks: Sequence[WeekCount]
    people: int
    """Who said something themselves: reposts make nobody one of them."""
    bands: Bands | None
    """None where there are under 10 people, or where a band of 1 or 2 would single them out."""
    carried_by: int | None
    """The core's size; None where there are under 10 people or it is 1 or 2."""


def detail(tally: Tally, window: Window, *, is_thread: bool = False) -> Detail:
    """Count people's own posts in the window, reposts and bots left out."""
    low, high = window.bounds
    weeks, replies, written = Counter[int](), Counter[int](), Counter[int]()
    seen: dict[int, int] = {}  # the week in which an account posted, or that there are several
    for _, posts in tally.posts(is_thread=is_thread):
        for facts, account in posts:
            kind = facts & _KIND
            if not low <= facts < high or kind == REPOST:
                continue
            week = (facts - (_MONDAY << 2)) // _FACTS_A_WEEK
            weeks[week] += 1
            replies[week] += kind == REPLY
            written[account] += 1
            if seen.setdefault(account, week) != week:
                seen[account] = _SEVERAL
    often = {who for who, week in seen.items() if week == _SEVERAL}
    return detail_of(weeks, replies, written, often)


def detail_of(
    weeks: Counter[int], replies: Counter[int], written: Counter[int], often: set[int]
) -> Detail:
    """Make it of posts and replies a week (from 1970-01-05) and of posts a person.

    People are numbers; `often` are those who posted in two weeks or more.
    """
    bands, people = _bands(written, often), len(written)
    is_small = people < ENOUGH_PEOPLE
    singled = any(0 < count < FEWEST for count in (bands.core, bands.active, bands.peripheral))
    return Detail(
        _span(weeks, replies),
        people,
        None if is_small or singled else bands,
        None if is_small or bands.core < FEWEST else bands.core,
    )


def _bands(written: Counter[int], often: set[int]) -> Bands:
    """Part people by how much they wrote, and whether they came back."""
    half, so_far, core = written.total() / 2, 0, 0
    ranked = sorted(written.items(), key=lambda one: (-one[1], one[0]))  # alike in any order
    for _, count in ranked:
        if so_far >= half:
            break
        so_far += count
        core += 1
    active = sum(who in often for who, _ in ranked[core:])
    return Bands(core, active, len(ranked) - core - active)


def _span(weeks: Counter[int], replies: Counter[int]) -> list[WeekCount]:
    if not weeks:
        return []
    return [
        WeekCount(monday_of(number), weeks[number], replies[number])
        for number in range(min(weeks), max(weeks) + 1)
    ]


def monday_of(number: int) -> date:
    """The Monday of a week, counted from 1970-01-05."""
    return (datetime.fromtimestamp(_MONDAY, UTC) + timedelta(weeks=number)).date()
