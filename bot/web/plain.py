"""What Weaver answers a browser with when it has no sandbox: that it is up, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from bot.domain.contact import whom_to_ask
from bot.domain.pages import Record
from bot.domain.text import join_words
from bot.web.changes import Changes
from bot.web.guard import HEADERS, Guard
from bot.web.public import Outside, Public, routes
from bot.web.scene import STATIC, templates
from bot.web.static_files import Kept


def create_plain_app(
    record: Record,
    communities: Sequence[str],
    *,
    hosts: Iterable[str] = (),
    outside: Outside | None = None,
) -> Starlette:
    """Make the web application of a Weaver whose communities all live elsewhere.

    Beside that it shows what is for everybody, also ``outside``.
    """
    outside = outside or Outside()
    who = f"{whom_to_ask(outside.contact)}\n" if outside.contact else ""

    async def front(request: Request) -> Response:
        return PlainTextResponse(
            f"Weaver is up, and looks after {join_words(list(communities))}.\n"
            f"What it did and why: weaver ledger\n{who}"
        )

    async def healthy(request: Request) -> Response:
        return PlainTextResponse("ok")

    app = Starlette(
        routes=[
            Route("/", front),
            Route("/healthz", healthy),
            *routes(Public(record, templates(), outside)),
            Mount("/static", Kept(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, hosts=tuple(hosts), refuse=_refuse, address=outside.address)],
        exception_handlers={HTTPException: _missing},
    )
    app.state.changes = Changes(lambda: "")
    return app


async def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = "there is no such page here" if error.detail == "Not Found" else error.detail
    return _refuse(request, error.status_code, words)


def _refuse(request: Request, status: int, message: str) -> Response:
    return PlainTextResponse(f"{message[:1].upper()}{message[1:]}.\n", status, HEADERS)
