"""Post messages on Discord, each once in effect, and take them away again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.discord.api import Api
from bot.adapters.discord.deeds import Deed, Deeds
from bot.adapters.discord.payloads import body_of, mark_of, rows_of
from bot.adapters.discord.snowflakes import nonce, parts, post_id, snowflake
from bot.adapters.discord.words import messages
from bot.domain.actions import Button, Picture
from bot.domain.ports import Delivery, Gone, Image, Rejected
from bot.domain.text import with_choices
from bot.pictures import image_of

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
MOST = 10
"""Messages that one text may become, and pictures that one may carry."""
PAGE, PAGES = 100, 5
"""Messages in a page of history, and pages that are looked through for a message of ours."""
EARLIER = timedelta(seconds=10)
"""How far Discord's clock may be behind ours."""
CALL = "@Weaver "


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said in one channel: words, what they answer, and what hangs from them."""

    channel: int
    text: str
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    reference: Mapping[str, Any] | None = None
    space: str = ""
    """Named in the buttons of a private message."""


@dataclass(frozen=True, slots=True)
class Posts:
    """The messages of Weaver's own account."""

    api: Api
    deeds: Deeds
    data: Path
    claimed: Callable[[str], bool]
    """Whether a post is known to be another act's."""

    async def say(self, letter: Letter, delivery: Delivery) -> str:
        """Post a letter once, as several messages where one does not hold it.

        Returns the first one's id. A later attempt takes up what an earlier one left.
        """
        known = await self.deeds.of(delivery.key) if delivery.attempt > 1 else None
        if known and known.receipt:
            return known.receipt
        bodies = await self._bodies(letter, delivery.key)
        marks = tuple(mark_of(body) for body, _ in bodies)
        deed = known or await self.deeds.keep(delivery.key, Deed(str(letter.channel), marks))
        for body, images in bodies[len(deed.ids) :]:
            found = None
            if delivery.attempt > 1:
                found = await self._own(letter.channel, mark_of(body), delivery.at, deed.ids)
            if found is None:
                made = await self.api.call(
                    "POST",
                    MESSAGES,
                    body,
                    images=images,
                    need="Send Messages",
                    channel_id=letter.channel,
                )
                found = str(made["id"])
            deed = replace(deed, ids=(*deed.ids, found))
        deed = replace(deed, receipt=post_id(letter.channel, deed.ids[0]))
        await self.deeds.keep(delivery.key, deed)
        return deed.receipt

    async def _bodies(self, letter: Letter, key: str) -> list[tuple[dict[str, Any], list[Image]]]:
        """The messages of a letter; buttons and pictures hang from the last."""
        rows, left = rows_of(letter.buttons, letter.space)
        said = messages(with_choices(letter.text, left, CALL)) or [""] * bool(letter.pictures)
        forwards = bool(letter.reference) and not said
        if forwards:
            said = [""]
        if not said or len(said) > MOST or len(letter.pictures) > MOST:
            raise Rejected(
                f"it is too long: {len(said)} messages and {len(letter.pictures)} pictures"
                if said
                else "it has no words"
            )
        made = []
        for part, words in enumerate(said):
            last = part == len(said) - 1
            pictures = letter.pictures if last else ()
            images = [await image_of(picture, self.data) for picture in pictures]
            body = body_of(
                words,
                nonce=nonce(key, part),
                rows=rows if last else (),
                reference=letter.reference if part == 0 else None,
                images=images,
            )
            if forwards:
                body = {name: value for name, value in body.items() if name not in _WORDS}
            made.append((body, images))
        return made

    async def _own(
        self, channel: int, mark: str, since: datetime, not_these: Sequence[str] = ()
    ) -> str | None:
        """A message of ours in a channel's history that no other act is known by.

        Where Weaver may not read the history, the nonce alone keeps it from saying things twice.
        """
        with contextlib.suppress(Rejected):
            return await self._looked_for(channel, mark, since, not_these)
        return None

    async def _looked_for(
        self, channel: int, mark: str, since: datetime, not_these: Sequence[str]
    ) -> str | None:
        async for message in self.history(channel, snowflake(since - EARLIER), PAGES):
            mine = str(message["author"]["id"]) == self.api.me
            fresh = str(message["id"]) not in not_these
            same = mine and fresh and mark_of(message) == mark
            if same and not self.claimed(post_id(channel, message["id"])):
                return str(message["id"])
        return None

    async def history(
        self, channel: int, after: int, pages: int
    ) -> AsyncIterator[Mapping[str, Any]]:
        """The messages of a channel after an id, oldest first, page by page."""
        for _ in range(pages):
            found = await self.api.call(
                "GET",
                MESSAGES,
                query={"after": str(after), "limit": PAGE},
                need="Read Message History",
                channel_id=channel,
            )
            for message in sorted(found, key=lambda one: int(one["id"])):
                after = int(message["id"])
                yield message
            if len(found) < PAGE:
                return

    async def standing(self, post: str | None) -> tuple[int, int, Mapping[str, Any]]:
        """A message that an act is about: its channel, its id and how it reads; Gone without."""
        found = parts(post)
        if found is None:
            raise Gone("there is no such post")
        channel, message = found
        told = await self.api.call(
            "GET",
            MESSAGE,
            need="Read Message History",
            channel_id=channel,
            message_id=message,
        )
        return channel, message, told

    async def remove(self, key: str, receipt: str | None, at: datetime | None) -> None:
        """Remove whatever messages an act made, by its receipt or by what is remembered of it."""
        deed = await self.deeds.of(key)
        named = parts(receipt)
        ids = deed.ids if deed else ()
        if deed and not ids and at is not None:
            channel = int(deed.channel)
            found = [await self._own(channel, mark, at) for mark in deed.marks]
            ids = tuple(one for one in found if one)
        if not ids and named:
            await self.delete(*named)
        for message in reversed(ids):
            channel = int(deed.channel) if deed else 0
            await self.delete(channel, int(message))

    async def delete(self, channel: int, message: int) -> None:
        """Remove a message; one that is not there is no trouble."""
        with contextlib.suppress(Gone):
            await self.api.call("DELETE", MESSAGE, channel_id=channel, message_id=message)


_WORDS = frozenset({"content", "flags"})
