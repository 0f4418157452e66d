"""However the line to Discord breaks, no message is missed and none is counted twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.discord.village import Village
from tests.fakediscord.people import Message, Person
from tests.fakediscord.server import FakeDiscord

Break = Callable[[FakeDiscord], None]


@pytest.fixture
def village(discord: FakeDiscord, hurried: None, tmp_path: Path) -> Iterator[Village]:
    village = Village(discord, tmp_path)
    yield village
    village.ends()


def said(village: Village, *messages: Any) -> None:
    """Wait until these are logged, and hold that the log has each once and nothing else."""
    village.waits_until(lambda: all(village.logged(each) for each in messages))
    village.is_quiet()
    posts = [row["post"].rpartition("/")[2] for row in village.posts if not row["bot"]]
    assert sorted(posts) == sorted(each.id for each in messages)


def dropped(discord: FakeDiscord) -> None:
    discord.gateway.drop()


def closed_as_if_done(discord: FakeDiscord) -> None:
    discord.gateway.drop(1000)


def asked_to_reconnect(discord: FakeDiscord) -> None:
    discord.gateway.ask_to_reconnect()


def invalid_but_resumable(discord: FakeDiscord) -> None:
    discord.gateway.invalidate(resumable=True)


def invalid(discord: FakeDiscord) -> None:
    discord.gateway.invalidate(resumable=False)


def forgotten(discord: FakeDiscord) -> None:
    discord.gateway.drop()
    discord.gateway.sessions.clear()


def fallen_behind(discord: FakeDiscord) -> None:
    discord.gateway.drop()
    for _ in range(1001):
        discord.world.tell("TYPING_START", {}, None, None)


BREAKS = [
    (dropped, "resumed"),
    (closed_as_if_done, "resumed"),
    (asked_to_reconnect, "resumed"),
    (invalid_but_resumable, "resumed"),
    (invalid, "identified"),
    (forgotten, "identified"),
    (fallen_behind, "identified"),
]


def test_what_is_said_around_every_break_is_heard_once(village: Village) -> None:
    village.starts()
    ada, discord = village.discord.person("Ada").joins(village.garden), village.discord
    everything = [ada.says(village.lobby, "Before.")]
    said(village, *everything)

    for how, then in BREAKS:
        before = (discord.gateway.identifies, discord.gateway.resumes)
        everything += discord.do(partial(_broken, how, village, ada))
        everything.append(ada.posts(village.forum, how.__name__, "Where were we?", tags=["Roses"]))
        said(village, *everything)
        village.waits_until(lambda: len(discord.gateway.connected()) == 1)
        everything.append(ada.says(village.lobby, "After."))
        said(village, *everything)
        after = (discord.gateway.identifies, discord.gateway.resumes)
        went = {"resumed": after[1] > before[1], "identified": after[0] > before[0]}
        assert went[then], how.__name__


def _broken(how: Break, village: Village, ada: Person) -> list[Message]:
    how(village.discord)
    return [ada.says(village.lobby, f"Meanwhile {number}.") for number in range(5)]


def test_a_silent_line_is_left_and_taken_up_again(village: Village) -> None:
    village.discord.gateway.heartbeat = 200
    village.starts()
    ada, discord = village.discord.person("Ada").joins(village.garden), village.discord
    resumed = discord.gateway.resumes
    line = village.adapter.listening.line
    for each in line.shards.values():
        each._parent.ws._max_heartbeat_timeout = 0.5
        each._parent.ws._keep_alive.heartbeat_timeout = 0.5
    discord.do(discord.gateway.go_silent)
    lost = ada.says(village.lobby, "Is anybody there?")

    said(village, lost)
    assert discord.gateway.resumes > resumed


@pytest.mark.parametrize("code", [4004, 4014])
def test_what_the_operator_has_to_mend_is_told_and_taken_up_once_mended(
    village: Village, code: int
) -> None:
    village.starts()
    ada, discord = village.discord.person("Ada").joins(village.garden), village.discord
    token, allowed = discord.gateway.token, discord.gateway.allowed

    def turn() -> None:
        if code == 4004:
            discord.gateway.token = "another-token"
        else:
            discord.gateway.allowed = 0
        forgotten(discord)

    tried = discord.gateway.identifies
    discord.do(turn)
    lost = [ada.says(village.lobby, "Where is Weaver?")]
    village.waits_until(lambda: discord.gateway.identifies >= tried + 2)
    lost.append(ada.says(village.lobby, "It will come back."))
    discord.gateway.token, discord.gateway.allowed = token, allowed

    said(village, *lost)


def test_an_hour_without_weaver_is_caught_up_with(village: Village) -> None:
    village.starts()
    ada, bob = (village.discord.person(name).joins(village.garden) for name in ("Ada", "Bob"))
    first = ada.says(village.lobby, "Before.")
    said(village, first)
    thread = bob.starts_thread(first, "Roses")
    village.is_quiet()
    village.stops()

    missed: list[Any] = []
    for minute in range(0, 60, 2):
        village.discord.clock.forward(minutes=2)
        missed.append(ada.says(village.lobby, f"Minute {minute}."))
        missed.append(bob.replies(missed[-1], "Yes."))
        if minute % 20 == 0:
            missed += [bob.says(thread, "In here."), ada.says(village.tea, "Tea?")]
            missed.append(ada.posts(village.forum, f"Question {minute}", "How?", tags=["Weeds"]))
    village.starts()

    said(village, first, *missed)
    village.stops()
    village.starts()
    said(village, first, *missed)


def test_a_server_that_was_away_is_caught_up_with(village: Village) -> None:
    village.starts()
    ada = village.discord.person("Ada").joins(village.garden)
    village.garden.goes_down()
    missed = [ada.says(village.lobby, f"Meanwhile {number}.") for number in range(3)]
    village.discord.clock.forward(hours=1)

    village.garden.comes_back()

    said(village, *missed)


def test_an_outage_of_all_of_discord_is_ridden_out(village: Village) -> None:
    village.starts()
    ada, discord = village.discord.person("Ada").joins(village.garden), village.discord
    fault = discord.faults.add("502 before", "/", "GET", times=40)

    def go() -> list[Any]:
        forgotten(discord)
        return [ada.says(village.lobby, f"Meanwhile {number}.") for number in range(3)]

    missed = discord.do(go)

    said(village, *missed)
    assert fault.struck
