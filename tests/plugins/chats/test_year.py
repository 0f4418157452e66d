"""A year of Thursdays: closures, moved dates, changing hosts, restarts and crashes.

What each session should have said, and when, is worked out beside it from the rule alone.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.domain.actions import Action, SendPost
from bot.domain.ports import Delivery
from bot.testing import ADA, GRACE, HOST, FakeAdapter, Harness
from plugins.chats import plugin
from plugins.chats.tables import ChatSession

LONDON = ZoneInfo("Europe/London")
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
FIRST = datetime(2026, 3, 5, 20, tzinfo=LONDON)
WEEKS, PACE, LENGTH, GRACED = 52, 10, 60, 15
HALF_TERM, WINTER = ("28 May 2026", "4 June 2026"), ("21 December 2026", "1 January 2027")
CLOSED = {"2026-05-28", "2026-06-04", "2026-12-24", "2026-12-31"}
MOVED = {8: timedelta(days=1), 20: timedelta(hours=-2), 33: timedelta(days=-2, hours=1)}
"""By week: how far its Thursday was moved."""


@dataclass
class Forgetful(FakeAdapter):
    """A platform that does what it is asked and, every seventh time, loses the answer."""

    asked: int = 0

    async def perform(self, action: Action, delivery: Delivery) -> str:
        receipt = await super().perform(action, delivery)
        self.asked += 1
        if self.asked % 7 == 0:
            raise TimeoutError
        return receipt


@dataclass(frozen=True)
class Crash:
    """When Weaver dies in a session, and how long it is away."""

    at: datetime
    away: timedelta
    queued: bool
    """Whether what was due then had been decided, but not sent."""


def expected(
    start: datetime, steps: list[str], crash: Crash | None
) -> Iterator[tuple[str, datetime]]:
    """Which steps go out when, by the rule: late within its grace, else missed."""
    planned = [start, start, *(start + PACE * MINUTE * n for n in range(1, len(steps) - 2))]
    planned.append(start + LENGTH * MINUTE)
    earliest = start
    for name, at in zip(steps, planned, strict=True):
        due = max(at, earliest)
        if crash is not None and crash.at < due < crash.at + crash.away:
            back = crash.at + crash.away
            if back - due > GRACED * MINUTE:
                earliest = back
                if back > start + (LENGTH + GRACED) * MINUTE:
                    return
                continue
            due = back
        yield name, due
        earliest = due if name == "hello" else due + PACE * MINUTE


def dies(bot: Harness, crash: Crash) -> None:
    """End as kill -9 does, nothing more written; be away, and start on the same files."""
    if crash.queued:
        bot.clock.move(crash.at)
        bot._runner.run(bot.weaver.scheduler.tick())
    writer = bot.weaver.writer
    writer._queue.put(None)
    assert writer._thread is not None
    writer._thread.join()
    bot._close.detach()
    bot._runner.close()
    bot.weaver.database.close()
    bot.clock.move(crash.at + crash.away)
    bot._start()
    bot._run(asyncio.sleep(0))


def crash_in(start: datetime, week: int, chance: random.Random) -> Crash | None:
    """A crash in one session of four, between two steps: once long, once for a moment."""
    if week % 4 != 2:
        return None
    minute, away = ((13, 40), (9, 2), (16, 13))[week // 4 % 3]
    at = start + (minute + chance.uniform(0.01, 0.9)) * MINUTE
    return Crash(at.astimezone(UTC), away * MINUTE, queued=chance.random() < 0.5)


def play(weeks: int) -> None:
    """Live through some weeks, and compare what was said with the rule."""
    chance = random.Random(36)
    bot = Harness(plugin, adapter=Forgetful())
    bot.calls(HOST, 'chats schedule "Thursdays 8 pm" "Week 0" One 0? / Two 0? / Three 0?')
    bot.calls(HOST, f'chats close "{HALF_TERM[0]}" "{HALF_TERM[1]}" name:Half-term')
    bot.calls(HOST, f'chats close "{WINTER[0]}" "{WINTER[1]}" name:Winter')
    wanted: dict[str, list[tuple[str, datetime]]] = {}
    for week in range(weeks):
        thursday = (FIRST.replace(tzinfo=None) + week * WEEK).replace(tzinfo=LONDON)
        start = live_through(bot, week, thursday, chance, wanted)
        bot.passes_to(max(bot.now, (start + 2 * DAY).astimezone(UTC)))
        bot.restarts()
    held = [f"{(FIRST + week * WEEK):%Y-%m-%d}" for week in range(weeks)]
    assert len(wanted) == len([day for day in held if day not in CLOSED])
    assert said(bot) == wanted
    lost = {local: [s for s in STEPS if s not in dict(steps)] for local, steps in wanted.items()}
    assert {local: missed(bot, local) for local in wanted} == lost
    assert any(lost.values())
    times = [at for steps in wanted.values() for _, at in steps]
    assert all(earlier <= later for earlier, later in pairwise(times))


def test_every_prompt_of_a_term_goes_out_once_in_order_and_in_time() -> None:
    play(14)


@pytest.mark.torture
def test_every_prompt_of_a_year_goes_out_once_in_order_and_in_time() -> None:
    play(WEEKS)


STEPS = ["hello", "Q1", "Q2", "Q3", "wrap-up"]


def live_through(
    bot: Harness,
    week: int,
    thursday: datetime,
    chance: random.Random,
    wanted: dict[str, list[tuple[str, datetime]]],
) -> datetime:
    """One week: prompts, a move, who leads, the session with its crash; gives when it was."""
    local = f"{thursday:%Y-%m-%dT%H:%M:%S}"
    if local[:10] in CLOSED:
        return thursday
    start = thursday
    if week in MOVED:
        start = (thursday.replace(tzinfo=None) + MOVED[week]).replace(tzinfo=LONDON)
        moved = bot.calls(
            HOST, f'chats move 1 next "{start:%-d} {start:%B} {start:%Y} {start:%H:%M}"'
        )
        assert "moves to" in moved, moved
    if week:
        bot.calls(HOST, f"chats prompts 1 One {week}? / Two {week}? / Three {week}?")
    who = (HOST, ADA, GRACE)[week % 3]
    assert bot.calls(who, "chats host 1").startswith("You lead")
    if week % 9 == 4:
        assert bot.calls(who, f"chats stepdown 1 {start:%Y-%m-%d}").startswith("Noted")
    bot.restarts()
    crash = crash_in(start, week, chance)
    wanted[local] = [(n, at.astimezone(UTC)) for n, at in expected(start, STEPS, crash)]
    if crash is not None:
        bot.passes_to(crash.at)
        dies(bot, crash)
    return start


def said(bot: Harness) -> dict[str, list[tuple[str, datetime]]]:
    """What was posted in the tea room, by session: each step with when it was decided."""
    decided = {act.key: act.at for act in bot.ledger}
    found: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for act in bot.sent:
        *_, local, step = act.key.replace("%3A", "=").split(":")
        if isinstance(act, SendPost) and act.space == bot.chat and step in STEPS:
            found[local.replace("=", ":")].append((step, decided[act.key]))
    return dict(found)


def missed(bot: Harness, local: str) -> list[str]:
    """Which steps a session says it missed."""
    with Session(bot.weaver.database.read) as session:
        row = session.get(ChatSession, ("garden", 1, local))
        assert row is not None
        return row.missed
