"""Decide from what Bluesky shows whether somebody still wants an act towards them. Pure.

Everything that people and moderators can say there is honoured in this one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.model import Basis

Deed = Literal["repost", "reply", "like", "follow", "word"]
"""What is about to be done to them: ``word`` is a message, or a post that is for them."""

_NO_BOTS = re.compile(r"(?<![\w@./-])[#\uff03]?nobots?(?![\w-]|\.\w)", re.IGNORECASE)
"""``nobot`` as a word, with or without a sign; not inside other words, names or addresses."""
PRIVATE = "!no-unauthenticated"
"""By which people say that only those who are signed in should see their posts."""
HIDDEN = frozenset({"!hide", "!takedown", "!suspend", "!warn", "!no-promote"})
"""Labels by which moderators keep something from being seen or spread."""
ADULT = frozenset(
    {"porn", "sexual", "nudity", "sexual-figurative", "graphic-media", "gore", "nsfl", "corpse"}
)
"""Labels of what nobody should meet unasked, by the author or by moderators."""
HARMFUL = frozenset(
    {"spam", "scam", "impersonation", "misleading", "unsafe-link", "threat", "intolerant"}
    | {"extremist", "illicit", "security", "inauthentic", "self-harm", "rude"}
)
"""Labels by which moderators warn of something."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as one of Weaver's accounts sees them."""

    follows: bool = False
    """Whether they follow the account."""
    blocks: Literal["", "theirs", "ours"] = ""
    """Whose block stands between them and the account."""
    muted: bool = False
    """Whether the account mutes them; whom they mute, nobody is told."""
    bio: str = ""
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """A post as one of Weaver's accounts sees it."""

    labels: frozenset[str] = frozenset()
    no_replies: bool = False
    """Whether its author lets the account not answer (a threadgate)."""
    no_quotes: bool = False
    """Whether its author lets the account not show it inside a post (a postgate)."""


def why_not(
    deed: Deed, person: Person, subject: Subject | None = None, basis: Basis | None = None
) -> str | None:
    """Why an act towards a person, about a post of theirs, may not be; None when it may.

    A threadgate is about replies alone, and a postgate about quotes alone: a repost is neither, so
    it may be although nobody may answer. Labels keep a post, and its author, from being spread; a
    person who is labelled may still be answered, unless moderators hide them.
    """
    said = _between(person)
    if said is not None:
        return said
    if basis == "follows" and not person.follows:
        return "its author does not follow the account that passes posts on"
    if deed == "reply" and subject is not None and subject.no_replies:
        return "its author limits who may answer it"
    spread = deed in ("repost", "like", "follow")
    labels = person.labels | (subject.labels if subject else frozenset())
    stopping = labels & ((HIDDEN | ADULT | HARMFUL) if spread else HIDDEN)
    if stopping:
        where = "its author is" if stopping <= person.labels else "it is"
        return f"{where} labelled {', '.join(sorted(stopping))}"
    return None


def _between(person: Person) -> str | None:
    """What stands between a person and the account, whatever is to be done."""
    if person.blocks:
        return (
            "they have blocked the account"
            if person.blocks == "theirs"
            else "the account has blocked them"
        )
    if person.muted:
        return "the account mutes them"
    if wants_no_bots(person.bio):
        return "their profile says nobot"
    return None


def no_longer(person: Person) -> bool:
    """Whether somebody whom the account follows has said since that it should not."""
    return bool(person.blocks) or wants_no_bots(person.bio)


def wants_no_bots(bio: str) -> bool:
    """Whether somebody says of themselves that bots should leave them alone."""
    return _NO_BOTS.search(bio) is not None


def for_everybody(person: Person) -> bool:
    """Whether somebody lets people who are not signed in see their posts."""
    return PRIVATE not in person.labels


def person_from(profile: Mapping[str, Any]) -> Person:
    """Read what the AppView shows of an account (app.bsky.actor.defs#profileViewDetailed)."""
    viewer = _part(profile, "viewer")
    blocks: Literal["", "theirs", "ours"] = ""
    if viewer.get("blockedBy"):
        blocks = "theirs"
    elif viewer.get("blocking") or viewer.get("blockingByList"):
        blocks = "ours"
    return Person(
        follows=bool(viewer.get("followedBy")),
        blocks=blocks,
        muted=bool(viewer.get("muted") or viewer.get("mutedByList")),
        bio=str(profile.get("description") or ""),
        labels=_labels(profile.get("labels")),
    )


def subject_from(post: Mapping[str, Any]) -> Subject:
    """Read what the AppView shows of a post (app.bsky.feed.defs#postView)."""
    viewer = _part(post, "viewer")
    return Subject(
        labels=_labels(post.get("labels")),
        no_replies=bool(viewer.get("replyDisabled")),
        no_quotes=bool(viewer.get("embeddingDisabled")),
    )


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def _labels(labels: object) -> frozenset[str]:
    """The values of labels that are not taken back."""
    listed: Iterable[Any] = labels if isinstance(labels, list | tuple) else ()
    return frozenset(
        str(one["val"])
        for one in listed
        if isinstance(one, Mapping) and one.get("val") and not one.get("neg")
    )
