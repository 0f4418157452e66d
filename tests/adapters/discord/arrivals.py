"""People who arrive on a server, and what they and the hosts are told."""

from datetime import timedelta
from typing import Any

from tests.adapters.discord.village import Village
from tests.fakediscord.people import Person

INTEREST = {"label": "roses", "words": "#roses", "role": "rosarian"}


def late_in_the_evening(village: Village) -> None:
    """Let it be half past eleven in the evening (UTC), so that midnight comes in between."""
    clock = village.discord.clock
    evening = clock.now().replace(hour=23, minute=30, second=0)
    clock.forward(seconds=((evening - clock.now()) % timedelta(days=1)).total_seconds())


def greetings(village: Village, name: str = "Hello") -> list[Any]:
    return [one for one in village.lobby.by_bot if name in one.content]


def told(village: Village) -> list[str]:
    """What hosts were told."""
    return [one.content for one in village.shed.by_bot]


def comes(village: Village, name: str, **how: Any) -> Person:
    """Somebody joins, and all that follows is done."""
    person: Person = village.discord.person(name).joins(village.garden, **how)
    hears(village)
    return person


def hears(village: Village) -> None:
    """Wait until all that happened so far was heard: what is said last is heard last."""
    marker = village.hana.says(village.tea, "and then")
    village.waits_until(lambda: village.logged(marker))
    village.is_quiet()
