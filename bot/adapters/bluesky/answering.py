"""Answer commands where they were said, or in a message: once at most, under keys of the asking."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog

from bot.domain.actions import Answer, DirectMessage, Reply, Urgency
from bot.domain.events import CommandCalled, Event
from bot.domain.ports import Delivery, Dispatch, Outcome, Rejected, TryLater

log = structlog.get_logger()
TRIES = 4
LONGEST = 60.0
"""Seconds for which somebody is kept waiting between tries."""
_WHY = "Somebody asked Weaver, and this is the answer."
_NOT_HERE = (
    "That is for your eyes, and I could not write to you. Write {call} to me in a direct message, "
    "and I answer you there."
)
Say = Callable[[Reply | DirectMessage, Delivery], Awaitable[str]]


@dataclass
class Answering:
    """Stands before the ring: what a command led to is said under it.

    The ring hears a command once, so after a crash nobody is answered twice; a try whose outcome
    is unknown is repeated under the same key, so it makes one reply.
    """

    say: Say
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def through(self, dispatch: Dispatch) -> Dispatch:
        """The way into the ring, with answers."""

        async def told(event: Event, cursor: str | None = None) -> Outcome:
            outcome = await dispatch(event, cursor)
            if isinstance(event, CommandCalled) and event.post_id and outcome.answers:
                task = asyncio.create_task(self.answer(event, outcome.answers))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            return outcome

        return told

    async def answer(self, event: CommandCalled, answers: tuple[Answer, ...]) -> None:
        """Reply to the post that carried the command; give up quietly when it cannot be."""
        reply = _reply(event, answers)
        if any(answer.personal for answer in answers):
            if await self._in_private(event, reply):
                return
            words = _NOT_HERE.format(call=f"\u201c{event.text}\u201d")
            reply = replace(reply, text=words, buttons=(), pictures=())
        for attempt in range(1, TRIES + 1):
            try:
                await self.say(reply, _delivery(event, reply.key, attempt))
            except Rejected as refusal:
                log.warning("bluesky answer refused", why=str(refusal))
                return
            except TryLater as wait:
                seconds = wait.after or 2.0**attempt
            except Exception as error:  # noqa: BLE001 - whatever it is, the outcome is unknown
                log.warning("bluesky answer unknown", error=type(error).__name__)
                seconds = 2.0**attempt
            else:
                return
            if attempt < TRIES:
                await self.pause(min(LONGEST, seconds))
        log.warning("bluesky answer given up", tries=TRIES)

    async def _in_private(self, event: CommandCalled, said: Reply) -> bool:
        """Write to whoever asked; False when they cannot be written to, so far as is known."""
        message = DirectMessage(
            said.key, said.space, event.member, said.text, said.buttons, said.pictures, why=_WHY
        )
        try:
            await self.say(message, _delivery(event, said.key, 1))
        except Exception as error:  # noqa: BLE001 - they are told where to ask instead
            log.info("bluesky answer not in private", error=type(error).__name__)
            return False
        return True


def _delivery(event: CommandCalled, key: str, attempt: int) -> Delivery:
    return Delivery(key, event.at, attempt, f"{event.space.platform}:{event.space.account}")


def _reply(event: CommandCalled, answers: tuple[Answer, ...]) -> Reply:
    """What several communities answer, as one reply."""
    return Reply(
        f"answer:{event.id}",
        event.space,
        event.post_id or "",
        "\n\n".join(answer.text for answer in answers),
        tuple(button for answer in answers for button in answer.buttons),
        tuple(picture for answer in answers for picture in answer.pictures),
        why=_WHY,
        urgency=Urgency.PERSON_WAITS,
    )
