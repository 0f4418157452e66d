"""Tell Discord which commands there are, when they are others than it was told last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import aiohttp
import structlog

from bot.adapters.discord.api import Api
from bot.adapters.discord.commands import Offered
from bot.domain.ports import AdapterState, Rejected, TryLater

log = structlog.get_logger()
COMMANDS = "/applications/{application_id}/commands"
TOLD = "commands"
"""Under which name it is kept what Discord was told."""


@dataclass(frozen=True, slots=True)
class Offering:
    """The list of commands as Discord has it."""

    api: Api
    state: AdapterState
    pause: Callable[[int], float]
    """Seconds before another attempt, by how many were in vain."""

    async def tell(self, offered: Offered) -> None:
        """Tell it until it is taken; one that Discord refuses is the operator's to hear of."""
        digest = f"{self.api.application}:{offered.digest}"
        if await self.state.get(TOLD) == digest:
            return
        for failures in count():
            try:
                await self.api.call(
                    "PUT", COMMANDS, offered.payload, application_id=self.api.application
                )
                break
            except Rejected as refusal:
                log.error("discord commands not told", why=str(refusal))  # noqa: TRY400
                return
            except (TryLater, OSError, TimeoutError, aiohttp.ClientError) as trouble:
                log.warning("discord commands wait", why=str(trouble) or type(trouble).__name__)
                await asyncio.sleep(self.pause(failures))
        await self.state.keep(TOLD, digest)
        log.info("discord commands told", count=len(offered.payload))
