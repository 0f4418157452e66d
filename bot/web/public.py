"""Pages that anybody can read: made anew at every visit, so what is taken down is gone at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from jinja2 import Environment
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.domain.pages import Answerer, Record
from bot.web.feeds import Feeds
from bot.web.scene import weave_of

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noarchive"}
"""No copy may outlive somebody's no: neither in a browser nor with a search engine."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How Weaver stands to the world outside."""

    address: str = ""
    """Where people reach the pages, ending in a slash; empty: where they asked."""
    contact: str = ""
    """How people reach whoever runs this Weaver."""
    answers: Mapping[str, Answerer] = field(default_factory=dict)
    """What other programs may ask, by path (``guard.PATHS`` has to let it through)."""


@dataclass(frozen=True, slots=True)
class Public:
    """What plugins show to everybody."""

    record: Record
    templates: Environment
    outside: Outside

    async def chats(self, request: Request) -> Response:
        """The chats of a community, one series, or one session."""
        given = request.path_params
        community = given["community"]
        about = "/".join(given[one] for one in ("series", "day") if one in given)
        base = self.outside.address or str(request.base_url)
        sheet = await self.record.sheet("chats", (community, about), base)
        if sheet is None:
            raise HTTPException(404, "there is no such chat here; it may have been another date")
        shown = {
            "sheet": sheet,
            "body": Markup(sheet.html),  # noqa: S704 - a Sheet's HTML is safe by its contract
            "weave": weave_of(sheet.name),
            "contact": self.outside.contact,
        }
        html = self.templates.get_template("public.html.j2").render(shown)
        return HTMLResponse(html, headers=HEADERS)

    async def icon(self, request: Request) -> Response:
        """Weaver's mark, for the browser's tab."""
        mark = self.templates.get_template("icon.svg.j2").render()
        kept = {"Cache-Control": "public, max-age=86400"}
        return Response(mark, media_type="image/svg+xml", headers=kept)


def routes(public: Public) -> list[Route]:
    """The addresses of what is for everybody; they stay."""
    feeds = Feeds(public.record, public.outside.address)
    shown: dict[str, Callable[[Request], object]] = {
        "/icon.svg": public.icon,
        "/chats/{community}": public.chats,
        "/chats/{community}/{series}": public.chats,
        "/chats/{community}/{series}/{day}": public.chats,
        "/calendar.ics": feeds.calendar,
        "/calendar/{community}.ics": feeds.calendar,
        "/calendar/{community}/{series}.ics": feeds.calendar,
    }
    asked = {path: _told(answer) for path, answer in public.outside.answers.items()}
    return [Route(path, page) for path, page in {**shown, **asked}.items()]


def _told(answer: Answerer) -> Callable[[Request], Awaitable[Response]]:
    """Answer another program. Who asks is not looked at."""

    async def page(request: Request) -> Response:
        status, body = answer(dict(request.query_params))
        return JSONResponse(body, status, headers={"Cache-Control": "no-store"})

    return page
