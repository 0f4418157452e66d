"""Say words on Bluesky: in one post or a thread, with pictures, and the same on every attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.bluesky.images import MOST_IMAGES, embedded, fitting
from bot.adapters.bluesky.records import (
    MOST_POSTS,
    POST,
    Mark,
    Thread,
    missing_tag,
    post_record,
    thread_of,
)
from bot.adapters.bluesky.repository import Repository
from bot.adapters.bluesky.words import Words, posts
from bot.domain.actions import Picture, Ref, Reply, SendPost
from bot.domain.ports import Delivery, Rejected
from bot.domain.text import with_choices
from bot.pictures import image_of


@dataclass(frozen=True, slots=True)
class Speech:
    """What one account says. ``data`` is the data folder, where hosts' pictures lie."""

    repository: Repository
    languages: Mapping[str, str]
    data: Path

    async def say(
        self,
        action: SendPost | Reply,
        delivery: Delivery,
        card: Mapping[str, Any] | None = None,
    ) -> str:
        """Post an act's words, as a thread where one post does not hold them; returns its address.

        A later attempt takes up what an earlier one left, even if the post it answers is gone.
        ``card`` is shown where there are no pictures.
        """
        said = await self._said(action)
        if len(action.pictures) > MOST_IMAGES:
            raise Rejected(
                f"it has {len(action.pictures)} pictures, and a post on Bluesky holds {MOST_IMAGES}"
            )
        dids = await self._dids(said)
        again, mark = delivery.attempt > 1, Mark(delivery.key, delivery.at)
        thread: Thread | None = None
        first = ""
        for part, words in enumerate(said):
            found = await self.repository.own(POST, mark.rkey(part)) if again else None
            if found is None:
                if part == 0:
                    thread = await self._above(action, delivery)
                record = post_record(
                    words,
                    mark,
                    part,
                    thread=thread,
                    dids=dids,
                    language=self.languages.get(action.space.id),
                    tags=self._tags(action, said) if part == 0 else (),
                    embed=await self._pictures(action.pictures) or card if part == 0 else None,
                )
                found = await self.repository.put(POST, mark.rkey(part), record)
            first = first or found.strong.uri
            thread = thread_of(found.strong, found.record)
        return first

    async def _said(self, action: SendPost | Reply) -> list[Words]:
        """Its words as posts; what its buttons do is said as well, as there are none here."""
        text = action.text
        if action.buttons:
            text = with_choices(text, action.buttons, f"@{await self.repository.handle()} ")
        said = posts(text)
        if not said:
            raise Rejected("it has no words")
        if len(said) > MOST_POSTS:
            raise Rejected(f"its words would take {len(said)} posts, more than {MOST_POSTS}")
        return said

    async def _above(self, action: SendPost | Reply, delivery: Delivery) -> Thread | None:
        """Where a reply hangs; nothing, for what starts a thread."""
        if isinstance(action, SendPost):
            return None
        above = delivery.target if isinstance(action.to, Ref) else action.to
        standing = await self.repository.standing(above or "")
        return thread_of(standing.strong, standing.record)

    async def _dids(self, said: Sequence[Words]) -> dict[str, str]:
        """Whom the mentions mean; a handle that leads nowhere stays plain text."""
        handles = {s.value for words in said for s in words.spans if s.kind == "mention"}
        found = {handle: await self.repository.did_of(handle) for handle in sorted(handles)}
        return {handle: did for handle, did in found.items() if did}

    async def _pictures(self, pictures: Sequence[Picture]) -> dict[str, Any] | None:
        """Draw or read the pictures and hand their bytes in, for the post that shows them."""
        images = [fitting(await image_of(picture, self.data)) for picture in pictures]
        shown = [(image, await self.repository.upload(image.data)) for image in images]
        return embedded(shown) if shown else None

    @staticmethod
    def _tags(action: SendPost | Reply, said: Sequence[Words]) -> tuple[str, ...]:
        return missing_tag(action.space.id, said) if isinstance(action, SendPost) else ()
