"""What happened, in the past tense. Adapters and the kernel make these; plugins receive them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.domain.model import Member, Post, Role, Space


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at ``at`` (aware). ``id`` is unique per platform, never reused."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommunityOpened(Event):
    """Weaver looks after a community: at every start, and after its settings changed.

    The place to set timers that should always stand; setting an unchanged timer changes nothing.
    """


@dataclass(frozen=True, slots=True)
class SpaceEvent(Event):
    """Something that happened in a space; it concerns every community that has this space."""

    space: Space


@dataclass(frozen=True, slots=True)
class MemberJoined(SpaceEvent):
    """A member entered a space, and is past whatever screening there is."""

    member: Member
    made: datetime | None = None
    """When their account was made, where the platform tells."""
    how: Literal["joined", "followed"] = "joined"
    """``followed``: they began to follow an account of Weaver's, and have said nothing by that."""
    profile: str = ""
    """Where people can see who they are, where the platform has such a place."""


@dataclass(frozen=True, slots=True)
class RolesChanged(SpaceEvent):
    """Which roles a platform gives a member there, as far as Weaver has not heard it before.

    Told when they change, and once after every start, with the first thing that they say.
    """

    member: Member
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class PostSeen(SpaceEvent):
    """A person posted in a space. Posts of bots are logged by the core and never reach plugins."""

    post: Post


@dataclass(frozen=True, slots=True)
class PostEdited(SpaceEvent):
    """A person changed a post; ``post`` is how it reads now."""

    post: Post


@dataclass(frozen=True, slots=True)
class PostDeleted(SpaceEvent):
    """A post is gone, whoever removed it."""

    post_id: str


@dataclass(frozen=True, slots=True)
class PostLiked(SpaceEvent):
    """Somebody liked a post, or took that back: nobody learns who.

    Told only where the operator wants likes counted; the log of posts counts them.
    """

    post_id: str
    given: bool = True
    """False when a like was taken back."""


@dataclass(frozen=True, slots=True)
class MeetingAnswered(SpaceEvent):
    """A member said in a platform's own calendar that they are coming, or no longer are."""

    member: Member
    meeting: str
    """The receipt of the act that put the meeting there."""
    coming: bool = True


@dataclass(frozen=True, slots=True)
class MeetingCounted(SpaceEvent):
    """All who say in a platform's calendar that they are coming, as after Weaver was away."""

    meeting: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class CommandCalled(SpaceEvent):
    """A member asked Weaver for something in words, such as ``chats list``."""

    member: Member
    text: str
    post_id: str | None = None
    """The post that carried the command, where the platform has one."""
    mentions: tuple[Member, ...] = ()
    """Other members whom the text names."""
    named: tuple[Role, ...] = ()
    """Roles that it names."""
    roles: tuple[Role, ...] = ()
    """The roles that the platform gives the member there."""
    manages: bool = False
    """Whether the platform lets the member manage the place itself: enough to name its hosts."""
    about: Post | None = None
    """The post it is about: the one whose menu was used, or that the command answers."""
    given: Mapping[str, str] | None = None
    """What was given by the parameters' names, where a platform asks for each apart.

    Then ``text`` is the command's name alone.
    """


@dataclass(frozen=True, slots=True)
class Blocked(SpaceEvent):
    """A member and the account that is this space are parted by a block, whoever set it."""

    member: Member


@dataclass(frozen=True, slots=True)
class Due(Event):
    """A time that a plugin asked for has come. ``at`` is when it was due, in UTC."""

    timer: str
    """The name of the timer, such as ``series:3``."""
    local: datetime
    """The wall-clock time it stands for, naive, in the timer's zone."""
    late: timedelta = timedelta(0)
    missed: bool = False
    """Later than the grace allows: do not act as if it were still time.

    Hosts are told by the core, unless the handler yields a ``NotifyHosts`` that tells them better.
    """
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered(Event):
    """An act of ours was performed; ``receipt`` is the platform's id of what it made."""

    key: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """An act of ours was given up, for the reason ``why``."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class PlatformEvent(Event):
    """Something about the way a platform is heard, and about no space of its own."""

    platform: str


@dataclass(frozen=True, slots=True)
class CaughtUp(PlatformEvent):
    """Nothing more that concerns us happened: told now and then, with the cursor."""


@dataclass(frozen=True, slots=True)
class GapFound(PlatformEvent):
    """What happened between ``since`` and ``until`` was never heard, and cannot be any more.

    What the platform could still show of that time, when asked, was told before this.
    """

    since: datetime
    until: datetime
    found: int | None = None
    """Posts that were found by asking; None when nobody could be asked."""
    gone: int = 0
    """Posts that were known, and turned out to be gone."""
    whole: bool = False
    """Whether all questions were asked and answered."""
