"""What plugins show on pages, and give to other programs: read-only, from the read engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import select
from sqlmodel import Session

from bot.domain.actions import OfferFeed
from bot.domain.pages import Asked, Listing, Panel, Sheet, Visit
from bot.kernel import templates
from bot.kernel.dispatch import Ring, Turn, wordless
from bot.kernel.statements import LEDGER, Statements
from bot.kernel.writer import Transaction
from bot.plugin import Context, FeedMaker
from bot.storage.database import Database

log = structlog.get_logger()
_STANDING = (LEDGER.c.kind == OfferFeed.__name__, LEDGER.c.state == "done")
"""Feeds that were offered and have not ended."""


@contextmanager
def _reading(database: Database) -> Iterator[Transaction]:
    """A look at the database that writes nothing."""
    with database.read.connect() as connection, Session(connection) as session:
        yield Transaction(session, connection, Statements(database), guarded=True)


def panels(ring: Ring, database: Database, community: str) -> list[Panel]:
    """Every plugin's parts of the page; one that fails is left out and logged."""
    looked = ring.registry.communities.get(community)
    if looked is None:
        return []
    found: list[Panel] = []
    with _reading(database) as reading:
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
                        panel = Panel(plugin.name, page.title, html, page.offers, page.for_hosts)
                        found.append(panel)
                except Exception as error:  # noqa: BLE001 - one plugin's page is not the page
                    log.error("page failed", plugin=plugin.name, **wordless(error))  # noqa: TRY400
    return found


def feed(
    ring: Ring, database: Database, name: str, asked: tuple[str, str], base: str
) -> tuple[str, bytes] | None:
    """A plugin's file for other programs: its media type and what is in it.

    ``asked`` is the community's id, empty for all, and what it is about; None where there is no
    such thing.
    """
    community, about = asked
    with _reading(database) as reading:
        contexts: list[Context[Any]] = []
        made: tuple[str, FeedMaker[Any]] | None = None
        for looked in ring.registry.communities.values():
            for enabled in looked.plugins:
                offered = enabled.installed.plugin.feeds.get(name)
                if offered is not None and community in ("", looked.community.id):
                    made = offered
                    turn = Turn(reading, looked, f"feed:{name}", ring.clock.now())
                    contexts.append(ring.context(turn, enabled))
        words = made[1](contexts, about, base) if made else None
        return None if made is None or words is None else (made[0], words)


def sheet(ring: Ring, database: Database, name: str, community: str, visit: Visit) -> Sheet | None:
    """A plugin's page for everybody; None where there is none, or its community is not here."""
    looked = ring.registry.communities.get(community)
    if looked is None:
        return None
    with _reading(database) as reading:
        for enabled in looked.plugins:
            plugin = enabled.installed.plugin
            if (maker := plugin.publics.get(name)) is None:
                continue
            turn = Turn(reading, looked, f"public:{name}", ring.clock.now())
            page = maker(ring.context(turn, enabled), visit)
            if page is None:
                return None
            one = looked.community
            html = templates.render(plugin.package, one.language, page.template, **page.values)
            return Sheet(one.id, one.name, one.language, page.title, html, page.people)
    return None


def offered(database: Database, platform: str) -> list[str]:
    """The feeds that stand on a platform, oldest first, by the platform's ids."""
    here = LEDGER.c.account.startswith(f"{platform}:", autoescape=True)
    with database.read.connect() as connection:
        query = select(LEDGER.c.receipt).where(*_STANDING, here).order_by(LEDGER.c.seq)
        return list(connection.execute(query).scalars())


def listing(ring: Ring, database: Database, feed: str, limit: int, cursor: str) -> Listing | None:
    """A part of a feed, asked of the plugin that offered it; None when it has ended."""
    with _reading(database) as reading:
        query = select(LEDGER).where(*_STANDING, LEDGER.c.receipt == feed).limit(1)
        row = reading.connection.execute(query).mappings().first()
        looked = ring.registry.communities.get(row["community"]) if row else None
        enabled = looked.enabled(row["plugin"]) if row and looked else None
        if row is None or looked is None or enabled is None:
            return None
        lister = enabled.installed.plugin.lister
        turn = Turn(reading, looked, "listing", ring.clock.now())
        asked = Asked(row["key"], limit, cursor)
        return lister(ring.context(turn, enabled), asked) if lister else None
