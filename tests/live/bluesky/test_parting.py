"""On a whole network one running Weaver takes back what it did towards those who part from it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.adapters.bluesky.talk import Talk, homes_of
from bot.config import load
from bot.kernel.commands import reads
from bot.kernel.house import keyring_of, open_house
from bot.kernel.memory import Memory
from bot.kernel.statements import LEDGER
from bot.kernel.weaver import LoopBell, Weaver
from bot.kernel.writer import Writer
from bot.platforms import bluesky_adapter, bluesky_of
from bot.storage.migrate import migrate
from tests.adapters.bluesky.standin import until
from tests.live.bluesky.grounds import REPOST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.relay import relaying
from tests.live.bluesky.test_society import BLOCK, FOLLOW
from tests.live.bluesky.town import now, posts

TAG = "TallyPart"
CONFIG = """
[bluesky]
service = "{service}"
jetstream = ["{jetstream}"]
[bluesky.accounts]
weaver = {{ id = "{weaver}" }}
elem = {{ id = "{elem}", follow_back = true }}

[community.tally]
name = "Tally Math"
plugins = ["amplify"]
spaces = [
    {{ platform = "bluesky", id = "#{tag}" }},
    {{ platform = "bluesky", id = "elem", purpose = "audience" }},
]
[community.tally.amplify]
hourly = 0
author_daily = 0
routes = [{{ tag = "{tag}", audience = "elem", asks = "tag" }}]
"""


@dataclass
class Wall:
    """An account that passes posts on and follows back, and the loop in which Weaver runs."""

    loop: asyncio.Runner
    account: Person
    weaver: Weaver

    def shows(self, *wanted: str) -> None:
        """Return once it has passed on these posts and no others, and nothing is left to do."""
        self.loop.run(until(lambda: self.passed_on() == set(wanted) and not self._unsettled()))

    def follows(self, *wanted: Person) -> None:
        """Return once it follows these people and nobody else."""
        dids = {one.did for one in wanted}
        self.loop.run(until(lambda: self._followed() == dids))

    def _followed(self) -> set[str]:
        return {one["value"]["subject"] for one in self.account.records(FOLLOW)}

    def _unsettled(self) -> int:
        waiting = LEDGER.c.state.in_(("todo", "sending"))
        with self.weaver.database.read.connect() as connection:
            return len(connection.execute(select(LEDGER.c.key).where(waiting)).all())

    def passed_on(self) -> set[str]:
        return {one["value"]["subject"]["uri"] for one in self.account.records(REPOST)}


@contextmanager
def wall_on(network: Network, folder: Path) -> Iterator[Wall]:
    """Run all of Weaver in this process; it looks for blocks and followers all the time."""
    accounts = {name: network.person(name) for name in ("weaver", "elem")}
    with relaying(network.pds) as jetstream, asyncio.Runner() as loop:
        path = folder / "config.toml"
        handles = {name: one.handle for name, one in accounts.items()}
        path.write_text(CONFIG.format(tag=TAG, service=network.pds, jetstream=jetstream, **handles))
        words = {
            f"WEAVER_BLUESKY_PASSWORD_{name.upper()}": one.app_password()
            for name, one in accounts.items()
        }
        config = load({"WEAVER_DATA": str(folder), "WEAVER_CONFIG": str(path), **words})
        bluesky = bluesky_of(config)
        assert bluesky is not None
        with open_house(config) as house:
            migrate(house.database, house.owners)
            bell = LoopBell()
            writer = Writer(house.database, bell)
            adapter = bluesky_adapter(config, bluesky, Memory("bluesky", house.database, writer))
            adapter.parting.every = adapter.following.every = 0.2
            weaver = Weaver(
                house.database,
                house.plugins,
                keyring_of(house),
                {"bluesky": adapter},
                bell=bell,
                writing=writer,
            )
            spaces = config.communities["tally"].spaces
            adapter.talk = Talk(partial(reads, weaver.registry), homes_of(spaces))
            loop.run(weaver.start(house.provisions))
            loop.run(_listening(weaver, len(accounts), adapter.own))
            try:
                yield Wall(loop, accounts["elem"], weaver)
            finally:
                loop.run(weaver.stop())
                loop.run(adapter.close())


async def _listening(weaver: Weaver, accounts: int, own: dict[str, str]) -> None:
    """Let it listen; returns once its accounts are signed in, so that it hears what comes."""
    weaver.listen()
    await until(lambda: len(own) == accounts)


@pytest.fixture
def wall(full_network: Network, tmp_path: Path) -> Iterator[Wall]:
    with wall_on(full_network, tmp_path) as wall:
        yield wall


def test_a_block_takes_a_repost_back_and_keeps_the_next_from_being(
    wall: Wall, full_network: Network
) -> None:
    priya, joel = full_network.person("priya"), full_network.person("joel")
    hers, his = posts(priya, TAG, "One."), posts(joel, TAG, "Two.")
    wall.shows(hers, his)

    priya.minds(BLOCK, wall.account)
    wall.shows(his)

    posts(priya, TAG, "Three.")
    last = posts(joel, TAG, "Four.")
    wall.shows(his, last)


def test_who_follows_is_followed_back_until_they_stop_it_or_block(
    wall: Wall, full_network: Network
) -> None:
    priya, joel = full_network.person("priya"), full_network.person("joel")
    for person in (priya, joel):
        person.minds(FOLLOW, wall.account)
    wall.follows(priya, joel)

    calls(joel, wall.account, "stop")
    wall.follows(priya)

    priya.minds(BLOCK, wall.account)
    wall.follows()

    nadia = full_network.person("nadia")
    nadia.minds(FOLLOW, wall.account)
    wall.follows(nadia)


def calls(person: Person, account: Person, words: str) -> None:
    """Somebody says a command to Weaver, in a post that names an account of its own."""
    name = f"@{account.handle}"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": account.did}
    facet = {"features": [feature], "index": {"byteStart": 0, "byteEnd": len(name)}}
    person.posts(f"{name} {words}", createdAt=now(), facets=[facet])
