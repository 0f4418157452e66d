"""The stream is heard whole, over real sockets, however its servers behave."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.bluesky.matcher import Matcher
from bot.adapters.bluesky.stream import V2, Patience, Stream, address_of
from bot.domain.events import CaughtUp, Event, GapFound, PostDeleted, PostSeen
from bot.domain.ports import Outcome
from tests.adapters.bluesky.lines import ADA, BEGIN, WEAVER, commit, gone, line, said, uri
from tests.adapters.bluesky.standin import Ears, Standin, meanwhile, seconds, until

QUICK = Patience(stale=5, first=0.01, longest=0.05, quiet=3600, handshake=5)
SECOND = 1_000_000


def stream(*servers: str, patience: Patience = QUICK, **more: Any) -> Stream:
    return Stream(Matcher(["#Tea"]), servers, patience=patience, seconds=seconds, **more)


def teas(first: int, last: int) -> list[bytes]:
    """Tagged posts, numbered, a millisecond apart."""
    numbers = range(first, last)
    return [said(str(n), f"#Tea {n}", time_us=BEGIN + (n + 1) * 1000) for n in numbers]


def numbers(heard: list[Event]) -> list[int]:
    return [int(event.post.id.rpartition("/")[2]) for event in heard if isinstance(event, PostSeen)]


@pytest.mark.parametrize("path", ["", "/subscribe", f"/xrpc/{V2}"])
def test_what_happens_is_told_in_order_with_the_place_to_go_on_from(path: str) -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            server.publish(*teas(0, 20))
            listening = stream(server.address + path).listen(ears, str(BEGIN))
            await meanwhile(listening, lambda: len(ears.heard) == 20)

            assert numbers(ears.heard) == list(range(20))
            assert ears.cursors == sorted(ears.cursors)
            times = [BEGIN + (n + 1) * 1000 for n in range(20)]
            assert all(cursor <= at for cursor, at in zip(ears.cursors, times, strict=True))
            asked = server.asked[0]
            assert asked["cursor"] == str(BEGIN)
            wanted = asked.getall("collections" if V2 in path else "wantedCollections")
            assert wanted == ["app.bsky.feed.post", "app.bsky.feed.repost"]

    asyncio.run(scene())


def test_a_stream_that_is_cut_again_and_again_loses_and_repeats_nothing() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears, server.cut_after = Ears(), 7
            server.publish(*teas(0, 60))
            await meanwhile(
                stream(server.address).listen(ears, str(BEGIN)), lambda: len(ears.heard) == 60
            )

            assert numbers(ears.heard) == list(range(60))
            assert len(server.asked) > 8

    asyncio.run(scene())


def test_garbage_costs_no_neighbour() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears, listener = Ears(), stream(server.address)
            first, second = teas(0, 2)
            strange = line(commit("create", "x", {"text": 5, "facets": "no"}))
            big = said("9", "x" * 1_000_000)
            server.publish(first, b"garbage", b"{", b"[" * 50_000, strange, big, second)
            await meanwhile(listener.listen(ears, str(BEGIN)), lambda: len(ears.heard) == 2)

            assert listener.reader.malformed == 3

    asyncio.run(scene())


def test_where_one_server_is_down_another_is_heard_from_a_little_earlier() -> None:
    async def scene() -> None:
        async with Standin() as gone_soon, Standin() as other:
            ears = Ears()
            gone_soon.publish(*teas(0, 10))
            other.publish(*teas(0, 20))
            gone_soon.cut_after = 9
            listener = stream("ws://127.0.0.1:1", gone_soon.address, other.address)
            await meanwhile(listener.listen(ears, str(BEGIN)), lambda: len(ears.heard) == 20)

            assert numbers(ears.heard) == list(range(20))
            begun = int(other.asked[0]["cursor"])
            assert BEGIN - 5 * SECOND <= begun <= BEGIN - 4 * SECOND
            assert ears.repeated

    asyncio.run(scene())


def test_an_open_socket_that_says_nothing_is_left() -> None:
    async def scene() -> None:
        async with Standin() as silent, Standin() as other:
            ears, silent.mute = Ears(), True
            silent.publish(*teas(0, 3))
            other.publish(*teas(0, 3))
            listener = stream(silent.address, other.address, patience=Patience(0.1, 0.01))
            with capture_logs() as logged:
                await meanwhile(listener.listen(ears, str(BEGIN)), lambda: len(ears.heard) == 3)

            assert "nothing fresh came" in str(logged)

    asyncio.run(scene())


def test_a_server_that_tells_old_things_and_gets_no_younger_is_left() -> None:
    async def scene() -> None:
        async with Standin() as stuck, Standin() as other:
            ears = Ears()
            old = [said(str(n), time_us=BEGIN - 900 * SECOND + n) for n in range(40_000)]
            for at, written in enumerate(old):
                stuck.publish(written, at=BEGIN - 900 * SECOND + at)
            other.publish(*teas(0, 3))
            listener = stream(stuck.address, other.address, patience=Patience(0.2, 0.01))
            begin = str(BEGIN - 900 * SECOND)
            await meanwhile(listener.listen(ears, begin), lambda: len(ears.heard) == 3)

    asyncio.run(scene())


def test_when_the_writer_is_behind_the_stream_is_left_unread() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            ears.open.clear()
            long = "#Tea " + "x" * 20_000
            made = [said(str(n), long, time_us=BEGIN + (n + 1) * 1000) for n in range(3000)]
            server.publish(*made)
            heard = stream(server.address, room=16).listen(ears, str(BEGIN))
            listening = asyncio.create_task(heard)
            await until(lambda: ears.most > 16)
            for _ in range(100):  # time enough to read on, if it did
                await asyncio.sleep(0.005)
            assert ears.most == 17
            assert server.sent < 3000
            ears.open.set()
            await until(lambda: len(ears.heard) == 3000)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

            assert numbers(ears.heard) == list(range(3000))
            assert len(server.asked) == 1

    asyncio.run(scene())


def test_a_gap_longer_than_the_servers_memory_is_told_once() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            long_ago = BEGIN - int(timedelta(hours=40).total_seconds()) * SECOND
            server.publish(*teas(0, 3))
            await meanwhile(
                stream(server.address).listen(ears, str(long_ago)), lambda: len(ears.heard) == 4
            )

            gap = ears.heard[0]
            assert isinstance(gap, GapFound)
            assert gap.until - gap.since == timedelta(hours=40, milliseconds=1)
            assert ears.cursors[0] == long_ago

    asyncio.run(scene())


def test_a_long_absence_that_the_server_can_repeat_is_no_gap() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            long_ago = BEGIN - int(timedelta(hours=40).total_seconds()) * SECOND
            server.publish(said("0", "x", time_us=long_ago), at=long_ago)
            server.publish(*teas(0, 3))
            await meanwhile(
                stream(server.address).listen(ears, str(long_ago)), lambda: len(ears.heard) == 3
            )

            assert not [event for event in ears.heard if isinstance(event, GapFound)]

    asyncio.run(scene())


@pytest.mark.parametrize("cursor", [None, str(BEGIN * 2), "nonsense", "9" * 40])
def test_a_place_that_is_not_of_the_past_is_the_present(cursor: str | None) -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            now = int(seconds() * SECOND)
            listening = stream(server.address).listen(ears, cursor)
            await meanwhile(listening, lambda: server.asked)

            assert 0 <= int(server.asked[0]["cursor"]) - now < 60 * SECOND

    asyncio.run(scene())


def test_a_line_from_the_future_is_heard_and_moves_no_place() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            server.publish(said("0", "#Tea", time_us=BEGIN + 3600 * SECOND), *teas(1, 3))
            listening = stream(server.address).listen(ears, str(BEGIN))
            await meanwhile(listening, lambda: len(ears.heard) == 3)

            assert max(ears.cursors) < BEGIN + SECOND

    asyncio.run(scene())


def test_in_quiet_times_the_place_is_kept_now_and_then() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            server.publish(said("0", "x", time_us=BEGIN + 1000), said("1", time_us=BEGIN + 2000))
            listener = stream(server.address, patience=Patience(5, quiet=0))
            await meanwhile(listener.listen(ears, str(BEGIN)), lambda: len(ears.heard) == 2)

            assert all(isinstance(event, CaughtUp) for event in ears.heard)
            assert ears.cursors[-1] >= BEGIN + 1000

    asyncio.run(scene())


def test_deletes_and_weavers_own_posts_are_told_as_such() -> None:
    async def scene() -> None:
        async with Standin() as server:
            ears = Ears()
            server.publish(
                said("1", "#Tea"), said("2", "yes", WEAVER, reply=[uri(ADA, "1")]), gone("1")
            )
            listener = stream(server.address, own={WEAVER: "weaver"})
            await meanwhile(listener.listen(ears, str(BEGIN)), lambda: len(ears.heard) == 4)

            post, *own, deleted = ears.heard
            assert isinstance(post, PostSeen)
            assert not post.post.author.is_bot
            assert {event.space.id for event in own if isinstance(event, PostSeen)} == {
                "#Tea",
                "weaver",
            }
            assert all(isinstance(event, PostSeen) and event.post.author.is_bot for event in own)
            assert isinstance(deleted, PostDeleted)

    asyncio.run(scene())


def test_what_could_not_be_kept_stops_the_stream_before_it() -> None:
    cursors: list[int] = []

    async def failing(event: Event, cursor: str | None = None) -> Outcome:
        if event.id.startswith(f"{ADA}/5/"):
            raise RuntimeError("disk full")
        cursors.append(int(cursor or 0))
        return Outcome()

    async def scene() -> None:
        async with Standin() as server:
            server.publish(*teas(0, 20))
            await stream(server.address, patience=Patience(0.3)).listen(failing, str(BEGIN))

    with pytest.raises(RuntimeError, match="disk full"):
        asyncio.run(scene())

    assert max(cursors) <= BEGIN + 6 * 1000


def test_servers_are_asked_in_their_own_version() -> None:
    asked = "wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.feed.repost&cursor=7"
    assert address_of("wss://a.example", 7) == (f"wss://a.example/subscribe?{asked}", ())
    address, words = address_of(f"wss://a.example/xrpc/{V2}", 7)
    assert address.partition("?")[2].startswith("collections=app.bsky.feed.post&")
    assert words == ("xrpc.v1.json",)


def test_attempts_grow_apart_up_to_a_limit() -> None:
    patience = Patience(first=1, longest=60)

    assert 0.5 <= patience.pause(0) <= 1
    assert 4 <= patience.pause(3) <= 8
    assert 30 <= patience.pause(1000) <= 60
