"""Weaver as a process of its own on Bluesky is spoken to, answers once, and stops when asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.bluesky.network import Network
from tests.live.bluesky.proxy import Faults
from tests.live.bluesky.town import Town, answer, answers, now, posts, rewind, says, town_on, until

COMMUNITY = """
[community.tally]
name = "Tally Math"
plugins = ["amplify", "welcome"]
spaces = [
    {{ platform = "bluesky", id = "#{tag}" }},
    {{ platform = "bluesky", id = "elem", purpose = "audience" }},
]
[community.tally.amplify]
hourly = 0
author_daily = 0
routes = [{{ tag = "{tag}", audience = "elem", asks = "tag" }}]
"""
TAG = "TallyTalk"


@pytest.fixture
def town(full_network: Network, tmp_path: Path) -> Iterator[Town]:
    with town_on(full_network, tmp_path, Faults(), "weaver", "elem") as town:
        town.settles(COMMUNITY.format(tag=TAG))
        yield town


def test_who_says_stop_gets_no_further_act_and_their_reposts_go(town: Town) -> None:
    weaver = town.starts()
    priya, joel = town.members[:2]
    hers, his = posts(priya, TAG, 1), posts(joel, TAG, 2)
    until(lambda: set(town.passed_on("elem")) == {hers, his}, "two reposts")

    said = answer(town, says(town, priya, "stop, please!"))
    until(lambda: town.passed_on("elem") == [his], "her repost to go")
    posts(priya, TAG, 3)
    last = posts(joel, TAG, 4)
    until(lambda: last in town.passed_on("elem"), "what was said after it")
    until(lambda: not town.unsettled(), "nothing left to do")

    assert said.startswith("Done. From now on Weaver does nothing towards you")
    assert set(town.passed_on("elem")) == {his, last}
    assert answer(town, says(town, priya, "start")).startswith("Welcome back.")
    again = posts(priya, TAG, 5)
    until(lambda: again in town.passed_on("elem"), "her next post")
    assert hers not in town.passed_on("elem"), "what was taken back stays so"
    assert weaver.stop() == 0


def test_talk_is_not_answered_and_commands_are_once_whatever_happens(town: Town) -> None:
    weaver = town.starts()
    priya = town.members[0]
    talk = says(town, priya, "thank you, that helped a lot")
    asked = says(town, priya, "help")
    assert answer(town, asked).startswith("This is what you can ask me")
    [first] = [
        one["uri"]
        for one in town.accounts["weaver"].records("app.bsky.feed.post")
        if one["value"].get("reply", {}).get("parent", {}).get("uri") == asked
    ]
    me = priya.answers(first, "me", createdAt=now())
    said = answer(town, me)
    assert "Write “me” to me in a direct message" in said, "it has no messages here"
    assert "pass your tagged posts on" not in said

    weaver.kill()
    rewind(town.house.folder / "weaver.db")
    weaver = town.starts()
    after = says(town, priya, "next")
    answer(town, after)

    assert answers(town, talk) == []
    assert [len(answers(town, post)) for post in (asked, me, after)] == [1, 1, 1]
    assert weaver.stop() == 0
