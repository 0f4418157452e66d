"""Newcomers on Bluesky arrive by speaking: who names Weaver is greeted, others wait for people."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.live.bluesky.network import Network
from tests.live.bluesky.proxy import Faults
from tests.live.bluesky.test_society import FOLLOW
from tests.live.bluesky.test_talk import answer, answers, says
from tests.live.bluesky.town import Town, now, posts, rewind, town_on, until

_serial = count(1)
COMMUNITY = """
[community.tally]
name = "Tally Math"
plugins = ["welcome"]
spaces = [{{ platform = "bluesky", id = "#{own}" }}, {{ platform = "bluesky", id = "#{wide}" }}]
[community.tally.welcome]
settle_days = 0
rhythm = "on Tuesdays at 7:30 pm"
first_posts = ["#{own}"]
interests = [{{ label = "algebra", words = "#Algebra{own}", route = true }}]
"""


@pytest.fixture
def town(full_network: Network, tmp_path: Path) -> Iterator[Town]:
    number = next(_serial)
    with town_on(full_network, tmp_path, Faults(), "weaver") as town:
        town.tags = {"own": f"TallyOwn{number}", "wide": f"MathsForAll{number}"}
        town.settles(COMMUNITY.format(**town.tags), ", followers_arrive = true")
        yield town


def waiting(town: Town) -> str:
    code, said = town.asks("do", "welcome waiting")
    assert code == 0, said
    return said


def heard(town: Town, post: str) -> None:
    row = "SELECT 1 FROM core_post WHERE post = ?"
    until(lambda: bool(town.house.memory(row, post)), "a post to be heard", amiss=town.said)
    until(lambda: not town.unsettled(), "nothing left to do")


def test_who_names_weaver_is_greeted_once_whatever_happens(town: Town) -> None:
    weaver = town.starts()
    priya = town.members[0]
    first = says(town, priya, f"I am new here, and this is my class. #{town.tags['wide']}")
    said = answer(town, first)
    assert said.startswith("Hello, good to have you here. We talk on Tuesdays")
    everything = "\n".join(thread(town))
    assert "welcome later" in everything, "what a button says elsewhere is said in words"
    assert "To choose, answer with a word: algebra" in everything

    weaver.kill()
    rewind(town.house.folder / "weaver.db")
    weaver = town.starts()
    second = says(town, priya, f"And these are my fractions. #{town.tags['own']}")
    heard(town, second)

    assert [len(answers(town, post)) for post in (first, second)] == [1, 0]
    assert weaver.stop() == 0


def test_a_first_post_is_greeted_where_hosts_want_it_and_else_waits_for_people(
    town: Town,
) -> None:
    weaver = town.starts()
    priya, joel, nadia = town.members
    own = posts(joel, town.tags["own"], "My first fractions")
    assert answer(town, own).startswith("Hello, good to have you here.")

    wide = posts(nadia, town.tags["wide"], "How do you teach moles?")
    heard(town, wide)
    assert answers(town, wide) == []
    rkey = wide.rsplit("/", 1)[1]
    assert rkey in waiting(town)
    assert own.rsplit("/", 1)[1] in waiting(town), "a greeting of Weaver's is no answer"

    heard(town, priya.answers(wide, "With copper pipes, by weight.", createdAt=now()))
    assert rkey not in waiting(town)
    assert answers(town, wide) == []
    assert weaver.stop() == 0


def thread(town: Town) -> list[str]:
    """All that Weaver said, as its server lists it."""
    return [one["value"]["text"] for one in town.accounts["weaver"].records("app.bsky.feed.post")]


def test_an_answer_with_the_name_of_an_interest_chooses_it(town: Town) -> None:
    weaver = town.starts()
    priya, joel, _ = town.members
    first = says(town, priya, f"I am new here. #{town.tags['wide']}")
    answer(town, first)
    [card] = [
        one["uri"]
        for one in town.accounts["weaver"].records("app.bsky.feed.post")
        if one["value"]["reply"]["parent"]["uri"] == first
    ]
    chat = joel.answers(card, "I like algebra very much.", createdAt=now())
    chosen = priya.answers(card, "Algebra!", createdAt=now())
    said = answer(town, chosen)
    assert said.startswith(f"algebra: you find the others at #Algebra{town.tags['own']}.")
    assert "me yes amplify" in "\n".join(thread(town))
    heard(town, chat)
    assert answers(town, chat) == []
    assert weaver.stop() == 0


def looked(town: Town) -> None:
    """Wait until Weaver knows who follows by now."""
    row = "SELECT value FROM core_adapter_state WHERE name = 'followers:weaver'"
    town.network.indexed()
    until(lambda: bool(town.house.memory(row)), "a look at who follows", amiss=town.said)


def test_who_begins_to_follow_is_on_the_greeters_list_and_hears_nothing_unasked(
    town: Town,
) -> None:
    priya, joel, _ = town.members
    priya.minds(FOLLOW, town.accounts["weaver"])
    town.network.indexed()
    weaver = town.starts()
    looked(town)
    assert weaver.stop() == 0

    joel.minds(FOLLOW, town.accounts["weaver"])
    town.network.indexed()
    weaver = town.starts()
    until(lambda: joel.did in waiting(town), "who follows to be listed", amiss=town.said)
    said = waiting(town)
    assert f"https://bsky.app/profile/{joel.did}" in said
    assert priya.did not in said, "who followed before is no newcomer"
    assert not town.accounts["weaver"].records("app.bsky.feed.post")

    wide = posts(joel, town.tags["wide"], "How do you teach moles?")
    heard(town, wide)
    said = waiting(town)
    assert wide.rsplit("/", 1)[1] in said
    assert "said nothing yet" not in said
    assert answers(town, wide) == []

    greeted = says(town, priya, f"I follow you, and now I speak. #{town.tags['wide']}")
    assert answer(town, greeted).startswith("Hello, good to have you here.")
    assert weaver.stop() == 0
