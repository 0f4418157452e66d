"""The pages are served inside the running loop and stop with it."""

import asyncio
import contextlib
import http.client
import signal
import socket
from urllib.parse import urlsplit

import pytest

from bot.domain.errors import UserError
from bot.web import create_app, serve
from bot.web.server import bind
from tests.web.serving import INTRODUCTION
from tests.web.village import Village


async def serve_until_stopped(visit: "Visit", host: str = "127.0.0.1") -> None:
    village = Village()
    app = create_app(village, village.ledger, INTRODUCTION)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, host, 0, stop=stop, ready=ready.set_result))
    address = await ready
    await asyncio.to_thread(visit, address)
    stop.set()
    await asyncio.wait_for(serving, 5)


def ask(address: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status


class Visit:
    """Opens lines in all the ways that a browser leaves them open, and asks for health."""

    def __init__(self) -> None:
        self.status = 0
        self.open: list[socket.socket] = []

    def __call__(self, address: str) -> None:
        self.status = ask(address)
        place = urlsplit(address)
        for said in (
            b"GET /sandbox/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"POST /sandbox/post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nme=",
            b"GET /",
        ):
            line = socket.create_connection((place.hostname or "", place.port or 0), timeout=5)
            line.sendall(said)
            if b"events" in said or b"healthz" in said:
                assert line.recv(16).startswith(b"HTTP/1.1 200")
            self.open.append(line)

    def close(self) -> None:
        for line in self.open:
            line.close()


def test_it_stops_although_browsers_keep_lines_open() -> None:
    with contextlib.closing(Visit()) as visit:
        asyncio.run(serve_until_stopped(visit))

    assert visit.status == 200


def test_signals_stay_with_whoever_started_the_loop() -> None:
    found: list[object] = []

    def look(address: str) -> None:
        found.append(signal.getsignal(signal.SIGTERM))

    before = signal.getsignal(signal.SIGTERM)
    asyncio.run(serve_until_stopped(look))  # type: ignore[arg-type]

    assert found == [before]


def test_a_cancelled_server_lets_go_of_its_port() -> None:
    async def story() -> None:
        village = Village()
        app = create_app(village, village.ledger, INTRODUCTION)
        ready = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(
            serve(app, port=0, stop=asyncio.Event(), ready=ready.set_result)
        )
        port = urlsplit(await ready).port
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        bind("127.0.0.1", port or 0).close()

    asyncio.run(story())


def test_a_taken_port_is_told_in_one_line() -> None:
    with contextlib.closing(bind("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(UserError) as told:
            bind("127.0.0.1", port)

    assert str(told.value) == f"port {port} is in use; stop what uses it or set WEAVER_PORT"


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 99999), ("no host", 0)])
def test_an_address_that_cannot_be_had_is_told_in_one_line(host: str, port: int) -> None:
    with pytest.raises(UserError) as told:
        bind(host, port)

    assert "\n" not in str(told.value)
