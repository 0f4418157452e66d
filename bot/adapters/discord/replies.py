"""Answer commands that came as messages: under them, best effort, and never twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.adapters.discord.api import Api
from bot.adapters.discord.payloads import answers_to, body_of, rows_of
from bot.adapters.discord.places import Places
from bot.adapters.discord.posts import CALL, MESSAGES
from bot.adapters.discord.saying import images_of
from bot.adapters.discord.snowflakes import nonce, parts, post_id
from bot.adapters.discord.words import in_own_zones, messages
from bot.domain.actions import Answer
from bot.domain.events import CommandCalled
from bot.domain.ports import Outcome, Rejected, TryLater
from bot.domain.text import with_choices

log = structlog.get_logger()
WHERE = (
    "I look after more than one community, and cannot tell which you mean. Ask me in one of its "
    "channels: with a slash, or by naming me."
)


@dataclass(frozen=True, slots=True)
class Replies:
    """What Weaver says under messages that asked it for something."""

    api: Api
    places: Places
    data: Path

    async def to(self, event: CommandCalled, outcome: Outcome) -> None:
        """Answer the message that carried a command."""
        found = parts(event.post_id)
        if found is None:
            return
        in_private = str(found[0]) not in self.places.spaces and event.space.id
        for number, answer in enumerate(outcome.answers):
            key = f"{event.id}/{number}" if number else event.id
            await self._say(found, key, answer, event.space.id if in_private else "")

    async def nowhere(self, told: Mapping[str, Any]) -> None:
        """Answer a private message when nothing says which community it is about."""
        found = parts(post_id(told["channel_id"], told["id"]))
        if found is not None:
            await self._say(found, f"m{told['id']}", Answer(WHERE), "")

    async def _say(self, under: tuple[int, int], key: str, answer: Answer, space: str) -> None:
        channel, message = under
        rows, left = rows_of(answer.buttons, space)
        said = messages(with_choices(in_own_zones(answer.text, answer.moments), left, CALL))
        images = await images_of(answer, self.data)
        for part, words in enumerate(said):
            last = part == len(said) - 1
            carried: Sequence[Any] = images if last else ()
            body = body_of(
                words,
                nonce=nonce(key, part),
                rows=rows if last else (),
                reference=answers_to(channel, message) if part == 0 else None,
                images=carried,
            )
            try:
                await self.api.call("POST", MESSAGES, body, images=carried, channel_id=channel)
            except (Rejected, TryLater) as trouble:
                log.info("discord answer lost", why=str(trouble))
                return
