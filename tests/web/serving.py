"""Serves a village's page over a real socket, from a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette

from bot.web import Introduction, create_app, serve
from bot.web.public import Outside
from tests.web.village import Village

INTRODUCTION = Introduction(
    "#TallyMath",
    "America/New_York",
    commands=("chats list", "welcome preview Sam"),
    contact="hana@tally.example",
)


@contextmanager
def served(village: Village, address: str = "") -> Iterator[str]:
    """Give the page's address, and assert at the end that it stops in time."""
    hosts = ["weaver.example"]
    app = create_app(
        village,
        village.ledger,
        INTRODUCTION,
        hosts=hosts,
        outside=Outside(address, INTRODUCTION.contact),
    )
    with on_a_socket(app) as shown:
        yield shown


@contextmanager
def on_a_socket(app: Starlette) -> Iterator[str]:
    """Serve pages; give their address, and assert at the end that it stops in time."""
    addresses: list[str] = []
    listening, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    def ready(address: str) -> None:
        addresses.append(address)
        listening.set()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve(app, port=0, stop=stop, ready=ready))

    thread = threading.Thread(target=run)
    thread.start()
    assert listening.wait(10)
    try:
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        assert not thread.is_alive()
