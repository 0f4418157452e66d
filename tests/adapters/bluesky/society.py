"""What people do to one another on Bluesky, as an account of Weaver's sees it, and a fake of it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bot.adapters.bluesky.appview import View
from bot.adapters.bluesky.standing import Person, Subject
from bot.domain.ports import TryLater

ADA = "did:plc:ada"


class Society(ABC):
    """Somebody called Ada, and an account of Weaver's that looks at her."""

    view: View
    account: Any
    ada: str
    """Her DID."""

    @abstractmethod
    def follows(self, *, still: bool = True) -> None:
        """Ada follows the account, or no longer."""

    @abstractmethod
    def blocks(self, *, still: bool = True) -> None:
        """Ada blocks the account, or no longer."""

    @abstractmethod
    def is_blocked(self, *, still: bool = True) -> None:
        """The account blocks Ada, or no longer."""

    @abstractmethod
    def is_muted(self, *, still: bool = True) -> None:
        """The account mutes Ada, or no longer."""

    @abstractmethod
    def says_of_herself(self, bio: str, *labels: str) -> None:
        """Ada writes her profile, labelled by herself."""

    @abstractmethod
    def posts(self, *labels: str) -> str:
        """Ada posts something, labelled by herself; returns its address."""

    @abstractmethod
    def gates(self, uri: str) -> None:
        """Ada lets nobody answer and nobody quote a post."""

    @abstractmethod
    def deletes(self, uri: str) -> None:
        """Ada takes a post away."""

    def __init__(self) -> None:
        self.loop = asyncio.Runner()

    @abstractmethod
    def settled(self) -> None:
        """Return once everybody can see what is so."""

    def people(self, *dids: str) -> Mapping[str, Person]:
        """What the account sees of people."""
        self.settled()
        return self.loop.run(self.view.people(self.account, dids))

    def shown(self, *uris: str) -> Mapping[str, Subject]:
        """What the account sees of posts."""
        self.settled()
        return self.loop.run(self.view.posts(self.account, uris))

    def close(self) -> None:
        """Let go of the loop."""
        self.loop.close()

    def see(self) -> Person:
        """What the account sees of Ada."""
        return self.people(self.ada)[self.ada]


class SocietyContract:
    """What is so among people is what an account sees of them."""

    def test_follows_are_seen_and_so_is_their_end(self, society: Society) -> None:
        assert not society.see().follows

        society.follows()
        assert society.see().follows

        society.follows(still=False)
        assert not society.see().follows

    def test_blocks_are_seen_both_ways_and_so_is_their_end(self, society: Society) -> None:
        society.follows()
        society.blocks()
        assert society.see().blocks == "theirs"

        society.blocks(still=False)
        assert (society.see().blocks, society.see().follows) == ("", True)

        society.is_blocked()
        assert society.see().blocks == "ours"
        society.is_blocked(still=False)
        assert society.see().blocks == ""

    def test_mutes_are_seen(self, society: Society) -> None:
        society.is_muted()
        assert society.see().muted
        society.is_muted(still=False)
        assert not society.see().muted

    def test_what_people_say_of_themselves_is_seen(self, society: Society) -> None:
        society.says_of_herself("Gardener. #nobot", "!no-unauthenticated")

        assert society.see().bio == "Gardener. #nobot"
        assert "!no-unauthenticated" in society.see().labels

    def test_labels_and_gates_of_posts_are_seen(self, society: Society) -> None:
        plain, labelled, gated = society.posts(), society.posts("nudity"), society.posts()
        society.gates(gated)

        assert society.shown(plain, labelled, gated) == {
            plain: Subject(),
            labelled: Subject(frozenset({"nudity"})),
            gated: Subject(no_replies=True, no_quotes=True),
        }

    def test_what_is_not_there_is_left_out(self, society: Society) -> None:
        post = society.posts()
        society.deletes(post)
        nobody = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"

        assert society.shown(post) == {}
        assert set(society.people(nobody, society.ada)) == {society.ada}


@dataclass
class FakeView:
    """A view of people and posts that a test writes."""

    known: dict[str, Person] = field(default_factory=dict)
    standing: dict[str, Subject] = field(default_factory=dict)
    open: bool = False
    """Whether it also shows, as minding nothing, whatever it was never told of."""
    down: bool = False
    asked: list[list[str]] = field(default_factory=list)
    """What was asked about, in order."""

    async def people(self, account: Any, dids: Sequence[str]) -> Mapping[str, Person]:
        return self._found(self.known, dids, Person())

    async def posts(self, account: Any, uris: Sequence[str]) -> Mapping[str, Subject]:
        return self._found(self.standing, uris, Subject())

    def _found(self, known: Mapping[str, Any], names: Sequence[str], other: Any) -> dict[str, Any]:
        self.asked.append(list(names))
        if self.down:
            raise TryLater("nobody can say")
        assert len(names) <= 25
        shown = dict.fromkeys(names, other) if self.open else {}
        return shown | {name: known[name] for name in names if name in known}


class FakeSociety(Society):
    """The same without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.ada, self.account, self._numbers = ADA, None, count(1)
        self.fake = FakeView({ADA: Person()})
        self.view = self.fake
        self._follows = False

    def settled(self) -> None:
        """Here that is at once."""

    def _is(self, **so: Any) -> None:
        self.fake.known[ADA] = replace(self.fake.known[ADA], **so)

    def follows(self, *, still: bool = True) -> None:
        self._follows = still
        self._is(follows=still)

    def blocks(self, *, still: bool = True) -> None:
        self._is(blocks="theirs" if still else "", follows=self._follows and not still)

    def is_blocked(self, *, still: bool = True) -> None:
        self._is(blocks="ours" if still else "", follows=self._follows and not still)

    def is_muted(self, *, still: bool = True) -> None:
        self._is(muted=still)

    def says_of_herself(self, bio: str, *labels: str) -> None:
        self._is(bio=bio, labels=frozenset(labels))

    def posts(self, *labels: str) -> str:
        uri = f"at://{ADA}/app.bsky.feed.post/{next(self._numbers)}"
        self.fake.standing[uri] = Subject(frozenset(labels))
        return uri

    def gates(self, uri: str) -> None:
        gated = replace(self.fake.standing[uri], no_replies=True, no_quotes=True)
        self.fake.standing[uri] = gated

    def deletes(self, uri: str) -> None:
        del self.fake.standing[uri]
