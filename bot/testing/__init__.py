"""A real Weaver around one plugin, with a platform that only remembers. For your tests and ours."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import weakref
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session

from bot.domain.actions import Action, Answer, LeaveAlone, SendPost
from bot.domain.events import (
    CommandCalled,
    Event,
    MemberJoined,
    PostDeleted,
    PostEdited,
    PostSeen,
)
from bot.domain.hashtags import hashtags
from bot.domain.model import Community, Member, Post, Space
from bot.domain.pages import Act, Listing, Panel
from bot.kernel import ledger
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.panels import panels
from bot.kernel.provision import Provision
from bot.kernel.record import LedgerRecord
from bot.kernel.registry import checked, owners
from bot.kernel.weaver import Weaver
from bot.plugin import Plugin
from bot.storage.database import open_database
from bot.storage.migrate import migrate
from bot.testing.ending import stop, stop_late
from bot.testing.platform import NOON, FakeAdapter, SetClock

__all__ = ["ADA", "GRACE", "HOST", "NOON", "FakeAdapter", "Harness", "SetClock"]

T = TypeVar("T")
ADA = Member("fake", "ada", "Ada")
GRACE = Member("fake", "grace", "Grace")
HOST = Member("fake", "hana", "Hana")
"""A host of the harness's community."""


class Harness:
    """Drive one plugin through the real dispatch, ledger, scheduler and delivery.

    The community is called ``garden`` and has four spaces; time moves only when you say so. Others
    may be at work ``beside`` the plugin, as hosts have it who never set anything.
    """

    lobby = Space("fake", "lobby", "Lobby", "lobby")
    chat = Space("fake", "chat", "Tea room", "chat")
    hosts = Space("fake", "hosts", "Potting shed", "hosts")
    column = Space("fake", "GardenRoses", "#GardenRoses", "audience")
    contact = base = ""
    """How people reach whoever runs it, and the pages, in a harness of your own."""

    def __init__(
        self,
        plugin: Plugin[Any],
        *,
        zone: str = "Europe/London",
        spaces: Sequence[Space] = (),
        adapter: FakeAdapter | None = None,
        beside: Sequence[Plugin[Any]] = (),
        **settings: Any,
    ) -> None:
        self.plugin, self._beside, self._settings = plugin, tuple(beside), settings
        self.community = Community(
            "garden",
            "The garden",
            zone,
            spaces=(self.lobby, self.chat, self.hosts, self.column, *spaces),
            hosts=frozenset({HOST.key}),
        )
        self.adapter, self.clock = adapter or FakeAdapter(), SetClock()
        named = {space.platform for space in spaces} - {"fake"}
        self.platforms = {"fake": self.adapter} | {name: FakeAdapter(name) for name in named}
        """Every platform that its spaces are on, by name: all of them only remember."""
        for one in self.platforms.values():
            one.places = frozenset(self.community.spaces)
        self.folder = Path(tempfile.mkdtemp(prefix="weaver-"))
        self._serial = 0
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._start()

    def _start(self) -> None:
        stop_late()
        self._runner = asyncio.Runner()
        installed = {one.name: checked(one) for one in (self.plugin, *self._beside)}
        database = open_database(str(self.folder / "weaver.db"))
        migrate(database, owners(installed.values()))
        self.weaver = Weaver(
            database,
            installed,
            Keyring(installation_key(self.folder)),
            {**self.platforms},
            clock=self.clock,
            backoff=lambda _: 0.0,
            base=self.base,
            contact=self.contact,
        )
        provision = Provision(self.community, tuple(installed), {self.plugin.name: self._settings})
        self._runner.run(self.weaver.start([provision]))
        self._close = weakref.finalize(self, stop, self._runner, self.weaver)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end, then until everything it led to is done."""

        async def complete() -> T:
            result = await work
            await self.weaver.scheduler.tick()
            await self.weaver.delivery.drain()
            return result

        return self._runner.run(complete())

    def _next(self, what: str) -> str:
        self._serial += 1
        return f"{what}-{self._serial}"

    def dispatches(self, event: Event) -> None:
        """Something happens on the platform."""
        self._run(self.weaver.ring(event))

    @property
    def now(self) -> datetime:
        """What time it is in the garden, UTC."""
        return self.clock.now()

    def joins(self, member: Member, space: Space | None = None) -> None:
        """A member joins."""
        self.dispatches(MemberJoined(self._next("join"), self.now, space or self.lobby, member))

    def posts(
        self,
        member: Member,
        text: str,
        space: Space | None = None,
        *,
        reply_to: str | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> Post:
        """A member says something; its tags are taken from the text.

        ``more`` is what else a platform can say of a post, such as its ``pictures`` or ``labels``.
        """
        here = space or self.lobby
        post = Post(
            self._next("post"),
            here,
            member,
            text,
            at or self.now,
            "reply" if reply_to else "original",
            reply_to,
            reply_to,
            tuple(hashtags(text, "mastodon")),
            "://" in text,
            **more,
        )
        self.platforms[here.platform].known.add(post.id)
        self.dispatches(PostSeen(f"seen-{post.id}", self.now, here, post))
        return post

    def edits(self, post: Post, text: str) -> Post:
        """A member changes what they said."""
        tags = tuple(hashtags(text, "mastodon"))
        edited = replace(post, text=text, tags=tags, has_link="://" in text)
        self.dispatches(PostEdited(self._next("edit"), self.now, post.space, edited))
        return edited

    def deletes(self, post: Post) -> None:
        """A post goes away."""
        self.platforms[post.space.platform].known.discard(post.id)
        self.dispatches(PostDeleted(self._next("delete"), self.now, post.space, post.id))

    def calls(
        self, member: Member, text: str, space: Space | None = None, *, under: Post | None = None
    ) -> str:
        """A member gives a command, perhaps under a post; returns what Weaver answers."""
        return self.asks(member, text, space, under=under).text

    def asks(
        self, member: Member, text: str, space: Space | None = None, *, under: Post | None = None
    ) -> Answer:
        """The same, with the whole answer: its buttons, and who sees it."""
        here = space or self.lobby
        event = CommandCalled(self._next("call"), self.now, here, member, text, about=under)
        [answer] = self._run(self.weaver.ring(event)).answers
        return answer

    def passes(self, time: timedelta) -> None:
        """Time passes, and everything that is due in it happens."""
        self.passes_to(self.now + time)

    def passes_to(self, moment: datetime) -> None:
        """Time passes until a moment."""
        self._run(self.weaver.scheduler.advance(moment, self.weaver.delivery.drain))

    def sleeps(self, time: timedelta) -> None:
        """Weaver is not running while time passes; what was due is found afterwards."""
        self._close()
        self.clock.move(self.now + time)
        self._start()
        self._run(asyncio.sleep(0))

    def restarts(self) -> None:
        """Weaver stops and starts again on the same database."""
        self.sleeps(timedelta(0))

    def crashes(self, event: Event) -> None:
        """Weaver is killed when it has just heard of an event: nothing that follows is done yet."""
        self._runner.run(self.weaver.ring(event))
        self._close.detach()
        self._runner.run(self.weaver.writer.stop())
        self.weaver.database.close()
        self._runner.close()
        self._start()
        self._run(asyncio.sleep(0))

    @property
    def sent(self) -> list[Action]:
        """What the platform was asked to do, in order."""
        return self.adapter.sent

    @property
    def standing(self) -> list[Action]:
        """What exists now of what Weaver made."""
        return [action for action, _ in self.adapter.made.values()]

    @property
    def told(self) -> list[str]:
        """What the hosts were told, in order."""
        posts = (action for action in self.sent if isinstance(action, SendPost))
        return [post.text for post in posts if post.space == self.hosts]

    @property
    def ledger(self) -> list[Act]:
        """Every act in the ledger, oldest first."""
        with self.weaver.database.read.connect() as connection:
            return list(ledger.acts(connection, None, 10_000))[::-1]

    @property
    def left_alone(self) -> list[Act]:
        """What Weaver decided not to do."""
        return [act for act in self.ledger if act.kind == LeaveAlone.__name__]

    def panel(self) -> str:
        """The HTML of the plugin's parts of the page."""
        return "\n".join(panel.html for panel in self.panels())

    def panels(self) -> list[Panel]:
        """The plugin's parts of the page, with what they offer to decide."""
        return panels(self.weaver.ring, self.weaver.database, self.community.id)

    def shows(self, name: str, about: str = "") -> str | None:
        """The HTML of a page that anybody can read; None where there is none."""
        asked = (self.community.id, about)
        record = LedgerRecord(self.weaver)
        found = self._run(record.sheet(name, asked, "https://weaver.example/"))
        return None if found is None else found.html

    def feeds(self) -> list[str]:
        """The feeds that the plugin offered and has not ended, by the platform's ids."""
        return list(LedgerRecord(self.weaver).offered("fake"))

    def lists(self, feed: str, limit: int = 50, cursor: str = "") -> Listing | None:
        """A part of a feed; None when there is none of that id."""
        return LedgerRecord(self.weaver).listing(feed, limit, cursor)

    def forgets(self, member: Member) -> None:
        """A member asks to be forgotten."""
        self._ask(self.plugin.forgets, member)

    def tells(self, member: Member) -> Mapping[str, Any]:
        """What the plugin holds of a member."""
        return self._ask(self.plugin.tells, member)

    def _ask(self, what: Callable[[Member, Session], T] | None, member: Member) -> T:
        assert what is not None, "the plugin has no @plugin.forget or @plugin.tell"
        return self._run(self.weaver.writer.write(lambda tx: what(member, tx.session)))
