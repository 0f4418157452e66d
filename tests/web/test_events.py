"""Open pages hear of what changes, at once."""

import asyncio
import http.client
import re
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from bot.web.changes import Changes
from tests.web.browser import Browser
from tests.web.village import LOBBY, Village


@pytest.fixture
def heard(page: Browser) -> Iterator[http.client.HTTPResponse]:
    """A browser's open stream, which says what version its page shows."""
    shown = page.get().part(id="live")["data-version"]
    connection = page.connect()
    connection.request("GET", f"/sandbox/events?since={shown}")
    yield connection.getresponse()
    connection.close()


def next_version(stream: http.client.HTTPResponse) -> str:
    event: dict[str, str] = {}
    for line in iter(lambda: stream.readline().decode().strip(), None):
        if not line and "event" in event:
            assert event["event"] == "changed"
            return event["data"]
        name, _, value = line.partition(": ")
        event[name] = value
    raise AssertionError("the stream ended")


def test_a_page_hears_of_what_happens_in_the_world(
    page: Browser, heard: http.client.HTTPResponse
) -> None:
    assert heard.headers["Content-Type"].startswith("text/event-stream")

    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello"})

    version = next_version(heard)
    assert page.get("/sandbox/fragment").part(id="live")["data-version"] == version


def test_a_page_hears_of_what_happens_in_the_ledger(
    page: Browser, village: Village, heard: http.client.HTTPResponse
) -> None:
    village.ledger.write("SendPost", "todo", "A host planned it.")
    first = next_version(heard)
    village.ledger.change("k1", state="dead")

    assert next_version(heard) != first


def test_a_page_that_comes_late_hears_at_once(page: Browser, village: Village) -> None:
    shown = page.get().part(id="live")["data-version"]
    village.write(LOBBY, None, "Meanwhile")

    connection = page.connect()
    connection.request("GET", f"/sandbox/events?since={shown}")

    assert next_version(connection.getresponse()) != shown
    connection.close()


def test_a_page_that_comes_back_goes_on_from_what_it_heard_last(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello"})

    connection = page.connect()
    connection.request("GET", "/sandbox/events?since=old", headers={"Last-Event-ID": "older"})

    assert (
        next_version(connection.getresponse())
        == (page.get("/sandbox/fragment").part(id="live")["data-version"])
    )
    connection.close()


def test_the_fragment_is_the_part_of_the_page_that_changes(page: Browser) -> None:
    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello"})
    whole = page.get("/sandbox?me=wen&place=lobby").text
    part = page.get("/sandbox/fragment?me=wen&place=lobby").text

    assert re.sub(r"\s+", " ", part).strip() in re.sub(r"\s+", " ", whole)
    assert "<html" not in part


def test_many_pages_hear_of_the_same_change(page: Browser) -> None:
    shown = page.get().part(id="live")["data-version"]
    connections = [page.connect() for _ in range(8)]
    for connection in connections:
        connection.request("GET", f"/sandbox/events?since={shown}")
    streams = [connection.getresponse() for connection in connections]

    page.submit("post", {"me": "wen", "place": "lobby", "text": "Hello"})

    assert len({next_version(stream) for stream in streams}) == 1
    for connection in connections:
        connection.close()


def test_an_open_stream_does_not_hold_up_stopping(heard: http.client.HTTPResponse) -> None:
    """The fixture of the page asserts that it stops in time, with this stream still open."""
    assert heard.status == 200


class World:
    """A version that counts how often it was looked at."""

    def __init__(self) -> None:
        self.version, self.looks = 1, 0

    def look(self) -> str:
        self.looks += 1
        return str(self.version)


def test_nobody_looks_while_nobody_listens() -> None:
    async def story() -> None:
        world = World()
        changes = Changes(world.look, interval=0.001)
        async with aclosing(changes.listen("0")) as one, aclosing(changes.listen("0")) as two:
            assert [await anext(one), await anext(two)] == ["1", "1"]
            world.version = 2
            assert [await anext(one), await anext(two)] == ["2", "2"]
        looks = world.looks
        await asyncio.sleep(0.02)
        assert world.looks == looks

        async with aclosing(changes.listen("2")) as back:
            world.version = 3
            assert await anext(back) == "3"

    asyncio.run(story())


def test_closing_ends_streams_that_are_open_and_those_to_come() -> None:
    async def story() -> None:
        changes = Changes(World().look, interval=0.001)
        waiting = asyncio.create_task(anext(aiter(changes.listen("1")), "ended"))
        await asyncio.sleep(0.01)
        changes.close()

        assert await waiting == "ended"
        assert await anext(aiter(changes.listen("0")), "ended") == "ended"

    asyncio.run(story())


def test_a_world_that_cannot_be_looked_at_ends_the_streams() -> None:
    def look() -> str:
        looks.append("1")
        if len(looks) > 1:
            raise OSError("the file is gone")
        return "1"

    async def story() -> None:
        changes = Changes(look, interval=0.001)
        async with aclosing(changes.listen("1")) as stream:
            with pytest.raises(OSError, match="the file is gone"):
                await anext(stream)

    looks: list[str] = []
    asyncio.run(story())
