"""The sandbox's pages: what a visitor sees. Reading only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sse_starlette.sse import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.domain.hashtags import fold
from bot.domain.pages import Person, Place
from bot.domain.ports import Rejected
from bot.web.changes import Changes
from bot.web.scene import Scene
from bot.web.threads import Loom, audience_tag, author_name, descendants
from bot.web.words import tell

NEWCOMERS = ("Noor", "Ines", "Kofi", "Maeve", "Hiro", "Lucía", "Sanna", "Tariq")
"""Names to suggest for somebody new."""

HEARTBEAT = 15
"""Seconds between the comments that keep a stream open."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The sandbox as a visitor sees it."""

    scene: Scene
    changes: Changes

    async def front(self, request: Request) -> Response:
        """The sandbox is all there is yet."""
        return RedirectResponse("/sandbox", 307)

    async def healthy(self, request: Request) -> Response:
        """Answer that Weaver is up."""
        return PlainTextResponse("ok")

    async def picture(self, request: Request) -> Response:
        """One picture of a post, which may draw but neither run nor load anything."""
        post, number = request.path_params["post"], request.path_params["number"]
        try:
            image = await self.scene.stage.picture(post, number)
        except Rejected as why:
            raise HTTPException(404, f"this picture cannot be shown: {why}") from None
        if image is None:
            raise HTTPException(404, "there is no such picture; it may have gone with its post")
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return Response(
            image.data, media_type=image.type, headers={"Content-Security-Policy": policy}
        )

    async def sandbox(self, request: Request) -> Response:
        """The whole page."""
        return self._show("sandbox.html.j2", self.sight(request))

    async def fragment(self, request: Request) -> Response:
        """The part of the page that changes, for the script to weave in."""
        return self._show("live.html.j2", self.sight(request))

    async def ledger(self, request: Request) -> Response:
        """All that Weaver decided, latest first, also what has no place in the stream."""
        scene, me = self.scene, self._visitor(request)
        stage = scene.stage
        posts = {
            post.id: post
            for entry in stage.stream(None, 200)
            for post in (entry, *descendants(entry))
        }
        sight = {
            "me": me,
            "view": self._view(request),
            "clock": scene.clock(),
            "acts": [tell(act, stage.people()) for act in scene.record.acts(stage.community)],
            "posts": posts,
            "author_name": author_name,
        }
        return self._show("ledger.html.j2", sight)

    async def events(self, request: Request) -> Response:
        """Tell the page when to look again; it says which version it shows as ``since``."""
        since = request.headers.get("last-event-id") or request.query_params.get("since")

        async def stream() -> AsyncIterator[dict[str, str]]:
            async for version in self.changes.listen(since):
                yield {"event": "changed", "id": version, "data": version}

        return EventSourceResponse(stream(), ping=HEARTBEAT)

    def sight(self, request: Request) -> dict[str, Any]:
        """Gather what one visitor sees now."""
        scene, me, view = self.scene, self._visitor(request), self._view(request)
        stage, record = scene.stage, scene.record
        version = scene.version()
        people, places = stage.people(), stage.places()
        acts = record.acts(stage.community)
        loom = Loom(acts, people, record.act)
        return {
            "version": version,
            "me": me,
            "view": view,
            "people": people,
            "newcomer": newcomer(people),
            "clock": scene.clock(),
            **sorted_places(places, me, view),
            "threads": [
                loom.thread(entry)
                for entry in stage.stream(view.id if view else None, 60)
                if entry.reader in (None, me)
            ],
            "given_up": sum(act.state in {"dead", "missed"} for act in acts),
            "decided": len(acts),
            "upcoming": record.upcoming(stage.community),
            "panels": [
                (panel, Markup(panel.html))  # noqa: S704 - a Panel's HTML is safe by its contract
                for panel in record.panels(stage.community)
                if not panel.for_hosts or (me is not None and me.is_host)
            ],
        }

    def _show(self, template: str, sight: dict[str, Any]) -> Response:
        html = self.scene.render(template, **sight)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    def _visitor(self, request: Request) -> Person | None:
        """Whom the visitor acts as; whoever came first, until they choose."""
        wanted = request.query_params.get("me")
        if not wanted:
            return next(iter(self.scene.stage.people()), None)
        if person := self.scene.person(wanted):
            return person
        raise HTTPException(
            404, f"nobody called “{wanted}” lives here; choose somebody on the sandbox's page"
        )

    def _view(self, request: Request) -> Place | None:
        """Which place the visitor looks at; None is everywhere."""
        wanted = request.query_params.get("place")
        if not wanted:
            return None
        for place in self.scene.stage.places():
            if place.id == wanted:
                return place
        raise HTTPException(
            404, f"there is no place called “{wanted}”; choose one on the sandbox's page"
        )


def sorted_places(places: Sequence[Place], me: Person | None, view: Place | None) -> dict[str, Any]:
    """Sort the places: to be in, to be passed on to, and to speak in for this person."""
    audiences = [place for place in places if place.purpose == "audience"]
    spaces = [place for place in places if place.purpose != "audience"]
    speakable = [
        place for place in spaces if place.purpose != "hosts" or (me is not None and me.is_host)
    ]
    usual = next((place for place in speakable if place.purpose == "talk"), None)
    return {
        "spaces": spaces,
        "audiences": audiences,
        "tags": {fold(audience_tag(place)): place for place in audiences},
        "tag_of": audience_tag,
        "fold": fold,
        "speakable": speakable,
        "spoken_in": view if view in speakable else usual,
    }


def newcomer(people: Sequence[Person]) -> str:
    """Suggest a name that nobody here has."""
    taken = {person.name.casefold() for person in people}
    free = (name for name in NEWCOMERS if name.casefold() not in taken)
    return next(free, f"Newcomer {len(taken) + 1}")
