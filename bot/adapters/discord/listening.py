"""Listen to Discord by one client after another: the end of one is a crash, and mended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import structlog

from bot.adapters.discord.answers import Answers
from bot.adapters.discord.api import Api
from bot.adapters.discord.commands import Offered
from bot.adapters.discord.convert import Data, Eyes
from bot.adapters.discord.forms import Forms
from bot.adapters.discord.hearing import Hearing
from bot.adapters.discord.history import History, everything_of, pin_of
from bot.adapters.discord.inlet import OVERFLOW, Inlet
from bot.adapters.discord.introduction import Introduction
from bot.adapters.discord.joining import Joining
from bot.adapters.discord.line import Line
from bot.adapters.discord.meaning import meaning_of
from bot.adapters.discord.offering import Offering
from bot.adapters.discord.people import private
from bot.adapters.discord.places import Places
from bot.adapters.discord.posts import Posts
from bot.adapters.discord.replies import Replies
from bot.adapters.discord.screening import Screening
from bot.adapters.discord.settings import Discord
from bot.domain.events import CommandCalled, Event
from bot.domain.ports import (
    AdapterState,
    Catalogue,
    Dispatch,
    Foundation,
    Outcome,
    Rejected,
    TryLater,
)

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


@dataclass
class Listening:
    """The ears of one run of Weaver, whichever client they hang on."""

    found: Discord
    api: Api
    posts: Posts
    places: Places
    state: AdapterState
    catalogue: Catalogue
    data: Path
    answered: Callable[[str, str], bool]
    foundation: Foundation
    patience: Patience
    dispatch: Dispatch
    place: int
    """The snowflake from which to listen."""
    line: Line | None = None
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _told_of: str = ""

    def __post_init__(self) -> None:
        """Nothing is heard before ``run``."""
        self.inlet = Inlet(self.place, self._after, self._relieved)
        self.screening = Screening(self.state)
        self.replies = Replies(self.api, self.places, self.data)
        self._offering = Offering(self.api, self.state, self.patience.pause)
        introduction = Introduction(self.api, self.posts, self.patience.pause)
        self.joining = Joining(self.api, self.places, self.state, self.foundation, introduction)

    async def run(self) -> None:
        """Dispatch what happens until cancelled; raises what dispatch raises."""
        parts_ = [
            asyncio.create_task(self.inlet.run(self.dispatch)),
            asyncio.create_task(self._keep_listening()),
        ]
        try:
            done, _ = await asyncio.wait(parts_, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*parts_, *self._tasks):
                task.cancel()
            await asyncio.gather(*parts_, *self._tasks, return_exceptions=True)

    async def _keep_listening(self) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._one_line()
                trouble = "the line ended"
            except Exception as error:  # noqa: BLE001 - whatever ends a client, another is started
                trouble = self._why(error)
            if time.monotonic() - began > self.patience.longest:
                failures = 0
            self._complain(trouble)
            await asyncio.sleep(self.patience.pause(failures))
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

    async def _one_line(self) -> None:
        """Listen by one client until it ends."""
        await self.api.client()
        eyes = Eyes(self.api.me, self.found.settings.sees_words)
        self.line = line = Line(self.found.settings, self._hear)
        self._hearing = Hearing(
            self.api,
            self.places,
            self.inlet,
            eyes,
            line.get_guild,
            self._private,
            lambda told: self._later(self.replies.nowhere(told)),
            self.answered,
            self.screening,
            self.found.settings.sees_members,
        )
        self.offered = Offered(self.catalogue.specs(), share=not eyes.sees_words)
        self._answers = Answers(
            self.catalogue,
            self.places,
            self.offered,
            eyes,
            self.data,
            self.dispatch,
            self._private,
            self.joining,
            Forms(self.offered, self.state),
        )
        self._history = self._past()
        watching = asyncio.create_task(self._watch(line))
        try:
            async with line:
                await line.login(self.found.token)
                self._later(self._offering.tell(self.offered))
                await line.connect()
        finally:
            watching.cancel()

    def _past(self) -> History:
        return History(
            self.posts,
            self.places,
            self.inlet,
            self._hearing.read,
            self._hearing.came,
            self.found.settings.sees_members,
            self.patience.pause,
        )

    async def _watch(self, line: Line) -> None:
        """End a line that was silent for so long that it must be dead, open as it may look."""
        while (left := self.patience.stale - (time.monotonic() - line.last_heard)) > 0:  # noqa: ASYNC110 - whatever is heard moves the deadline
            await asyncio.sleep(left)
        log.warning("discord line is silent")
        await line.close()

    def _hear(self, name: str, data: Data) -> None:
        """Take what the gateway tells, beginning with what concerns the line itself."""
        match name:
            case "READY":
                self._told_of = ""
                self._later(self.foundation.bury(timedelta(days=self.found.settings.keep_days)))
                for guild in data["guilds"]:
                    self.inlet.pin(pin_of(guild["id"]))
            case "GUILD_CREATE":
                self._fetch(data)
            case "GUILD_DELETE" if data.get("unavailable"):
                self.inlet.pin(pin_of(data["id"]))
            case "GUILD_DELETE":
                self.inlet.unpin(pin_of(data["id"]))
                self._later(self.joining.sent_away(str(data["id"])))
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
            self._later(self.joining.arrived(guild))

    def _relieved(self) -> None:
        """There is room again: fetch what was left out while there was none."""
        for guild in self.line.guilds if self.line else ():
            self.inlet.pin(pin_of(guild.id))
            self._later(self._history.fetch(guild, everything_of(guild)))
        self.inlet.unpin(OVERFLOW)

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
        return await self.state.get(private(user))

    def _after(self, event: Event, outcome: Outcome) -> None:
        """Answer a command that came as a message."""
        if isinstance(event, CommandCalled) and event.post_id and not outcome.repeated:
            self._later(self.replies.to(event, outcome))
