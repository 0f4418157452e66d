"""A year of a tag, made up: people who talk, three welcome crowds, three attacks that return."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from bot.testing import NOON

ATTACKS = ("copies", "spray", "links")
WAVES = (*ATTACKS, *(f"{attack} again" for attack in ATTACKS))
"""Each attack, and the same once a host has said to go on."""
CROWDS = ("conference", "drive", "sharing")
TAG = "#Roses"
AGAIN = 60
"""Posts of an attack's second wave."""
OTHERS = 140 + 120 + 120 + 3 * AGAIN + 260 + 70 + 160
"""Posts of all crowds and attacks of a year."""
_SUBJECTS = [
    "maths",
    "biology",
    "history",
    "music",
    "physics",
    "art",
    "chemistry",
    "drama",
    "Welsh",
    "geography",
]
_PLACES = [
    "Leeds",
    "Cardiff",
    "Derry",
    "Glasgow",
    "Truro",
    "Hull",
    "Bangor",
    "Dundee",
    "Bath",
    "Luton",
    "York",
    "Poole",
]
_THINGS = (
    "the bell curve", "an exit ticket", "my year nines", "a wall of questions", "number talks",
    "a lesson on rhythm", "marking with one question", "the seating plan", "a quiet start",
    "peer feedback", "an open book test", "a walk to the river", "the glossary", "a debate",
    "homework on Fridays", "the new reading list", "a plenary that worked", "group roles",
)  # fmt: skip
_SAYS = (
    "Today {} went better than I dared to hope", "Does anybody have a way into {} for Friday",
    "I keep thinking about {} and the shy ones", "We dropped {} and nobody missed it",
    "How long do you give {} before you step in", "Reading about {} on the train again",
    "Three things I learned about {} this term", "Somebody please tell me {} gets easier",
)  # fmt: skip
_MORE = (
    "and I would do it again", "but only in the morning", "with the windows open", "after lunch",
    "which surprised me", "as a colleague said", "for once", "and they asked for more",
    "so what do you do", "even on a Friday", "with no slides at all", "before half term",
)  # fmt: skip
_QUOTES = (
    "Assessment is a conversation that we keep mistaking for a verdict on the child",
    "Nobody ever learned to swim by being told the temperature of the water each week",
)
_ADS = (
    "Cheap {} delivered tonight, only a few left in the shop", "I made {} in a week, ask me how",
    "The {} that doctors do not want you to know about", "Win {} today, it takes one minute",
    "Finally {} without any of the effort, read this", "Everybody is buying {} before Monday",
)  # fmt: skip
_GOODS = (
    "trainers", "a fortune", "slimming tea", "a phone", "solar panels", "crypto", "followers",
    "a holiday", "perfume", "watches", "insurance", "white teeth", "car parts", "vitamins",
)  # fmt: skip
_TRENDS = [
    *("#Eurovision", "#Monday", "#Love", "#Goals", "#News", "#Deal"),
    *("#Music", "#Cats", "#Win", "#Happy", "#Sale", "#Now"),
]


@dataclass(frozen=True, slots=True)
class Line:
    """One post, and which crowd it belongs to; ``people`` for ordinary life."""

    at: datetime
    who: str
    text: str
    crowd: str = "people"


class Year:
    """Posts of a tag in the order of time: ``ordinary`` of people, and ``OTHERS`` among them."""

    def __init__(self, seed: int, ordinary: int, days: int = 300) -> None:
        self._chance = random.Random(seed)
        self._ordinary, self._days = ordinary, days
        regulars = max(20, min(300, ordinary // 30))
        self._regulars = [f"regular{number}" for number in range(regulars)]

    def lines(self) -> list[Line]:
        """All of it. Crowds come apart, in any order, after two weeks of ordinary life."""
        chance, first = self._chance, 16
        order = [*ATTACKS, *CROWDS]
        chance.shuffle(order)
        room = (self._days - first) / len(order)
        found = list(self._people())
        for place, crowd in enumerate(order):
            day = int(first + place * room + chance.uniform(0, room / 2))
            begins = NOON + timedelta(days=day, hours=chance.uniform(-4, 4))
            found += getattr(self, f"_{crowd}")(begins)
            found += self._again(crowd, found[-1].at) if crowd in ATTACKS else ()
        return sorted(found, key=lambda line: line.at)

    def _again(self, attack: str, since: datetime) -> Iterator[Line]:
        """An attack that goes on when a host has said to, or hours later: mostly by new accounts.

        Its words are the first one's, or others of the kind.
        """
        pause = timedelta(hours=self._chance.choice((0, 0, 0, 0.3, 2, 6, 14)))
        new = " of the second wave" if self._chance.random() < 0.7 else ""
        for line in islice(getattr(self, f"_{attack}")(since + pause), AGAIN):
            yield replace(line, who=f"{line.who}{new}", crowd=f"{attack} again")

    def _people(self) -> Iterator[Line]:
        """Ordinary life, mostly by day: regulars, and now and then somebody new."""
        for number in range(self._ordinary):
            day = timedelta(days=self._days * number / self._ordinary)
            at = NOON + day + timedelta(hours=self._chance.gauss(0, 4))
            new = self._chance.random() < 0.04
            who = f"visitor{number}" if new else self._chance.choice(self._regulars)
            yield Line(at, who, self._said(link=0.1))

    def _said(self, link: float = 0.0, more: str = "") -> str:
        chance = self._chance
        words = f"{chance.choice(_SAYS).format(chance.choice(_THINGS))} {chance.choice(_MORE)}"
        if chance.random() < 0.5:
            words += f". {chance.choice(_SAYS).format(chance.choice(_THINGS))}"
        return f"{words} {more} {self._link(link)}{TAG}"

    def _link(self, share: float) -> str:
        return (
            f"https://example.org/{self._chance.random()} " if self._chance.random() < share else ""
        )

    def _times(self, begins: datetime, count: int, seconds: float) -> Iterator[datetime]:
        at = begins
        for _ in range(count):
            at += timedelta(seconds=self._chance.expovariate(1 / seconds))
            yield at

    def _conference(self, begins: datetime) -> Iterator[Line]:
        """Nine hours, half of the people never seen before, who repeat what speakers say."""
        quoting = {name: self._chance.sample(range(260), 14) for name in _QUOTES}
        for number, at in enumerate(self._times(begins, 260, 120)):
            who = self._somebody("delegate", 120, known=0.45)
            tags = "#Conf26 " * (self._chance.random() < 0.8)
            text = self._said(link=0.2, more=tags)
            for quote, places in quoting.items():
                if number in places:
                    text = f"“{quote}” {tags}{TAG}"
            yield Line(at, who, text, "conference")

    def _drive(self, begins: datetime) -> Iterator[Line]:
        """Two hours of hellos, by a pattern that the hosts gave; some with far too many tags."""
        chance = self._chance
        for number, at in enumerate(self._times(begins, 70, 100)):
            if chance.random() < 0.2:
                yield Line(at, chance.choice(self._regulars), self._said(), "drive")
                continue
            subject, place = chance.choice(_SUBJECTS), chance.choice(_PLACES)
            text = f"Hello, I am N{number * 37 % 91} and I teach {subject} in {place}."
            if chance.random() < 0.6:
                text += f" {chance.choice(_SAYS).format(chance.choice(_THINGS))}"
            tags = " ".join(chance.sample(_TRENDS, 7)) if chance.random() < 0.1 else ""
            yield Line(at, f"newcomer{number}", f"{text} {tags} {self._link(0.1)}{TAG}", "drive")

    def _sharing(self, begins: datetime) -> Iterator[Line]:
        """An evening of favourite links, among regulars and people they brought."""
        for at in self._times(begins, 160, 60):
            who = self._somebody("guest", 60, known=0.55)
            yield Line(at, who, self._said(link=0.8), "sharing")

    def _copies(self, begins: datetime) -> Iterator[Line]:
        """Seventy accounts say one thing, with a word or two changed; half the time with a link."""
        link = float(self._chance.random() < 0.5)
        for at in self._times(begins, 140, 45):
            number, good = self._chance.randrange(100, 999), self._chance.choice(_GOODS[:2])
            text = f"Get {number} new followers today with our trusted growth service for {good}"
            text += f", click {self._chance.choice(['now', 'here', 'below'])} and see for yourself"
            who = f"copier{self._chance.randrange(70)}"
            yield Line(at, who, f"{text} {self._link(link)}{TAG}", "copies")

    def _spray(self, begins: datetime) -> Iterator[Line]:
        """Sixty accounts with words of their own, and the tag among everything that trends."""
        for at in self._times(begins, 120, 120):
            tags = " ".join(self._chance.sample(_TRENDS, self._chance.randint(6, 11)))
            who = f"sprayer{self._chance.randrange(60)}"
            yield Line(at, who, f"{self._ad()} {tags} {self._link(0.5)}{TAG}", "spray")

    def _links(self, begins: datetime) -> Iterator[Line]:
        """Ninety accounts that sell different things, each with a link and few tags."""
        for at in self._times(begins, 120, 90):
            who = f"seller{self._chance.randrange(90)}"
            yield Line(at, who, f"{self._ad()} {self._link(1)}{TAG}", "links")

    def _ad(self) -> str:
        return self._chance.choice(_ADS).format(self._chance.choice(_GOODS))

    def _somebody(self, name: str, count: int, known: float) -> str:
        if self._chance.random() < known:
            return self._chance.choice(self._regulars)
        return f"{name}{self._chance.randrange(count)}"
