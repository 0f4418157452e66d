"""Listen to Jetstream: several servers, one after another, and nothing lost between them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import structlog

from bot.adapters.bluesky.convert import PLATFORM, happenings
from bot.adapters.bluesky.flow import ROOM, Flow
from bot.adapters.bluesky.freshness import Freshness
from bot.adapters.bluesky.jetstream import COLLECTIONS, LIKE, Change, Reader, aware
from bot.adapters.bluesky.likes import Likes
from bot.adapters.bluesky.matcher import Matcher
from bot.adapters.bluesky.recovery import Recovered
from bot.adapters.bluesky.talk import Talk
from bot.domain.events import CaughtUp, Event, GapFound, PostDeleted, PostSeen
from bot.domain.ports import Dispatch

log = structlog.get_logger()
Recover = Callable[[datetime, datetime], Awaitable[Recovered | None]]
"""Between two moments; None when nobody can be asked."""

SERVERS = tuple(
    f"wss://jetstream{number}.{region}.bsky.network/subscribe"
    for number in (2, 1)
    for region in ("us-east", "us-west")
)
"""The public ones."""
V2 = "network.bsky.jetstream.subscribeEvents"
_V2_WORDS = "xrpc.v1.json"
_LONGEST = 1 << 26
"""Bytes of one message."""
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds."""

    stale: float = 60.0
    """Age of what a server brings beyond which another is asked."""
    first: float = 0.5
    """Before the first new attempt; it doubles with every one in vain."""
    longest: float = 60.0
    """Between attempts."""
    quiet: float = 30.0
    """After which the place is kept although nothing of ours happened."""
    rewind: float = 5.0
    """What is heard again from another server, whose clock may differ."""
    lookback: float = timedelta(hours=36).total_seconds()
    """How far back servers can repeat."""
    ahead: float = 60.0
    """How far in the future a server's clock may be."""
    handshake: float = 15.0
    """Until a server answers."""

    def pause(self, failures: int) -> float:
        """How long to wait after so many attempts in vain; with jitter, so that not all return at once."""  # noqa: E501
        longest = min(self.longest, self.first * 2.0 ** min(failures, 30))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Lost(Exception):  # noqa: N818 - it is an answer, not an error
    """A stream ended, or is of no use; the words say why."""


@dataclass
class Stream:
    """What happens on Bluesky, from whichever server tells it."""

    matcher: Matcher
    servers: Sequence[str] = SERVERS
    own: Mapping[str, str] = field(default_factory=dict)
    """Weaver's accounts: names, which are ids of spaces, by DID. It may grow while it is read."""
    patience: Patience = field(default_factory=Patience)
    seconds: Callable[[], float] = time.time
    """Real time, in seconds since 1970."""
    room: int = ROOM
    talk: Talk | None = None
    """What counts as a command; without it nothing does."""
    recover: Recover | None = None
    """Asks elsewhere for what the servers can no longer repeat."""
    with_likes: bool = False
    """Whether likes are heard as well."""

    def __post_init__(self) -> None:
        """Nothing is opened before ``listen``."""
        self._collections = (*COLLECTIONS, LIKE) if self.with_likes else COLLECTIONS
        self.reader, self._likes = Reader(self._collections), Likes(self.matcher.tracked)
        self._fresh = Freshness(self.patience.stale)
        self._kept = 0.0
        self._warned = False

    async def listen(self, dispatch: Dispatch, cursor: str | None) -> None:
        """Dispatch what concerns the matcher's spaces from ``cursor`` on, until cancelled."""
        flow = Flow(dispatch, self._place(cursor), self.room)
        failures, earlier, self._kept = 0, "", self.seconds()
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self.patience.handshake)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                for turn in count():
                    server, place = self.servers[turn % len(self.servers)], flow.place
                    began = self.seconds()
                    try:
                        await self._follow(
                            session, server, flow, rewound=earlier not in ("", server)
                        )
                    except (Lost, aiohttp.ClientError, OSError) as why:
                        words = str(why) or type(why).__name__
                        log.warning("jetstream lost", server=urlsplit(server).netloc, why=words)
                    await flow.settle()
                    if flow.place != place:
                        earlier = server
                    served = flow.place != place or self.seconds() - began >= self.patience.stale
                    failures = 0 if served else failures + 1
                    await asyncio.sleep(self.patience.pause(failures))
        finally:
            await flow.give_up()

    def _place(self, cursor: str | None) -> int:
        """The place that was kept; the present, where there is none or it cannot be."""
        now = self.seconds()
        if cursor is None:
            return int(now * _SECOND)
        place = int(cursor) if cursor.isdecimal() else 0
        if aware(place) is None or place > (now + self.patience.ahead) * _SECOND:
            log.warning(
                "jetstream's place is not of the past: it is read from now on", place=cursor
            )
            return int(now * _SECOND)
        return place

    async def _follow(
        self, session: aiohttp.ClientSession, server: str, flow: Flow, *, rewound: bool
    ) -> None:
        """Read one server until it is lost."""
        place = flow.place
        start = place - int(self.patience.rewind * _SECOND) if rewound else place
        address, protocols = address_of(server, start, self._collections)
        async with asyncio.timeout(self.patience.handshake):
            opening = session.ws_connect(
                address, protocols=protocols, max_msg_size=_LONGEST, heartbeat=30
            )
            socket = await opening
        async with socket:
            log.info("jetstream heard", server=urlsplit(server).netloc)
            self._fresh.begin(self.seconds())
            behind = self.seconds() - place / _SECOND
            gap_since = place if behind > self.patience.lookback else None
            while True:
                line = await self._line(socket)
                time_us = await self._take(line, flow, gap_since)
                gap_since = None if time_us else gap_since

    async def _line(self, socket: Any) -> bytes:
        """The next line; raises Lost when the socket ends or nothing fresh comes in time."""
        left = self._fresh.left(self.seconds())
        stale = Lost(f"nothing fresh came for {self.patience.stale:g} seconds")
        if not left:
            raise stale
        try:
            async with asyncio.timeout(left):
                message = await socket.receive()
        except TimeoutError:
            raise stale from None
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data).encode("utf-8", "replace")
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
        raise Lost(f"the server ended it (code {socket.close_code})")

    async def _take(self, line: bytes, flow: Flow, gap_since: int | None) -> int:
        """Pass on what a line means; returns when it happened, 0 if it does not say so."""
        now = self.seconds()
        change = self.reader.read(line)
        time_us = change.time_us if change else self.reader.time_of(line)
        if time_us > (now + self.patience.ahead) * _SECOND:
            if not self._warned:
                log.warning("jetstream's clock is ahead of ours", by=time_us / _SECOND - now)
            self._warned, time_us = True, 0
        if time_us:
            self._fresh.heard(time_us / _SECOND, now)
            if gap_since is not None and time_us - gap_since > self.patience.stale * _SECOND:
                await self._fill(gap_since, time_us, flow)
        events: tuple[Event, ...] = self._events(change) if change else ()
        if events:
            self._kept = now
        elif now - self._kept > self.patience.quiet:
            self._kept = now
            events = (caught_up(flow.place),)
        await flow.tell(events, time_us or flow.place)
        if flow.waited:
            flow.waited = False
            self._fresh.excuse(self.seconds())
        return time_us

    async def _fill(self, since: int, until: int, flow: Flow) -> None:
        """Tell what can still be known of a gap, and then of the gap itself."""
        found = await self.recover(_at(since), _at(until)) if self.recover else None
        made, gone = set(), set()
        for line in found.lines if found else ():
            change = self.reader.read(line)
            events = self._events(change) if change else ()
            made |= {event.post.id for event in events if isinstance(event, PostSeen)}
            gone |= {event.post_id for event in events if isinstance(event, PostDeleted)}
            await flow.tell(events, since)
        gap = GapFound(f"gap/{since}", _at(until), PLATFORM, _at(since), _at(until))
        if found:
            gap = replace(gap, found=len(made), gone=len(gone), whole=found.whole)
        await flow.tell([gap], until)
        self._fresh.excuse(self.seconds())

    def _events(self, change: Change) -> tuple[Event, ...]:
        if change.collection == LIKE:
            return self._likes.heard(change)
        self.matcher.speak_as(self.own)
        match = self.matcher.match(change)
        return tuple(happenings(change, match, self.own, self.talk)) if match else ()


def caught_up(place: int) -> CaughtUp:
    """All up to a place, in microseconds, has been heard."""
    return CaughtUp(f"caught-up/{place}", _at(place), PLATFORM)


def _at(time_us: int) -> datetime:
    at = aware(time_us)
    assert at is not None, "places are looked at before they are taken"
    return at


def address_of(
    server: str, place: int, collections: Sequence[str] = COLLECTIONS
) -> tuple[str, tuple[str, ...]]:
    """The address to open, and the words to speak there: v2 where the address says so, else v1.

    Both take a time in microseconds as the place to begin at, the moment itself included.
    """
    parts = urlsplit(server)
    is_v2 = parts.path.endswith(V2)
    path = parts.path if parts.path.strip("/") else "/subscribe"
    asked = [("collections" if is_v2 else "wantedCollections", name) for name in collections]
    asked.append(("cursor", str(place)))
    address = parts._replace(path=path, query=urlencode(asked)).geturl()
    return address, (_V2_WORDS,) if is_v2 else ()
