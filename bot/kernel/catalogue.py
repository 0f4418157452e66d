"""What adapters may ask of the kernel: which commands there are, and how a word could go on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from sqlmodel import Session

from bot.domain.commands import CommandSpec
from bot.domain.model import Community, Space
from bot.kernel.commands import CORE
from bot.kernel.dispatch import Turn, wordless
from bot.kernel.registry import Enabled, Looked
from bot.kernel.statements import Statements
from bot.kernel.weaver import Weaver
from bot.kernel.writer import Transaction

log = structlog.get_logger()
MOST = 25
PATIENCE = 2.0
"""Seconds after which somebody who types is not kept waiting."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The kernel's answers, from the registry and the read engine; it never meets the writer."""

    weaver: Weaver

    def communities(self) -> Sequence[Community]:
        """The communities that Weaver looks after now."""
        return self.weaver.registry.listed

    def specs(self) -> Sequence[CommandSpec]:
        """Every command of the core and of the plugins that are installed here."""
        plugins = self.weaver.registry.plugins.values()
        return [*CORE, *(spec for one in plugins for spec, _ in one.commands.values())]

    async def complete(
        self, space: Space, spec: CommandSpec, parameter: str, begun: str
    ) -> Sequence[str]:
        """How a word of a command could go on, 25 at most; nothing after two seconds.

        What could be a number begins with it.
        """
        looked = next(iter(self.weaver.registry.concerned(space)), None)
        enabled = looked.enabled(spec.group) if looked else None
        if looked is None or enabled is None:
            return ()
        try:
            async with asyncio.timeout(PATIENCE):
                found = await asyncio.to_thread(self._listed, looked, enabled, spec, parameter)
        except Exception as error:  # noqa: BLE001 - who types goes on typing
            log.warning("completion failed", plugin=spec.group, **wordless(error))
            return ()
        return fitting(found, begun)

    def _listed(
        self, looked: Looked, enabled: Enabled, spec: CommandSpec, parameter: str
    ) -> list[str]:
        """All that a plugin says a parameter could be."""
        ring, database = self.weaver.ring, self.weaver.database
        known = enabled.installed.plugin.completers
        completer = known.get((spec.name, parameter)) or known.get(("", parameter))
        if completer is None:
            return []
        with database.read.connect() as connection, Session(connection) as session:
            reading = Transaction(session, connection, Statements(database), guarded=True)
            cause = f"complete:{looked.community.id}"
            turn = Turn(reading, looked, cause, ring.clock.now())
            return list(completer(ring.context(turn, enabled)))


def fitting(found: Iterable[str], begun: str) -> list[str]:
    """Of what could be meant, what has the letters typed so far; what begins with them is first."""
    wanted = begun.casefold().strip()
    fits = [one for one in dict.fromkeys(found) if wanted in one.casefold()]
    return sorted(fits, key=lambda one: not one.casefold().startswith(wanted))[:MOST]
