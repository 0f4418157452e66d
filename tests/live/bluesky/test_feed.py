"""A feed of Weaver's is read by Bluesky's own AppView, and holds what it may and no more."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.bluesky import town as towns
from tests.live.bluesky.grounds import GENERATOR
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Faults
from tests.live.bluesky.town import Town, posts, town_on, until

COMMUNITY = """
[community.fe]
name = "Further education"
plugins = ["amplify"]
spaces = [
    {{ platform = "bluesky", id = "#QuietFE{number}" }},
    {{ platform = "bluesky", id = "science", purpose = "audience" }},
]
[community.fe.amplify]
hourly = 0
author_daily = 0
routes = [{{ tag = "QuietFE{number}", audience = "science", asks = "yes" }}]
"""


@pytest.fixture
def town(full_network: Network, tmp_path: Path) -> Iterator[Town]:
    """A town whose Weaver is reached at an address that the AppView takes: localhost."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with town_on(full_network, tmp_path, Faults(), "weaver", "science") as town:
        town.tags = {"tag": f"QuietFE{port}"}
        town.settles(COMMUNITY.format(number=port))
        outside = f'port = {port}\naddress = "http://localhost:{port}"\ncontact = "@hana.fe.test"'
        town.config.write_text(town.config.read_text().replace("port = 0", outside))
        town.environment["WEAVER_PORT"] = str(port)
        yield town


def does(town: Town, command: str) -> str:
    """A host's command, at the terminal; it works."""
    code, said = town.asks("do", command)
    assert code == 0, said
    return " ".join(said.split())


def says(town: Town, person: Person, words: str) -> str:
    return towns.answer(town, towns.says(town, person, words))


def records(town: Town) -> list[dict[str, object]]:
    return [one["value"] for one in town.accounts["science"].records(GENERATOR)]


def test_the_appview_serves_our_feed_of_consenting_posts(town: Town) -> None:
    priya, joel, nadia = town.members
    weaver = town.starts()
    assert "go into a feed alone" in does(town, f"amplify feed {town.tags['tag']} only")
    until(lambda: bool(records(town)), "the feed's record", amiss=town.said)
    [record] = records(town)
    assert record["displayName"] == f"#{town.tags['tag']}"
    assert record["acceptsInteractions"] is False
    assert "amplify yes" in str(record["description"])
    [feed] = [one["uri"] for one in town.accounts["science"].records(GENERATOR)]
    assert f"/feed/{feed.rpartition('/')[2]}" in does(town, "amplify list")

    def shown(limit: int = 50, cursor: str = "") -> tuple[list[str], str]:
        """What Nadia's app shows of the feed, as the AppView gives it."""
        town.network.indexed()
        asked = {"feed": feed, "limit": limit} | ({"cursor": cursor} if cursor else {})
        found = nadia.asks("app.bsky.feed.getFeed", **asked)
        return [one["post"]["uri"] for one in found["feed"]], found.get("cursor", "")

    for person in (priya, joel):
        assert says(town, person, "amplify yes").startswith("Thank you.")
    wanted = [posts(priya, town.tags["tag"], f"Red cabbage, part {n}") for n in range(3)]
    unasked = posts(nadia, town.tags["tag"], "I only said the tag")
    other = posts(joel, town.tags["tag"], "Copper pipes")
    until(
        lambda: len(shown()[0]) == 4, "four posts in the feed", amiss=lambda: (shown(), town.said())
    )
    assert sorted(shown()[0]) == sorted([*wanted, other])
    assert unasked not in shown()[0]
    assert town.passed_on("science") == [], "nothing is reposted"
    described = nadia.asks("app.bsky.feed.getFeedGenerator", feed=feed)
    assert (described["isOnline"], described["isValid"]) == (True, True)

    first, cursor = shown(limit=3)
    priya.deletes(wanted[0])
    until(lambda: wanted[0] not in shown()[0], "the deleted post to be gone")
    second, _ = shown(limit=3, cursor=cursor)
    assert sorted({*first, *second} - {wanted[0]}) == sorted([*wanted[1:], other])

    says(town, priya, "stop")
    assert shown()[0] == [other]

    does(town, f"amplify feed {town.tags['tag']} no")
    until(lambda: not records(town), "the feed's end")
    assert weaver.stop() == 0
