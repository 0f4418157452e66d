"""Decide whether a post is passed on, to whom, and why. Pure: nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from bot.api import Space
from plugins.amplify.tags import bare, tag_key

Asks = Literal["tag", "follows", "yes"]
"""How people say yes: by the tag itself; by following the amplifier, or naming it in the post; or
by enrolling, which is their standing yes to Weaver."""
Basis = Literal["asked", "agreed", "follows"]
Outcome = Literal["amplify", "hold", "decline"]
Alt = Literal["prefer", "require", "no"]
"""What becomes of pictures that nobody described in words: they go last, wait, or go alike."""
Reason = Literal[
    "consent",
    "blocked",
    "public",
    "elsewhere",
    "reply",
    "old",
    "language",
    "unwanted",
    "spray",
    "repeat",
    "label",
    "undescribed",
    "copy",
    "link_only",
    "young_account",
    "new_account",
    "age_untold",
    "not_member",
    "hijack",
]
"""Why a post is declined or held, in the order in which they are told."""
Held = Literal[
    "label",
    "undescribed",
    "copy",
    "link_only",
    "young_account",
    "new_account",
    "age_untold",
    "not_member",
    "hijack",
]
HOLDS: tuple[Held, ...] = get_args(Held)
"""Reasons that a host may overrule, and that a trusted author never meets; ``age_untold`` only ever
stands behind ``new_account``."""

PURPOSE = "amplify"
"""The purpose of the consent that everything here rests on."""
FRESH = timedelta(days=1)
"""How old a post may be when it is passed on without a host's word."""


@dataclass(frozen=True, slots=True)
class Route:
    """A tag, with its other spellings and old names, the audience it leads to, how it stands."""

    tag: str
    audience: Space
    asks: Asks
    aliases: tuple[str, ...] = ()
    paused: Literal["", "host", "alarm"] = ""
    members_only: bool = False
    replies: bool = False
    """Whether answers go on, too, and not only what begins a conversation."""
    across: bool = False
    """Whether what is said on another platform than the audience's goes there too, as a link."""
    alt: Alt = "prefer"
    feed: Literal["", "yes", "only"] = ""
    """Its feed: beside reposts, or instead of them."""
    feed_id: str = ""
    """The platform's id of it, once it stands."""
    is_calm: bool = False
    """Whether a host said that whoever comes now is theirs, so that no alarm is raised."""
    is_set: bool = False
    """Whether the operator's settings declare it, so that commands cannot change it."""
    ended: frozenset[str] = frozenset()
    """Folded tags that led here once and have given way to others."""
    successor: str = ""
    """The name that its tag gave way to, once it has."""

    @property
    def key(self) -> str:
        """The folded tag, by which the route is known."""
        return tag_key(self.tag)

    @property
    def shown(self) -> str:
        """The name by which people know it: its tag, or what that gave way to."""
        return self.successor or self.tag

    @property
    def is_watched_over(self) -> bool:
        """Whether an alarm would tell hosts nothing new: it rests, or they look at it already."""
        return bool(self.paused) or self.members_only or self.is_calm

    @property
    def takes_links(self) -> bool:
        """Whether a link to a post of another platform can go there: a feed holds none."""
        return self.across and self.feed != "only"

    @property
    def others(self) -> list[str]:
        """Its other names, as written."""
        names = (self.tag, *self.aliases)
        return [name for name in names if name != self.shown and tag_key(name) not in self.ended]

    @property
    def keys(self) -> frozenset[str]:
        """The folded tags that lead here."""
        return frozenset(map(tag_key, (self.tag, *self.aliases))) - self.ended


@dataclass(frozen=True, slots=True)
class Rules:
    """What the hosts chose for every route."""

    most_tags: int = 5
    new_accounts: Literal["pass", "links", "all"] = "links"


@dataclass(frozen=True, slots=True)
class Candidate:
    """All that a decision looks at: what is known of a post, its author and their word."""

    platform: str = ""
    """Where it was said; empty where that does not matter."""
    age: timedelta = timedelta(0)
    kind: str = "original"
    tags: int = 1
    word: bool | None = None
    """The author's standing word."""
    names_us: bool = False
    """The post names the amplifier."""
    asked_for: bool = False
    """Its author asked for this very post to be passed on."""
    is_public: bool = True
    is_foreign: bool = False
    """It says that it is in another language than those the hosts chose."""
    is_unwanted: bool = False
    """It carries a tag that hosts want nothing passed on with."""
    is_labelled: bool = False
    """Its author put a content label on it."""
    is_undescribed: bool = False
    """A picture of it has no alt text."""
    is_link_only: bool = False
    has_link: bool = False
    is_new: bool = False
    """The account was first seen here within a day."""
    is_young: bool | None = None
    """The account was made within a week; None where its platform does not tell."""
    is_member: bool = True
    """Known here for a week, enrolled, a host, or trusted."""
    repeats: Literal["", "own", "others"] = ""
    """Much the same was said under this tag within two days, by its author or by others."""
    standing: Literal["", "trusted", "blocked"] = ""
    """What the hosts said of the author."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a post for one audience, by which route, on what grounds, and why."""

    route: Route
    tag: str
    """As its author wrote it."""
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    basis: Basis | None = None


def matching(tags: Iterable[str], routes: Iterable[Route]) -> dict[Space, list[tuple[str, Route]]]:
    """Group the routes that a post's tags lead to by audience, each with the tag as written."""
    written = {tag_key(tag): bare(tag) for tag in reversed(list(tags))}
    found: dict[Space, list[tuple[str, Route]]] = {}
    for route in routes:
        tag = next((name for key, name in written.items() if key in route.keys), None)
        if tag is not None:
            found.setdefault(route.audience, []).append((tag, route))
    return found


def is_foreign(said: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether a post says that it is in none of the wanted languages; regions do not matter."""
    wished = {language.casefold() for language in wanted}
    spoken = {language.partition("-")[0].casefold() for language in said}
    return bool(wished and spoken) and not wished & spoken


def best(decisions: Iterable[Decision]) -> Decision:
    """The decision that holds for an audience when several tags lead there: the kindest."""
    order = {"amplify": 0, "hold": 1, "decline": 2}
    asks = {"tag": 0, "follows": 1, "yes": 2}
    return min(
        decisions,
        key=lambda one: (order[one.outcome], bool(one.route.paused), asks[one.route.asks]),
    )


def decide(candidate: Candidate, route: Route, tag: str, rules: Rules) -> Decision:
    """Decide about a post that carries a tag of a route, and give every reason.

    No word of a host's overrules a missing yes, and a trusted author is never held.
    """
    basis = basis_of(candidate, route)
    against = tuple(_against(candidate, basis, route, rules))
    if against:
        return Decision(route, tag, "decline", against, basis)
    doubts = () if candidate.standing == "trusted" else tuple(_doubts(candidate, route, rules))
    return Decision(route, tag, "hold" if doubts else "amplify", doubts, basis)


def basis_of(candidate: Candidate, route: Route) -> Basis | None:
    """What passing it on would rest on; None where nobody said yes, or the author said no.

    Nobody can follow an amplifier from another platform, so there it takes their own word.
    """
    if candidate.word is False:
        return None
    if candidate.asked_for or route.asks == "tag" or candidate.names_us:
        return "asked"
    if candidate.word:
        return "agreed"
    return "follows" if route.asks == "follows" and not _is_elsewhere(candidate, route) else None


def _is_elsewhere(candidate: Candidate, route: Route) -> bool:
    return candidate.platform not in ("", route.audience.platform)


def _against(
    candidate: Candidate, basis: Basis | None, route: Route, rules: Rules
) -> Iterator[Reason]:
    found: tuple[tuple[Reason, bool], ...] = (
        ("consent", basis is None),
        ("blocked", candidate.standing == "blocked"),
        ("public", not candidate.is_public),
        ("elsewhere", _is_elsewhere(candidate, route) and not route.takes_links),
        ("reply", candidate.kind == "reply" and not route.replies),
        ("old", candidate.age > FRESH),
        ("language", candidate.is_foreign),
        ("unwanted", candidate.is_unwanted),
        ("spray", candidate.tags > rules.most_tags),
        ("repeat", candidate.repeats == "own"),
    )
    return (reason for reason, holds in found if holds)


def _doubts(candidate: Candidate, route: Route, rules: Rules) -> Iterator[Held]:
    if candidate.is_labelled:
        yield "label"
    if candidate.is_undescribed and route.alt == "require":
        yield "undescribed"
    if candidate.repeats == "others":
        yield "copy"
    if candidate.is_link_only:
        yield "link_only"
    if rules.new_accounts == "all" or (rules.new_accounts == "links" and candidate.has_link):
        yield from _newness(candidate)
    if route.members_only and not candidate.is_member:
        yield "not_member"
    if route.paused == "alarm" and not candidate.is_member:
        yield "hijack"


def _newness(candidate: Candidate) -> Iterator[Held]:
    if candidate.is_young and not candidate.is_member:
        yield "young_account"
    if candidate.is_new:
        yield "new_account"
        if candidate.is_young is None:
            yield "age_untold"
