"""Live through a made-up year of a tag: when the alarm paused it, and for whose sake."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.api import Member, Post, PostSeen, Repost, hashtags
from bot.domain.events import CommandCalled
from bot.domain.ports import Outcome
from bot.testing import HOST, NOON, Harness
from plugins.amplify.alarm import Sighting, let_through, look, remember
from plugins.amplify.people import at_home, is_young_at
from plugins.amplify.prints import print_of
from tests.plugins.amplify.crowds import CROWDS, WAVES, Line

WITHIN = 20


@dataclass
class Told:
    """When the tag was paused: for each crowd, after how many of its posts, and by which sign."""

    posts: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    paused: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def afters(self) -> dict[str, int]:
        """After how many of its posts each crowd paused the tag."""
        return {crowd: after for crowd, (after, _) in self.paused.items()}

    def judge(self, seed: int) -> None:
        """Every wave of every attack was paused in time, and nothing else; say how it went."""
        print(f"\nseed {seed}: {self.posts} posts, {dict(self.heard)}")
        for crowd, (after, sign) in self.paused.items():
            print(f"  {crowd}: paused after {after} posts, by {sign}")
        assert set(self.paused) == set(WAVES)
        assert all(after <= WITHIN for after in self.afters.values())
        assert all(self.heard[crowd] for crowd in (*WAVES, *CROWDS))


class Spans:
    """Which wave is under way at a line: whoever speaks during it, the alarm is about it."""

    def __init__(self, lines: list[Line]) -> None:
        self._places = {
            wave: [number for number, line in enumerate(lines) if line.crowd == wave]
            for wave in WAVES
        }

    def at(self, number: int, line: Line) -> str:
        """The wave, or else the crowd that the line itself belongs to."""
        for wave, places in self._places.items():
            if places[0] <= number <= places[-1]:
                return wave
        return line.crowd

    def ends(self, number: int) -> bool:
        """Whether a wave is over with this line, so that the host says to go on."""
        return any(places[-1] == number for places in self._places.values())


def looked_at(lines: list[Line]) -> Told:
    """Look at a year's lines one by one, as amplify does: whenever the tag is not paused.

    A pause lasts as long as a wave of an attack does; then a host says to go on, and it is looked
    at again from the very next line. A pause for anything else is wrong, and ends at once.
    """
    told, first, spans = Told(), dict[str, datetime](), Spans(lines)
    seen, is_paused = list[Sighting](), False
    for number, line in enumerate(lines):
        told.posts += 1
        told.heard[line.crowd] += 1
        begun = first.setdefault(line.who, line.at)
        tags, known = hashtags(line.text, "mastodon"), at_home(begun, lines[0].at, line.at)
        link, text = "://" in line.text, print_of(line.text)
        seen = remember(seen, Sighting(line.who, line.at, known, len(tags), link, text))
        young = is_young_at(lines[0].at, line.at)
        if not is_paused and (alarm := look(seen, 5, is_young=young)):
            about = spans.at(number, line)
            told.paused[about] = (told.heard[about], alarm.sign)
            is_paused = about in WAVES
        if spans.ends(number):
            seen, is_paused = let_through(seen), False
    return told


GO_ON = "amplify resume Roses"
TOGETHER = 25
"""Posts that are heard before the first of them has to be written."""
Heard = tuple[str, Line, "asyncio.Task[Outcome]"]
"""Whom an alarm would be about, what was said, and what Weaver makes of it."""


class Garden(Harness):
    """A garden that lives through lines quickly, and whose host goes on after each attack."""

    def lives(self, lines: list[Line]) -> Told:
        told = Told()
        self._runner.run(self._live(lines, told))
        return told

    async def _live(self, lines: list[Line], told: Told) -> None:
        spans, looked, heard = Spans(lines), NOON, list[Heard]()
        for number, line in enumerate(lines):
            self.clock.move(max(line.at, self.clock.time))
            if self.now >= looked:
                looked = self.now + timedelta(minutes=10)
                await self._note(heard, told)
                await self.weaver.scheduler.tick()
            heard.append((spans.at(number, line), line, self._hear(number, line)))
            await asyncio.sleep(0)  # so that it is heard at its time
            if spans.ends(number) or len(heard) == TOGETHER:
                await self._note(heard, told)
            if spans.ends(number):
                resume = CommandCalled(f"go{number}", self.now, self.hosts, HOST, GO_ON)
                await self.weaver.ring(resume)
        await self._note(heard, told)
        await self.weaver.delivery.drain()

    def _hear(self, number: int, line: Line) -> asyncio.Task[Outcome]:
        tags, link = tuple(hashtags(line.text, "mastodon")), "://" in line.text
        author = Member("fake", line.who)
        post = Post(f"p{number}", self.lobby, author, line.text, self.now, tags=tags, has_link=link)
        self.adapter.known.add(post.id)
        seen = PostSeen(f"s{number}", self.now, self.lobby, post)
        return asyncio.ensure_future(self.weaver.ring(seen))

    async def _note(self, heard: list[Heard], told: Told) -> None:
        """Wait for what was heard, which the writer may take as one, and write down the alarms."""
        for about, line, ring in heard:
            told.posts += 1
            told.heard[line.crowd] += 1
            if any(":alarm:" in key for key in (await ring).acts):
                assert about not in told.paused, "once is enough"
                told.paused[about] = (told.heard[about], "the plugin's alarm")
        heard.clear()

    def out_of(self, lines: list[Line], crowd: str) -> int:
        """How many posts of a crowd the audience can see."""
        reposts = [action for action in self.standing if isinstance(action, Repost)]
        return sum(lines[int(action.post_id[1:])].crowd == crowd for action in reposts)
