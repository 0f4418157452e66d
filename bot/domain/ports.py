"""What kernel, adapters and web need of one another; they meet only in ``app.py``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.actions import Action, Answer, Button, Picture
from bot.domain.events import Event


class Clock(Protocol):
    """The time of the community. Nothing else in Weaver reads the wall clock for it."""

    def now(self) -> datetime:
        """The present, in UTC."""
        ...


class Bell(Protocol):
    """Wakes delivery when there may be something to deliver."""

    def ring(self) -> None:
        """Wake the sleeper; safe from any thread."""
        ...

    async def wait(self, seconds: float) -> None:
        """Sleep until rung, at most ``seconds``."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a dispatched event once it was committed."""

    repeated: bool = False
    """The platform had told us of it before: nothing was done."""
    answers: tuple[Answer, ...] = ()
    acts: tuple[str, ...] = ()
    """Keys of the actions it led to."""


class Dispatch(Protocol):
    """The one way into the ring."""

    async def __call__(self, event: Event, cursor: str | None = None) -> Outcome:
        """Return once the event, all it led to and the platform's cursor are committed."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """The envelope of an act, the same on every attempt but for ``attempt``."""

    key: str
    at: datetime
    """The community's time at which it was decided."""
    attempt: int
    account: str
    target: str | None = None
    """Receipt of the act that ``Reply(to=Ref)`` or ``Undo`` names; None when it is not known."""
    target_key: str | None = None
    """Its key: an Undo without a receipt removes whatever was made under it, if anything was."""
    target_kind: str | None = None
    target_at: datetime | None = None
    """When that act was decided: with its key, all it takes to know what it made."""


class AdapterState(Protocol):
    """What one adapter remembers across restarts: sessions, hashes of commands, what it spent."""

    async def get(self, name: str) -> str | None:
        """What was kept under a name; None when nothing was."""
        ...

    async def keep(self, name: str, value: str) -> None:
        """Keep a value in place of an earlier one; returns once it is committed."""
        ...


class Adapter(Protocol):
    """One platform. It translates both ways and decides nothing."""

    platform: str
    max_length: int

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what happens from ``cursor`` on, until cancelled."""
        ...

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one action and return its receipt: the platform's id of what it made.

        The same key performed again makes nothing new and returns the same receipt. Just before
        an act towards a member the platform is asked whether they still want it. Raises TryLater,
        Rejected or Declined; any other error, a timeout included, is an unknown outcome.
        """
        ...


class TryLater(Exception):  # noqa: N818 - it is an answer, not an error
    """The platform is busy or down; ``after`` seconds is the earliest that makes sense."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Rejected(Exception):  # noqa: N818 - it is an answer, not an error
    """The platform will never accept this act; it is given up and the hosts are told."""


class Gone(Rejected):
    """What the act concerns is no longer there: it is dropped, and nobody needs to hear of it."""


class Declined(Exception):  # noqa: N818 - it is an answer, not an error
    """Whom the act is towards does not want it, as the platform has just said; the words say why.

    Whatever an earlier attempt may have made is taken back, and the ledger tells why.
    """


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the ledger, as a person may read it."""

    seq: int
    key: str
    community: str
    kind: str
    state: str
    why: str
    at: datetime
    plugin: str = ""
    ref: str | None = None
    receipt: str | None = None
    error: str | None = None
    text: str | None = None
    """The words, while they are kept."""
    attempts: int = 0
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something Weaver will do at ``at`` (UTC)."""

    at: datetime
    label: str
    community: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that a plugin describes: a heading and HTML that is already safe."""

    plugin: str
    title: str
    html: str


class Record(Protocol):
    """What the pages may ask of the kernel: reading, and the few things a visitor may do."""

    def acts(self, community: str, limit: int = 200) -> Sequence[Act]:
        """The latest acts, newest first."""
        ...

    def act(self, key: str) -> Act | None:
        """One act by its key."""
        ...

    def upcoming(self, community: str, limit: int = 6) -> Sequence[Upcoming]:
        """What is due next, soonest first."""
        ...

    def panels(self, community: str) -> Sequence[Panel]:
        """What each plugin shows beside the stream."""
        ...

    async def undo(self, key: str, why: str) -> bool:
        """Take an act back; False when there is nothing to take back."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who lives in the sandbox."""

    id: str
    name: str
    about: str = ""
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A space of the sandbox as its page lists it."""

    id: str
    name: str
    purpose: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A post of the sandbox with all that hangs from it."""

    id: str
    place: Place
    author: Person | None
    """None when Weaver wrote it."""
    text: str
    at: datetime
    kind: str = "original"
    reply_to: str | None = None
    act_key: str | None = None
    """The ledger's key of Weaver's own posts; None for people's posts and for answers."""
    tags: tuple[str, ...] = ()
    passed_on_to: tuple[str, ...] = ()
    """Names of the audiences it was reposted to."""
    deleted: bool = False
    replies: tuple[Entry, ...] = field(default_factory=tuple)
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as platforms and browsers take it."""

    data: bytes
    type: str
    """Its media type, such as ``image/png``."""
    name: str
    alt: str


class Stage(Protocol):
    """The sandbox's social world, as its page sees it and acts in it. Ids come from the world."""

    community: str

    def now(self) -> datetime:
        """The sandbox's time, UTC."""
        ...

    def version(self) -> int:
        """A number that grows with every change in the world."""
        ...

    def people(self) -> Sequence[Person]:
        """Everybody who lives here, in order of arrival."""
        ...

    def places(self) -> Sequence[Place]:
        """The spaces, in the order the community declares them."""
        ...

    def stream(self, place: str | None = None, limit: int = 60) -> Sequence[Entry]:
        """Threads, the most recently started first; replies within, oldest first.

        ``place`` shows one space; for an audience it shows what was passed on to it.
        """
        ...

    async def picture(self, post: str, number: int) -> Image | None:
        """One picture of a post, counted from 0; None where there is none."""
        ...

    async def join(self, name: str) -> Person:
        """A new person enters. Raises UserError for an empty or taken name."""
        ...

    async def post(self, person: str, place: str, text: str) -> str:
        """Say something; returns the post's id. Raises UserError in plain words."""
        ...

    async def reply(self, person: str, to: str, text: str) -> str:
        """Answer a post in its thread."""
        ...

    async def repost(self, person: str, post: str) -> str:
        """Share somebody's post."""
        ...

    async def delete(self, person: str, post: str) -> None:
        """Delete one's own post."""
        ...

    async def command(self, person: str, text: str) -> str:
        """Ask Weaver by mention in the lobby; returns the post's id. The answer is a reply."""
        ...

    async def move_clock(self, to: datetime | None) -> datetime:
        """Move to ``to``, or to the next thing due, living through all that is due before it.

        A ``to`` that has just passed leaves the clock as it is. Raises UserError when ``to`` lies
        further in the past or nothing is due.
        """
        ...
