"""A year with three attacks and three welcome crowds in it: what paused the tag, and when."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.api import Member, Post, PostSeen, Repost, SendPost, hashtags
from bot.domain.events import CommandCalled
from bot.testing import ADA, HOST, NOON, Harness
from plugins.amplify import plugin
from plugins.amplify.alarm import Sighting, look
from plugins.amplify.hosts import CALM
from plugins.amplify.people import at_home, is_young_at
from plugins.amplify.prints import print_of
from plugins.amplify.sightings import KEPT, MOST
from tests.plugins.amplify.conftest import ROSES
from tests.plugins.amplify.crowds import ATTACKS, CROWDS, Line, Year

WITHIN = 20


@dataclass
class Told:
    """When the tag was paused: for each crowd, after how many of its posts, and by which sign."""

    posts: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    paused: dict[str, tuple[int, str]] = field(default_factory=dict)

    def judge(self, seed: int) -> None:
        """Every attack was paused in time, and nothing else ever was; say how it went."""
        print(f"\nseed {seed}: {self.posts} posts, {dict(self.heard)}")
        for crowd, (after, sign) in self.paused.items():
            print(f"  {crowd}: paused after {after} posts, by {sign}")
        assert set(self.paused) == set(ATTACKS)
        assert all(after <= WITHIN for after, _ in self.paused.values())
        assert all(self.heard[crowd] for crowd in (*ATTACKS, *CROWDS))


class Spans:
    """Which attack is under way at a line: whoever speaks during it, the alarm is about it."""

    def __init__(self, lines: list[Line]) -> None:
        self._places = {
            attack: [number for number, line in enumerate(lines) if line.crowd == attack]
            for attack in ATTACKS
        }

    def at(self, number: int, line: Line) -> str:
        """The attack, or else the crowd that the line itself belongs to."""
        for attack, places in self._places.items():
            if places[0] <= number <= places[-1]:
                return attack
        return line.crowd

    def ends(self, number: int) -> str:
        """The attack that is over with this line, if one is."""
        over = (attack for attack, places in self._places.items() if places[-1] == number)
        return next(over, "")


def looked_at(lines: list[Line]) -> Told:
    """Look at a year's lines one by one, as amplify does; a pause lasts as long as an attack.

    Then a host says to go on, after which it is calm for a while.
    """
    told, first, seen = Told(), dict[str, datetime](), deque[Sighting](maxlen=MOST)
    spans, calm_until = Spans(lines), lines[0].at
    for number, line in enumerate(lines):
        told.posts += 1
        told.heard[line.crowd] += 1
        begun = first.setdefault(line.who, line.at)
        while seen and seen[0].at <= line.at - KEPT:
            seen.popleft()
        tags, known = hashtags(line.text, "mastodon"), at_home(begun, lines[0].at, line.at)
        link = "://" in line.text
        seen.append(Sighting(line.who, line.at, known, len(tags), link, print_of(line.text)))
        about = spans.at(number, line)
        young = is_young_at(lines[0].at, line.at)
        noticed = about not in told.paused and line.at >= calm_until
        if noticed and (alarm := look(list(seen), 5, is_young=young)):
            told.paused[about] = (told.heard[about], alarm.sign)
        if spans.ends(number):
            calm_until = line.at + CALM
    return told


@pytest.mark.parametrize("seed", [1, 2])
def test_attacks_are_paused_and_crowds_of_people_are_not(seed: int) -> None:
    looked_at(Year(seed, 800, days=60).lines()).judge(seed)


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(101, 111))
def test_in_a_hundred_thousand_posts_too(seed: int) -> None:
    lines = Year(seed, 99_130).lines()
    assert len(lines) == 100_000

    looked_at(lines).judge(seed)


def rush(bot: Harness, count: int, begin: int = 0) -> None:
    """Accounts that nobody knows say one thing, with a link."""
    for number in range(begin, begin + count):
        stranger = Member("fake", f"stranger{number}")
        bot.posts(stranger, f"Get {number} new friends today, click below https://x.example #Roses")


@pytest.fixture
def attacked() -> Harness:
    """A garden that has been there for a while, and was just paused."""
    bot = Harness(plugin, routes=[ROSES], hourly=0, author_daily=0, new_accounts="pass")
    bot.posts(ADA, "I have been here for years", at=bot.now - timedelta(days=60))
    rush(bot, 5)
    return bot


def passed_on(bot: Harness) -> list[str]:
    return [action.post_id for action in bot.standing if isinstance(action, Repost)]


def test_a_host_hears_what_was_seen_and_what_to_do(attacked: Harness) -> None:
    sent = [one for one in attacked.sent if isinstance(one, SendPost)]
    [alarm] = [one for one in sent if " is paused. " in one.text]

    assert alarm.text.startswith("#Roses is paused. In 1 minute, 5 accounts that are not known")
    assert "said much the same with it" in alarm.text
    assert [button.command for button in alarm.buttons] == [
        "amplify resume Roses",
        "amplify members Roses yes",
        "amplify succeed Roses",
        "amplify sweep Roses",
    ]
    known = {command.name for command in plugin.commands}
    assert {button.command.split()[1] for button in alarm.buttons} <= known


def test_people_known_here_wait_and_strangers_are_held_until_a_host_goes_on(
    attacked: Harness,
) -> None:
    known = attacked.posts(ADA, "Mildew, in all this? #Roses")
    new = attacked.posts(Member("fake", "newcomer"), "Is this where roses are? #Roses")
    before = passed_on(attacked)
    assert known.id not in before

    answer = attacked.calls(HOST, "amplify resume Roses")

    assert passed_on(attacked) == [*before, known.id]
    assert "wait for a host" in answer
    assert "a rush of unknown accounts" in attacked.calls(HOST, f"amplify why {new.id}")


def test_what_went_out_before_can_be_taken_back(attacked: Harness) -> None:
    known = attacked.posts(ADA, "Mildew, in all this? #Roses")
    attacked.calls(HOST, "amplify members Roses yes")
    assert known.id in passed_on(attacked)
    attacked.calls(HOST, "amplify sweep Roses")

    assert passed_on(attacked) == [known.id]
    rush(attacked, 9, begin=20)
    assert passed_on(attacked) == [known.id]
    assert "nothing to take back" in attacked.calls(HOST, "amplify sweep Roses")


def test_after_a_host_said_go_on_it_is_calm_for_half_a_day(attacked: Harness) -> None:
    attacked.calls(HOST, "amplify resume Roses")
    rush(attacked, 9, begin=20)
    assert sum(" is paused. " in text for text in attacked.told) == 1

    attacked.passes(timedelta(hours=13))
    rush(attacked, 9, begin=40)
    assert sum(" is paused. " in text for text in attacked.told) == 2


def test_the_alarm_can_be_left_off() -> None:
    bot = Harness(plugin, routes=[ROSES], hourly=0, alarm=False)
    bot.posts(ADA, "I have been here for years", at=bot.now - timedelta(days=60))
    rush(bot, 30)

    assert not any(" is paused. " in text for text in bot.told)


class Garden(Harness):
    """A garden that lives through lines quickly, and whose host goes on after each attack."""

    def lives(self, lines: list[Line]) -> Told:
        told = Told()
        self._runner.run(self._live(lines, told))
        return told

    async def _live(self, lines: list[Line], told: Told) -> None:
        spans, looked = Spans(lines), NOON
        for number, line in enumerate(lines):
            self.clock.move(max(line.at, self.clock.time))
            if self.now >= looked:
                looked = self.now + timedelta(minutes=10)
                await self.weaver.scheduler.tick()
            await self._hear(number, line, spans.at(number, line), told)
            if spans.ends(number):
                resume = CommandCalled(f"go{number}", self.now, self.hosts, HOST, GO_ON)
                await self.weaver.ring(resume)
        await self.weaver.delivery.drain()

    async def _hear(self, number: int, line: Line, about: str, told: Told) -> None:
        told.posts += 1
        told.heard[line.crowd] += 1
        tags, link = tuple(hashtags(line.text, "mastodon")), "://" in line.text
        author = Member("fake", line.who)
        post = Post(f"p{number}", self.lobby, author, line.text, self.now, tags=tags, has_link=link)
        self.adapter.known.add(post.id)
        outcome = await self.weaver.ring(PostSeen(f"s{number}", self.now, self.lobby, post))
        if any(":alarm:" in key for key in outcome.acts):
            assert about not in told.paused, "once is enough"
            told.paused[about] = (told.heard[about], "the plugin's alarm")

    def out_of(self, lines: list[Line], crowd: str) -> int:
        """How many posts of a crowd the audience can see."""
        reposts = [action for action in self.standing if isinstance(action, Repost)]
        return sum(lines[int(action.post_id[1:])].crowd == crowd for action in reposts)


GO_ON = "amplify resume Roses"


def live_through(seed: int, year: Year, **pace: int) -> None:
    bot, lines = Garden(plugin, routes=[ROSES], **pace), year.lines()
    told = bot.lives(lines)

    told.judge(seed)
    for crowd in (*ATTACKS, *CROWDS):
        out = bot.out_of(lines, crowd)
        print(f"  {crowd}: {out} of {told.heard[crowd]} passed on")
        assert crowd in CROWDS or out <= told.paused[crowd][0]
    assert sum(" is paused. " in text for text in bot.told) == len(ATTACKS)


def test_the_whole_of_amplify_pauses_and_lets_nothing_more_of_it_out() -> None:
    live_through(4, Year(4, 250, days=40), hourly=0, author_daily=0)


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_the_whole_of_amplify_lives_through_ten_thousand_posts() -> None:
    live_through(5, Year(5, 9_130))
