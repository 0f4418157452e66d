"""Open Weaver's database for reading alone, beside a Weaver that runs, and audit its log."""

import os
from datetime import UTC, datetime
from pathlib import Path

from bot.audit.figures import Window
from bot.audit.gathering import Asked, Gathered
from bot.audit.live import latest, places, read
from bot.config import load
from bot.domain.errors import UserError
from bot.domain.text import join_words
from bot.kernel.house import open_house
from bot.storage.migrate import pending

DAYS = 28
"""Days that count where nobody says which."""


def gather_live(config: Path | None, community: str | None, asked: Asked) -> Gathered:
    """Audit every space where people talk; UserError where there is none to read.

    As of now; in the sandbox, whose clock is its own, as of the last post.
    """
    settings = load(os.environ, config)
    if asked.days is None and asked.window == Window():
        asked = Asked(asked.window, asked.as_of, DAYS, asked.detailed)
    with open_house(settings, new=False) as house:
        if pending(house.database, house.owners):
            raise UserError(f"{settings.database}: is not up to date; run: weaver migrate")
        with house.database.read.connect() as connection:
            found = places(connection, community)
            if not found:
                known = join_words(list(settings.communities)) or "none yet"
                where = f"community {community!r}" if community else settings.database
                raise UserError(f"{where}: has no space to read; communities here are {known}")
            last = latest(connection, found)
            is_played = all(place.platform == "sandbox" for place in found)
            now = last if is_played and last else int(datetime.now(UTC).timestamp())
            as_of, window = asked.when(now)
            lines = list(read(connection, found, window, detailed=asked.detailed))
    return Gathered(lines, as_of, window)
