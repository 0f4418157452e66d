"""How well a platform is heard: its cursor is kept in quiet times, and hosts are told of gaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.actions import NotifyHosts
from bot.domain.events import GapFound, PlatformEvent
from bot.domain.ports import Outcome
from bot.domain.text import when_words
from bot.kernel.registry import Looked, Registry
from bot.kernel.writer import Transaction

_WHY = "Hosts are told when a platform could not be heard for longer than it can repeat."
Tell = Callable[[Transaction, Looked, NotifyHosts], bool]
"""Records an action of the core's in one community."""


def take(
    event: PlatformEvent,
    cursor: str | None,
    registry: Registry,
    tell: Tell,
    transaction: Transaction,
) -> Outcome:
    """Keep the cursor; of a gap, tell the hosts of every community that the platform concerns."""
    if cursor is not None:
        transaction.cursors[event.platform] = cursor
    if not isinstance(event, GapFound):
        return Outcome()
    acts = []
    for looked in registry.communities.values():
        community = looked.community
        if not any(space.platform == event.platform for space in community.spaces):
            continue
        key = f"core:{community.id}:gap:{event.platform}:{event.since:%Y%m%dT%H%M}"
        text = _words(event.platform.capitalize(), event.since, event.until, community.zone)
        if tell(transaction, looked, NotifyHosts(key, text, why=_WHY)):
            acts.append(key)
    return Outcome(acts=tuple(acts))


def _words(platform: str, since: datetime, until: datetime, zone: str) -> str:
    return (
        f"Weaver could not hear {platform} from {when_words(since, zone)} to "
        f"{when_words(until, zone)}, longer than its servers can repeat. Posts of that time are "
        "missing from the counts, and none of them was passed on."
    )
