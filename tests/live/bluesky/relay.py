"""A stand-in for Jetstream over the PDS's own firehose, as no public server can be reached here.

It speaks version 1: JSON lines, a cursor in microseconds, the moment itself included on replay.
"""

import asyncio
import base64
import contextlib
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import libipld
import msgspec
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus


class Relay:
    """All that the PDS tells, kept for whoever listens; ``since`` is where its memory begins."""

    def __init__(self, pds: str, since: int = 0) -> None:
        self._since = since
        self._firehose = pds.replace("http", "ws", 1) + "/xrpc/com.atproto.sync.subscribeRepos"
        self._seq = 0
        self.lines: list[tuple[int, bytes]] = []
        self._more = asyncio.Condition()
        self.ready = threading.Event()
        self.port = 0
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Relay until stopped."""
        self._loop = asyncio.get_running_loop()
        async with serve(self._tell, "127.0.0.1", 0) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            hearing = asyncio.create_task(self._hear())
            await self._stop.wait()
            hearing.cancel()
            async with self._more:
                self._more.notify_all()
            await asyncio.gather(hearing, return_exceptions=True)

    def stop(self) -> None:
        """End it, from any thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _hear(self) -> None:
        while True:
            with contextlib.suppress(OSError, ConnectionClosed, InvalidStatus):
                address = f"{self._firehose}?cursor={self._seq}"
                async with connect(address, max_size=None, proxy=None) as socket:
                    self.ready.set()
                    async for frame in socket:
                        assert isinstance(frame, bytes)
                        await self._take(frame)
            await asyncio.sleep(0.1)

    async def _take(self, frame: bytes) -> None:
        head, body = libipld.decode_dag_cbor_multi(frame)
        if head.get("op") != 1 or head.get("t") != "#commit" or body["seq"] <= self._seq:
            return
        blocks = {_cid(key): value for key, value in libipld.decode_car(body["blocks"])[1].items()}
        async with self._more:
            for op in body["ops"]:
                collection, _, rkey = op["path"].partition("/")
                commit = {
                    "rev": body["rev"],
                    "operation": op["action"],
                    "collection": collection,
                    "rkey": rkey,
                }
                if op["action"] != "delete":
                    cid = _cid(op["cid"])
                    commit |= {"record": _plain(blocks[cid]), "cid": cid}
                last = self.lines[-1][0] if self.lines else 0
                at = max(time.time_ns() // 1000, last + 1)
                line = {"did": body["repo"], "time_us": at, "kind": "commit", "commit": commit}
                if body["seq"] > self._since:
                    self.lines.append((at, msgspec.json.encode(line)))
            self._seq = body["seq"]
            self._more.notify_all()

    async def _tell(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        asked = parse_qs(urlsplit(socket.request.path).query)
        at = len(self.lines)
        if "cursor" in asked:
            at = bisect_left(self.lines, int(asked["cursor"][0]), key=lambda line: line[0])
        with contextlib.suppress(ConnectionClosed):
            while not self._stop.is_set():
                async with self._more:
                    while len(self.lines) <= at and not self._stop.is_set():
                        await self._more.wait()
                for _, line in self.lines[at:]:
                    at += 1
                    await socket.send(line.decode())


def _cid(value: Any) -> str:
    return libipld.encode_cid(value) if isinstance(value, bytes) else str(value)


def _plain(value: Any) -> Any:
    """A record as JSON; none here holds a link, which would come as plain bytes."""
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode().rstrip("=")}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


@contextlib.contextmanager
def relaying(pds: str, since: int = 0) -> Iterator[str]:
    """Run a relay of a PDS that knows nothing up to the event ``since``; gives its address."""
    relay = Relay(pds, since)
    thread = threading.Thread(target=lambda: asyncio.run(relay.run()))
    thread.start()
    assert relay.ready.wait(20), "the relay cannot hear the PDS"
    try:
        yield f"ws://127.0.0.1:{relay.port}/subscribe"
    finally:
        relay.stop()
        thread.join()
