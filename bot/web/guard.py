"""Keeps other web pages out of this one: who may ask, from where, and what a page may load."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""``same-origin``, since with ``no-referrer`` browsers send forms from the origin ``null``."""

PATHS = (
    *("/chats/", "/calendar", "/static/", "/icon.svg"),
    *("/.well-known/did.json", "/xrpc/app.bsky.feed."),
)
"""How the addresses begin that are for everybody."""
Refuse = Callable[[Request, int, str], Response]


class Guard:
    """Refuses hosts that are not ours (DNS rebinding) and posts from other sites' pages."""

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], refuse: Refuse, address: str = ""
    ) -> None:
        """``address`` is where people reach what is for everybody: under it, nothing else is."""
        self._app, self._refuse = app, refuse
        self._hosts = frozenset(host.casefold() for host in hosts)
        self._public = frozenset({urlsplit(address).hostname or ""} - {""})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the app where it must not be asked; add the headers to whatever is sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope, receive)
        refusal = self._why_not(request)
        app = self._app if refusal is None else self._refuse(request, *refusal)
        await app(scope, receive, send_guarded)

    def _why_not(self, request: Request) -> tuple[int, str] | None:
        host, path = request.headers.get("host", ""), request.url.path
        for_all = request.method in {"GET", "HEAD"} and path.startswith(PATHS)
        ours = self._hosts | self._public if for_all else self._hosts
        if path != "/healthz" and not is_ours(host, ours):
            return 421, (
                f"this page does not answer to the name “{host}”; use http://127.0.0.1 or "
                "http://localhost with its port"
            )
        if request.method not in {"GET", "HEAD"} and not is_from_here(request):
            return 403, (
                "this form was sent from another site's page, so nothing was done; "
                "open the sandbox itself and send it there"
            )
        return None


def is_ours(host: str, ours: frozenset[str]) -> bool:
    """Whether a Host header names this computer's loopback or a name that the operator gave."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name in ours:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_from_here(request: Request) -> bool:
    """Whether a browser says that our own page asks; other programs say nothing."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    return urlsplit(origin).netloc == request.headers.get("host")
