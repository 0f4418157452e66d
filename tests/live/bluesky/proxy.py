"""A proxy before a server that loses answers, delays them, or says that it is busy or broken."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Literal

import httpx

Fault = Literal["drop", "cut", "busy", "broken", "slow"] | None
"""drop: done, but nobody hears of it; cut: the connection ends before anything is done; busy: 429;
broken: 503, nothing done; slow: answered after a while."""
WAIT = 1
"""Seconds after which a busy server says to come again."""
LATE = 0.5


@dataclass
class Faults:
    """What goes wrong, decided by the name of what is asked, such as com.atproto.repo.putRecord."""

    decide: Callable[[str], Fault] = lambda _name: None
    asked: list[str] = field(default_factory=list)
    """All that was asked, in order."""

    def count(self, name: str) -> int:
        """How often something was asked."""
        return self.asked.count(name)


class Quiet(ThreadingHTTPServer):
    """Says nothing of a client that is killed in the middle."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextlib.contextmanager
def before(server: str, faults: Faults) -> Iterator[str]:
    """Run a proxy before a server; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            name = self.path.partition("?")[0].rpartition("/")[2]
            faults.asked.append(name)
            fault = faults.decide(name)
            if fault in ("busy", "broken"):
                status = 429 if fault == "busy" else 503
                self._answer(status, b'{"error":"Trouble"}', "application/json")
                return
            if fault != "cut":
                done = self._ask(body)
            if fault in ("cut", "drop"):
                self.close_connection = True
                self.connection.close()
                return
            if fault == "slow":
                time.sleep(LATE)
            self._answer(done.status_code, done.content, done.headers.get("content-type", ""))

        do_GET = do_POST = _pass  # noqa: N815 - inherited names

        def _ask(self, body: bytes) -> httpx.Response:
            kept = ("authorization", "content-type", "accept", "atproto-proxy")
            headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
            return client.request(
                self.command, f"{server}{self.path}", content=body, headers=headers
            )

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            if status == 429:
                self.send_header("retry-after", str(WAIT))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
            pass

    with httpx.Client(timeout=30) as client:
        listening = Quiet(("127.0.0.1", 0), Handler)
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()
            listening.server_close()
