"""What a handler may read of the log of posts: metadata only, no words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.model import Member, PostKind


@dataclass(frozen=True, slots=True)
class Talk:
    """What people said in a space in a window, in numbers; bots are counted apart."""

    originals: int
    replies: int
    reposts: int
    bot_posts: int
    people: int
    """0 where weeks or days are counted: of those, nobody asks how many people."""
    bare: int = 0
    """Of the originals of days and weeks, those that are nothing but a link."""


@dataclass(frozen=True, slots=True)
class Said:
    """One original or reply of a person, who is a number that means nothing elsewhere."""

    who: int
    at: datetime
    to: int | None = None
    """Whom a reply answers, when that person is known."""
    is_reply: bool = False
    answered: datetime | None = None
    """When another person first replied to it directly."""
    is_first: bool = False
    """Whether it is the first that the person ever said in the space."""
    is_bare: bool = False
    """Whether it began something with nothing but a link."""
    is_host: bool = False
    """Whether a host of the community said it."""
    names: tuple[int, ...] = ()
    """Whom it names, for two weeks; then that is forgotten."""


@dataclass(frozen=True, slots=True)
class Loudest:
    """The account that began most in a space in a window, by the latest of its posts."""

    post: str
    originals: int
    replies: int
    of: int
    """All originals of people there."""


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Something that a person began while they were new."""

    author: Member
    """Without a name."""
    space: str
    """Key of the space."""
    post: str
    at: datetime
    began: datetime
    """When the author first said anything in the community, as far as the log goes back."""
    answered: datetime | None = None
    """When another person first replied to it directly."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log knows of one post: who, where, when and how it stands. Never a word of it."""

    author: Member
    """Without a name."""
    space: str
    """Key of the space."""
    at: datetime
    kind: PostKind
    answered: datetime | None = None
    """When another person first replied to it directly."""


class Posts(Protocol):
    """The log of posts of this community: metadata only, no words."""

    def about(self, post_id: str) -> Logged | None:
        """What is known of a post; None when it is unknown or deleted."""
        ...

    def first_seen(self, member: Member) -> datetime | None:
        """When a member first said anything here; None when they never did, or it is deleted."""
        ...

    def first_steps(self, since: datetime, until: datetime, span: timedelta) -> list[FirstSteps]:
        """List what people began within ``span`` of their first word here, oldest first."""
        ...

    def began(self) -> datetime | None:
        """When the log of this community begins; None while it is empty."""
        ...

    def seen(self, post_id: str) -> bool:
        """Whether the post is in the log, so neither unknown nor deleted."""
        ...

    def likes(self, space: str, since: datetime, until: datetime) -> int:
        """Count the likes of a space's posts of a window; none, where likes are not counted."""
        ...

    def tagged(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count hashtags' spaces without the answers that do not carry the tag; by their keys."""
        ...

    def talks(self, spaces: Sequence[str], since: datetime, until: datetime) -> dict[str, Talk]:
        """Count several spaces at once, each as ``talk`` does; by the key of the space."""
        ...

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        ...

    def by_week(
        self, spaces: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, list[Talk]]:
        """Count spaces week by week, counted back from the midnight ``until``, oldest first."""
        ...

    def by_day(
        self, spaces: Sequence[str], since: datetime, until: datetime
    ) -> dict[str, list[Talk]]:
        """Count spaces day by day between two midnights (UTC), oldest first."""
        ...

    def people(self, spaces: Iterable[str], since: datetime, until: datetime) -> int:
        """Count the people who said anything in some spaces, each once."""
        ...

    def answered(
        self, space: str, since: datetime, until: datetime, within: timedelta
    ) -> tuple[int, int]:
        """Count what people began in a window: how much of it another answered in time, and all."""
        ...

    def repliers(self, space: str, since: datetime, until: datetime) -> list[int]:
        """Count the replies of each person to others, ascending; nobody can be told apart."""
        ...

    def first_posts(
        self, space: str, since: datetime, until: datetime, within: timedelta
    ) -> tuple[int, int]:
        """Count people whose first post there began something: answered in time, and all.

        Those whose time is not over by ``until`` are left out.
        """
        ...

    def loudest(self, space: str, since: datetime, until: datetime) -> Loudest | None:
        """Find the account, no host's, that began most in a space; None where none began."""
        ...

    def said(self, space: str, since: datetime, until: datetime) -> list[Said]:
        """List who answered whom in a space, oldest first, as known before ``until``."""
        ...
