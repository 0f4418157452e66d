"""Put meetings into a server's calendar, as one-offs made from Weaver's own recurrence.

Discord's recurring events jump with daylight saving and lose their end, so none is used. It knows
no nonce for events, so each carries a mark, and the calendar is looked at before and after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.discord.api import Api
from bot.adapters.discord.deeds import Deed, Deeds
from bot.adapters.discord.snowflakes import nonce
from bot.adapters.discord.words import titled
from bot.domain.actions import ScheduleEvent
from bot.domain.ports import Delivery, Gone, Rejected

EVENTS = "/guilds/{guild_id}/scheduled-events"
EVENT = "/guilds/{guild_id}/scheduled-events/{event_id}"
SCHEDULED, ACTIVE, CANCELLED = 1, 2, 4
_PAGE, _PAGES = 100, 20
"""People in a page, and pages of a meeting that are counted."""
_EXTERNAL, _GUILD_ONLY = 3, 2
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Meetings:
    """The meetings that Weaver puts into calendars."""

    api: Api
    deeds: Deeds

    async def schedule(self, action: ScheduleEvent, delivery: Delivery) -> str:
        """Put one meeting into the calendar of the space's server, once."""
        guild = await guild_of(self.api, action.space.id)
        await self.deeds.keep(delivery.key, Deed(str(guild)))
        mark = mark_for(delivery.key)
        standing = await self._marked(guild, mark)
        if not standing:
            await self.api.call(
                "POST", EVENTS, _body(action, mark), need="Create Events", guild_id=guild
            )
            standing = await self._marked(guild, mark)
        if not standing:
            raise Gone("the meeting is gone from the calendar already")
        for extra in standing[1:]:  # a lost answer makes the library ask twice
            await self.api.call("DELETE", EVENT, guild_id=guild, event_id=int(extra["id"]))
        return f"{guild}/{standing[0]['id']}"

    async def cancel(self, key: str, receipt: str | None) -> None:
        """Call a meeting off; one that is over or gone is no trouble."""
        deed = await self.deeds.of(key)
        named, _, _ = (receipt or "").partition("/")
        guild = int(named or (deed.channel if deed else 0))
        if not guild:
            return
        for event in await self._marked(guild, mark_for(key)):
            try:
                await self.api.call(
                    "PATCH",
                    EVENT,
                    {"status": CANCELLED},
                    need="Create Events",
                    guild_id=guild,
                    event_id=int(event["id"]),
                )
            except Rejected:  # when an answer is lost, the library asks again and is refused
                standing = await self._marked(guild, mark_for(key))
                if event["id"] in [one["id"] for one in standing]:
                    raise

    async def _marked(self, guild: int, mark: str) -> Sequence[Mapping[str, Any]]:
        """The meetings of a calendar that carry a mark and are still to come, oldest first."""
        found = await self.api.call("GET", EVENTS, guild_id=guild)
        mine = [
            event
            for event in found
            if str(event.get("description") or "").endswith(mark)
            and event.get("status", SCHEDULED) == SCHEDULED
        ]
        return sorted(mine, key=lambda event: int(event["id"]))


async def interested(api: Api, guild: int) -> dict[str, list[Mapping[str, Any]]]:
    """Who is interested in each meeting of ours that is not over, by its receipt."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for event in await api.call("GET", EVENTS, guild_id=guild):
        if str(event.get("creator_id")) != api.me or event["status"] not in (SCHEDULED, ACTIVE):
            continue
        people: list[Mapping[str, Any]] = []
        for _ in range(_PAGES):
            page = await api.call(
                "GET",
                f"{EVENT}/users",
                query={"limit": _PAGE, "after": people[-1]["user_id"] if people else "0"},
                guild_id=guild,
                event_id=int(event["id"]),
            )
            people += [one for one in page if str(one["user_id"]) != api.me]
            if len(page) < _PAGE:
                break
        found[f"{guild}/{event['id']}"] = people
    return found


async def guild_of(api: Api, channel: str) -> int:
    """The server that a channel belongs to."""
    if not channel.isdecimal():
        raise Rejected(f"there is no channel {channel!r} on Discord")
    found = await api.call(
        "GET", "/channels/{channel_id}", need="View Channel", channel_id=int(channel)
    )
    if not found.get("guild_id"):
        raise Rejected("that is no channel of a server")
    return int(found["guild_id"])


def mark_for(key: str) -> str:
    """What the description of a meeting ends with."""
    return f"(Weaver’s mark: {nonce(key)[:10].lower()})"


def _body(action: ScheduleEvent, mark: str) -> dict[str, Any]:
    """A meeting that is held in a place of words, as a server's members see it."""
    text = action.text[: _LONGEST - len(mark) - 2].strip()
    return {
        "name": titled(action.title),
        "privacy_level": _GUILD_ONLY,
        "scheduled_start_time": action.starts.isoformat(),
        "scheduled_end_time": action.ends.isoformat(),
        "entity_type": _EXTERNAL,
        "entity_metadata": {"location": titled(action.place or f"<#{action.space.id}>")},
        "description": f"{text}\n\n{mark}" if text else mark,
    }
