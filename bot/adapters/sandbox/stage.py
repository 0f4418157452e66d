"""The sandbox as its page sees it: who is here, what was said, and what a visitor may do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.sandbox import shown
from bot.adapters.sandbox.adapter import MENTION, SandboxAdapter
from bot.domain.errors import UserError
from bot.domain.hashtags import hashtags
from bot.domain.pages import Entry, Person, Place
from bot.domain.ports import Image
from bot.pictures import image_of

LONGEST = 300
LONGEST_COMMAND = 4000
LONGEST_NAME = 40
FARTHEST = timedelta(days=366)
"""How far the clock moves at once: all that is due on the way is lived through while one waits."""
BEHIND = timedelta(minutes=10)
"""How far a page may lag behind the clock: what it offers as next may have happened already."""
Advance = Callable[[datetime | None], Awaitable[datetime | None]]


class SandboxStage:
    """Read and act in a world. Every method that acts returns once the world has changed."""

    def __init__(self, adapter: SandboxAdapter, community: str, advance: Advance) -> None:
        self.community = community
        self._adapter, self._world, self._advance = adapter, adapter.world, advance

    def now(self) -> datetime:
        """The sandbox's time, UTC."""
        return self._world.now()

    def version(self) -> int:
        """A number that grows with every change in the world, and when Weaver has heard of it."""
        return self._world.version + self._adapter.heard

    def people(self) -> Sequence[Person]:
        """Everybody who lives here, in order of arrival."""
        return [
            Person(row["id"], row["name"], row["about"], bool(row["host"]))
            for row in self._world.rows("SELECT * FROM person ORDER BY rowid")
        ]

    def places(self) -> Sequence[Place]:
        """The spaces, in the order the community declares them."""
        rows = self._world.rows(
            "SELECT place.*, "
            "(SELECT count(*) FROM post WHERE post.place = place.id AND NOT deleted)"
            " + (SELECT count(*) FROM passed WHERE passed.place = place.id) AS count "
            "FROM place ORDER BY position"
        )
        return [Place(row["id"], row["name"], row["purpose"], row["count"]) for row in rows]

    def stream(self, place: str | None = None, limit: int = 60) -> Sequence[Entry]:
        """Threads, the most recently started first; replies within, oldest first."""
        rows = self._world.rows(
            "SELECT * FROM post WHERE root IS NULL AND place IN (SELECT id FROM place) "
            "AND (?1 IS NULL OR place = ?1 OR "
            "'p' || number IN (SELECT post FROM passed WHERE passed.place = ?1)) "
            "ORDER BY number DESC LIMIT ?2",
            place,
            limit,
        )
        people = {person.id: person for person in self.people()}
        places = {found.id: found for found in self.places()}
        entries = [self._entry(dict(row), people, places) for row in rows]
        return [entry for entry in entries if not entry.deleted or entry.replies]

    def _entry(
        self, row: dict[str, Any], people: dict[str, Person], places: dict[str, Place]
    ) -> Entry:
        identity = f"p{row['number']}"
        replies = self._world.rows(
            "SELECT * FROM post WHERE root = ? AND NOT deleted ORDER BY number", identity
        )
        below = shown.read(row["shown"])
        passed = self._world.rows("SELECT place FROM passed WHERE post = ?", identity)
        return Entry(
            identity,
            places[row["place"]],
            people.get(row["author"] or ""),
            row["text"],
            datetime.fromisoformat(row["at"]),
            row["kind"],
            row["parent"],
            row["act"],
            tuple(hashtags(row["text"], "mastodon")),
            tuple(places[found["place"]].name for found in passed if found["place"] in places),
            bool(row["deleted"]),
            tuple(self._entry(dict(reply), people, places) for reply in replies),
            below.buttons,
            below.pictures,
            people.get(row["reader"] or ""),
        )

    async def picture(self, post: str, number: int) -> Image | None:
        """One picture of a post, counted from 0; None where there is none."""
        found = self._world.post(post)
        pictures = shown.read(found["shown"]).pictures if found else ()
        if not 0 <= number < len(pictures):
            return None
        picture = pictures[number]
        if picture.svg:
            return Image(picture.svg.encode(), "image/svg+xml", "picture.svg", picture.alt)
        return await image_of(picture, self._world.path.parent)

    def _person(self, person: str) -> str:
        if self._world.row("SELECT 1 FROM person WHERE id = ?", person) is None:
            raise UserError(f"nobody here has the id {person!r}; choose one of the people listed")
        return person

    def _post(self, post: str) -> dict[str, Any]:
        found = self._world.post(post)
        if found is None or found["deleted"]:
            raise UserError("that post is gone; reload the page to see how things stand")
        return found

    def _place(self, place: str) -> str:
        known = [found for found in self.places() if found.purpose != "audience"]
        if place not in [found.id for found in known]:
            names = ", ".join(found.id for found in known)
            raise UserError(f"nobody can post in {place!r}; choose one of {names}")
        return place

    async def join(self, name: str) -> Person:
        """A new person enters."""
        name = " ".join(name.split())
        identity = re.sub(r"\W+", "-", name.casefold()).strip("-_")
        if not identity or len(name) > LONGEST_NAME:
            raise UserError(f"a name has 1 to {LONGEST_NAME} letters; write one")
        if identity == "weaver" or self._world.row("SELECT 1 FROM person WHERE id = ?", identity):
            raise UserError(f"somebody called {name} is here already; choose another name")
        now = self._world.now()
        with self._world.change():
            self._world.write("INSERT INTO person VALUES (?, ?, 'new today', 0)", identity, name)
            self._world.happens("join", identity, None, now)
        self._adapter.stir()
        return Person(identity, name, "new today")

    async def post(self, person: str, place: str, text: str) -> str:
        """Say something; returns the post's id."""
        return self._say(person, self._place(place), text)

    async def reply(self, person: str, to: str, text: str) -> str:
        """Answer a post in its thread."""
        return self._say(person, self._post(to)["place"], text, kind="reply", parent=to)

    async def repost(self, person: str, post: str) -> str:
        """Share somebody's post."""
        original = self._post(post)
        if original["author"] == self._person(person):
            raise UserError("that is your own post; share one of somebody else's")
        text = original["text"]
        return self._say(person, original["place"], text, kind="repost", parent=post)

    async def command(self, person: str, text: str) -> str:
        """Ask Weaver by mention in the lobby; returns the post's id. The answer is a reply."""
        if not text.lower().startswith(MENTION):
            text = f"@Weaver {text.strip()}"
        lobby = self._world.lobby()
        if lobby is None:
            raise UserError("there is no place to speak in; the settings need a lobby")
        return self._say(person, lobby, text)

    def _say(
        self, person: str, place: str, text: str, kind: str = "original", parent: str | None = None
    ) -> str:
        text = text.strip().replace("\r\n", "\n")
        longest = LONGEST_COMMAND if text.lower().startswith(MENTION) else LONGEST
        if not text:
            raise UserError("there is nothing to post; write a few words first")
        if len(text) > longest and kind != "repost":
            raise UserError(f"a post has at most {longest} characters; this one has {len(text)}")
        with self._world.change():
            made = self._world.say(
                place, self._person(person), text, self._world.now(), kind=kind, parent=parent
            )
        self._adapter.stir()
        return made

    async def delete(self, person: str, post: str) -> None:
        """Delete one's own post."""
        if self._post(post)["author"] != self._person(person):
            raise UserError("only the person who wrote a post can delete it")
        with self._world.change():
            self._world.take_away(post, self._world.now())
        self._adapter.stir()

    async def move_clock(self, to: datetime | None) -> datetime:
        """Move to ``to``, or to the next thing due, living through all that is due before it."""
        if to is not None and to < self.now() - BEHIND:
            raise UserError("the clock cannot go back; choose a later time")
        if to is not None and to > self.now() + FARTHEST:
            raise UserError("the clock moves a year at a time at most; choose an earlier time")
        arrived = await self._advance(to)
        if arrived is None:
            raise UserError("nothing is due; choose a time to move the clock to")
        return arrived
