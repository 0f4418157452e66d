"""Two books that a handler may write in besides its own tables: consent, and its timers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.model import Member
from bot.domain.recurrence import Recurrence

GRACE = timedelta(minutes=15)
"""How late a timer may be and still run, unless its plugin says otherwise."""


class Consent(Protocol):
    """What members of this community agreed to, by purpose; one book for every plugin."""

    def of(self, member: Member, purpose: str) -> bool | None:
        """Their standing yes or no; None when they never said."""
        ...

    def record(self, member: Member, purpose: str, given: bool) -> None:
        """Write down what the member said, now; a later word replaces an earlier one."""
        ...


class Timetable(Protocol):
    """The plugin's timers in this community. A timer's name is the plugin's own to choose."""

    def once(
        self,
        name: str,
        at: datetime,
        label: str,
        payload: Mapping[str, Any] | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> None:
        """Call the due handler at ``at`` (aware); setting a name again replaces its timer.

        ``grace`` is how late it may be and still run; later than that it is missed.
        """
        ...

    def repeat(
        self,
        name: str,
        rule: Recurrence,
        label: str,
        payload: Mapping[str, Any] | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> datetime | None:
        """Call the due handler at each occurrence after now; returns the first, in UTC.

        Setting the same rule again changes nothing; None when the rule gives no more dates.
        """
        ...

    def cancel(self, name: str) -> bool:
        """Forget a timer; False when there is none of that name."""
        ...

    def next(self, name: str) -> datetime | None:
        """When a timer is next due, in UTC; None when it is not set."""
        ...
