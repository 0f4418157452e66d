"""Decide whom to greet, who is still new, which greeter to tell, and what a newcomer's chance is.

Pure: nothing is read or written here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.api import FirstSteps, wilson
from plugins.welcome.settings import Interest, Settings

Meeting = Literal["greeted", "waiting", "listed"]
DAY, THREE_DAYS = timedelta(hours=24), timedelta(hours=72)
FEWEST = 10
"""Under so many newcomers a share says more about persons than about the place."""
WEEK = timedelta(days=7)


def meet(
    at: datetime, made: datetime | None, others: int, raid: bool, settings: Settings
) -> Meeting:
    """Decide how somebody who joins is met.

    ``others`` joined in the minutes before; ``raid`` says that one is on. Young accounts, where
    hosts want that, are left to the greeters.
    """
    young = timedelta(days=settings.young_days)
    if young and made is not None and at - made < young:
        return "listed"
    if raid or others + 1 >= settings.raid_joins:
        return "waiting"
    return "greeted"


def language_among(wanted: Iterable[str], known: Collection[str]) -> str:
    """Choose the first of the wanted languages that is known; empty where none is.

    Languages are tags of BCP 47, however their letters are: "pt" serves whoever wants "pt-BR".
    """
    for tag in wanted:
        parts = tag.casefold().split("-")
        for length in range(len(parts), 0, -1):
            if (found := "-".join(parts[:length])) in known:
                return found
    return ""


def chosen_in(text: str, interests: Sequence[Interest]) -> tuple[list[Interest], bool]:
    """Read an answer to a greeting: which interests it names, and whether it takes them back.

    The words are names of interests and nothing else: "roses", "#Roses, and herbs please", "not
    roses". Whoever says more is talking, and nothing is chosen.
    """
    words = _AROUND.sub(" ", _NAMES.sub(" ", text)).casefold().strip()
    back = _BACK.match(words)
    words = words[back.end() :] if back else words
    known = {" ".join(_AROUND.sub(" ", one.label).casefold().split()): one for one in interests}
    whole = " ".join(words.removesuffix("please").split()).strip(" ,;")
    parts = [whole] if whole in known else [" ".join(one.split()) for one in _APART.split(whole)]
    if not all(part in known for part in parts):
        return [], False
    return [known[part] for part in dict.fromkeys(parts)], back is not None


_NAMES = re.compile(r"(?<!\w)@[\w.-]+")
_AROUND = re.compile(r"[#.!?\u2026\u201c\u201d\"]")
_APART = re.compile(r"\s*(?:,\s*and\s|,|&|;|\sand\s)\s*")
_BACK = re.compile(r"(?:not|no|leave|without)\s+")


def is_new(
    step: FirstSteps, arrived: datetime | None, listening: datetime | None, settings: Settings
) -> bool:
    """Whether somebody was new when they said something.

    Their first word came after they ``arrived``. Where nobody is seen to arrive, it says that
    they came, if by then Weaver had been ``listening`` long enough to know old hands.
    """
    if arrived is not None and step.began >= arrived:
        return True
    settled = timedelta(days=settings.settle_days)
    return listening is not None and step.began - listening >= settled


@dataclass(frozen=True, slots=True)
class Free:
    """A greeter with what they may still be told this week."""

    member: str
    most: int
    told: int
    last: datetime | None = None


def shared_out(posts: Sequence[str], greeters: Iterable[Free]) -> Mapping[str, list[str]]:
    """Share posts out among greeters: whoever was told least goes first; "" is the hosts.

    Nobody is told of more than they want in a week; what is left over is for the hosts.
    """
    told = {one.member: one.told for one in greeters}
    order = {one.member: (one.last is not None, one.last, one.member) for one in greeters}
    most = {one.member: one.most for one in greeters}
    found: dict[str, list[str]] = {}
    for post in posts:
        willing = [member for member in told if told[member] < most[member]]
        first = min(willing, key=lambda member: (told[member], order[member]), default="")
        found.setdefault(first, []).append(post)
        if first:
            told[first] += 1
    return found


@dataclass(frozen=True, slots=True)
class Chance:
    """Of ``n`` people's first posts, ``k`` had a person's answer in time; 90 % limits as shares."""

    k: int
    n: int
    low: float
    high: float

    @property
    def in_ten(self) -> int:
        """So many of ten, half up."""
        return (20 * self.k + self.n) // (2 * self.n)

    @property
    def range(self) -> str:
        """The limits in per cent: "51 and 84"."""
        return f"{int(self.low * 100 + 0.5)} and {int(self.high * 100 + 0.5)}"


def chance(steps: Iterable[FirstSteps], within: timedelta, as_of: datetime) -> Chance | None:
    """Give the share of first posts that another person answered in time; None without any.

    A first post is the first thing somebody ever said here, if it began a conversation; of several
    at one moment it is the first of ``steps``. Those younger than ``within`` are left out, not
    unanswered.
    """
    firsts: dict[str, FirstSteps] = {}
    for one in steps:
        if one.at == one.began and one.at <= as_of - within:
            firsts.setdefault(one.author.key, one)
    in_time = (
        one.answered is not None and one.answered - one.at <= within for one in firsts.values()
    )
    k = sum(in_time)
    limits = wilson(k, len(firsts))
    return None if limits is None else Chance(k, len(firsts), *limits)
