"""A page of the village, served over a real socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.web import Introduction, create_app, serve
from tests.web.browser import Browser
from tests.web.village import Village

INTRODUCTION = Introduction(
    "#TallyMath", "America/New_York", commands=("chats list", "welcome preview Sam")
)


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def page(village: Village) -> Iterator[Browser]:
    """The page, driven as a browser without JavaScript would."""
    app = create_app(village, village.ledger, INTRODUCTION, hosts=["weaver.example"])
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
    yield Browser(addresses[0])
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    assert not thread.is_alive()
