"""Answer commands where they were said: once at most, under keys made from what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.domain.actions import Answer, Reply, Urgency
from bot.domain.events import CommandCalled, Event
from bot.domain.ports import Delivery, Dispatch, Outcome, Rejected, TryLater

log = structlog.get_logger()
TRIES = 4
LONGEST = 60.0
"""Seconds for which somebody is kept waiting between tries."""
_WHY = "Somebody asked Weaver, and this is the answer."
Say = Callable[[Reply, Delivery], Awaitable[str]]


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
        for attempt in range(1, TRIES + 1):
            account = f"{event.space.platform}:{event.space.account}"
            try:
                await self.say(reply, Delivery(reply.key, event.at, attempt, account))
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
