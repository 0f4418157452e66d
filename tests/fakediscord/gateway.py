"""The gateway: sessions that outlive their sockets, and what each of them may see."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakediscord import chunks, intents
from tests.fakediscord.shapes import Json
from tests.fakediscord.streams import stream
from tests.fakediscord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11
UNKNOWN_OPCODE, NOT_AUTHENTICATED, AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED = (
    4001,
    4003,
    4004,
    4005,
)
RATE_LIMITED, INVALID_SHARD, DISALLOWED_INTENTS = 4008, 4010, 4014
RING = 1000
"""How many events a session can be resumed over."""
SENDS_PER_MINUTE = 120


class Connection:
    """One socket. What is sent queues up, so that nobody who tells of something ever waits."""

    def __init__(self, socket: web.WebSocketResponse, compress: str | None) -> None:
        self.socket = socket
        self.is_dead = False
        """Whether it stays open while nothing is sent over it any more."""
        self._stream = stream(compress)
        self._queue: asyncio.Queue[bytes | int] = asyncio.Queue()
        self.sent: deque[float] = deque(maxlen=SENDS_PER_MINUTE)

    def send(self, payload: bytes | Json) -> None:
        """Send a payload after those before it; on a line that is dead it is lost."""
        if self.is_dead:
            return
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._queue.put_nowait(raw)

    def close(self, code: int) -> None:
        """Close the socket after all that was sent."""
        self._queue.put_nowait(code)

    async def run(self) -> None:
        """Send until the socket is closed."""
        while not self.socket.closed:
            item = await self._queue.get()
            if isinstance(item, int):
                await self.socket.close(code=item)
                return
            packed = self._stream.pack(item)
            try:
                if isinstance(packed, str):
                    await self.socket.send_str(packed)
                else:
                    await self.socket.send_bytes(packed)
            except ConnectionError:
                return


class Session:
    """What one shard of one client hears, numbered, and the last thousand of it."""

    def __init__(self, id_: str, asked: Json) -> None:
        self.id = id_
        self.intents: int = asked["intents"]
        self.shard, self.shards = asked.get("shard") or (0, 1)
        self.seq = 0
        self.ring: deque[tuple[int, bytes]] = deque(maxlen=RING)
        self.connection: Connection | None = None

    def hears_of(self, guild_id: str | None) -> bool:
        """Tell whether a guild is this shard's; direct messages are the first shard's."""
        return (int(guild_id) >> 22 if guild_id else 0) % self.shards == self.shard

    def dispatch(self, kind: str, data: Any) -> None:
        """Number an event, keep it, and send it if somebody is connected."""
        self.seq += 1
        event = {"op": DISPATCH, "t": kind, "s": self.seq, "d": data}
        raw = json.dumps(event).encode()
        self.ring.append((self.seq, raw))
        if self.connection:
            self.connection.send(raw)

    def can_resume(self, seq: int) -> bool:
        """Tell whether nothing after ``seq`` has been lost."""
        oldest = self.ring[0][0] if self.ring else self.seq + 1
        return oldest - 1 <= seq <= self.seq


class Gateway:
    """All sessions of the one bot."""

    def __init__(self, world: World, token: str) -> None:
        self.world, self.token = world, token
        self.url = ""
        self.allowed = intents.PRIVILEGED
        """The privileged intents that are switched on in the portal."""
        self.heartbeat = 41_250
        self.acknowledges = True
        self.shards = 1
        self.identifies_left = 1000
        self.identifies = self.resumes = 0
        self.sessions: dict[str, Session] = {}
        world.tell = self.tell

    def tell(self, kind: str, data: Json, guild: str | None, channel: str | None) -> None:
        """Let every session hear of an event, as far as it may."""
        told = intents.Told(kind, data, guild, channel)
        if guild in self.world.down and kind != "GUILD_DELETE":
            return
        for session in list(self.sessions.values()):
            if session.hears_of(guild):
                seen = intents.seen(self.world, session.intents, told)
                if seen is not None:
                    session.dispatch(kind, seen)

    def connected(self) -> list[Session]:
        """List the sessions that somebody listens to."""
        return [each for each in self.sessions.values() if each.connection]

    def is_heard(self, guild: str | None) -> bool:
        """Tell whether somebody listens to what happens in a guild."""
        return any(each.hears_of(guild) for each in self.connected())

    # What a test makes happen

    def drop(self, code: int = 4000, shard: int | None = None) -> None:
        """Close every socket, or those of one shard; the sessions stay."""
        for session in self.connected():
            if shard not in (None, session.shard):
                continue
            assert session.connection
            session.connection.close(code)
            session.connection = None

    def go_silent(self) -> None:
        """Send nothing more over the connections there are, and leave them open."""
        for session in self.connected():
            assert session.connection
            session.connection.is_dead = True

    def ask_to_reconnect(self) -> None:
        """Send op 7."""
        for session in self.connected():
            assert session.connection
            session.connection.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9; sessions that cannot be resumed are gone."""
        for session in self.connected():
            assert session.connection
            session.connection.send({"op": INVALID_SESSION, "d": resumable})
            if not resumable:
                del self.sessions[session.id]

    def send_raw(self, payload: Any) -> None:
        """Send whatever a test likes, in the place of an event; a text is not even JSON."""
        for session in self.connected():
            assert session.connection
            raw = payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()
            session.connection.send(raw)

    def send_event(self, kind: str, data: Any) -> None:
        """Send an event with whatever a test puts into it."""
        for session in self.connected():
            session.dispatch(kind, data)

    # What a client does

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=4096 * 4, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress"))
        sending = asyncio.create_task(connection.run())
        connection.send(
            {"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": self.heartbeat}}
        )
        session: Session | None = None
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    break
                payload = json.loads(message.data)
                session = self._receive(connection, session, payload["op"], payload.get("d"))
        finally:
            sending.cancel()
            self._left(session, connection)
        return socket

    def _left(self, session: Session | None, connection: Connection) -> None:
        if session and session.connection is connection:
            session.connection = None
            if connection.socket.close_code in {1000, 1001}:
                self.sessions.pop(session.id, None)  # a polite goodbye ends the session

    def _receive(
        self, connection: Connection, session: Session | None, op: int, data: Any
    ) -> Session | None:
        now = asyncio.get_running_loop().time()
        if len(connection.sent) == SENDS_PER_MINUTE and now - connection.sent[0] < 60:
            connection.close(RATE_LIMITED)
            return session
        connection.sent.append(now)
        if op == HEARTBEAT:
            if self.acknowledges:
                connection.send({"op": ACK, "d": None})
        elif op == IDENTIFY:
            return self._identify(connection, data)
        elif op == RESUME:
            return self._resume(connection, data)
        elif session is None:
            connection.close(NOT_AUTHENTICATED)
        elif op == REQUEST_MEMBERS:
            for chunk in chunks.of(self.world, data):
                session.dispatch("GUILD_MEMBERS_CHUNK", chunk)
        elif op not in {PRESENCE, VOICE}:
            connection.close(UNKNOWN_OPCODE)
        return session

    def _identify(self, connection: Connection, asked: Json) -> Session | None:
        self.identifies += 1
        refused = self._why_not(asked)
        if refused:
            connection.close(refused)
            return None
        self.identifies_left -= 1
        session = Session(f"session{self.world.clock.snowflake()}", asked)
        session.connection = connection
        self.sessions[session.id] = session
        guilds = [
            guild
            for guild in self.world.guilds.values()
            if session.hears_of(guild["id"])
            and self.world.find_member(guild["id"], self.world.app_id)
        ]
        session.dispatch("READY", self._ready(session, guilds))
        for guild in guilds:
            if guild["id"] not in self.world.down:
                self._show(session, guild)
        return session

    def _why_not(self, asked: Json) -> int | None:
        shard, count = asked.get("shard") or (0, 1)
        if asked["token"] != self.token or self.identifies_left <= 0:
            return AUTHENTICATION_FAILED
        if not 0 <= shard < count:
            return INVALID_SHARD
        return DISALLOWED_INTENTS if asked["intents"] & intents.PRIVILEGED & ~self.allowed else None

    def _show(self, session: Session, guild: Json) -> None:
        told = intents.Told("GUILD_CREATE", guild, guild["id"])
        seen = intents.seen(self.world, session.intents, told)
        if seen is not None:
            session.dispatch("GUILD_CREATE", seen)

    def _ready(self, session: Session, guilds: list[Json]) -> Json:
        return {
            "v": 10,
            "user": self.world.bot,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": self.world.app_id, "flags": 0},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
        }

    def _resume(self, connection: Connection, asked: Json) -> Session | None:
        session = self.sessions.get(asked["session_id"])
        if asked["token"] != self.token:
            connection.close(AUTHENTICATION_FAILED)
            return None
        if not session or not session.can_resume(asked["seq"]):
            connection.send({"op": INVALID_SESSION, "d": False})
            return None
        self.resumes += 1
        session.connection = connection
        for seq, raw in list(session.ring):
            if seq > asked["seq"]:
                connection.send(raw)
        session.dispatch("RESUMED", {})
        return session
