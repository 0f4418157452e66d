"""Weaver as a process of its own on Bluesky: killed, cut off and restarted, it passes on once.

TORTURE_SEED repeats who does what, TORTURE_KILLS sets how many kills there are under torture.
"""

import json
import os
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.live.bluesky.grounds import REPOST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Fault, Faults
from tests.live.bluesky.town import Town, now, posts, rewind, town_on, until

POSTS = 200
WORDS = [f"{one}{two}{three}" for one in "bdkmrt" for two in "aeiou" for three in "lnpsx"]
"""Words that mean nothing."""
_towns = count(1)
COMMUNITY = """
[community.tally]
name = "Tally Math"
plugins = ["amplify"]
spaces = [
    {{ platform = "bluesky", id = "#{elem}" }},
    {{ platform = "bluesky", id = "#{middle}" }},
    {{ platform = "bluesky", id = "elem", purpose = "audience" }},
    {{ platform = "bluesky", id = "middle", purpose = "audience" }},
]
[community.tally.amplify]
hourly = 0
author_daily = 0
routes = [
    {{ tag = "{elem}", audience = "elem", asks = "tag" }},
    {{ tag = "{middle}", audience = "middle", asks = "follows" }},
]
"""


@pytest.fixture
def town(full_network: Network, faults: Faults, tmp_path: Path) -> Iterator[Town]:
    """A town with hashtags of its own: on one network, what is read again is others' as well."""
    number = next(_towns)
    with town_on(full_network, tmp_path, faults, "weaver", "elem", "middle") as town:
        town.tags = {"elem": f"TallyElem{number}", "middle": f"TallyMS{number}"}
        town.settles(COMMUNITY.format(**town.tags))
        yield town


@dataclass
class Story:
    """What people do in a town, and what has to come of it.

    The tag of ``elem`` is itself the request; for ``middle`` one has to follow the account, which
    one member does. Half-way another blocks ``elem``: nothing of theirs stays there.
    """

    town: Town
    chance: random.Random
    wanted: dict[str, set[str]] = field(default_factory=lambda: {"elem": set(), "middle": set()})

    def begins(self) -> None:
        """Let the one who follows follow."""
        self.follower.minds("app.bsky.graph.follow", self.town.accounts["middle"])
        self.town.network.indexed()

    def goes_on(self, number: int) -> None:
        """Somebody posts, and perhaps thinks better of it."""
        if number == POSTS // 2:
            self.blocker.minds("app.bsky.graph.block", self.town.accounts["elem"])
        person = self.chance.choice(self.town.members)
        audience = self.chance.choice(["elem", "middle"])
        post = self.says(person, audience)
        fate = self.chance.random()
        if fate < 0.15:
            person.deletes(post)
        elif fate < 0.3:
            edited(person, post)
        elif person is not self.blocker if audience == "elem" else person is self.follower:
            self.wanted[audience].add(post)

    @property
    def follower(self) -> Person:
        return self.town.members[0]

    @property
    def blocker(self) -> Person:
        return self.town.members[2]

    def says(self, person: Person, audience: str) -> str:
        """Somebody says something that nobody said before: what is said again is not passed on."""
        words = " ".join(self.chance.choices(WORDS, k=8))
        return posts(person, self.town.tags[audience], words)

    def is_told(self) -> None:
        """Return once Weaver heard all that was said until now, and has nothing left to do.

        The order of the stream is the order of posts: when a last one is passed on, all before it
        were heard.
        """
        last = self.says(self.town.members[0], "elem")
        self.wanted["elem"].add(last)
        right, unsettled = self.amiss, self.town.unsettled
        until(lambda: last in self.town.passed_on("elem"), "the last post", 300, right)
        until(lambda: not (right() or unsettled()), "the right reposts", 300, right)

    def amiss(self) -> dict[str, set[str]]:
        """What is passed on and should not be, or should be and is not."""
        found = {
            name: set(self.town.passed_on(name)) ^ right for name, right in self.wanted.items()
        }
        return {name: posts for name, posts in found.items() if posts}


def edited(person: Person, post: str) -> None:
    """Let a person take the tag out of a post."""
    _, _, _, collection, rkey = post.split("/")
    record = {"$type": collection, "text": "On second thought.", "createdAt": now()}
    where = {"repo": person.did, "collection": collection, "rkey": rkey}
    person.do("com.atproto.repo.putRecord", {**where, "record": record})


def test_it_starts_passes_on_and_stops(town: Town) -> None:
    weaver = town.starts()
    kept = posts(town.members[0], town.tags["elem"], "A counter each.")
    asked = posts(town.members[0], town.tags["middle"], "Two dice for three people.")
    regretted = posts(town.members[1], town.tags["elem"], "Never mind the answer key.")
    until(lambda: set(town.passed_on("elem")) == {kept, regretted}, "two reposts")
    town.members[1].deletes(regretted)

    until(lambda: town.passed_on("elem") == [kept], "the repost of a deleted post to go")

    assert town.passed_on("middle") == [], f"nobody who follows asked for {asked}"
    assert weaver.stop() == 0


@pytest.mark.parametrize(
    "kills", [pytest.param(5, id="five"), pytest.param(20, id="twenty", marks=pytest.mark.torture)]
)
@pytest.mark.timeout(1200)
def test_every_consented_post_is_passed_on_once_whatever_happens(
    town: Town, faults: Faults, kills: int
) -> None:
    seed = os.environ.get("TORTURE_SEED", secrets.token_hex(4))
    if kills > 5:
        kills = int(os.environ.get("TORTURE_KILLS", kills))
    print(f"\nstory: TORTURE_SEED={seed}, {kills} kills", flush=True)
    lots, story = random.Random(f"{seed}:faults"), Story(town, random.Random(seed))

    def one_in_ten(_name: str) -> Fault:
        return "drop" if lots.random() < 0.1 else None

    faults.decide = one_in_ten
    weaver = town.starts()
    story.begins()
    # Who blocks is noticed at every start, and now and then: so the last death is at the end.
    ends = {*story.chance.sample(range(POSTS - 1), kills - 1), POSTS - 1}
    for number in range(POSTS):
        story.goes_on(number)
        if number in ends:
            weaver.kill()
            weaver = town.starts()
    story.is_told()

    assert weaver.stop() == 0
    for name, right in story.wanted.items():
        assert sorted(town.passed_on(name)) == sorted(right), "each once"
    repeats_nothing_from_an_old_cursor(story)


def repeats_nothing_from_an_old_cursor(story: Story) -> None:
    """Start Weaver where it was an hour ago, and see that it makes and takes back nothing."""
    town, quiet = story.town, ("weaver", "middle")
    revisions = [town.accounts[name].revision() for name in quiet]
    before = {one["uri"]: one["cid"] for one in town.accounts["elem"].records(REPOST)}

    rewind(town.house.folder / "weaver.db")
    weaver = town.starts()
    story.is_told()

    after = {one["uri"]: one["cid"] for one in town.accounts["elem"].records(REPOST)}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1, "nothing but the post that was new"
    assert [town.accounts[name].revision() for name in quiet] == revisions
    assert weaver.stop() == 0


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
