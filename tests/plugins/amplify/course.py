"""What two people, a host and bad luck do to a garden, and what may be passed on after it."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import text

from bot.api import Action, Member, Post, PostSeen, Role, RolesChanged, Space
from bot.domain.events import Blocked, Event
from bot.domain.ports import Delivery
from bot.testing import HOST, FakeAdapter
from tests.plugins.amplify.conftest import Garden

MINUTE = timedelta(minutes=1)
ROLE = Role("fake", "77", "Passed on")
FAR = Space("far", "#Roses", "#Roses", "talk")
SERIAL = itertools.count()


class Unreliable(FakeAdapter):
    """A platform whose answer is lost now and then, after it did what it was asked."""

    lose = 0

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Do it, and perhaps break before anybody hears of it."""
        receipt = await super().perform(action, delivery)
        if self.lose:
            self.lose -= 1
            raise ConnectionError
        return receipt


class Mortal(Garden):
    """A garden whose Weaver is killed now and then, when it has just heard of something."""

    kill = False

    def dispatches(self, event: Event) -> None:
        """Something happens on the platform, and perhaps it is the last that Weaver hears."""
        if not self.kill:
            return super().dispatches(event)
        self.kill = False
        return self.crashes(event)


@dataclass
class Course:
    """What two people and a host did, and what they would expect to see of it."""

    bot: Mortal
    people: tuple[Member, Member]
    posts: dict[int, Post] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """What each post says now."""
    heard: dict[str, list[str]] = field(default_factory=dict)
    """What it said whenever the platform told of it as a post, and not as an edit."""
    gone: set[str] = field(default_factory=set)
    """Posts that must never be passed on from now on."""
    bare: set[str] = field(default_factory=set)
    """Posts that have lost their tags, and whose authors have not asked for them since."""
    deleted: set[str] = field(default_factory=set)
    word: dict[Member, str] = field(default_factory=dict)
    stopped: set[Member] = field(default_factory=set)
    ever_yes: set[Member] = field(default_factory=set)
    asked_for: set[str] = field(default_factory=set)
    held: set[Member] = field(default_factory=set)
    """Who has the role by which people say yes."""
    by_role: set[Member] = field(default_factory=set)
    """Whose word, as it stands, the role said for them."""

    def of(self, which: int) -> Post | None:
        post = self.posts.get(which)
        return None if post is None or post.id in self.deleted else post

    def post(self, who: int, words: str) -> None:
        self._post(who, words, self.bot.lobby)

    def post_afar(self, who: int, words: str) -> None:
        """Somebody says something on another platform."""
        self._post(who, words, FAR)

    def _post(self, who: int, words: str, space: Space) -> None:
        post = self.bot.posts(self.people[who], f"{words} {len(self.posts)}", space)
        self.posts[len(self.posts)] = post
        self.texts[post.id], self.heard[post.id] = words, [words]

    def edit(self, which: int, words: str) -> None:
        if post := self.of(which):
            self.posts[which] = self.bot.edits(post, f"{words} {which}")
            self.texts[post.id] = words
            if words == "nothing" and post.id not in self.asked_for:
                self.bare.add(post.id)
                self.gone |= {post.id} if self._rows(post, "undone") else set()

    def delete(self, which: int) -> None:
        if post := self.of(which):
            self.deleted.add(post.id)
            self.gone.add(post.id)
            self.bot.deletes(post)

    def again(self, which: int) -> None:
        """The platform tells of a post once more, the same way and by another of its spaces.

        So a platform where tags are spaces tells of a tag that an edit put in: its author used it.
        """
        if which in self.posts and self.posts[which].space != FAR:
            post = self.posts[which]
            if not self._rows(post):
                self.heard[post.id].append(self.texts[post.id])
                self.bare -= {post.id} if "#" in self.texts[post.id] else set()
            for number in (f"seen-{post.id}", f"again-{post.id}-{len(self.bot.sent)}"):
                elsewhere = replace(post, space=self.bot.chat)
                self.bot.dispatches(PostSeen(number, self.bot.now, self.bot.chat, elsewhere))

    def undo(self, which: int) -> None:
        """Its author takes it back."""
        if post := self.of(which):
            answer = self.bot.calls(post.author, f"amplify undo {post.id}")
            if "is being taken back" in answer:
                self.gone.add(post.id)

    def take_back(self, which: int) -> None:
        """A host takes it back."""
        if post := self.of(which):
            answer = self.bot.calls(HOST, f"amplify undo {post.id}")
            if "is being taken back" in answer:
                self.gone.add(post.id)

    def this(self, which: int) -> None:
        if post := self.of(which):
            self.asked_for.add(post.id)
            self.bare.discard(post.id)
            self.bot.calls(post.author, "amplify this Roses", under=post)

    def ask(self, which: int) -> None:
        """Somebody else would like to see it passed on."""
        if post := self.of(which):
            other = next(one for one in self.people if one != post.author)
            self.bot.calls(other, "amplify this Roses", under=post)

    def appeal(self, which: int) -> None:
        if post := self.of(which):
            self.bot.calls(post.author, f"amplify appeal {post.id}")

    def _review(self, which: int, deed: str) -> bool:
        post = self.of(which)
        rows = self._rows(post) if post else []
        for number in rows:
            self.bot.calls(HOST, f"amplify {deed} {number}")
        return bool(rows)

    def approve(self, which: int) -> None:
        self._review(which, "approve")

    def decline(self, which: int) -> None:
        self._review(which, "decline")

    def trust(self, which: int) -> None:
        self._review(which, "trust")

    def clear(self, which: int) -> None:
        self._review(which, "clear")

    def block(self, which: int) -> None:
        if self._review(which, "block"):
            author = self.posts[which].author
            self._lose(author)

    def say(self, who: int, word: str) -> None:
        member = self.people[who]
        self.word[member] = word
        self.by_role.discard(member)
        self.bot.calls(member, f"amplify {word}")
        if word == "no":
            self._lose(member)
        else:
            self.ever_yes.add(member)

    def hold(self, who: int, held: bool) -> None:
        """They take the role that says yes, or give it back."""
        member = self.people[who]
        roles = (ROLE,) if held else ()
        name = f"roles-{next(SERIAL)}"
        self.bot.dispatches(RolesChanged(name, self.bot.now, self.bot.lobby, member, roles))
        if held == (member in self.held):
            return
        word = self.word.get(member, "no" if member in self.stopped else "")
        theirs = word != "" and member not in self.by_role
        (self.held.add if held else self.held.discard)(member)
        self.by_role.discard(member)
        if theirs or (not held and word != "yes"):
            return
        self.by_role.add(member)
        self.word[member] = "yes" if held else "no"
        if held:
            self.ever_yes.add(member)
        else:
            self._lose(member)

    def part(self, who: int) -> None:
        """They block the account that passes on, or it blocks them: the platform says so."""
        member = self.people[who]
        self.gone |= {
            post.id
            for post in self.posts.values()
            if post.author == member and self._rows(post, "passed")
        }
        account = self.bot.column
        self.bot.dispatches(Blocked(f"part-{next(SERIAL)}", self.bot.now, account, member))

    def wish(self, who: int, wish: str) -> None:
        """They say it to Weaver itself, which tells no plugin."""
        member = self.people[who]
        standing = self.bot.passed_on if wish in ("stop", "me no amplify") else []
        self.gone |= {one.id for one in self.posts.values() if one.author == member} & set(standing)
        self.bot.calls(member, wish)
        if wish in ("stop", "me no amplify"):
            self.by_role.discard(member)
        if wish == "stop":
            self.stopped.add(member)
            if self.word.get(member) == "yes":
                del self.word[member]
        elif wish == "start":
            self.stopped.discard(member)
        else:
            self.word[member] = wish.split()[1]
            if self.word[member] == "yes":
                self.ever_yes.add(member)

    def said_no(self, member: Member) -> bool:
        return self.word.get(member, "no" if member in self.stopped else "") == "no"

    def pause(self) -> None:
        self.bot.calls(HOST, "pause")

    def resume(self) -> None:
        self.bot.calls(HOST, "resume")

    def rest(self) -> None:
        self.bot.calls(HOST, "amplify pause Roses")

    def go_on(self) -> None:
        self.bot.calls(HOST, "amplify resume Roses")

    def restart(self) -> None:
        self.bot.restarts()

    def wait(self) -> None:
        self.bot.passes(7 * MINUTE)

    def break_(self) -> None:
        assert isinstance(self.bot.adapter, Unreliable)
        self.bot.adapter.lose = 2

    def kill(self) -> None:
        self.bot.kill = True

    def _lose(self, member: Member) -> None:
        """Whatever of theirs was passed on, or waits, is gone for good."""
        for post in self.posts.values():
            if post.author == member and self._rows(post, "undone"):
                self.gone.add(post.id)

    def _rows(self, post: Post, state: str = "") -> list[int]:
        rows = "SELECT number FROM amplify_post WHERE post = :post AND state LIKE :state"
        with self.bot.weaver.database.read.connect() as connection:
            given = {"post": f"{post.space.platform}:{post.id}", "state": state or "%"}
            return list(connection.execute(text(rows), given).scalars())

    def check(self) -> None:
        """Look at what the audience can see of these two people's posts."""
        mine = {post.id: post for post in self.posts.values()}
        counts = Counter(post for post in self.bot.reposts if post in mine)
        assert all(count == 1 for count in counts.values()), counts
        for standing in self.bot.passed_on:
            if standing not in mine:
                continue
            author = mine[standing].author
            assert standing not in self.gone
            assert standing not in self.bare
            assert standing not in self.deleted
            assert not self.said_no(author)
            assert self._consented(standing, author)

    def _consented(self, post: str, author: Member) -> bool:
        """By a tag that it was told with and that is the request, by their yes, or by asking."""
        heard = " ".join(self.heard[post]).lower()
        by_tag = "#roses" in heard
        by_yes = "#bulbs" in heard and author in self.ever_yes
        return by_tag or by_yes or post in self.asked_for
