"""Puts the pages together: which address leads where, and what stands guard before it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.domain.errors import UserError
from bot.domain.pages import Record, Stage
from bot.web.changes import Changes
from bot.web.deeds import Deeds
from bot.web.guard import Guard
from bot.web.introduction import Introduction
from bot.web.pages import Pages
from bot.web.public import Outside, Public, routes
from bot.web.scene import STATIC, Scene, templates
from bot.web.static_files import Kept


def create_app(
    stage: Stage,
    record: Record,
    introduction: Introduction,
    *,
    hosts: Iterable[str] = (),
    outside: Outside | None = None,
) -> Starlette:
    """Make the web application of a sandbox; ``hosts`` are names it answers to besides loopback.

    ``outside`` says where people reach what is for everybody, and nothing else.
    """
    outside = outside or Outside(contact=introduction.contact)
    scene = Scene(stage, record, introduction, templates())
    public = Public(record, scene.templates, outside)
    changes = Changes(scene.version)
    app = Starlette(
        routes=_routes(Pages(scene, changes), Deeds(scene), public),
        middleware=[
            Middleware(Guard, hosts=tuple(hosts), refuse=scene.refuse, address=outside.address)
        ],
    )
    _say_what_is_wrong(app, scene)
    app.state.changes = changes
    return app


def _routes(pages: Pages, deeds: Deeds, public: Public) -> list[Route | Mount]:
    shown = {
        "/": pages.front,
        "/healthz": pages.healthy,
        "/sandbox": pages.sandbox,
        "/sandbox/fragment": pages.fragment,
        "/sandbox/ledger": pages.ledger,
        "/sandbox/events": pages.events,
        "/sandbox/picture/{post}/{number:int}": pages.picture,
    }
    done = (
        deeds.join,
        deeds.post,
        deeds.reply,
        deeds.repost,
        deeds.delete,
        deeds.command,
        deeds.clock,
        deeds.undo,
    )
    return [
        *(Route(path, page) for path, page in shown.items()),
        *routes(public),
        *(
            Route(f"/sandbox/{deed.__name__}", deeds.answering(deed), methods=["POST"])
            for deed in done
        ),
        Mount("/static", Kept(directory=STATIC)),
    ]


def _say_what_is_wrong(app: Starlette, scene: Scene) -> None:
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        message = CURES.get(error.status_code) if _is_bare(error) else None
        return scene.refuse(request, error.status_code, message or error.detail, error.headers)

    async def mistaken(request: Request, error: Exception) -> Response:
        return scene.refuse(request, 400, str(error))

    async def broken(request: Request, error: Exception) -> Response:
        return scene.refuse(
            request, 500, "what happened stands in Weaver's log; go back and try again"
        )

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(UserError, mistaken)
    app.add_exception_handler(Exception, broken)


CURES = {
    404: "there is no such page here; the sandbox is at /sandbox",
    405: "this address takes forms, not visits; the sandbox is at /sandbox",
}


def _is_bare(error: HTTPException) -> bool:
    """Whether it is the router's own, which says no more than its status."""
    return error.detail in {"Not Found", "Method Not Allowed"}
