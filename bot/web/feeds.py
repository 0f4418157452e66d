"""Files for other programs, at addresses that stay: calendars of chats."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.pages import Record


@dataclass(frozen=True, slots=True)
class Feeds:
    """What plugins give to other programs."""

    record: Record
    address: str = ""
    """Where people reach the pages, ending in a slash; empty: where they asked."""

    async def calendar(self, request: Request) -> Response:
        """The chats of a community, of one series in it, or of all, as iCalendar."""
        community = request.path_params.get("community", "")
        about = request.path_params.get("series", "")
        base = self.address or str(request.base_url)
        found = self.record.feed("calendar", (community, about), base)
        if found is None:
            raise HTTPException(404, "there is no such calendar; all chats are at /calendar.ics")
        return Response(found[1], media_type=found[0], headers={"Cache-Control": "max-age=300"})
