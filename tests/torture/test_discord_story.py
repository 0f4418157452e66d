"""A whole Weaver on Discord, killed again and again while people talk and requests fail."""

from __future__ import annotations

import os
import random
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakediscord.faults import AFTER, BEFORE, BUSY, CUT, LOST, SLOW
from tests.fakediscord.people import Guild, Message, Person
from tests.fakediscord.server import FakeDiscord
from tests.torture.process import House, Running, house_in

pytestmark = pytest.mark.torture
PATIENCE = 120.0
KILLS = int(os.environ.get("TORTURE_KILLS", "8"))
SETTINGS = """
[discord]
api = "{api}"
gateway = "{gateway}"

[community.garden]
name = "The garden"
zone = "UTC"
hosts = ["discord:{host}"]
plugins = ["welcome", "pulse"]

[[community.garden.spaces]]
platform = "discord"
id = "{lobby}"
name = "lobby"
purpose = "lobby"

[[community.garden.spaces]]
platform = "discord"
id = "{tea}"
name = "tea-room"
purpose = "talk"
"""
LOGGED = "SELECT post FROM core_post WHERE NOT bot"
DONE = "SELECT receipt FROM core_ledger WHERE state = 'done' AND kind IN ('SendPost', 'Reply')"
OPEN = "SELECT count(*) FROM core_ledger WHERE state IN ('todo', 'sending')"


class Story:
    """A server where people go on as if nothing happened, and a Weaver that has a hard time."""

    def __init__(self, discord: FakeDiscord, house: House, chance: random.Random) -> None:
        self.discord, self.house, self.chance = discord, house, chance
        self.hana = discord.person("Hana")
        self.garden: Guild = discord.guild("Garden", self.hana)
        self.lobby, self.tea = self.garden.channel("lobby"), self.garden.channel("tea-room")
        self.newcomers: list[Person] = []
        self.said: list[Message] = []
        settings = SETTINGS.format(
            api=discord.url,
            gateway=discord.gateway_url,
            host=self.hana.id,
            lobby=self.lobby.id,
            tea=self.tea.id,
        )
        (house.folder / "config.toml").write_text(settings, encoding="utf-8")

    def start(self) -> Running:
        """Start Weaver, and wait until it listens."""
        before = self.discord.gateway.identifies
        running = self.house.start(
            WEAVER_CONFIG="config.toml", WEAVER_DISCORD_TOKEN=self.discord.token
        )
        try:
            self.discord.wait_until(
                lambda: (
                    self.discord.gateway.identifies > before and self.discord.gateway.connected()
                ),
                "Weaver to listen",
                PATIENCE,
            )
        except AssertionError:
            raise AssertionError(running.said.read_text()) from None
        return running

    def people_act(self) -> None:
        """Let somebody join now and then, and everybody talk."""
        for _ in range(self.chance.randint(1, 6)):
            if self.chance.random() < 0.3:
                name = f"Guest {len(self.newcomers)}"
                self.newcomers.append(self.discord.person(name).joins(self.garden))
            speaker = self.chance.choice([self.hana, *self.newcomers])
            if self.said and self.chance.random() < 0.4:
                self.said.append(speaker.replies(self.chance.choice(self.said), "Yes."))
            else:
                self.said.append(speaker.says(self.tea, f"Rose number {len(self.said)}."))

    def requests_fail(self) -> None:
        """Let the next writes go wrong in some way."""
        self.discord.faults.clear()
        kind = self.chance.choice([BUSY, BEFORE, AFTER, CUT, SLOW, LOST])
        self.discord.faults.add(kind, times=self.chance.randint(1, 3), seconds=0.2)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as house:
        yield house


def test_everybody_is_greeted_once_and_every_word_is_counted_once(
    discord: FakeDiscord, house: House
) -> None:
    seed = os.environ.get("TORTURE_SEED") or secrets.token_hex(4)
    print(f"TORTURE_SEED={seed}")
    story = Story(discord, house, random.Random(seed))
    story.start().stop()
    for _ in range(KILLS):
        story.requests_fail()
        story.people_act()
        running = story.start()
        story.people_act()
        requests = len(discord.requests) + story.chance.randint(0, 12)
        discord.wait_until(lambda many=requests: len(discord.requests) >= many or _idle(story))
        running.kill()
    discord.faults.clear()
    story.start()
    last = discord.person("Zoe").joins(story.garden)
    story.newcomers.append(last)
    discord.wait_until(lambda: "Zoe" in _words(story), "the last to be greeted", PATIENCE)

    wanted = {f"{each.channel.id}/{each.id}" for each in story.said}
    discord.wait_until(
        lambda: wanted == {post for (post,) in house.memory(LOGGED)} and _idle(story),
        "all to be logged and done",
        PATIENCE,
    )
    print(f"{KILLS} kills, {len(story.said)} posts, {len(story.newcomers)} newcomers")
    receipts = [receipt for (receipt,) in house.memory(DONE)]
    seen = [
        f"{place.id}/{message.id}" for place in (story.lobby, story.tea) for message in place.by_bot
    ]
    assert sorted(receipts) == sorted(seen), "each act once, and nothing besides"
    greeted = Counter(
        person.id
        for message in story.lobby.by_bot
        for person in story.newcomers
        if re.search(rf"{person.data['global_name']}\b", message.content)
    )
    assert set(greeted.values()) == {1}


def _words(story: Story) -> str:
    return " ".join(message.content for message in story.lobby.by_bot)


def _idle(story: Story) -> bool:
    return story.house.memory(OPEN) in ([(0,)], [])
