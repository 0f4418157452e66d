"""What Weaver answers a browser with when it has no sandbox: that it is up, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.text import join_words
from bot.web.changes import Changes
from bot.web.guard import HEADERS, Guard


def create_plain_app(communities: Sequence[str], *, hosts: Iterable[str] = ()) -> Starlette:
    """Make the web application of a Weaver whose communities all live elsewhere."""

    async def front(request: Request) -> Response:
        return PlainTextResponse(
            f"Weaver is up, and looks after {join_words(list(communities))}.\n"
            "What it did and why: weaver ledger\n"
        )

    async def healthy(request: Request) -> Response:
        return PlainTextResponse("ok")

    app = Starlette(
        routes=[Route("/", front), Route("/healthz", healthy)],
        middleware=[Middleware(Guard, hosts=tuple(hosts), refuse=_refuse)],
    )
    app.state.changes = Changes(lambda: "")
    return app


def _refuse(request: Request, status: int, message: str) -> Response:
    return PlainTextResponse(f"{message[:1].upper()}{message[1:]}.\n", status, HEADERS)
