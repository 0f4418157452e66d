"""A clock and a platform that keep every promise of their ports, and remember."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.actions import Action, OfferFeed, OpenThread, React, Reply, Repost, Undo
from bot.domain.model import Member, Space
from bot.domain.ports import Delivery, Dispatch, Gone, Rejected

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""When every harness starts: a Monday."""


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    time: datetime = NOON

    def now(self) -> datetime:
        """The present, in UTC."""
        return self.time

    def move(self, to: datetime) -> None:
        """Make it ``to`` now."""
        self.time = to


@dataclass
class FakeAdapter:
    """A platform that does what it is asked, once a key, and remembers."""

    platform: str = "fake"
    max_length: int = 300
    has_feeds: bool = True
    sent: list[Action] = field(default_factory=list)
    """What it was asked to do, in order, repetitions left out."""
    made: dict[str, tuple[Action, str]] = field(default_factory=dict)
    """What exists now: action and receipt by key."""
    known: set[str] = field(default_factory=set)
    """Ids of the posts that stand."""
    gone: set[str] = field(default_factory=set)
    """Keys of what was taken back: it is never made again."""
    private: set[str] = field(default_factory=set)
    """Ids of members who are read by nobody that is not signed in."""
    places: frozenset[Space] | None = None
    """The spaces there are; None takes any."""

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Nothing happens here by itself."""
        await asyncio.Event().wait()

    def address(self, space: Space, post_id: str) -> str:
        """Where a post can be read."""
        return f"{self.platform}://{space.id}/{post_id}"

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        """Where a post can be read, while it stands."""
        if action.post_id not in self.known:
            raise Gone(f"there is no post {action.post_id}")
        return self.address(action.origin, action.post_id)

    async def is_for_everybody(self, member: Member) -> bool:
        """Whether anybody may read what a member says."""
        return member.id not in self.private

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Do it once, however often it is asked."""
        if isinstance(action, Undo):
            return self._remove(action, delivery)
        if delivery.key in self.gone:
            raise Rejected("it was taken back before it arrived")
        if delivery.key in self.made:
            return self.made[delivery.key][1]
        self._check(action, delivery)
        receipt = _about(action, delivery) if isinstance(action, OpenThread) else None
        receipt = receipt or f"fake-{len(self.sent) + 1}"
        self.sent.append(action)
        self.made[delivery.key] = (action, receipt)
        if not isinstance(action, React | OfferFeed) and (
            not isinstance(action, Repost) or action.is_card
        ):
            self.known.add(receipt)
        return receipt

    def _check(self, action: Action, delivery: Delivery) -> None:
        """Refuse what is about a post or a space that is not there."""
        about = _about(action, delivery)
        if about is not None and about not in self.known:
            raise Rejected(f"there is no post {about}")
        space = getattr(action, "audience", getattr(action, "space", None))
        if self.places is not None and space is not None and space not in self.places:
            raise Rejected(f"there is no space {space.id}")

    def _remove(self, action: Undo, delivery: Delivery) -> str:
        self.gone.add(action.of)
        gone = self.made.pop(action.of, None)
        if gone is not None:
            self.sent.append(action)
            if not (isinstance(gone[0], OpenThread) and gone[0].of):
                self.known.discard(gone[1])
        return ""


def _about(action: Action, delivery: Delivery) -> str | None:
    """The post that an action is about; None when it is about none."""
    match action:
        case Repost(post_id=post):
            return None if action.is_card else post
        case Reply(to=post) | React(post=post) | OpenThread(of=post) if post is not None:
            return post if isinstance(post, str) else delivery.target or ""
    return None
