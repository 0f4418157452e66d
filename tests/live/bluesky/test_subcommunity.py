"""The story of a sub-community on Bluesky: first tag, answer, withdrawal, block, a new name."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.live.bluesky import town as towns
from tests.live.bluesky.grounds import POST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Faults
from tests.live.bluesky.town import Town, now, town_on, until

_serial = count(1)
COMMUNITY = """
[community.fe]
name = "Further education"
plugins = ["amplify"]
spaces = [
    {{ platform = "bluesky", id = "#{old}" }},
    {{ platform = "bluesky", id = "#{new}" }},
    {{ platform = "bluesky", id = "science", purpose = "audience" }},
]
[community.fe.amplify]
hourly = 0
author_daily = 0
"""


@pytest.fixture
def town(full_network: Network, tmp_path: Path) -> Iterator[Town]:
    number = next(_serial)
    with town_on(full_network, tmp_path, Faults(), "weaver", "science") as town:
        town.tags = {"old": f"ScienceFE{number}", "new": f"ScienceAndMathsFE{number}"}
        town.settles(COMMUNITY.format(**town.tags))
        yield town


def does(town: Town, command: str) -> str:
    """A host's command, at the terminal; it works."""
    code, said = town.asks("do", command)
    assert code == 0, said
    return " ".join(said.split())


def says(person: Person, words: str, *tags: str) -> str:
    return person.posts(f"{words} {' '.join(f'#{tag}' for tag in tags)}", createdAt=now())


def edits(person: Person, post: str, words: str) -> None:
    _, _, _, collection, rkey = post.split("/")
    record = {"$type": collection, "text": words, "createdAt": now()}
    where = {"repo": person.did, "collection": collection, "rkey": rkey}
    person.do("com.atproto.repo.putRecord", where | {"record": record})


def rows(town: Town, post: str) -> list[Any]:
    """What amplify wrote down of a post: its number and its state."""
    query = "SELECT number, state FROM amplify_post WHERE post = ?"
    return town.house.memory(query, f"bluesky:{post}")


def shows(town: Town, *wanted: str) -> None:
    """The audience shows these posts, each once, and no other."""
    until(
        lambda: sorted(town.passed_on("science")) == sorted(wanted) and not town.unsettled(),
        "the right reposts",
        amiss=lambda: set(town.passed_on("science")) ^ set(wanted),
    )


def test_a_sub_community_from_its_first_tag_to_its_new_name(town: Town) -> None:
    old, new = town.tags["old"], town.tags["new"]
    priya, joel, nadia = town.members
    weaver = town.starts()
    assert "Using the tag is the request" in does(town, f"amplify add {old} science tag")

    question = says(priya, "How do you teach moles to plumbers?", old)
    shows(town, question)
    answer = joel.answers(question, "With copper pipes, by weight.", createdAt=now())
    heard = "SELECT 1 FROM core_post WHERE post = ? AND parent = ?"
    until(lambda: bool(town.house.memory(heard, answer, question)), "the answer to be heard")
    assert "It was passed on to science" in does(town, f"amplify why {question}")

    regretted = says(nadia, "My whole scheme of work for free", old)
    shows(town, question, regretted)
    edits(nadia, regretted, "On second thought.")
    shows(town, question)
    edits(nadia, regretted, f"On third thought. #{old}")

    plan = says(nadia, "A small part of it, then", old)
    shows(town, question, plan)
    said = towns.answer(town, towns.says(town, nadia, "amplify no"))
    assert "The one that was passed on is being taken back" in said
    shows(town, question)
    quiet = says(nadia, "For those who read along", old)
    until(lambda: bool(rows(town, quiet)), "her next post to be heard")
    assert rows(town, quiet)[0][1] == "declined"
    assert towns.answer(town, towns.says(town, nadia, "amplify yes")).startswith("Thank you.")

    pushy = says(joel, "Look at what I sell", old)
    shows(town, question, pushy)
    [(number, _)] = rows(town, pushy)
    assert "Nothing more of the author" in does(town, f"amplify block {number}")
    shows(town, question)
    again = says(joel, "Look at what else I sell", old)
    until(lambda: bool(rows(town, again)), "the second try to be heard")
    assert rows(town, again)[0][1] == "declined"

    assert "lead to the same place" in does(town, f"amplify succeed {old} {new}")
    both = says(priya, "Titration with red cabbage, anybody?", old, new)
    renamed = says(nadia, "First time under the new name", new)
    shows(town, question, both, renamed)

    def announced() -> bool:
        said = [one["value"]["text"] for one in town.accounts["weaver"].records(POST)]
        return any(text.startswith(f"#{old} is becoming #{new}.") for text in said)

    until(announced, "the notice of the new name")
    assert "too few posts to tell" in does(town, f"amplify lift {new}")
    assert rows(town, regretted)[0][1] == "undone"
    assert weaver.stop() == 0


def test_what_people_say_in_their_profiles_and_of_the_time_holds(town: Town) -> None:
    """Who asks bots to leave them alone, and what is old, stays; a host can ask why."""
    tag = town.tags["old"]
    priya, joel, nadia = town.members
    weaver = town.starts()
    does(town, f"amplify add {tag} science tag")
    at = {"repo": joel.did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    record = {"$type": at["collection"], "description": "Joinery. #nobot please"}
    joel.do("com.atproto.repo.putRecord", at | {"record": record})
    town.network.indexed()

    shy = says(joel, "Dovetails by hand", tag)
    old = nadia.posts(f"Found this again #{tag}", createdAt="2020-05-01T09:00:00Z")
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    warned = nadia.posts(f"My thumb and the saw #{tag}", createdAt=now(), labels=labels)
    last = says(priya, "How do you teach moles to plumbers?", tag)
    shows(town, last)

    assert "nobot" in does(town, f"amplify why {shy}")
    assert "more than a day old" in does(town, f"amplify why {old}")
    assert "It carries a content label, so a host looks first." in does(town, "amplify queue")
    assert [state for _, state in rows(town, warned)] == ["held"]
    assert weaver.stop() == 0
