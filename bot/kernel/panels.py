"""What plugins show on a community's page: read-only, from the read engine."""

from __future__ import annotations

import structlog
from sqlmodel import Session

from bot.domain.pages import Panel
from bot.kernel import templates
from bot.kernel.dispatch import Ring, Turn, wordless
from bot.kernel.statements import Statements
from bot.kernel.writer import Transaction
from bot.storage.database import Database

log = structlog.get_logger()


def panels(ring: Ring, database: Database, community: str) -> list[Panel]:
    """Every plugin's parts of the page; one that fails is left out and logged."""
    looked = ring.registry.communities.get(community)
    if looked is None:
        return []
    found: list[Panel] = []
    with database.read.connect() as connection, Session(connection) as session:
        reading = Transaction(session, connection, Statements(database), guarded=True)
        for enabled in looked.plugins:
            plugin = enabled.installed.plugin
            context = ring.context(
                Turn(reading, looked, f"page:{community}", ring.clock.now()), enabled
            )
            for maker in plugin.pages:
                try:
                    page = maker(context)
                    if page is not None:
                        language = looked.community.language
                        html = templates.render(
                            plugin.package, language, page.template, **page.values
                        )
                        found.append(Panel(plugin.name, page.title, html))
                except Exception as error:  # noqa: BLE001 - one plugin's page is not the page
                    log.error("page failed", plugin=plugin.name, **wordless(error))  # noqa: TRY400
    return found
