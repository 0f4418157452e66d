"""Open threads on Discord, and close them; what people said in one stays."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.adapters.discord.api import Api, code_of
from bot.adapters.discord.deeds import Deed, Deeds
from bot.adapters.discord.meaning import NO_CHANNEL, THREAD_THERE
from bot.adapters.discord.payloads import body_of
from bot.adapters.discord.places import FORUMS
from bot.adapters.discord.posts import EARLIER, MESSAGE, Letter, Posts
from bot.adapters.discord.snowflakes import moment, parts, post_id
from bot.adapters.discord.words import LONGEST, titled
from bot.domain.actions import OpenThread, Ref
from bot.domain.hashtags import fold
from bot.domain.ports import Delivery, Gone, Rejected

CHANNEL = "/channels/{channel_id}"
ARCHIVED_AFTER = 4320
"""Minutes without a word after which Discord folds a thread away: three days."""
MOST_TAGS = 5


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads that Weaver opens."""

    api: Api
    posts: Posts
    deeds: Deeds

    async def open(self, action: OpenThread, delivery: Delivery) -> str:
        """Open a thread and return the post that it begins with."""
        if action.of is not None:
            above = delivery.target if isinstance(action.of, Ref) else action.of
            channel, message, _ = await self.posts.standing(above)
            await self.deeds.keep(
                delivery.key, Deed(str(channel), receipt=post_id(channel, message))
            )
            return await self._from_post(channel, message, action.title)
        channel = int(action.space.id)
        where = await self.api.call("GET", CHANNEL, need="View Channel", channel_id=channel)
        if where["type"] in FORUMS:
            return await self._in_forum(where, action, delivery)
        first = await self.posts.say(Letter(channel, action.text or action.title), delivery)
        found = parts(first)
        assert found is not None
        return await self._from_post(*found, action.title)

    async def _from_post(self, channel: int, message: int, title: str) -> str:
        """Open the thread of a message, which has one at most, under the message's own id."""
        body = {"name": titled(title), "auto_archive_duration": ARCHIVED_AFTER}
        try:
            await self.api.call(
                "POST",
                f"{MESSAGE}/threads",
                body,
                need="Create Public Threads",
                channel_id=channel,
                message_id=message,
            )
        except Rejected as answer:
            if code_of(answer) != THREAD_THERE:
                raise
        return post_id(channel, message)

    async def _in_forum(
        self, forum: Mapping[str, Any], action: OpenThread, delivery: Delivery
    ) -> str:
        """Post in a forum, which knows no nonce: look at what stands there before and after."""
        title = titled(action.title)
        deed = await self.deeds.of(delivery.key)
        if deed and deed.receipt:
            return deed.receipt
        deed = await self.deeds.keep(delivery.key, Deed(str(forum["id"]), (title,)))
        standing = await self._standing(forum, title, delivery.at) if delivery.attempt > 1 else ()
        if not standing:
            words = body_of((action.text or action.title)[:LONGEST])
            body = {
                "name": title,
                "auto_archive_duration": ARCHIVED_AFTER,
                "message": words,
                "applied_tags": _tags(forum, action.tags),
            }
            await self.api.call(
                "POST",
                f"{CHANNEL}/threads",
                body,
                need="Send Messages",
                channel_id=int(forum["id"]),
            )
            standing = await self._standing(forum, title, delivery.at)
        if not standing:
            raise Gone("the post in the forum is gone already")
        first, *others = standing
        for extra in others:  # a lost answer makes the library ask twice
            await self._remove(int(extra))
        receipt = post_id(first, first)
        await self.deeds.keep(delivery.key, replace(deed, receipt=receipt))
        return receipt

    async def _standing(
        self, forum: Mapping[str, Any], title: str, since: datetime
    ) -> Sequence[str]:
        """The threads of ours with a title that were opened since, oldest first."""
        guild = int(forum["guild_id"])
        active = await self.api.call("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        archived = await self.api.call(
            "GET",
            f"{CHANNEL}/threads/archived/public",
            query={"limit": 50},
            channel_id=int(forum["id"]),
        )
        found = {
            str(one["id"])
            for one in (*active["threads"], *archived["threads"])
            if str(one.get("parent_id")) == str(forum["id"])
            and str(one.get("owner_id")) == self.api.me
            and one["name"] == title
            and moment(int(one["id"])) >= since - EARLIER
            and not self.posts.claimed(post_id(one["id"], one["id"]))
        }
        return sorted(found, key=int)

    async def close(self, key: str, receipt: str | None, at: datetime | None) -> None:
        """Take a thread back: an empty one goes, one where people spoke is closed and stays."""
        deed = await self.deeds.of(key)
        found = parts(receipt or (deed.receipt if deed else None))
        if found is None:
            await self._close_unseen(deed, key, at)
            return
        channel, thread = found
        told = await self.api.found(CHANNEL, channel_id=thread)
        is_thread = told is not None and told.get("thread_metadata") is not None
        if is_thread and str(told.get("owner_id")) == self.api.me:  # a person's stays
            if (told.get("message_count") or 0) > 0:  # the post of a forum is not counted
                await self._lock(thread)
            else:
                await self._remove(thread)
        if channel != thread and deed is not None and deed.ids:
            await self.posts.remove(key, receipt, at)  # the message that it was opened from is ours

    async def _close_unseen(self, deed: Deed | None, key: str, at: datetime | None) -> None:
        """Take back a thread whose opening nobody heard of."""
        if deed is None or at is None:
            return
        where = await self.api.found(CHANNEL, channel_id=int(deed.channel))
        if where is not None and where["type"] in FORUMS:
            for thread in await self._standing(where, deed.marks[0], at):
                await self._remove(int(thread))
            return
        await self.posts.remove(key, None, at)

    async def _remove(self, thread: int) -> None:
        """Delete a thread; one that is gone, as after a lost answer, is no trouble."""
        try:
            await self.api.call("DELETE", CHANNEL, need="Manage Threads", channel_id=thread)
        except Rejected as answer:
            if code_of(answer) != NO_CHANNEL:
                raise

    async def _lock(self, thread: int) -> None:
        with contextlib.suppress(Gone):
            await self.api.call(
                "PATCH",
                CHANNEL,
                {"archived": True, "locked": True},
                need="Manage Threads",
                channel_id=thread,
            )


def _tags(forum: Mapping[str, Any], wanted: Sequence[str]) -> list[str]:
    """The forum's own tags of those names, five at most; others are left out."""
    known = {fold(str(tag["name"]).replace(" ", "")): str(tag["id"]) for tag in _offered(forum)}
    found = [known[name] for tag in wanted if (name := fold(tag.replace(" ", ""))) in known]
    return list(dict.fromkeys(found))[:MOST_TAGS]


def _offered(forum: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return forum.get("available_tags") or ()
