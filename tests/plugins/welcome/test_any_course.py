"""Whatever happens, and in whatever order: nobody is greeted twice, and nobody is missed."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actions import SendPost
from bot.domain.events import MemberJoined
from bot.domain.model import Member
from bot.testing import Harness
from plugins.welcome import plugin

MINUTE = timedelta(minutes=1)
PEOPLE = [Member("fake", f"m{number}", f"Name{number:04}") for number in range(6)]
ROBOT = Member("fake", "robot", "Name9999", is_bot=True)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from([*PEOPLE, ROBOT])),
        st.tuples(st.just("again"), st.integers(0, 30)),
        st.tuples(st.just("post"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("pass"), st.integers(1, 40)),
        st.tuples(st.just("restart"), st.none()),
        st.tuples(st.just("crash"), st.sampled_from([*PEOPLE, ROBOT])),
        st.tuples(st.just("forget"), st.sampled_from(PEOPLE)),
    ),
    min_size=5,
    max_size=30,
)


class Course:
    """One course of events, and what must have come of it."""

    def __init__(self, **wanted: object) -> None:
        self.bot = Harness(plugin, **wanted)
        self.joined: list[MemberJoined] = []
        self.arrived: set[str] = set()

    def join(self, member: Member, *, crash: bool = False) -> None:
        event = MemberJoined(f"join-{len(self.joined)}", self.bot.now, self.bot.lobby, member)
        self.joined.append(event)
        self.tell(event, crash=crash)

    def tell(self, event: MemberJoined, *, crash: bool = False) -> None:
        (self.bot.crashes if crash else self.bot.dispatches)(event)
        if not event.member.is_bot:
            self.arrived.add(event.member.name)

    def greeted(self) -> Counter[str]:
        posts = [act.text for act in self.bot.sent if isinstance(act, SendPost)]
        return Counter(name for name in self.names() for text in posts if name in text)

    def names(self) -> set[str]:
        return {event.member.name for event in self.joined}

    def check(self, *, raids: bool) -> None:
        self.bot.passes(timedelta(hours=6))
        once = dict.fromkeys(self.arrived, 1)
        if raids:
            assert self.greeted().items() <= once.items()
        else:
            assert self.greeted() == once
        waiting = [row for row in self.bot.ledger if row.state not in ("done", "declined")]
        assert not waiting


def play(steps: list[tuple[str, object]], **wanted: object) -> Course:
    course = Course(**wanted)
    for what, value in steps:
        match what, value:
            case "join", Member() as member:
                course.join(member)
            case "again", int(place) if course.joined:
                course.tell(course.joined[place % len(course.joined)])
            case "post", Member() as member:
                course.bot.posts(member, "Hello?")
            case "pass", int(minutes):
                course.bot.passes(minutes * MINUTE)
            case "restart", _:
                course.bot.restarts()
            case "crash", Member() as member:
                course.join(member, crash=True)
            case "forget", Member() as member:
                course.bot.forgets(member)
    return course


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_everybody_who_arrives_is_greeted_once(steps: list[tuple[str, object]]) -> None:
    play(steps, raid_joins=1000).check(raids=False)


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_raids_too_nobody_is_greeted_twice(steps: list[tuple[str, object]]) -> None:
    play(steps, raid_joins=3).check(raids=True)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("raid_joins", [12, 100_000])
def test_ten_thousand_arrivals_with_crashes_and_repeats(raid_joins: int) -> None:
    chance = random.Random(20_261_125)
    course = Course(raid_joins=raid_joins)
    arrivals = 10_000 if raid_joins > 10_000 else 3_000
    for number in range(arrivals):
        member = Member("fake", f"m{number}", f"Name{number:05}x", is_bot=number % 17 == 0)
        course.join(member, crash=chance.random() < 0.01)
        if chance.random() < 0.2:
            course.tell(chance.choice(course.joined))
        if chance.random() < 0.3:
            course.bot.passes(chance.randrange(120) * timedelta(seconds=1))
        if chance.random() < 0.01:
            course.bot.restarts()
    course.check(raids=raid_joins < 10_000)
    print(f"{arrivals} arrivals, {len(course.greeted())} greeted by name, none twice")
