"""Decide whether a post is passed on, to whom, and why. Pure: nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.api import Grounds, Member, Post, Space, fold

Asks = Literal["tag", "yes"]
"""What a route needs: ``tag``, using it is the request; ``yes``, the member's standing yes."""

PURPOSE = "amplify"
"""The purpose of the consent that everything here rests on."""

SIGNS = "#\uff03"
"""What a hashtag starts with: the usual sign, or the full-width one."""

FRESH = timedelta(days=1)
"""How old a post may be when Weaver first sees it."""

SAID_NO = "Its author asked not to be passed on. The tag still helps people find the post."
IS_REPLY = "It is a reply, and only the start of a conversation is passed on."
IS_OLD = "It was more than a day old when Weaver first saw it."
NO_YES_YET = (
    "Its author has not said yes to being passed on. Anyone can, by writing to Weaver: amplify yes."
)


@dataclass(frozen=True, slots=True)
class Route:
    """A tag, with its other spellings and old names, and the audience it leads to."""

    tag: str
    audience: Space
    asks: Asks
    aliases: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The folded tags that lead here."""
        return frozenset(map(tag_key, (self.tag, *self.aliases)))


@dataclass(frozen=True, slots=True)
class Amplify:
    """Pass the post on to an audience, on these grounds."""

    audience: Space
    grounds: Grounds
    why: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the post where it is, though a tag of it leads to this audience."""

    audience: Space
    why: str


def bare(tag: str) -> str:
    """Give a tag as it is shown, without its sign and the space around it."""
    return tag.strip().lstrip(SIGNS)


def tag_key(tag: str) -> str:
    """Give the key under which two spellings are one tag; it knows no platform."""
    return fold(bare(tag))


def is_tag(tag: str) -> bool:
    """Say whether something could be a hashtag anywhere: one word, not digits alone."""
    name = bare(tag)
    one_word = not any(letter.isspace() or letter in SIGNS for letter in name)
    return one_word and name.strip("_") != "" and not name.isdigit()


def matching(tags: Iterable[str], routes: Iterable[Route]) -> dict[Space, list[tuple[str, Route]]]:
    """Group the routes that a post's tags lead to by audience, each with the tag as written."""
    written = {tag_key(tag): bare(tag) for tag in reversed(list(tags))}
    found: dict[Space, list[tuple[str, Route]]] = {}
    for route in routes:
        tag = next((name for key, name in written.items() if key in route.keys), None)
        if tag is not None:
            found.setdefault(route.audience, []).append((tag, route))
    return found


def decide(
    post: Post, routes: Sequence[Route], word: bool | None, now: datetime
) -> list[Amplify | Leave]:
    """Decide, for every audience that a tag of the post leads to, and say why.

    ``word`` is the author's standing word. Nothing is decided, so nothing said, about posts
    without a routed tag, posts of bots, reposts, what only hosts can read, and what the audience
    has already.
    """
    if post.author.is_bot or post.kind in ("repost", "system") or post.space.purpose == "hosts":
        return []
    found = matching(post.tags, routes)
    found.pop(post.space, None)
    return [_for_audience(post, audience, found[audience], word, now) for audience in found]


def _for_audience(
    post: Post,
    audience: Space,
    matches: Sequence[tuple[str, Route]],
    word: bool | None,
    now: datetime,
) -> Amplify | Leave:
    if word is False:
        return Leave(audience, SAID_NO)
    if post.kind == "reply":
        return Leave(audience, IS_REPLY)
    if post.at < now - FRESH:
        return Leave(audience, IS_OLD)
    by_tag = next((tag for tag, route in matches if route.asks == "tag"), None)
    if by_tag is not None:
        return Amplify(audience, _grounds(post.author, "asked"), _asked(by_tag))
    if word:
        return Amplify(audience, _grounds(post.author, "agreed"), _agreed(matches[0][0]))
    return Leave(audience, NO_YES_YET)


def _grounds(author: Member, basis: Literal["asked", "agreed"]) -> Grounds:
    return Grounds(author, PURPOSE, basis)


def _asked(tag: str) -> str:
    return (
        f"It carries #{tag}, and here using that tag is how people ask to be passed on. "
        "Once per audience, however many tags."
    )


def _agreed(tag: str) -> str:
    return (
        f"It carries #{tag}, and its author has said yes to being passed on. "
        "Once per audience, however many tags."
    )
