"""Weaver as a process of its own on Bluesky: killed, cut off and restarted, it passes on once."""

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.bluesky.grounds import REPOST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Fault, Faults, before
from tests.live.bluesky.relay import relaying
from tests.torture.process import House, Running, house_in

POSTS = 200
KILLS = 5
AUDIENCES = {"TallyElem": "elem", "TallyMS": "middle"}
CONFIG = """
[weaver]
port = 0

[bluesky]
service = "{service}"
jetstream = ["{jetstream}"]
[bluesky.accounts]
weaver = {{ id = "{weaver}" }}
elem = {{ id = "{elem}" }}
middle = {{ id = "{middle}" }}

[community.tally]
name = "Tally Math"
plugins = ["amplify"]
spaces = [
    {{ platform = "bluesky", id = "#TallyElem" }},
    {{ platform = "bluesky", id = "#TallyMS" }},
    {{ platform = "bluesky", id = "elem", purpose = "audience" }},
    {{ platform = "bluesky", id = "middle", purpose = "audience" }},
]
[community.tally.amplify]
hourly = 0
author_daily = 0
routes = [
    {{ tag = "TallyElem", audience = "elem", asks = "tag" }},
    {{ tag = "TallyMS", audience = "middle", asks = "yes" }},
]
"""


class Town:
    """A network with Weaver's accounts on it, and a folder in which Weaver lives."""

    def __init__(self, network: Network, house: House, service: str, jetstream: str) -> None:
        self.house = house
        self.accounts = {name: network.person(name) for name in ("weaver", "elem", "middle")}
        self.members = [network.person(name) for name in ("priya", "joel", "nadia")]
        handles = {name: one.handle for name, one in self.accounts.items()}
        config = house.folder / "config.toml"
        config.write_text(CONFIG.format(service=service, jetstream=jetstream, **handles))
        self.environment = {
            f"WEAVER_BLUESKY_PASSWORD_{name.upper()}": one.app_password()
            for name, one in self.accounts.items()
        } | {"WEAVER_CONFIG": str(config)}

    def starts(self) -> Running:
        return self.house.start(**self.environment).ready()

    def asks(self, *words: str) -> tuple[int, str]:
        """Give a command at the terminal."""
        running = self.house.start("bot", *words, **self.environment)
        return running.process.wait(60), running.said.read_text()

    def passed_on(self, name: str) -> list[str]:
        """What an audience has, as its server lists it."""
        return [one["value"]["subject"]["uri"] for one in self.accounts[name].records(REPOST)]


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def town(network: Network, faults: Faults, tmp_path: Path) -> Iterator[Town]:
    with (
        relaying(network.pds) as jetstream,
        before(network.pds, faults) as service,
        house_in(tmp_path) as house,
    ):
        yield Town(network, house, service, jetstream)


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def posts(person: Person, tag: str, number: int) -> str:
    return person.posts(f"Thought {number}. #{tag}", createdAt=now())


def until(
    true: Callable[[], bool],
    what: str,
    seconds: float = 120,
    amiss: Callable[[], object] = lambda: "",
) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}: {amiss()}"
        time.sleep(0.2)


def test_it_starts_passes_on_and_stops(town: Town) -> None:
    weaver = town.starts()
    kept = posts(town.members[0], "TallyElem", 1)
    asked = posts(town.members[0], "TallyMS", 2)
    regretted = posts(town.members[1], "TallyElem", 3)
    until(lambda: set(town.passed_on("elem")) == {kept, regretted}, "two reposts")
    town.members[1].deletes(regretted)

    until(lambda: town.passed_on("elem") == [kept], "the repost of a deleted post to go")

    assert town.passed_on("middle") == [], f"nobody said yes to {asked}"
    assert weaver.stop() == 0


@pytest.mark.torture
@pytest.mark.timeout(900)
def test_every_consented_post_is_passed_on_once_whatever_happens(
    town: Town, faults: Faults
) -> None:
    chance = random.Random(7)

    def one_in_ten(_name: str) -> Fault:
        return "drop" if chance.random() < 0.1 else None

    faults.decide = one_in_ten
    weaver = town.starts()
    wanted: dict[str, set[str]] = {"elem": set(), "middle": set()}
    kills = set(chance.sample(range(POSTS), KILLS))
    for number in range(POSTS):
        person = chance.choice(town.members)
        tag = chance.choice(list(AUDIENCES))
        post = posts(person, tag, number)
        fate = chance.random()
        if fate < 0.15:
            person.deletes(post)
        elif fate < 0.3:
            edited(person, post)
        elif tag == "TallyElem":
            wanted["elem"].add(post)
        if number in kills:
            weaver.kill()
            weaver = town.starts()

    def amiss() -> dict[str, set[str]]:
        found = {name: set(town.passed_on(name)) ^ right for name, right in wanted.items()}
        return {name: posts for name, posts in found.items() if posts}

    def unsettled() -> list[Any]:
        return town.house.memory("SELECT key FROM core_ledger WHERE state IN ('todo', 'sending')")

    until(lambda: not (amiss() or unsettled()), "the right reposts", 480, amiss)
    cursor = town.house.memory("SELECT cursor FROM core_cursor")
    weaver.stop()
    revisions = [one.revision() for one in town.accounts.values()]
    for name, right in wanted.items():
        assert sorted(town.passed_on(name)) == sorted(right), "each once"

    rewind(town.house.folder / "weaver.db")
    weaver = town.starts()
    until(lambda: town.house.memory("SELECT cursor FROM core_cursor") >= cursor, "the old place")
    time.sleep(1)
    assert weaver.stop() == 0
    assert [one.revision() for one in town.accounts.values()] == revisions


def edited(person: Person, post: str) -> None:
    """The person takes the tag out of a post."""
    _, _, _, collection, rkey = post.split("/")
    record = {"$type": collection, "text": "On second thought.", "createdAt": now()}
    where = {"repo": person.did, "collection": collection, "rkey": rkey}
    person.do("com.atproto.repo.putRecord", {**where, "record": record})


def rewind(database: Path) -> None:
    """Let Weaver read all of the last hour again."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        early = str(int((time.time() - 3600) * 1_000_000))
        connection.execute("UPDATE core_cursor SET cursor = ?", (early,))
    connection.close()


def test_check_online_tells_of_every_account_and_sets_the_label(town: Town) -> None:
    code, said = town.asks("check", "--online")
    assert code == 2
    assert said.count("does not say that it is a bot") == 3

    code, said = town.asks("check", "--online", "--fix", "--json")
    looked: list[dict[str, Any]] = json.loads(said)["accounts"]
    assert (code, [one["wrong"] for one in looked]) == (0, [[], [], []])

    weaver = town.starts()
    code, said = town.asks("check", "--online")
    assert code == 0, said
    assert "labelled as a bot, may write 4,9" in said
    assert weaver.stop() == 0


def test_check_online_tells_what_is_wrong_with_one_account(town: Town) -> None:
    town.environment |= {"WEAVER_BLUESKY_PASSWORD_ELEM": "not-the-password"}

    code, said = town.asks("check", "--online")

    assert code == 2
    assert "bluesky account elem: out of reach" in said
    assert "WEAVER_BLUESKY_PASSWORD_ELEM" in said
    assert "not-the-password" not in said
