"""Two books that a handler may write in besides its own tables: consent, and its timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from bot.domain.model import Member
from bot.domain.recurrence import Recurrence

OccasionKind = Literal["session", "event"]
GRACE = timedelta(minutes=15)
"""How late a timer may be and still run, unless its plugin says otherwise."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A time at which people meet in a space, from ``begins`` up to, not including, ``ends``."""

    space: str
    """Key of the space."""
    begins: datetime
    ends: datetime
    kind: OccasionKind = "session"


@dataclass(frozen=True, slots=True)
class Planned:
    """A time at which people will meet, as the plugin that holds it knows it now."""

    space: str
    """Key of the space."""
    begins: datetime
    zone: str
    """IANA zone whose clock it keeps."""
    how: str = ""
    """How it goes, in a sentence or two for somebody who was never at one."""


class Occasions(Protocol):
    """When people met in the spaces of this community; any plugin may write, any may read."""

    def record(self, name: str, occasion: Occasion) -> None:
        """Write down an occasion; the same name of the same plugin again replaces it."""
        ...

    def drop(self, name: str) -> bool:
        """Forget an occasion that did not come to pass; False when there is none of that name."""
        ...

    def of(self, space: str, since: datetime, until: datetime) -> list[Occasion]:
        """List a space's occasions that touch a window, whoever wrote them; earliest first."""
        ...

    def next(self) -> Planned | None:
        """What is planned next in this community, asked of every plugin just now; None: nothing."""
        ...


class Bots(Protocol):
    """What hosts said of accounts that no platform calls bots; an account is named by a post."""

    def mark(self, space: str, post_id: str) -> bool:
        """Count no post of this author's as a person's, looking back too; False when it is gone.

        UserError when the author is a host.
        """
        ...

    def unmark(self, space: str, post_id: str) -> bool:
        """Take that back: what counted before counts again; False when the post is gone."""
        ...


class Acts(Protocol):
    """What this plugin already decided."""

    def state(self, key: str) -> str | None:
        """The state of an act in the ledger, by its key; None when there is no such act."""
        ...

    def made(self, post_id: str) -> bool:
        """Whether an act of this plugin's in this community made a post."""
        ...


class Consent(Protocol):
    """What members of this community agreed to, by purpose; one book for every plugin."""

    def of(self, member: Member, purpose: str) -> bool | None:
        """Their standing yes or no; None when they never said."""
        ...

    def record(self, member: Member, purpose: str, given: bool) -> None:
        """Write down what the member said, now; a later word replaces an earlier one."""
        ...

    def accounts(self, member: Member) -> list[Member]:
        """All accounts that a member said are theirs, this one first."""
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
