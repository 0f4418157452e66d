"""Make events of what the gateway tells: what concerns no space is dropped before it costs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import discord

from bot.adapters.discord import convert
from bot.adapters.discord.api import Api
from bot.adapters.discord.convert import Data, Eyes, Place
from bot.adapters.discord.holding import Holding
from bot.adapters.discord.inlet import Inlet
from bot.adapters.discord.places import Places
from bot.adapters.discord.screening import Screening
from bot.adapters.discord.snowflakes import EPOCH, moment, post_id
from bot.domain.events import CommandCalled, Event

Guilds = Callable[[int], discord.Guild | None]
REMEMBERED = 4096
"""Threads of which it is remembered that somebody answered their starter."""


@dataclass
class Hearing:
    """The ears: one method for each kind of telling."""

    api: Api
    places: Places
    inlet: Inlet
    eyes: Eyes
    guild: Guilds
    private: Callable[[str], Awaitable[str | None]]
    nowhere: Callable[[Data], None]
    """Takes a private message of which nothing says which community it is about."""
    answered: Callable[[str, str], bool]
    """Whether somebody other than its author (a member's key) answered a post."""
    screening: Screening
    sees_members: bool = True
    holding: Holding = field(init=False)
    _spoken: OrderedDict[str, bool] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.holding = Holding(self.places)

    def hear(self, name: str, data: Data) -> None:
        """Take what the gateway tells; raises for what cannot be read."""
        tell = getattr(self, f"_{name.lower()}", None)
        if tell is not None:
            tell(data)

    def _message_create(self, data: Data) -> None:
        message = int(data["id"])
        if not data.get("guild_id"):
            self.inlet.put(message, lambda: self._in_private(data))
            return
        guild = self.guild(int(data["guild_id"]))
        if data.get("type") == convert.JOINED and guild:
            self.inlet.put(message, lambda: self._announced(data, guild))
        if not convert.is_said(data):
            return
        place = self.places.of(str(data["channel_id"]), guild)
        if place is not None:
            self.inlet.put(message, lambda: self.read(data, place), fetchable=True)
        elif guild is None or not guild.get_channel_or_thread(int(data["channel_id"])):
            self.inlet.put(message, lambda: self._elsewhere(data), fetchable=True)

    async def _elsewhere(self, data: Data) -> Iterable[Event]:
        """A message of a thread that nobody told of: ask which it is."""
        place = await self._fetched(str(data["channel_id"]))
        return self.read(data, place) if place else ()

    async def _fetched(self, channel: str) -> Place | None:
        """The place of a thread, as the API knows it."""
        told = await self.api.found("/channels/{channel_id}", channel_id=int(channel))
        if told is None or str(told.get("parent_id")) not in self.places.spaces:
            return None
        above = await self.api.found("/channels/{channel_id}", channel_id=int(told["parent_id"]))
        return self.places.of_data(told, above or {})

    def read(self, data: Data, place: Place) -> Iterable[Event]:
        """A message as a command or a post; used for what is heard and what is fetched."""
        if data.get("type") == convert.JOINED:
            guild = self.guild(int(data["guild_id"]))
            return self._announced(data, guild) if guild else ()
        if not convert.is_said(data):
            return ()
        guild = self.guild(int(data.get("guild_id") or 0))
        news = self.holding.news(guild, data["author"], data.get("member") or {}) if guild else ()
        command = convert.called(data, place, self.eyes)
        if command is not None:
            return (*news, command)
        spoken = self._has_spoken(data, place)
        return (*news, convert.seen(data, place, self.eyes, spoken=spoken))

    def _has_spoken(self, data: Data, place: Place) -> bool:
        """Whether somebody else spoke before in the thread that the message's author started."""
        if not place.thread or place.root is None:
            return False
        author = convert.author_of(data, self.eyes.me)
        if author.id != place.starter:
            if not author.is_bot:
                self._spoken[place.channel] = True
                while len(self._spoken) > REMEMBERED:
                    self._spoken.popitem(last=False)
            return True
        if place.channel not in self._spoken:
            self._spoken[place.channel] = self.answered(place.root, author.key)
        return self._spoken[place.channel]

    async def _in_private(self, data: Data) -> Iterable[Event]:
        """A private message to Weaver is a command, in the community it last wrote from."""
        author = convert.member_of(data["author"])
        if author.is_bot or not convert.is_said(data):
            return ()
        space = self.places.spaces.get(await self.private(author.id) or "")
        if space is None:
            space = self.places.only
        if space is None:
            self.nowhere(data)
            return ()
        words = convert.plain(convert.words_of(data)).removeprefix(self.eyes.me).lstrip(" ,:")
        post = post_id(data["channel_id"], data["id"])
        at = moment(int(data["id"]))
        return (CommandCalled(f"m{data['id']}", at, space, author, words, post),)

    def _message_update(self, data: Data) -> None:
        if not data.get("guild_id") or not data.get("edited_timestamp") or "author" not in data:
            return
        place = self.places.of(str(data["channel_id"]), self.guild(int(data["guild_id"])))
        if place is not None:
            self.inlet.put(0, lambda: self._edited(data, place))

    def _edited(self, data: Data, place: Place) -> Iterable[Event]:
        if convert.called(data, place, self.eyes) is not None:
            return ()  # a command is no post, and is not carried out again
        event = convert.edited(data, place, self.eyes, spoken=self._has_spoken(data, place))
        return (event,) if event else ()

    def _message_delete(self, data: Data) -> None:
        self._gone(data, [str(data["id"])])

    def _message_delete_bulk(self, data: Data) -> None:
        self._gone(data, [str(one) for one in data["ids"]])

    def _gone(self, data: Data, messages: list[str]) -> None:
        guild = self.guild(int(data["guild_id"])) if data.get("guild_id") else None
        place = self.places.of(str(data["channel_id"]), guild)
        if place is not None:
            now = datetime.now(UTC)
            self.inlet.put(0, lambda: [convert.deleted(one, place, now) for one in messages])

    def _thread_update(self, data: Data) -> None:
        """A forum's thread may have other tags now, which are those of its first post."""
        guild = self.guild(int(data["guild_id"])) if data.get("guild_id") else None
        place = self.places.of(str(data["id"]), guild)
        if place is not None and place.forum:
            self.inlet.put(0, lambda: self._retagged(place))

    async def _retagged(self, place: Place) -> Iterable[Event]:
        channel = int(place.channel)
        told = await self.api.found(
            "/channels/{channel_id}/messages/{message_id}", channel_id=channel, message_id=channel
        )
        if told is None:
            return ()
        return (convert.retagged(told, place, self.eyes, datetime.now(UTC)),)

    def _thread_delete(self, data: Data) -> None:
        """With a forum's thread goes the post it began with."""
        space = self.places.spaces.get(str(data.get("parent_id")))
        if space is not None:
            thread, now = str(data["id"]), datetime.now(UTC)
            place = Place(space, thread, thread=True)
            self.inlet.put(0, lambda: [convert.deleted(thread, place, now)])

    def _guild_member_add(self, data: Data) -> None:
        guild = self.guild(int(data["guild_id"]))
        if guild is not None:
            self.inlet.put(0, lambda: self.came(guild, [data], EPOCH))

    def _guild_scheduled_event_user_add(self, data: Data) -> None:
        self._answered(data, coming=True)

    def _guild_scheduled_event_user_remove(self, data: Data) -> None:
        self._answered(data, coming=False)

    def _answered(self, data: Data, *, coming: bool) -> None:
        """Somebody is interested in a meeting, or no longer is; whose it is, plugins know."""
        guild = self.guild(int(data["guild_id"]))
        if guild is None or str(data["user_id"]) == self.eyes.me:
            return
        now = datetime.now(UTC)
        for _, spaces in self.places.in_guild(guild):
            event = convert.meeting_answered(data, spaces[0], now, coming=coming)
            self.inlet.put(0, partial(list, [event]))

    def _guild_member_update(self, data: Data) -> None:
        """Somebody changed; who was being screened and is no longer has arrived now."""
        guild = self.guild(int(data["guild_id"]))
        news = self.holding.news(guild, data["user"], data) if guild else []
        if news:
            self.inlet.put(0, lambda: news)
        if guild is not None and data.get("joined_at") and not data.get("pending"):
            self.inlet.put(0, lambda: self.came(guild, [data], None))

    async def came(
        self, guild: discord.Guild, members: Sequence[Data], since: datetime | None
    ) -> list[Event]:
        """Hear who of these came after a moment, or was waited for; wait for who is screened."""
        here = str(guild.id)
        told = [(one, _joined(one)) for one in members if one.get("joined_at")]
        screened = [(str(one["user"]["id"]), at) for one, at in told if one.get("pending")]
        await self.screening.began(here, screened)
        events: list[Event] = []
        for one, at in told:
            if one.get("pending"):
                continue
            is_new = since is not None and at > since
            if is_new or await self.screening.expects(here, str(one["user"]["id"]), at):
                events += self._arrivals(guild, one["user"], at.isoformat(), one.get("nick"))
        return events

    def _announced(self, data: Data, guild: discord.Guild) -> Iterable[Event]:
        """Somebody arrived, as Discord says it in a channel; needless where members are told of."""
        if self.sees_members:
            return ()
        return self._arrivals(guild, data["author"], moment(int(data["id"])).isoformat(), None)

    def _arrivals(
        self, guild: discord.Guild, user: Mapping[str, Any], when: str, nick: str | None
    ) -> list[Event]:
        """Somebody arrived, in the lobby of every community of the server."""
        if user.get("bot"):
            return []
        lobbies = self.places.lobbies(guild)
        return [convert.joined(str(guild.id), user, when, space, nick) for space in lobbies]


def _joined(member: Data) -> datetime:
    return datetime.fromisoformat(str(member["joined_at"]))
