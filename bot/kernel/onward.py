"""A post that goes to another platform than its own: its own is asked just before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.actions import Action, Repost
from bot.domain.ports import Adapter, Delivery, Rejected, TryLater


async def linked(action: Action, delivery: Delivery, adapters: Mapping[str, Adapter]) -> Action:
    """Give the link card of a post its link; every other act stays as it is.

    Raises as ``Adapter.perform`` does. How long its own platform wants to be left alone says
    nothing of the one that it goes to, so only the words of a ``TryLater`` are passed on.
    """
    if not isinstance(action, Repost) or not action.is_card:
        return action
    own = adapters.get(action.origin.platform)
    if own is None:
        raise Rejected("the platform where it was said is not connected, so nobody can be asked")
    try:
        link = await own.vouch(action, delivery)
    except TryLater as wait:
        raise TryLater(str(wait)) from None
    return replace(action, link=link)
