"""The reading of turns, where people answer without links: as pulse inferred them week by week.

It stands beside the reading of linked replies and is never mixed with it: posts, people and bars
are of the weeks alone of which turns were counted, and only of those that lie in the window whole.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, inspect, select

from bot.audit.figures import Window
from bot.kernel.statements import table
from plugins.pulse.tables import PulseTurns

_TURNS = table(PulseTurns)
_WEEK = timedelta(weeks=1)
FIRST_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Inferred:
    """A closed week in counts."""

    week: int
    """Counted from the first Monday that Unix time knows."""
    openings: int
    turns: int

    @property
    def monday(self) -> date:
        """Its first day."""
        return FIRST_MONDAY + self.week * _WEEK


def inferred(
    connection: Connection, community: str, space: str, window: Window
) -> Sequence[Inferred]:
    """The weeks of a space, by its key, that lie in the window whole; none where none was counted.

    A database without pulse has none.
    """
    if not inspect(connection).has_table(_TURNS.name):
        return ()
    found = connection.execute(
        select(_TURNS.c.monday, _TURNS.c.openings, _TURNS.c.turns)
        .where(_TURNS.c.community == community, _TURNS.c.space == space)
        .order_by(_TURNS.c.monday)
    )
    weeks = (
        Inferred((date.fromisoformat(monday) - FIRST_MONDAY) // _WEEK, openings, turns)
        for monday, openings, turns in found
    )
    return [week for week in weeks if _is_in(week, window)]


def _is_in(week: Inferred, window: Window) -> bool:
    begins = datetime.combine(week.monday, datetime.min.time(), UTC)
    first, end = int(begins.timestamp()), int((begins + _WEEK).timestamp())
    since, until = window.since, window.until
    return (since is None or since <= first) and (until is None or end <= until)


def weekly(weeks: Sequence[Inferred]) -> tuple[Counter[int], Counter[int]]:
    """Posts, and turns among them, by week."""
    posts = Counter({one.week: one.openings + one.turns for one in weeks})
    return posts, Counter({one.week: one.turns for one in weeks})


def rules(weeks: Sequence[Inferred]) -> str:
    """Say how the reading came about, and over which days."""
    first, last = weeks[0].monday, weeks[-1].monday + timedelta(days=6)
    return (
        f"reply = a turn to somebody, inferred from who spoke when, over {len(weeks)} closed "
        f"week{'' if len(weeks) == 1 else 's'} from {first} to {last} (UTC); too many by some ten "
        "points, so held against itself alone and never against linked replies"
    )
