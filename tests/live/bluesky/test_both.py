"""One chat on Discord and on Bluesky at once, led by a host on each, as a whole Weaver runs it.

Discord is the one of our own on loopback, with the real client; Bluesky is the reference PDS.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.live.bluesky.grounds import POST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.proxy import Faults
from tests.live.bluesky.test_talk import answer, says
from tests.live.bluesky.town import Town, town_on, until

TAG = "TallyBoth"
COMMUNITY = """
[discord]
api = "{api}"
gateway = "{gateway}"

[community.tally]
name = "Tally Math"
plugins = ["chats"]
hosts = ["discord:{hana}", "bluesky:{nadia}"]
spaces = [
    {{ platform = "discord", id = "{tea}", name = "tea-room", purpose = "chat" }},
    {{ platform = "discord", id = "{shed}", name = "potting-shed", purpose = "hosts" }},
    {{ platform = "bluesky", id = "#{tag}" }},
]
"""
Q1, Q2, Q3 = "Q1 What do you count with?", "Q2 And with whom?", "Q3 What next?"


class Hall:
    """A server and a network, people on both, and what each of them said."""

    def __init__(self, town: Town, discord: Any) -> None:
        self.town, self.discord = town, discord
        self.hana, self.ada = discord.person("Hana"), discord.person("Ada")
        garden = discord.guild("Garden", self.hana)
        self.ada.joins(garden)
        self.tea, self.shed = garden.channel("tea-room"), garden.channel("potting-shed")
        self.priya, self.joel, self.nadia = town.members
        self.said: list[str] = []
        """The words of people, none of which may stand anywhere but where they were said."""
        town.environment["WEAVER_DISCORD_TOKEN"] = discord.token
        places = {"api": discord.url, "gateway": discord.gateway_url, "tag": TAG}
        people = {"hana": self.hana.id, "nadia": self.nadia.did}
        where = {"tea": self.tea.id, "shed": self.shed.id}
        town.settles(COMMUNITY.format(**places, **people, **where))

    def starts(self) -> Any:
        """Start Weaver; returns once it hears both platforms."""
        weaver = self.town.starts()
        known = "SELECT 1 FROM core_adapter_state WHERE platform = 'discord' AND name = 'commands'"
        until(lambda: bool(self.town.house.memory(known)), "Discord", amiss=self.town.said)
        return weaver

    def asks(self, person: Any, place: Any, words: str) -> str:
        """Somebody asks Weaver something on Discord; gives the answer."""
        asked = person.says(place, f"<@{self.discord.world.bot['id']}> {words}")

        def answers() -> list[str]:
            about = [one for one in place.by_bot if _replies(one, asked)]
            return [one.content for one in about]

        until(lambda: bool(answers()), f"an answer to {words}", 60, self.town.said)
        return answers()[0]

    def in_tea(self, begins: str) -> Any:
        """What Weaver posted in the tea room; waits for it."""

        def found() -> list[Any]:
            return [one for one in self.tea.by_bot if one.content.startswith(begins)]

        until(lambda: bool(found()), begins, amiss=self.town.said)
        [one] = found()
        return one

    def under_tag(self, begins: str) -> dict[str, Any]:
        """What Weaver posted on Bluesky; waits for it."""
        mine = self.town.accounts["weaver"]

        def found() -> list[dict[str, Any]]:
            records = mine.records(POST)
            return [one for one in records if one["value"]["text"].startswith(begins)]

        until(lambda: bool(found()), begins, amiss=self.town.said)
        [one] = found()
        return one

    def says(self, words: str, to: Any) -> str:
        """Ada says something in the tea room, in answer to a message."""
        self.said.append(words)
        return f"{to.channel.id}/{self.ada.replies(to, words).id}"

    def posts(self, person: Person, words: str, to: str = "") -> str:
        """Somebody says something on Bluesky, to a post or under the tag."""
        self.said.append(words)
        if to:
            return person.answers(to, words, createdAt=_now())
        return person.posts(f"{words} #{TAG}", createdAt=_now())

    def heard(self, *posts: str) -> None:
        """Return once Weaver knows of posts, and has done what follows."""
        row = "SELECT 1 FROM chats_answer WHERE post LIKE '%' || ?"
        for post in posts:
            until(lambda post=post: bool(self.town.house.memory(row, post)), post)
        until(lambda: not self.town.unsettled(), "nothing left to do", amiss=self.town.said)


def _now() -> str:
    """The present, to the millisecond, as apps write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _replies(message: Any, to: Any) -> bool:
    reference = message.data.get("message_reference") or {}
    return bool(reference.get("message_id") == to.id)


@pytest.fixture
def hall(full_network: Network, tmp_path: Path, discord: Any) -> Iterator[Hall]:
    with town_on(full_network, tmp_path, Faults(), "weaver") as town:
        yield Hall(town, discord)


def soon() -> str:
    """The next full minute that can still be planned for, as a host writes it."""
    at = datetime.now(UTC) + timedelta(seconds=80)
    return f"{at:%Y-%m-%d %I:%M %p} UTC"


def test_a_chat_is_one_on_two_platforms_and_its_transcript_is_what_was_said(hall: Hall) -> None:
    weaver, town = hall.starts(), hall.town
    planned = hall.asks(
        hall.hana,
        hall.shed,
        f'chats schedule "{soon()}" "Counting" also:{TAG} '
        "What do you count with? / And with whom? / What next?",
    )
    assert "in tea-room and #TallyBoth" in planned
    for yes in (
        hall.asks(hall.ada, hall.tea, "me yes transcript"),
        answer(town, says(town, hall.priya, "me yes transcript")),
    ):
        assert yes.startswith("Noted: Weaver may show your answers, with your name,")

    asked, posted = hall.in_tea(Q1), hall.under_tag(Q1)
    assert hall.in_tea("Welcome").content.endswith("We meet in tea-room and #TallyBoth at once.")
    hall.heard(hall.says("A1 With marbles.", asked))
    hall.heard(
        hall.posts(hall.priya, "A1 With beads.", posted["uri"]),
        hall.posts(hall.joel, "A1 I would rather not say.", posted["uri"]),
    )
    answer(town, says(town, hall.nadia, "chats next"))  # a host on Bluesky goes on
    asked, following = hall.in_tea(Q2), hall.under_tag(Q2)
    leads = asked.content.splitlines()[-1]
    assert leads == f"Two answers to Q1 in #{TAG} on Bluesky: {address(posted)}"
    leads = following["value"]["text"].splitlines()[-1]
    assert leads == f"One answer to Q1 in tea-room on Discord: {link(hall.in_tea(Q1))}"
    hall.heard(hall.posts(hall.priya, "A2 With my class."))
    hall.heard(hall.says("A2 With Bo.", asked))
    hall.hana.presses(note(hall, "Q2 of 3 is out"), "Ask Q3 now")  # and then one on Discord
    hall.heard(hall.says("A3 Dice.", hall.in_tea(Q3)), hall.posts(hall.joel, "A3 Nothing more."))
    answer(town, says(town, hall.nadia, "chats end 1 now"))
    ending = "That was the chat. Thank you, all of you."
    assert hall.in_tea(ending).content != hall.under_tag(ending)["value"]["text"]
    hall.heard(hall.posts(hall.priya, "A1 And, later, with stones."))

    shown = hall.asks(hall.hana, hall.shed, "chats transcript 1")
    assert answers_in(shown) == [
        *(Q1, "Ada: A1 With marbles.", "Somebody on Bluesky: A1 With beads."),
        f"Somebody on Bluesky: A1 And, later, with stones. #{TAG}",
        "1 more answer, whose author did not ask to be shown.",
        *(Q2, f"Somebody on Bluesky: A2 With my class. #{TAG}", "Ada: A2 With Bo."),
        *(Q3, "Ada: A3 Dice.", "1 more answer, whose author did not ask to be shown."),
    ]
    assert "Three people posted; 5 of 8 posts were replies." in shown
    for post in (link(hall.in_tea(Q1)), address(posted), address(following)):
        assert post in shown, "every question leads to where it was asked"

    gone = answer(town, says(town, hall.priya, "me no transcript"))
    assert gone.startswith("Noted: Weaver does not show your answers")
    shown = hall.asks(hall.hana, hall.shed, "chats transcript 1")
    assert answers_in(shown) == [
        *(Q1, "Ada: A1 With marbles."),
        "3 more answers, whose authors did not ask to be shown.",
        *(Q2, "Ada: A2 With Bo.", "1 more answer, whose author did not ask to be shown."),
        *(Q3, "Ada: A3 Dice.", "1 more answer, whose author did not ask to be shown."),
    ]
    kept = town.house.memory("SELECT name, text FROM chats_answer WHERE member <> ''")
    assert sorted(kept) == [("Ada", f"A{n} {what}") for n, what in ADAS]
    assert not [words for words in hall.said if words in everything(hall)], "nothing is copied"
    assert weaver.stop() == 0


ADAS = ((1, "With marbles."), (2, "With Bo."), (3, "Dice."))


def note(hall: Hall, begins: str) -> Any:
    """The latest word to the hosts that begins so."""
    until(lambda: any(one.content.startswith(begins) for one in hall.shed.by_bot), begins)
    return next(one for one in hall.shed.by_bot[::-1] if one.content.startswith(begins))


def address(post: dict[str, Any]) -> str:
    """Where people read a post on Bluesky."""
    _, _, did, _, rkey = post["uri"].split("/")
    return f"https://bsky.app/profile/{did}/post/{rkey}"


def link(message: Any) -> str:
    """Where people read a message on Discord."""
    channel = message.channel
    return f"https://discord.com/channels/{channel.data['guild_id']}/{channel.id}/{message.id}"


def answers_in(transcript: str) -> list[str]:
    """The questions and answers of a transcript, without its addresses and what stands around."""
    plain = re.sub(r" ?\(?https?://\S+", "", transcript)
    body = plain[plain.index("Q1 ") : plain.index("Words are shown")]
    return [line for line in body.splitlines() if line]


def everything(hall: Hall) -> str:
    """All that Weaver posted where people talk, on both platforms."""
    mine = hall.town.accounts["weaver"].records(POST)
    return "\n".join([one["value"]["text"] for one in mine] + [m.content for m in hall.tea.by_bot])
