"""Fetch what was said while nobody listened: after every fresh start of a line, and no further."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import aiohttp
import discord
import structlog

from bot.adapters.discord.convert import Place, meeting_counted
from bot.adapters.discord.events import interested
from bot.adapters.discord.inlet import Inlet
from bot.adapters.discord.places import FORUMS, Places
from bot.adapters.discord.posts import Posts
from bot.adapters.discord.settings import PLATFORM
from bot.adapters.discord.snowflakes import moment, snowflake
from bot.domain.events import CaughtUp, Event, GapFound
from bot.domain.ports import Rejected, TryLater

log = structlog.get_logger()
Data = Mapping[str, Any]
Read = Callable[[Data, Place], Iterable[Event]]
Arrivals = Callable[[discord.Guild, Sequence[Data], datetime], Awaitable[Iterable[Event]]]
PAGES = 50
"""Pages of a hundred messages that are fetched of one channel; what is beyond is a gap."""
REWIND = timedelta(minutes=1)
"""How much is heard again: servers' clocks differ, and the inbox drops what it knows."""
MEMBERS = 1000
"""Members in a page."""
FOLDED = timedelta(minutes=30)
"""A gap longer than that may have had whole threads opened and folded away in it."""
_THREADED = (0, 5, *FORUMS)
"""Types of channels that have threads."""


@dataclass
class History:
    """The past of a server's spaces, put into the inlet like the present."""

    posts: Posts
    places: Places
    inlet: Inlet
    read: Read
    arrived: Arrivals
    """Tells who of these members came after a moment."""
    sees_members: bool
    pause: Callable[[int], float]
    """Seconds before another attempt, by how many were in vain."""
    pages: int = PAGES
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))

    async def fetch(self, guild: discord.Guild, told: Data) -> None:
        """Fetch what the spaces of a server brought since the place that was pinned for it."""
        since = max(0, self.inlet.place - (snowflake(REWIND + moment(0))))
        for failures in count():
            try:
                async with self._at_once:
                    await self._members(guild, told, moment(since))
                    for place, last in await self._grounds(guild, told, since):
                        if last > since:
                            await self._channel(place, str(guild.id), since)
                    await self._calendar(guild)
                break
            except (TryLater, OSError, TimeoutError, aiohttp.ClientError) as trouble:
                log.warning("discord history waits", why=str(trouble) or type(trouble).__name__)
                await asyncio.sleep(self.pause(failures))  # the pin stays for the next start
        self.inlet.put(0, lambda: self._done(pin_of(guild.id)))

    async def _members(self, guild: discord.Guild, told: Data, since: datetime) -> None:
        """Hear who came since and after Weaver, or is let in at last; many have to be asked for."""
        members = told.get("members") or ()
        mine = [one for one in members if str(one["user"]["id"]) == self.posts.api.me]
        if not self.sees_members or not mine:
            return
        since = max(since, datetime.fromisoformat(str(mine[0]["joined_at"])))
        if not told.get("large"):
            self._put_arrivals(guild, members, since)
            return
        after = 0
        for _ in range(self.pages):
            try:
                found = await self.posts.api.call(
                    "GET",
                    "/guilds/{guild_id}/members",
                    query={"limit": MEMBERS, "after": str(after)},
                    guild_id=guild.id,
                )
            except Rejected as refusal:
                log.warning("discord members unreadable", why=str(refusal))
                return
            self._put_arrivals(guild, found, since)
            if len(found) < MEMBERS:
                return
            after = max(int(one["user"]["id"]) for one in found)

    def _put_arrivals(self, guild: discord.Guild, members: Sequence[Data], at: datetime) -> None:
        self.inlet.put(0, lambda: self.arrived(guild, members, at))

    async def _calendar(self, guild: discord.Guild) -> None:
        """Count anew who is interested in the meetings of ours that are still to end."""
        spaces = [here[0] for _, here in self.places.in_guild(guild)]
        try:
            found = await interested(self.posts.api, guild.id) if spaces else {}
        except Rejected as refusal:
            log.warning("discord calendar unreadable", why=str(refusal))
            return
        now = datetime.now(UTC)
        for meeting, people in found.items():
            counted = [meeting_counted(meeting, people, space, now) for space in spaces]
            self.inlet.put(0, partial(list, counted))

    def _done(self, name: str) -> list[Event]:
        """All is in the queue: the place may go on, and that is kept."""
        self.inlet.unpin(name)
        at = moment(self.inlet.place)
        return [CaughtUp(f"caught-up/{self.inlet.place}", at, PLATFORM)]

    async def _grounds(self, guild: discord.Guild, told: Data, since: int) -> list[Any]:
        """The spaces and threads of a server, each with the id of its latest message."""
        found: list[tuple[Place, int]] = []
        channels = {str(one["id"]): one for one in told.get("channels") or ()}
        folded = datetime.now(UTC) - moment(since) > FOLDED
        for identity, channel in channels.items():
            if identity not in self.places.spaces:
                continue
            if channel.get("type") not in FORUMS:
                place = Place(self.places.spaces[identity], identity)
                found.append((place, int(channel.get("last_message_id") or 0)))
            if folded and channel.get("type") in _THREADED:
                found += await self._folded(channel, since)
        for thread in told.get("threads") or ():
            parent = channels.get(str(thread.get("parent_id")), {})
            inside = self.places.of_data(thread, parent)
            if inside is not None:
                found.append((inside, int(thread.get("last_message_id") or 0)))
        return found

    async def _folded(self, channel: Data, since: int) -> list[tuple[Place, int]]:
        """Threads of a channel that were folded away since."""
        try:
            told = await self.posts.api.call(
                "GET",
                "/channels/{channel_id}/threads/archived/public",
                query={"limit": 100},
                need="Read Message History",
                channel_id=int(channel["id"]),
            )
        except Rejected as refusal:
            log.warning("discord threads unreadable", why=str(refusal))
            return []
        found = [(self.places.of_data(one, channel), one) for one in told["threads"]]
        return [(place, int(one.get("last_message_id") or 0)) for place, one in found if place]

    async def _channel(self, place: Place, guild: str, since: int) -> None:
        """Put the messages of a channel into the queue; tell of a gap where there are too many."""
        count, latest = 0, since
        try:
            async for message in self.posts.history(int(place.channel), since, self.pages):
                while self.inlet.crowded:  # noqa: ASYNC110 - room comes bit by bit
                    await asyncio.sleep(0.05)
                count, latest = count + 1, int(message["id"])
                self._put({**message, "guild_id": guild}, place)
        except Rejected as refusal:
            log.warning("discord history unreadable", why=str(refusal))
            return
        if count >= self.pages * 100:
            gap = GapFound(
                f"gap/{place.channel}/{latest}", datetime.now(UTC), PLATFORM,
                moment(latest), datetime.now(UTC),
            )  # fmt: skip
            self.inlet.put(0, lambda: [gap])

    def _put(self, message: Data, place: Place) -> None:
        self.inlet.put(int(message["id"]), lambda: self.read(message, place))


def pin_of(guild: int | str) -> str:
    """The name under which the place waits for the past of a server."""
    return f"guild:{guild}"


def everything_of(guild: discord.Guild) -> Data:
    """A server as the gateway tells of it, when nothing is known of what is new in it."""
    newest = snowflake(datetime.now(UTC) + REWIND)
    channels = [
        {
            "id": str(channel.id),
            "type": channel.type.value,
            "last_message_id": newest,
            "available_tags": [
                {"id": str(tag.id), "name": tag.name}
                for tag in getattr(channel, "available_tags", ())
            ],
        }
        for channel in guild.channels
    ]
    threads = [
        {
            "id": str(thread.id),
            "parent_id": str(thread.parent_id),
            "owner_id": str(thread.owner_id),
            "applied_tags": [str(tag.id) for tag in thread.applied_tags],
            "last_message_id": newest,
        }
        for thread in guild.threads
    ]
    return {"channels": channels, "threads": threads}
