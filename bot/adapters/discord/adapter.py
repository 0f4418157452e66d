"""Discord as one of Weaver's platforms. It translates both ways and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.discord.api import Api
from bot.adapters.discord.deeds import Deeds
from bot.adapters.discord.events import Meetings
from bot.adapters.discord.health import Examination, Health
from bot.adapters.discord.listening import Listening, Patience
from bot.adapters.discord.outbound import LINK, Outbound
from bot.adapters.discord.people import People
from bot.adapters.discord.places import Places
from bot.adapters.discord.posts import Posts
from bot.adapters.discord.settings import PLATFORM, Discord
from bot.adapters.discord.snowflakes import moment, parts, snowflake
from bot.adapters.discord.threads import Threads
from bot.adapters.discord.words import LONGEST
from bot.domain.actions import Action, Repost
from bot.domain.events import CaughtUp
from bot.domain.model import Member, Space
from bot.domain.ports import AdapterState, Catalogue, Delivery, Dispatch, Foundation


class DiscordAdapter:
    """Hear what happens on Discord, and do there what Weaver decides."""

    platform = PLATFORM
    max_length = LONGEST
    has_feeds = False

    def __init__(  # noqa: PLR0913 - what it is put together from
        self,
        found: Discord,
        state: AdapterState,
        catalogue: Catalogue,
        data: Path,
        foundation: Foundation,
        *,
        claimed: Callable[[str], bool] = lambda _post: False,
        answered: Callable[[str, str], bool] = lambda _post, _member: False,
        patience: Patience | None = None,
    ) -> None:
        """``claimed``: if a post is a known act's; ``answered``: if another member replied."""
        self._found, self._state, self._catalogue = found, state, catalogue
        self._data, self._answered, self._foundation = data, answered, foundation
        self._patience = patience or Patience()
        self.api = Api(found)
        self.places = Places(catalogue)
        deeds = Deeds(state)
        self.posts = Posts(self.api, deeds, data, claimed)
        people = People(self.api, self.posts, deeds)
        threads, meetings = Threads(self.api, self.posts, deeds), Meetings(self.api, deeds)
        self._outbound = Outbound(self.api, self.posts, threads, meetings, people, deeds)
        self.listening: Listening | None = None

    async def close(self) -> None:
        """Let go of every connection."""
        await self.api.close()

    async def examine(self) -> Health:
        """Look at token, intents, channels and permissions; changes nothing."""
        spaces = list(self.places.spaces.values())
        return await Examination(self.api, self._found.settings).look(spaces)

    def address(self, space: Space, post_id: str) -> str:
        """Where a post can be read by those who are on its server."""
        found, line = parts(post_id), self.listening.line if self.listening else None
        here = line.get_channel(int(space.id)) if line and space.id.isdecimal() else None
        guild = getattr(here, "guild", None)
        return LINK.format(guild.id, *found) if found and guild else ""

    async def is_for_everybody(self, member: Member) -> bool:
        """Discord knows no such wish: what somebody agreed to is all there is."""
        return True

    async def vouch(self, action: Repost, delivery: Delivery) -> str:
        """Where the members of its server can read a post, while it stands."""
        return await self._outbound.vouch(action)

    async def perform(self, action: Action, delivery: Delivery) -> str:
        """Carry out one act and return the id of what it made."""
        return await self._outbound.perform(action, delivery)

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what happens from ``cursor`` on, until cancelled."""
        place = int(cursor) if cursor else snowflake(datetime.now(UTC))
        if cursor is None:  # kept at once: who is killed now goes on from here
            first = CaughtUp(f"caught-up/{place}", moment(place), PLATFORM)
            await dispatch(first, str(place))
        self.listening = Listening(
            self._found,
            self.api,
            self.posts,
            self.places,
            self._state,
            self._catalogue,
            self._data,
            self._answered,
            self._foundation,
            self._patience,
            dispatch,
            place,
        )
        await self.listening.run()
