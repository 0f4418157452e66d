"""The unix socket beside the database: how the terminal speaks to a running Weaver."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import socket
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from bot.domain.errors import UserError
from bot.domain.events import CommandCalled
from bot.domain.model import Member
from bot.kernel.commands import OPERATOR
from bot.kernel.dispatch import Turn, wordless
from bot.kernel.registry import Looked
from bot.kernel.statements import LEDGER
from bot.kernel.weaver import Weaver
from bot.kernel.writer import Transaction

log = structlog.get_logger()
Request = Mapping[str, Any]
Handle = Callable[[Request], Awaitable[dict[str, Any]]]
LONGEST_PATH = 100
"""Unix sockets have short names; a deeper folder gets one in the temporary folder."""
LONGEST_REQUEST = 1 << 20


def socket_path(folder: Path) -> Path:
    """Where the door of a data folder is."""
    path = folder.resolve() / "weaver.sock"
    if len(str(path).encode()) <= LONGEST_PATH:
        return path
    mark = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"weaver-{os.getuid()}-{mark}.sock"


@dataclass(frozen=True, slots=True)
class Desk:
    """What can be asked at the door: a command, an undo, a retry, a recount."""

    weaver: Weaver

    async def __call__(self, request: Request) -> dict[str, Any]:
        """Carry out one request; a mistake comes back in words."""
        match request:
            case {"do": str(text)}:
                return await self._do(text, request.get("community"))
            case {"undo": str(key)}:
                why = "The operator took it back at the terminal."
                return {"done": await self.weaver.undo(key, why, OPERATOR)}
            case {"retry": str(key)}:
                return {"done": await self.weaver.retry(key)}
            case {"recount": True}:
                return asdict(await self.weaver.recount())
        return {"mistake": "the door does not know what to do with that"}

    async def _do(self, text: str, name: str | None) -> dict[str, Any]:
        try:
            looked = self._community(name)
        except UserError as mistake:
            return {"mistake": str(mistake)}
        space = looked.community.spaces[0]
        now = self.weaver.clock.now()
        identity = f"terminal-{uuid.uuid4().hex}"
        caller = Member("terminal", "operator", "the operator")
        event = CommandCalled(identity, now, space, caller, text)

        def work(transaction: Transaction) -> dict[str, Any]:
            turn = Turn(transaction, looked, identity, now, OPERATOR)
            answer = self.weaver.ring.command(turn, event, [])
            return {"mistake" if answer.mistake else "answer": answer.text}

        return await self.weaver.writer.write(work)

    def _community(self, name: str | None) -> Looked:
        communities = self.weaver.registry.communities
        if name is None and len(communities) == 1:
            return next(iter(communities.values()))
        if name in communities:
            return communities[name]
        known = ", ".join(sorted(communities)) or "none"
        said = f"there is no community {name!r}" if name else "say which community"
        raise UserError(f"{said}, with --community; there are: {known}")


async def keep_door(path: Path, handle: Handle, stop: asyncio.Event) -> None:
    """Answer at the door until ``stop``; only this user may knock."""

    async def visitor(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await reader.readline())
            writer.write(json.dumps(await _answered(handle, request)).encode() + b"\n")
            await writer.drain()
        except (ValueError, ConnectionError):
            pass  # no request of ours, or the visitor left: nothing to answer
        finally:
            writer.close()

    path.unlink(missing_ok=True)  # noqa: ASYNC240 - a moment, before anything runs
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(visitor, path, limit=LONGEST_REQUEST)
    finally:
        os.umask(before)
    try:
        await stop.wait()
    finally:
        server.close()
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - a moment, after everything ran


async def _answered(handle: Handle, request: Request) -> dict[str, Any]:
    """What is answered; a failure of ours is told as one."""
    try:
        return await handle(request)
    except Exception as error:  # noqa: BLE001 - the door stays open
        log.error("door failed", **wordless(error))  # noqa: TRY400 - no words
        return {"mistake": "that did not work, and it is Weaver's fault; its log has more"}


def knock(path: Path, request: Request, seconds: float = 60.0) -> dict[str, Any]:
    """Ask a running Weaver; raises OSError when nobody is at home, UserError for its mistakes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(seconds)
        line.connect(str(path))
        line.sendall(json.dumps(request).encode() + b"\n")
        with line.makefile("rb") as answers:
            said = answers.readline()
    if not said:
        raise UserError("Weaver gave no answer; see whether it still runs, and ask again")
    answer = json.loads(said)
    return understood(answer)


def understood(answer: dict[str, Any]) -> dict[str, Any]:
    """Turn a mistake told at the door back into a UserError."""
    if "mistake" in answer:
        raise UserError(answer["mistake"])
    return answer


def key_of(weaver_database: Any, seq: int) -> str:
    """The key of the act with a number; UserError when there is none."""
    with weaver_database.read.connect() as connection:
        key = connection.execute(select(LEDGER.c.key).where(LEDGER.c.seq == seq)).scalar()
    if key is None:
        raise UserError(f"there is no act number {seq}; see: weaver ledger")
    return str(key)
