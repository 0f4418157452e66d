"""REST v10: who asks, how often, what goes wrong, and what Discord answers."""

from __future__ import annotations

import asyncio
import json
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakediscord.errors import Refused
from tests.fakediscord.faults import AFTER, BEFORE, BUSY, CUT, LOST, SLOW, Fault
from tests.fakediscord.routes import ROUTES
from tests.fakediscord.routes.call import Call
from tests.fakediscord.shapes import Json

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

PREFIX = "/api/v10"
PUBLIC = ("/interactions/", "/webhooks/", "/gateway")
VIA = {"Via": "1.1 google"}
"""Without it a 429 is read as a ban by the network in front of Discord."""


@dataclass
class Request:
    """One request as the server remembers it."""

    method: str
    path: str
    body: Any
    query: dict[str, str]
    reason: str | None = None
    status: int = 0
    answer: Any = field(default=None, repr=False)


def answered(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON and exactly that content type: a charset makes clients read a text."""
    if body is None:
        return web.Response(status=204 if status == 200 else status, headers=headers)
    typed = {"Content-Type": "application/json"} | (headers or {})
    return web.Response(body=json.dumps(body).encode(), status=status, headers=typed)


def busy(seconds: float, scope: str, headers: dict[str, str] | None = None) -> web.Response:
    """Say that it was too much; ``scope`` is user, shared or global."""
    told = {**(headers or {}), **VIA, "Retry-After": str(int(seconds) + 1)}
    told["X-RateLimit-Scope"] = scope
    if scope == "global":
        told["X-RateLimit-Global"] = "true"
    words = "You are being rate limited."
    said = {"message": words, "retry_after": round(seconds, 3), "global": scope == "global"}
    return answered(said, 429, told)


class Rest:
    """The HTTP half of the server."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server

    async def serve(self, request: web.Request) -> web.Response:
        """Serve one request of any method and path."""
        server, method = self._server, request.method
        path = request.raw_path.partition("?")[0].removeprefix(PREFIX)
        body, files = await _body(request)
        reason = request.headers.get("X-Audit-Log-Reason")
        asked = Request(method, path, body, dict(request.query), reason)
        server.requests.append(asked)
        if not path.startswith(PUBLIC) and not self._is_ours(request):
            return self._remember(asked, answered({"message": "401: Unauthorized", "code": 0}, 401))
        response = await self._limited(request, asked, files)
        return self._remember(asked, response)

    def _is_ours(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self._server.token}"

    @staticmethod
    def _remember(asked: Request, response: web.Response) -> web.Response:
        asked.status = response.status
        body = response.body
        asked.answer = json.loads(body) if isinstance(body, bytes) and body else None
        return response

    async def _limited(
        self, request: web.Request, asked: Request, files: list[Json]
    ) -> web.Response:
        limits = self._server.limits
        wait = limits.exceeded_overall(asked.path)
        if wait is not None:
            return busy(wait, "global")
        found = ROUTES.find(asked.method, asked.path)
        template = found[0].path if found else asked.path
        headers, wait = limits.take(asked.method, template, asked.path)
        if wait is not None:
            return busy(wait, "user", headers)
        fault = self._server.faults.next(asked.method, asked.path)
        if fault and (spoilt := await _before(fault, request)) is not None:
            return spoilt
        response = self._handled(asked, files, headers)
        return await _after(fault, request, response) if fault else response

    def _handled(self, asked: Request, files: list[Json], headers: dict[str, str]) -> web.Response:
        server = self._server
        found = ROUTES.find(asked.method, asked.path)
        if not found:
            server.violations.append(f"{asked.method} {asked.path}: no such route here")
            return answered({"message": "404: Not Found", "code": 0}, 404, headers)
        route, params = found
        server.violations += server.spec.request(asked.method, route.path, asked.body)
        call = Call(server, params, asked.query, asked.body, files, asked.reason)
        try:
            body, status = route.serve(call), route.status
        except Refused as refused:
            return answered(refused.body(), refused.status, headers)
        except Exception:  # noqa: BLE001 - a fault of ours must fail the test, not the bot
            server.violations.append(f"{asked.method} {asked.path}: {traceback.format_exc()}")
            return answered({"message": "500: Internal Server Error", "code": 0}, 500, headers)
        server.violations += server.spec.response(asked.method, route.path, status, body)
        return answered(body, status, headers)


async def _body(request: web.Request) -> tuple[Any, list[Json]]:
    """Read a JSON body, or the parts of a form with files."""
    if not request.can_read_body:
        return None, []
    if request.content_type != "multipart/form-data":
        return json.loads(await request.text() or "null"), []
    form, body, files = await request.post(), None, []
    for name, part in form.items():
        if name == "payload_json":
            body = json.loads(str(part))
        elif isinstance(part, web.FileField):
            number = name.removeprefix("files[").removesuffix("]")
            with part.file:
                data = part.file.read()
            described = {"number": number, "filename": part.filename, "data": data}
            files.append(described | {"content_type": part.content_type})
    return body, files


async def _before(fault: Fault, request: web.Request) -> web.Response | None:
    """Spoil a request before anything is done."""
    if fault.kind == LOST:
        await asyncio.sleep(fault.seconds)
        return _cut(request)
    if fault.kind == BUSY:
        return busy(fault.seconds, "global" if fault.is_global else "user")
    if fault.kind == BEFORE:
        return answered({"message": "upstream", "code": 0}, fault.status, VIA)
    return None


async def _after(fault: Fault, request: web.Request, response: web.Response) -> web.Response:
    """Spoil a request that has been served: the client never learns what came of it."""
    if fault.kind == SLOW:
        await asyncio.sleep(fault.seconds)
    if fault.kind == CUT:
        return _cut(request)
    if fault.kind == AFTER:
        return answered({"message": "upstream", "code": 0}, fault.status, VIA)
    return response


def _cut(request: web.Request) -> web.Response:
    """Cut the line to the client."""
    if request.transport:
        request.transport.abort()
    return web.Response()
