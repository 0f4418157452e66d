"""Discord as one of Weaver's platforms. It translates both ways and decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import structlog

from bot.adapters.discord.answers import Answers
from bot.adapters.discord.api import Api
from bot.adapters.discord.commands import Offered
from bot.adapters.discord.convert import Data, Eyes
from bot.adapters.discord.deeds import Deeds
from bot.adapters.discord.events import Meetings
from bot.adapters.discord.hearing import Hearing
from bot.adapters.discord.history import History, pin_of
from bot.adapters.discord.inlet import Inlet
from bot.adapters.discord.line import Line
from bot.adapters.discord.meaning import meaning_of
from bot.adapters.discord.outbound import Outbound
from bot.adapters.discord.payloads import answers_to, body_of, rows_of
from bot.adapters.discord.people import People, private
from bot.adapters.discord.places import Places
from bot.adapters.discord.posts import CALL, MESSAGES, Posts
from bot.adapters.discord.settings import PLATFORM, Discord
from bot.adapters.discord.snowflakes import moment, nonce, parts, snowflake
from bot.adapters.discord.threads import Threads
from bot.adapters.discord.words import LONGEST, messages
from bot.domain.actions import Action
from bot.domain.events import CaughtUp, CommandCalled, Event
from bot.domain.ports import (
    AdapterState,
    Catalogue,
    Delivery,
    Dispatch,
    Outcome,
    Rejected,
    TryLater,
)
from bot.domain.text import with_choices

log = structlog.get_logger()
REFUSED = {
    4004: "Discord does not take Weaver's token; set WEAVER_DISCORD_TOKEN to a new one",
    4014: (
        "Discord refuses what [discord] intents asks for: switch on Server Members Intent and "
        'Message Content Intent for the application, or set intents to "neither"'
    ),
}
"""What the operator has to mend, by the code with which the gateway closes."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds."""

    first: float = 1.0
    """Before the first new attempt; it doubles with every one in vain."""
    longest: float = 300.0
    stale: float = 1800.0
    """Silence of the gateway after which a line is taken for dead."""

    def pause(self, failures: int) -> float:
        """How long to wait after so many attempts in vain."""
        return float(min(self.longest, self.first * 2.0 ** min(failures, 20)))


class DiscordAdapter:
    """Hear what happens on Discord, and do there what Weaver decides."""

    platform = PLATFORM
    max_length = LONGEST

    def __init__(  # noqa: PLR0913 - what it is put together from
        self,
        found: Discord,
        state: AdapterState,
        catalogue: Catalogue,
        data: Path,
        *,
        claimed: Callable[[str], bool] = lambda _post: False,
        answered: Callable[[str, str], bool] = lambda _post, _member: False,
        patience: Patience | None = None,
    ) -> None:
        """``claimed`` tells whether a post is a known act's; ``answered`` if others replied to it."""
        self._found, self._state, self._catalogue = found, state, catalogue
        self._data, self._answered = data, answered
        self._patience = patience or Patience()
        self.api = Api(found)
        self.places = Places(catalogue)
        deeds = Deeds(state)
        self.posts = Posts(self.api, deeds, data, claimed)
        people = People(self.api, self.posts, deeds)
        threads, meetings = Threads(self.api, self.posts, deeds), Meetings(self.api, deeds)
        self._outbound = Outbound(self.api, self.posts, threads, meetings, people, deeds)
        self.line: Line | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._told_of: str = ""

    async def close(self) -> None:
        """Let go of every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.api.close()

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one act and return the id of what it made."""
        return await self._outbound.perform(action, delivery)

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what happens from ``cursor`` on, until cancelled.

        The end of the client is a crash: it is logged, and a new one is started after a while.
        """
        place = int(cursor) if cursor else snowflake(datetime.now(UTC))
        if cursor is None:  # kept at once: who is killed now goes on from here
            first = CaughtUp(f"caught-up/{place}", moment(place), PLATFORM)
            await dispatch(first, str(place))
        self.inlet = Inlet(place, self._after)
        pumping = asyncio.create_task(self.inlet.run(dispatch))
        listening = asyncio.create_task(self._keep_listening(dispatch))
        try:
            done, _ = await asyncio.wait([pumping, listening], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (pumping, listening):
                task.cancel()
            await asyncio.gather(pumping, listening, return_exceptions=True)

    async def _keep_listening(self, dispatch: Dispatch) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._one_line(dispatch)
                trouble = "the line ended"
            except Exception as error:  # noqa: BLE001 - whatever ends a client, another is started
                trouble = self._why(error)
            if time.monotonic() - began > self._patience.longest:
                failures = 0
            self._complain(trouble)
            await asyncio.sleep(self._patience.pause(failures))
            failures += 1

    def _complain(self, trouble: str) -> None:
        """Tell the operator what ended a line: plainly, and not again while it stays the same."""
        say = log.warning if trouble == self._told_of else log.error
        say("discord is not heard", why=trouble)
        self._told_of = trouble

    def _why(self, error: Exception) -> str:
        """What ended a line, in words for the operator."""
        if isinstance(error, discord.PrivilegedIntentsRequired):
            return REFUSED[4014]
        if isinstance(error, discord.ConnectionClosed):
            return REFUSED.get(error.code, f"the gateway closed with {error.code}")
        meant = meaning_of(error)
        return str(meant) if isinstance(meant, TryLater | Rejected) else type(error).__name__

    async def _one_line(self, dispatch: Dispatch) -> None:
        """Listen by one client until it ends."""
        await self.api.client()
        eyes = Eyes(self.api.me, self._found.settings.sees_words)
        self.line = line = Line(self._found.settings, self._hear)
        self._hearing = Hearing(
            self.api,
            self.places,
            self.inlet,
            eyes,
            line.get_guild,
            self._private,
            self._answered,
            self._found.settings.sees_members,
        )
        self.offered = Offered(self._catalogue.specs(), share=not eyes.sees_words)
        self._answers = Answers(
            self._catalogue,
            self.places,
            self.offered,
            eyes,
            self._data,
            dispatch,
            self._private,
        )
        self._history = History(self.posts, self.places, self.inlet, self._hearing.read)
        watching = asyncio.create_task(self._watch(line))
        try:
            async with line:
                await line.login(self._found.token)
                self._later(self._sync_commands())
                await line.connect()
        finally:
            watching.cancel()

    async def _watch(self, line: Line) -> None:
        """End a line that was silent for so long that it must be dead, though it looks open."""
        while (left := self._patience.stale - (time.monotonic() - line.last_heard)) > 0:
            await asyncio.sleep(left)  # noqa: ASYNC110 - whatever is heard moves the deadline
        log.warning("discord line is silent")
        await line.close()

    def _hear(self, name: str, data: Data) -> None:
        """Take what the gateway tells, beginning with what concerns the line itself."""
        match name:
            case "READY":
                self._told_of = ""
                for guild in data["guilds"]:
                    self.inlet.pin(pin_of(guild["id"]))
            case "GUILD_CREATE":
                self._fetch(data)
            case "GUILD_DELETE" if data.get("unavailable"):
                self.inlet.pin(pin_of(data["id"]))
            case "GUILD_DELETE":
                self.inlet.unpin(pin_of(data["id"]))
            case "INTERACTION_CREATE":
                assert self.line is not None
                self._later(self._answers.take(data, self.line))
            case _:
                self._hearing.hear(name, data)

    def _fetch(self, data: Data) -> None:
        """A server is there, for the first time or again: fetch what was missed."""
        guild = self.line.get_guild(int(data["id"])) if self.line else None
        if guild is not None and not data.get("unavailable"):
            self.inlet.pin(pin_of(guild.id))
            self._later(self._history.fetch(guild, data))

    def _later(self, work: Any) -> None:
        """Do something beside listening; what goes wrong in it is logged."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("discord task failed", error=type(error).__name__)

    async def _private(self, user: str) -> str | None:
        """The space that a member's private talk with Weaver belongs to."""
        return await self._state.get(private(user))

    async def _sync_commands(self) -> None:
        """Tell Discord the commands, if they are others than it was told last."""
        digest = f"{self.api.application}:{self.offered.digest}"
        if await self._state.get("commands") == digest:
            return
        try:
            await self.api.call(
                "PUT",
                "/applications/{application_id}/commands",
                self.offered.payload,
                application_id=self.api.application,
            )
        except (Rejected, TryLater) as trouble:
            log.error("discord commands not told", why=str(trouble))  # noqa: TRY400
            return
        await self._state.keep("commands", digest)
        log.info("discord commands told", count=len(self.offered.payload))

    def _after(self, event: Event, outcome: Outcome) -> None:
        """Answer a command that came as a message."""
        if isinstance(event, CommandCalled) and event.post_id and not outcome.repeated:
            self._later(self._reply(event, outcome))

    async def _reply(self, event: CommandCalled, outcome: Outcome) -> None:
        """Answer under the message that carried a command: best effort, never twice."""
        found = parts(event.post_id)
        if found is None:
            return
        channel, message = found
        for answer in outcome.answers:
            in_private = str(channel) not in self.places.spaces and event.space.id
            rows, left = rows_of(answer.buttons, event.space.id if in_private else "")
            said = messages(with_choices(answer.text, left, CALL))
            for part, words in enumerate(said):
                last = part == len(said) - 1
                body = body_of(
                    words,
                    nonce=nonce(event.id, part),
                    rows=rows if last else (),
                    reference=answers_to(channel, message) if part == 0 else None,
                )
                with contextlib.suppress(Rejected, TryLater):
                    await self.api.call("POST", MESSAGES, body, channel_id=channel)
