"""What the pages ask for: the kernel's record of what Weaver did, and the sandbox's stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.domain.actions import Button, Picture
from bot.domain.ports import Image


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
class Offer:
    """Something to decide on a page: what it is about, where that stands, and what can be said."""

    words: str
    buttons: tuple[Button, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that a plugin describes: a heading and HTML that is already safe."""

    plugin: str
    title: str
    html: str
    offers: tuple[Offer, ...] = ()
    for_hosts: bool = False
    """Whether it is shown to hosts alone."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that anybody can read: whose it is, what it is called, and HTML that is safe."""

    community: str
    """The community's id."""
    name: str
    """How people call the community."""
    language: str
    title: str
    html: str
    people: frozenset[str] = frozenset()
    """Keys of the members whose words it shows."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a page: a heading, a template of the plugin's, and the values it shows."""

    title: str
    template: str
    values: Mapping[str, Any]
    offers: tuple[Offer, ...] = ()
    """Things to decide, each with buttons that say a command for whoever presses them."""
    for_hosts: bool = False
    """Whether only hosts see it."""
    people: frozenset[str] = frozenset()
    """Keys of the members whose words it shows."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody who is not signed in anywhere wants to see of a community."""

    about: str = ""
    """What the page is about, such as ``3/2026-05-19``; empty for all."""
    base: str = ""
    """The address of the pages, ending in a slash."""
    withheld: frozenset[str] = frozenset()
    """Keys of members who want their words seen by people who are signed in, and nobody else."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a feed."""

    key: str
    """Key of the act that offered it."""
    limit: int
    cursor: str = ""
    """Where an earlier listing ended; empty for the beginning."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a feed: ids of posts, and where the next part begins; empty at the end."""

    posts: tuple[str, ...]
    cursor: str = ""


Answerer = Callable[[Mapping[str, str]], tuple[int, Mapping[str, Any]]]
"""Answers another program's question, by its parameters: an HTTP status, and JSON."""


class Feeds(Protocol):
    """What may be asked of the feeds that are offered."""

    def offered(self, platform: str) -> Sequence[str]:
        """The feeds that stand on a platform, by its ids of them."""
        ...

    def listing(self, feed: str, limit: int, cursor: str) -> Listing | None:
        """A part of a feed, by the platform's id of it; None where there is no such feed.

        Raises UserError for a cursor that is none.
        """
        ...


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

    def feed(self, name: str, asked: tuple[str, str], base: str) -> tuple[str, bytes] | None:
        """A plugin's file for other programs, such as a calendar: media type and contents.

        ``asked`` is a community's id, empty for all, and what it is about, empty for everything;
        ``base`` is the address of the pages. None where there is no such thing.
        """
        ...

    async def sheet(self, name: str, asked: tuple[str, str], base: str) -> Sheet | None:
        """A plugin's page that anybody can read, without the words of who is not for everybody.

        ``asked`` is a community's id and what the page is about, empty for everything.
        """
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
    reader: Person | None = None
    """The one person who may read it; None for everybody."""


class Stage(Protocol):
    """The sandbox's social world, as its page sees it and acts in it. Ids come from the world."""

    community: str

    def now(self) -> datetime:
        """The sandbox's time, UTC."""
        ...

    def version(self) -> int:
        """A number that grows with every change in the world, and when Weaver has heard of it."""
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
