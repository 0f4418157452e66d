"""Before an act towards somebody on Bluesky: ask what they want now, and hold it to that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.appview import Look, View
from bot.adapters.bluesky.records import parts_of_uri
from bot.adapters.bluesky.settings import PLATFORM
from bot.adapters.bluesky.standing import Deed, Person, for_everybody, why_not
from bot.domain.actions import Action, DirectMessage, GiveRole, React, Reply, Repost, TakeRole
from bot.domain.ports import Declined, Delivery, TryLater

PATIENT = 3
"""Attempts for which the network may not have taken in yet what is asked about."""


class Towards(NamedTuple):
    """Whom an act is towards, and which post of theirs it is about."""

    deed: Deed
    did: str
    post: str | None = None


class Asking:
    """The one place where Bluesky is asked whether an act may still be."""

    def __init__(self, view: View, own: Mapping[str, str], seconds: Callable[[], float]) -> None:
        """``own`` are Weaver's accounts by their DIDs: nobody asks those."""
        self._own = own
        self._people, self._posts = Look(view.people, seconds), Look(view.posts, seconds)

    async def allow(self, action: Action, delivery: Delivery, account: Account) -> None:
        """Return when nothing stands against an act; raises Declined or TryLater in words."""
        about = towards(action, delivery)
        if about is None or about.did in self._own:
            return
        person = await self._people.at(account, about.did)
        if person is None:
            raise _unseen("its author", delivery)
        basis = action.grounds.basis if action.grounds else None
        why = why_not(about.deed, person, None, basis)
        if why is None and about.post is not None:
            subject = await self._posts.at(account, about.post)
            if subject is None:
                raise _unseen("the post", delivery)
            why = why_not(about.deed, person, subject, basis)
        if why is not None:
            raise Declined(why)

    async def person(self, account: Account, did: str) -> Person | None:
        """Somebody as an account sees them; None where the network does not show them."""
        return await self._people.at(account, did)

    async def is_for_everybody(self, account: Account, did: str) -> bool:
        """Whether somebody's posts may be shown to people who are not signed in; no, if unseen."""
        person = await self._people.at(account, did)
        return person is not None and for_everybody(person)


def towards(action: Action, delivery: Delivery) -> Towards | None:
    """Whom an act is towards on Bluesky; None for those towards nobody in particular. Pure."""
    match action:
        case Repost(post_id=post):
            return _about("repost", post)
        case Reply(to=to):
            return _about("reply", to if isinstance(to, str) else delivery.target)
        case React(post=post):
            return _about("like", post if isinstance(post, str) else delivery.target)
        case GiveRole() | TakeRole():
            return None  # there are none
        case DirectMessage(member=member):
            return Towards("word", member.id)
    grounds = action.grounds
    if grounds is None or grounds.member.platform != PLATFORM:
        return None
    return Towards("word", grounds.member.id)


def _about(deed: Deed, post: str | None) -> Towards | None:
    try:
        did, _, _ = parts_of_uri(post or "")
    except ValueError:
        return None
    return Towards(deed, did, post)


def _unseen(what: str, delivery: Delivery) -> TryLater | Declined:
    """What the network does not show: not yet, or not any more."""
    if delivery.attempt <= PATIENT:
        return TryLater(f"Bluesky does not show {what} yet")
    return Declined(f"Bluesky does not show {what}")
