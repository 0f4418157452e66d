"""How well a platform is heard: its cursor is kept in quiet times, and hosts are told of gaps."""

from __future__ import annotations

from collections.abc import Callable

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
        text = _words(event, community.zone)
        if tell(transaction, looked, NotifyHosts(key, text, why=_WHY)):
            acts.append(key)
    return Outcome(acts=tuple(acts))


def _words(gap: GapFound, zone: str) -> str:
    """What hosts read of a gap: what came back, and what cannot be known."""
    platform = gap.platform.capitalize()
    began = (
        f"Weaver could not hear {platform} from {when_words(gap.since, zone)} to "
        f"{when_words(gap.until, zone)}, longer than its servers can repeat."
    )
    if gap.found is None:
        return f"{began} Posts of that time are missing from the counts, and were not passed on."
    asked = f"So it asked {platform} afterwards, and found {_posts(gap.found)} of that time"
    if gap.found:
        asked += f", which {'is' if gap.found == 1 else 'are'} counted"
    asked += "."
    if gap.gone:
        asked += f" {_posts(gap.gone).capitalize()} that Weaver knew turned out to be gone."
    if not gap.whole:
        asked += " It could not ask for everything: more posts may be missing from the counts."
    lost = "What was edited or reposted then, and answers deep in old threads, cannot be known."
    return f"{began} {asked} {lost}"


def _posts(number: int) -> str:
    return {0: "no posts", 1: "one post"}.get(number, f"{number} posts")
