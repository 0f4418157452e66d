"""What kernel, adapters and web need of one another; they meet only in ``app.py``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.actions import Action, Answer, Repost
from bot.domain.commands import CommandSpec, Holder
from bot.domain.events import Event
from bot.domain.model import Community, Member, Space


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


class Reads(Protocol):
    """Tells a command from talk, where people speak to Weaver among other people."""

    def __call__(self, space: Space, text: str) -> bool:
        """Whether words said to Weaver in a space are a command of a community there."""
        ...


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
    has_feeds: bool
    """Whether people can follow a feed there that is no account's (``OfferFeed``)."""

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what happens from ``cursor`` on, until cancelled."""
        ...

    def address(self, space: Space, post_id: str) -> str:
        """Where a person can read a post; empty where there is no such place."""
        ...

    async def is_for_everybody(self, member: Member) -> bool:
        """Whether a member lets people who are not signed in read their words; no, if in doubt."""
        ...

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        """Where people can read a post that is about to be linked to on another platform.

        Asked just before each attempt, of the platform where it was said: whether the post still
        stands, and whether its author wants it. Raises as ``perform`` does.
        """
        ...

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one action and return its receipt: the platform's id of what it made.

        The same key performed again makes nothing new and returns the same receipt. Just before
        an act towards a member the platform is asked whether they still want it. Raises TryLater,
        Rejected or Declined; any other error, a timeout included, is an unknown outcome.
        """
        ...


class Catalogue(Protocol):
    """What an adapter may ask of the kernel that is no event: which commands there are, and where.

    It only reads, from what is committed.
    """

    def communities(self) -> Sequence[Community]:
        """The communities that Weaver looks after now."""
        ...

    def specs(self) -> Sequence[CommandSpec]:
        """Every command of the core and of the plugins that are installed here."""
        ...

    async def complete(
        self, space: Space, spec: CommandSpec, parameter: str, begun: str
    ) -> Sequence[str]:
        """How a word of a command could go on, 25 at most; nothing after two seconds.

        What could be a number begins with it.
        """
        ...


class Foundation(Protocol):
    """What an adapter may ask of the kernel when Weaver comes to a place, and when it must go."""

    async def found(self, community: Community, hosts: Sequence[Holder]) -> None:
        """Look after a community from now on; UserError says why that cannot be."""
        ...

    async def left(self, communities: Sequence[str]) -> None:
        """Weaver was sent away: what is due rests, and all is kept for now."""
        ...

    async def returned(self, communities: Sequence[str]) -> None:
        """Weaver is back where it had been sent away from, and goes on."""
        ...

    async def bury(self, after: timedelta) -> int:
        """Forget all about the communities that sent Weaver away so long ago; tells how many."""
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
class Image:
    """A picture as platforms and browsers take it."""

    data: bytes
    type: str
    """Its media type, such as ``image/png``."""
    name: str
    alt: str
