"""Serves the pages from inside the running loop. Signals stay with whoever started the loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from bot.domain.errors import UserError

PATIENCE = 2
"""Seconds that a request in flight has when Weaver stops."""
LAST_PORT = 65535


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers, saying when it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


async def serve(
    app: Starlette,
    host: str = "127.0.0.1",
    port: int = 8080,
    *,
    stop: asyncio.Event,
    ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until ``stop`` is set, then end open streams at once and what is in flight soon.

    ``ready`` is called with the address once connections are accepted; port 0 takes a free one.
    Raises UserError when the address cannot be had.
    """
    listener = bind(host, port)
    address = f"http://{bracketed(host)}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    server = _Server(config, lambda: ready(address))
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    stopping = asyncio.create_task(stop.wait(), name="web stop")
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        app.state.changes.close()
        server.should_exit = True
        try:
            await serving
        finally:
            listener.close()


def bind(host: str, port: int) -> socket.socket:
    """Take the address, or say in one line why it cannot be had and what to do."""
    if not 0 <= port <= LAST_PORT:
        raise UserError(f"there is no port {port}; set WEAVER_PORT to one from 1024 to {LAST_PORT}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise UserError(_cannot_bind(host, port, error)) from None


def bracketed(host: str) -> str:
    """Write a host as it stands in an address: IPv6 in square brackets."""
    return f"[{host}]" if ":" in host else host


def _cannot_bind(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; stop what uses it or set WEAVER_PORT"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"port {port} is not yours to take; set WEAVER_PORT to one above 1023"
    return f"cannot listen on {host}: it is no address of this computer; use 127.0.0.1"
