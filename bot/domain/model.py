"""The nouns: who, where, what. Plain values; no platform leaks in here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Purpose = Literal["lobby", "chat", "hosts", "audience", "talk"]
"""What a space is for: arrivals, chats, word to the hosts, amplified posts, anything else."""

PostKind = Literal["original", "reply", "repost", "quote", "system"]
"""How a post relates to others; a quote counts as an original, system is never counted."""


Basis = Literal["asked", "agreed", "follows"]
"""Where a yes lies. ``asked``: in what the member did, such as posting with a tag or coming in;
``agreed``: in the member's standing yes; ``follows``: in following the audience that the post is
passed on to, which the platform has to confirm just before."""


@dataclass(frozen=True, slots=True)
class Space:
    """One place people post: a Discord channel, a Bluesky hashtag, a column of the sandbox."""

    platform: str
    id: str
    name: str = field(default="", compare=False)
    purpose: Purpose = field(default="talk", compare=False)
    account: str = field(default="", compare=False)
    """Which of Weaver's accounts speaks there, where it has several."""

    @property
    def key(self) -> str:
        """One string to remember a space by."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Member:
    """One account on one platform: known by its id, never by a handle, which may change."""

    platform: str
    id: str
    name: str = field(default="", compare=False)
    is_bot: bool = field(default=False, compare=False)
    account: str = field(default="", compare=False)
    """Which of Weaver's own accounts it is, by the account's name; empty for everybody else."""
    made: datetime | None = field(default=None, compare=False)
    """When the account was made, where the platform tells; it is not kept."""

    @classmethod
    def of(cls, key: str) -> Member:
        """The member of a key; without a name, as names are not kept."""
        platform, _, identity = key.partition(":")
        return cls(platform, identity)

    @property
    def key(self) -> str:
        """One string to remember a member by."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Role:
    """A role that a platform gives to some of the people in a place, such as a Discord server's."""

    platform: str
    id: str
    name: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """One string to remember a role by; no member has it."""
        return f"{self.platform}:role:{self.id}"


@dataclass(frozen=True, slots=True)
class Post:
    """Something said in a space. ``at`` is aware; ``tags`` are as written, without ``#``."""

    id: str
    space: Space
    author: Member
    text: str
    at: datetime
    kind: PostKind = "original"
    reply_to: str | None = None
    root: str | None = None
    tags: tuple[str, ...] = ()
    has_link: bool = False
    mentions: tuple[Member, ...] = ()
    """Whom it names in a way that the platform knows, each once; never guessed from the words."""
    languages: tuple[str, ...] = ()
    """The languages its author says it is in, such as ``en`` or ``pt-BR``; empty when unsaid."""
    labels: tuple[str, ...] = ()
    """Warnings its author put on it, such as ``graphic-media``, by the platform's names."""
    pictures: tuple[bool, ...] = ()
    """Of each of its pictures and videos, whether its author said in words what it shows."""

    def calls_on(self, space: Space) -> bool:
        """Whether it names the account of Weaver's own that is this space."""
        return any(
            (one.platform, one.account) == (space.platform, space.id) for one in self.mentions
        )


@dataclass(frozen=True, slots=True)
class Community:
    """The spaces that hosts look after together. The id stays when the name changes."""

    id: str
    name: str
    zone: str = "UTC"
    language: str = "en"
    spaces: tuple[Space, ...] = ()
    hosts: frozenset[str] = frozenset()
    """Keys of the members who may use the hosts' commands."""

    def for_(self, purpose: Purpose) -> Iterator[Space]:
        """The spaces set aside for one purpose, in the order they were declared."""
        return (space for space in self.spaces if space.purpose == purpose)

    def space_named(self, name: str) -> Space | None:
        """The space a person means by its name or id; a leading ``#`` and case do not matter."""
        wanted = name.lstrip("#").casefold()
        for space in self.spaces:
            if wanted in (space.id.lstrip("#").casefold(), space.name.lstrip("#").casefold()):
                return space
        return None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an act towards a member rests on; looked at again just before the act is performed."""

    member: Member
    purpose: str
    basis: Basis
