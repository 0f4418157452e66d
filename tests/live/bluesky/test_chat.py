"""A weekly chat on Bluesky, from its announcement to its wrap-up, counted twice.

The clock is the test's, three hours behind: a chat takes an hour, and no post may lie ahead.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, select

from bot.adapters.bluesky.adapter import BlueskyAdapter
from bot.app import bluesky_of
from bot.config import load
from bot.domain.events import CommandCalled
from bot.domain.model import Member, Space
from bot.domain.pages import Visit
from bot.kernel.counts import Log
from bot.kernel.door import Desk
from bot.kernel.house import keyring_of, open_house
from bot.kernel.panels import panels, sheet
from bot.kernel.weaver import Weaver
from bot.storage.migrate import migrate
from plugins.chats.tables import AnswerRow, ChatSession
from plugins.pulse.logic import share
from tests.adapters.bluesky.standin import until
from tests.adapters.notebook import Notebook
from tests.live.bluesky.grounds import POST
from tests.live.bluesky.network import Network, Person
from tests.live.bluesky.relay import relaying

T = TypeVar("T")
TAG = "TallyChat"
SPACE = f"bluesky:#{TAG}"
PROMPTS = (
    "What did you count today, and with whom? #TallyChat",
    "Which counter do you reach for? See https://example.org/counters",
    "What will you try next week?",
)
CONFIG = """
[bluesky]
service = "{service}"
jetstream = ["{jetstream}"]
[bluesky.accounts]
weaver = {{ id = "{weaver}" }}

[community.tally]
name = "Tally Math"
zone = "UTC"
plugins = ["chats", "pulse"]
spaces = [{{ platform = "bluesky", id = "#{tag}", purpose = "chat" }}]
"""


@dataclass
class Clock:
    """A time that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def move(self, to: datetime) -> None:
        self.at = to


@dataclass
class Hall:
    """Where the chat is held: Weaver in this process, on a real server, and three people."""

    weaver: Weaver
    clock: Clock
    account: Person
    people: Sequence[Person]
    loop: asyncio.Runner
    said: list[str] = field(default_factory=list)

    def asks(self, text: str) -> str:
        """Give a command at the terminal."""
        answer = self.loop.run(Desk(self.weaver)({"do": text}))
        assert "answer" in answer, answer
        return str(answer["answer"])

    def goes_on(self, words: str = "") -> list[dict[str, Any]]:
        """Let what is due next happen until Weaver posts, with such words; returns what it posted.

        Other things may be due in between, such as a word to the hosts.
        """
        before = {post["uri"] for post in self.account.records(POST)}
        for _ in range(20):
            self.loop.run(self.weaver.scheduler.advance(None, self.weaver.delivery.drain))
            made = [post for post in self.account.records(POST) if post["uri"] not in before]
            if any(words in post["value"]["text"] for post in made):
                return sorted(made, key=lambda post: str(post["value"]["createdAt"]))
        raise AssertionError(f"nothing was posted with {words!r}")

    def says(self, person: Person, words: str, to: str | None = None) -> str:
        """Somebody says something, a minute later, and Weaver hears it."""
        self.clock.move(self.clock.now() + timedelta(minutes=1))
        at = self.clock.now().isoformat().replace("+00:00", "Z")
        if to is None:
            post = person.posts(words, createdAt=at)
        else:
            post = person.answers(to, words, createdAt=at)
        self.said.append(post)
        return post

    def hears(self) -> None:
        """Return once Weaver has heard all that was said."""
        self.loop.run(until(lambda: self.log(lambda log: all(map(log.seen, self.said)))))

    def agrees(self, person: Person, purpose: str) -> None:
        """Somebody says yes to something, by command."""
        member, here = Member("bluesky", person.did), Space("bluesky", f"#{TAG}")
        words, now = f"me yes {purpose}", self.clock.now()
        called = CommandCalled(f"{person.did}/{words}", now, here, member, words)
        assert self.loop.run(self.weaver.ring(called)).answers

    def closes(self) -> None:
        """Let time pass until answers count no more, and the session's transcript stands."""
        self.loop.run(
            self.weaver.scheduler.advance(
                self.clock.now() + timedelta(days=4), self.weaver.delivery.drain
            )
        )

    def transcripts(self) -> dict[str, str]:
        """What was said, in each place that shows it."""
        ring, database = self.weaver.ring, self.weaver.database
        panel = "\n".join(panel.html for panel in panels(ring, database, "tally"))
        with Session(database.read) as session:
            [held] = session.exec(select(ChatSession).where(ChatSession.state == "done"))
        page = sheet(ring, database, "chats", "tally", Visit(f"1/{held.local[:10]}"))
        assert page is not None
        return {
            "command": self.asks("chats transcript 1"),
            "community's page": panel,
            "session's public page": page.html,
        }

    def held_of(self, person: Person) -> str:
        """What the chats hold of somebody, as they are told when they ask for it."""
        tells = self.weaver.registry.plugins["chats"].plugin.tells
        assert tells is not None
        with Session(self.weaver.database.read) as session:
            return str(tells(Member("bluesky", person.did), session))

    def kept(self) -> str:
        """All that the table of answers holds."""
        with Session(self.weaver.database.read) as session:
            return str([row.model_dump() for row in session.exec(select(AnswerRow))])

    def log(self, question: Callable[[Log], T]) -> T:
        """Ask the post log something."""
        looked = self.weaver.registry.communities["tally"]
        with self.weaver.database.read.connect() as connection:
            return question(Log(connection, looked))


@contextmanager
def hall_on(network: Network, folder: Path) -> Iterator[Hall]:
    """Open the hall, and leave nothing running."""
    account = network.person("weaver")
    clock = Clock(datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3))
    with relaying(network.pds) as jetstream, asyncio.Runner() as loop:
        path = folder / "config.toml"
        where = {"service": network.pds, "jetstream": jetstream, "weaver": account.handle}
        path.write_text(CONFIG.format(tag=TAG, **where))
        password = {"WEAVER_BLUESKY_PASSWORD_WEAVER": account.app_password()}
        config = load({"WEAVER_DATA": str(folder), "WEAVER_CONFIG": str(path), **password})
        bluesky = bluesky_of(config)
        assert bluesky is not None
        with open_house(config) as house:
            migrate(house.database, house.owners)
            adapter = BlueskyAdapter(bluesky, Notebook(), {f"#{TAG}": "en"})
            weaver = Weaver(
                house.database, house.plugins, keyring_of(house), {"bluesky": adapter}, clock
            )
            loop.run(weaver.start(house.provisions))
            loop.run(_listening(weaver))
            people = [network.person(name) for name in ("priya", "joel", "nadia")]
            try:
                yield Hall(weaver, clock, account, people, loop)
            finally:
                loop.run(weaver.stop())
                loop.run(adapter.close())


async def _listening(weaver: Weaver) -> None:
    weaver.listen()


@pytest.fixture
def hall(network: Network, tmp_path: Path) -> Iterator[Hall]:
    with hall_on(network, tmp_path) as hall:
        yield hall


def question(posts: Sequence[dict[str, Any]], prompt: str) -> dict[str, Any]:
    """The post in which Weaver asks a question."""
    [post] = [post for post in posts if prompt in post["value"]["text"]]
    return post


def counted(hall: Hall) -> tuple[int, int]:
    """Replies and posts of the session, from nothing but what the server holds."""
    records = [post for person in hall.people for post in person.records(POST)]
    threads = {post["uri"] for post in hall.account.records(POST)}
    begun = {
        p["uri"] for p in records if "reply" not in p["value"] and f"#{TAG}" in p["value"]["text"]
    }
    replies = [
        post
        for post in records
        if post["value"].get("reply", {}).get("root", {}).get("uri") in threads | begun
    ]
    return len(replies), len(replies) + len(begun)


def test_a_weekly_chat_is_held_and_its_share_of_replies_is_what_the_server_holds(
    hall: Hall,
) -> None:
    starts = hall.clock.now() + timedelta(hours=1, minutes=30)
    hall.asks(
        f'chats schedule "{starts:%A}s {starts:%I:%M %p}" "Counting" {" / ".join(PROMPTS)} '
        "minutes:40 pace:10"
    )
    priya, joel, nadia = hall.people

    [announcement] = hall.goes_on("Counting")
    assert announcement["value"]["createdAt"] < starts.isoformat()
    opening = hall.goes_on(PROMPTS[0])
    questions = [question(opening, PROMPTS[0])]
    began = hall.clock.now()
    first = hall.says(priya, "A1 Marbles.", questions[0]["uri"])
    hall.says(joel, "With whom?", first)
    hall.says(nadia, f"I am late, hello all. #{TAG}")
    questions.append(question(hall.goes_on(PROMPTS[1]), PROMPTS[1]))
    deeper = hall.says(nadia, "A2 The blue one.", questions[1]["uri"])
    deeper = hall.says(priya, "Why blue?", deeper)
    hall.says(nadia, "It is the last one.", deeper)
    regretted = hall.says(joel, "A2 I take that back.", questions[1]["uri"])
    hall.hears()
    joel.deletes(regretted)
    hall.said.remove(regretted)
    questions.append(question(hall.goes_on(PROMPTS[2]), PROMPTS[2]))
    elsewhere = nadia.posts("Nothing to do with it.")
    nadia.answers(elsewhere, "Nor this.")
    hall.says(joel, "A3 Dice.", questions[2]["uri"])
    wrap_up = hall.goes_on()[-1]
    hall.hears()

    for post in (announcement, *opening, *questions, wrap_up):
        carried = [facet["features"][0].get("tag") for facet in post["value"].get("facets", ())]
        assert TAG in [*carried, *post["value"].get("tags", ())], "found under the tag"
    assert [one["value"]["facets"][0]["features"][0] for one in questions[:2]] == [
        {"$type": "app.bsky.richtext.facet#tag", "tag": TAG},
        {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/counters"},
    ]
    hall.loop.run(until(lambda: not hall.log(lambda log: log.seen(regretted))))
    until_now = hall.clock.now() + timedelta(seconds=1)
    found = share(hall.log(lambda log: log.talk(SPACE, began, until_now)))
    assert found is not None
    assert (found.k, found.n) == counted(hall) == (6, 7)


def test_a_deleted_answer_leaves_the_transcript_wherever_it_is_shown(hall: Hall) -> None:
    starts = hall.clock.now() + timedelta(hours=1, minutes=30)
    hall.asks(
        f'chats schedule "{starts:%A}s {starts:%I:%M %p}" "Counting" "{PROMPTS[0]}" '
        "minutes:40 pace:10"
    )
    priya, joel, _ = hall.people
    for person in (priya, joel):
        hall.agrees(person, "transcript")
    hall.goes_on("Counting")
    asked = question(hall.goes_on(PROMPTS[0]), PROMPTS[0])
    hall.says(priya, "A1 Marbles, by the jar.", asked["uri"])
    regretted = hall.says(joel, "A1 Sheep, when I cannot sleep.", asked["uri"])
    hall.hears()
    hall.goes_on()
    hall.closes()
    shown = hall.transcripts()
    assert all("Marbles" in one and "Sheep" in one for one in shown.values()), shown
    assert "Sheep" in hall.held_of(joel)

    joel.deletes(regretted)
    hall.loop.run(until(lambda: not hall.log(lambda log: log.seen(regretted))))

    shown = hall.transcripts()
    assert all("Marbles" in one and "Sheep" not in one for one in shown.values()), shown
    assert "Sheep" not in hall.held_of(joel)
    assert "Sheep" not in hall.kept()
