"""A town on Bluesky: Weaver as a process of its own with accounts there, and people beside it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.live.bluesky.grounds import REPOST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Faults, before
from tests.live.bluesky.relay import relaying
from tests.torture.process import House, Running, house_in

ACCOUNTS = """
[weaver]
port = 0

[bluesky]
service = "{service}"
jetstream = ["{jetstream}"]
[bluesky.accounts]
"""


class Town:
    """A network with Weaver's accounts on it, and a folder in which Weaver lives."""

    def __init__(
        self, network: Network, house: House, addresses: tuple[str, str], names: tuple[str, ...]
    ) -> None:
        self.house, self.network = house, network
        self.service, self.jetstream = addresses
        self.accounts = {name: network.person(name) for name in names}
        self.members = [network.person(name) for name in ("priya", "joel", "nadia")]
        config = house.folder / "config.toml"
        self.environment = {
            f"WEAVER_BLUESKY_PASSWORD_{name.upper()}": one.app_password()
            for name, one in self.accounts.items()
        } | {"WEAVER_CONFIG": str(config)}
        self.config = config
        self.tags: dict[str, str] = {}
        """The hashtags that lead to each audience."""

    def settles(self, community: str, each: str = "") -> None:
        """Write the settings: the accounts, with what holds for ``each``, and a community."""
        accounts = ACCOUNTS.format(service=self.service, jetstream=self.jetstream)
        for name, one in self.accounts.items():
            accounts += f'{name} = {{ id = "{one.handle}"{each} }}\n'
        self.config.write_text(accounts + community)

    def starts(self) -> Running:
        """Start Weaver; returns once it listens, so that it hears what is posted from now on."""
        weaver = self.house.start(**self.environment).ready()
        until(lambda: bool(self.house.memory("SELECT 1 FROM core_cursor")), "a place to hear from")
        return weaver

    def asks(self, *words: str) -> tuple[int, str]:
        """Give a command at the terminal."""
        running = self.house.start("bot", *words, **self.environment)
        return running.process.wait(60), running.said.read_text()

    def passed_on(self, name: str) -> list[str]:
        """What an audience has, as its server lists it."""
        return [one["value"]["subject"]["uri"] for one in self.accounts[name].records(REPOST)]

    def said(self) -> str:
        """What the process that runs, or ran last, wrote into its log."""
        return self.house.started[-1].said.read_text()

    def unsettled(self) -> list[Any]:
        """Acts that are decided and not yet done."""
        return self.house.memory("SELECT key FROM core_ledger WHERE state IN ('todo', 'sending')")


@contextmanager
def town_on(
    network: Network, folder: Path, faults: Faults, *names: str, jetstream: str = ""
) -> Iterator[Town]:
    """Give a town whose Weaver reaches its server through a proxy that may fail."""
    with (
        relaying(network.pds) as relay,
        before(network.pds, faults) as service,
        house_in(folder) as house,
    ):
        yield Town(network, house, (service, jetstream or relay), names)


def now() -> str:
    """The present, as records write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def posts(person: Person, tag: str, words: str) -> str:
    """Somebody posts something under a tag, now."""
    return person.posts(f"{words} #{tag}", createdAt=now())


def says(town: Town, person: Person, words: str, **more: Any) -> str:
    """Say something to Weaver, by its name."""
    weaver = town.accounts["weaver"]
    name = f"@{weaver.handle}"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": weaver.did}
    place = {"byteStart": 0, "byteEnd": len(name)}
    facets = [{"index": place, "features": [feature]}]
    return person.posts(f"{name} {words}", facets=facets, createdAt=now(), **more)


def answers(town: Town, post: str) -> list[str]:
    """What Weaver replied to a post, as its server lists it; of a thread, its beginning."""
    return [
        one["value"]["text"]
        for one in town.accounts["weaver"].records("app.bsky.feed.post")
        if one["value"].get("reply", {}).get("parent", {}).get("uri") == post
    ]


def answer(town: Town, post: str) -> str:
    until(lambda: bool(answers(town, post)), "an answer", 60, town.said)
    [said] = answers(town, post)
    return said


def until(
    true: Callable[[], bool],
    what: str,
    seconds: float = 120,
    amiss: Callable[[], object] = lambda: "",
) -> None:
    """Return once something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}: {amiss()}"
        time.sleep(0.2)


def rewind(database: Path) -> None:
    """Let Weaver read all of the last hour again."""
    with closing(sqlite3.connect(database)) as connection, connection:
        early = str(int((time.time() - 3600) * 1_000_000))
        connection.execute("UPDATE core_cursor SET cursor = ?", (early,))
