"""The sandbox as one of Weaver's platforms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.adapters.sandbox.shown import kept
from bot.adapters.sandbox.world import HEARTBEAT, Happening, World
from bot.domain.actions import (
    Action,
    DirectMessage,
    GiveRole,
    OfferFeed,
    OpenThread,
    React,
    Ref,
    Reply,
    Repost,
    ScheduleEvent,
    SendPost,
    TakeRole,
    Undo,
)
from bot.domain.events import CommandCalled, Event, MemberJoined, PostDeleted, PostSeen
from bot.domain.hashtags import hashtags
from bot.domain.model import Grounds, Member, Post, Space
from bot.domain.ports import Declined, Delivery, Dispatch, Gone, Outcome, Rejected

MENTION = "@weaver"
WEAVER = Member("sandbox", "weaver", "Weaver", is_bot=True)

_ABSENT = (ScheduleEvent, React, GiveRole, TakeRole, OfferFeed)
"""What the sandbox has no place for."""


class SandboxAdapter:
    """Tell what happens in a world, and do there what Weaver decides."""

    platform = "sandbox"
    max_length = 2000
    has_feeds = False

    def __init__(self, world: World) -> None:
        self.world = world
        self._stirred = asyncio.Event()
        self.heard = 0
        """The latest happening that was dispatched, and committed with what followed."""
        self._caught_up = asyncio.Event()

    def stir(self) -> None:
        """Something happened: listen now."""
        self._caught_up.clear()
        self._stirred.set()

    async def caught_up(self) -> None:
        """Return once everything that happened has been dispatched."""
        while self.heard < self.world.latest():
            self.stir()
            await self._caught_up.wait()

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what happens from ``cursor`` on, until cancelled."""
        self.heard = int(cursor or 0)
        while True:
            self._stirred.clear()
            happenings = self.world.since(self.heard)
            if happenings:
                await self._tell(dispatch, happenings)
                continue
            self._caught_up.set()
            try:
                async with asyncio.timeout(HEARTBEAT.total_seconds()):
                    await self._stirred.wait()
            except TimeoutError:
                self.world.keep_time()

    async def _tell(self, dispatch: Dispatch, happenings: list[Happening]) -> None:
        """Dispatch a batch in order, then answer the commands in it."""
        told: list[tuple[Event, asyncio.Task[Outcome]]] = []
        for happening in happenings:
            event = self._event(happening)
            if event is not None:
                waiting = asyncio.create_task(_told(dispatch, event, str(happening.seq)))
                told.append((event, waiting))
        for event, waiting in told:
            outcome = await waiting
            if isinstance(event, CommandCalled) and event.post_id:
                self._answer(event, outcome)
        self.heard = happenings[-1].seq

    def _answer(self, event: CommandCalled, outcome: Outcome) -> None:
        """Answer a command under the post that carried it: best effort, never twice."""
        text = "\n".join(answer.text for answer in outcome.answers)
        if text:
            world, shown = self.world, kept(outcome.answers)
            with world.change():
                world.say(
                    event.space.id, None, text, world.now(), kind="reply", parent=event.post_id,
                    shown=shown,
                )  # fmt: skip

    def _event(self, happening: Happening) -> Event | None:
        """Translate a happening; a post that is gone by now is told without its words."""
        identity, at, post = f"s{happening.seq}", happening.at, happening.post
        if happening.kind == "join" and happening.person:
            return MemberJoined(identity, at, self._lobby(), self._member(happening.person))
        if post is None:
            return None
        space = self._space(post["place"])
        if happening.kind == "delete":
            return PostDeleted(identity, at, space, post["id"])
        member = self._member(post["author"])
        if post["text"].lower().startswith(MENTION) and not member.is_bot:
            words = post["text"][len(MENTION) :].lstrip(" ,:")
            above = self.world.post(post["parent"]) if post["parent"] else None
            about = self._post(above) if above else None
            return CommandCalled(identity, at, space, member, words, post["id"], about=about)
        if post["reader"]:
            return None  # a private word is nobody's post
        return PostSeen(identity, at, space, self._post(post, at))

    def _post(self, row: Mapping[str, Any], at: datetime | None = None) -> Post:
        """A post of the world; ``at`` is when it happened, else when it says it was made."""
        return Post(
            row["id"],
            self._space(row["place"]),
            self._member(row["author"]),
            row["text"],
            at or datetime.fromisoformat(row["at"]),
            row["kind"],
            row["parent"],
            row["root"],
            tuple(hashtags(row["text"], "mastodon")),
            "://" in row["text"],
        )

    def _lobby(self) -> Space:
        """Where people arrive: the first lobby, or the first place where people talk."""
        return self._space(self.world.lobby() or "lobby")

    def _space(self, place: str) -> Space:
        return Space(self.platform, place)

    def _member(self, person: str | None) -> Member:
        if person is None:
            return WEAVER
        found = self.world.row("SELECT name FROM person WHERE id = ?", person)
        return Member(self.platform, person, found["name"] if found else person)

    def address(self, space: Space, post_id: str) -> str:
        """Where a post stands on the page."""
        return f"/sandbox#post-{post_id}"

    async def is_for_everybody(self, member: Member) -> bool:
        """Everybody here is made up."""
        return True

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        """Nothing that was said here is linked to elsewhere: its people are made up."""
        raise Declined("people of the sandbox are made up, so it stays there")

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Do one act in the world, once a key; what was taken back stays so."""
        receipt = await asyncio.to_thread(self._perform, action, delivery)
        self.stir()
        return receipt

    def _perform(self, action: Action, delivery: Delivery) -> str:
        world = self.world
        with world.change():
            if isinstance(action, Undo):
                return self._undo(action.of)
            done = world.row("SELECT receipt, removed FROM act WHERE key = ?", delivery.key)
            if done is not None and done["removed"]:
                raise Rejected("it was taken back before it arrived")
            if done is not None:
                return str(done["receipt"])
            receipt = self._make(action, delivery)
            world.write("INSERT INTO act VALUES (?, ?, 0)", delivery.key, receipt)
            return receipt

    def _make(self, action: Action, delivery: Delivery) -> str:
        if isinstance(action, _ABSENT) or (isinstance(action, Repost) and action.quietly):
            raise Gone("the sandbox has no calendar, no reactions, no roles and no feeds")
        world, now = self.world, self.world.now()
        match action:
            case SendPost(space=space, text=text):
                place, shown = self._place(space), kept([action])
                return world.say(place, None, text, now, act=delivery.key, shown=shown)
            case Reply(to=to, text=text):
                above = self._standing(delivery.target if isinstance(to, Ref) else to)
                return world.say(
                    above["place"], None, text, now, kind="reply", parent=above["id"],
                    act=delivery.key, shown=kept([action]),
                )  # fmt: skip
            case OpenThread(space=space, of=None, text=text):
                words = "\n\n".join(part for part in (action.title, text) if part)
                return world.say(self._place(space), None, words, now, act=delivery.key)
            case OpenThread(of=of):
                above = self._standing(delivery.target if isinstance(of, Ref) else of)
                return str(above["id"])  # every post of the sandbox is a thread
            case Repost(is_card=False, grounds=Grounds(basis="follows")):
                raise Declined("nobody follows audiences in the sandbox; say amplify yes")
            case Repost(is_card=True, audience=audience):
                place = self._place(audience)
                return world.say(place, None, action.words, now, act=delivery.key)
            case Repost(audience=audience, post_id=post):
                standing, place = self._standing(post), self._place(audience)
                world.write("INSERT INTO passed VALUES (?, ?, ?)", delivery.key, post, place)
                return f"{place}/{standing['id']}"
            case DirectMessage(space=space, member=member, text=text):
                place, shown = self._place(space), kept([action])
                return world.say(
                    place, None, text, now, act=delivery.key, shown=shown,
                    reader=self._living(member),
                )  # fmt: skip
        raise Rejected(f"the sandbox does not know {type(action).__name__}")

    def _undo(self, key: str) -> str:
        """Remove whatever an act made, if it made anything, and let it never be made again."""
        world = self.world
        made = world.row("SELECT receipt, removed FROM act WHERE key = ?", key)
        if made is None:
            world.write("INSERT INTO act VALUES (?, NULL, 1)", key)
        elif not made["removed"]:
            world.write("UPDATE act SET removed = 1 WHERE key = ?", key)
            world.write("DELETE FROM passed WHERE act = ?", key)
            post = world.post(made["receipt"])
            if post is not None and post["act"] == key:
                world.take_away(made["receipt"], world.now())
        return ""

    def _standing(self, post_id: str | None) -> dict[str, Any]:
        post = self.world.post(post_id or "")
        if post is None or post["deleted"]:
            raise Gone("the post is gone")
        return post

    def _living(self, member: Member) -> str:
        if self.world.row("SELECT 1 FROM person WHERE id = ?", member.id) is None:
            raise Rejected(f"nobody called {member.id} lives here")
        return member.id

    def _place(self, space: Space) -> str:
        if self.world.row("SELECT 1 FROM place WHERE id = ?", space.id) is None:
            raise Rejected(f"there is no place called {space.id}")
        return space.id


async def _told(dispatch: Dispatch, event: Event, cursor: str) -> Outcome:
    return await dispatch(event, cursor)
