"""The door beside the database: this user's only, and patient with whoever knocks."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.actions import Answer
from bot.domain.errors import UserError
from bot.kernel.commands import OPERATOR
from bot.kernel.door import LONGEST_REQUEST, Desk, keep_door, key_of, knock, socket_path
from bot.plugin import Call, Context
from tests.kernel.conftest import Plant
from tests.kernel.garden import TEA, Garden, a_plugin, sends

Visit = Callable[[Path], Awaitable[None]]


async def echo(request: Mapping[str, Any]) -> dict[str, Any]:
    match request:
        case {"fail": str(words)}:
            raise LookupError(words)
        case {"mistake": str(words)}:
            return {"mistake": words}
    return {"heard": request}


def at_the_door(folder: Path, visit: Visit) -> None:
    """Keep a door while somebody visits."""

    async def story() -> None:
        stop, path = asyncio.Event(), socket_path(folder)
        door = asyncio.create_task(keep_door(path, echo, stop))
        while not path.exists():  # noqa: ASYNC110 - there is nothing to wait on yet
            await asyncio.sleep(0.01)
        try:
            await visit(path)
        finally:
            stop.set()
            await door

    asyncio.run(story())


def send(path: Path, line: bytes) -> bytes:
    """Send a line as it is, and return what comes back."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
        wire.settimeout(10)
        wire.connect(str(path))
        try:
            wire.sendall(line)
            wire.shutdown(socket.SHUT_WR)
            return wire.recv(1000)
        except (ConnectionResetError, BrokenPipeError):
            return b""


def test_a_request_is_answered(tmp_path: Path) -> None:
    async def visit(path: Path) -> None:
        answer = await asyncio.to_thread(knock, path, {"do": "chats list \u201cnow\u201d\n"})
        assert answer == {"heard": {"do": "chats list \u201cnow\u201d\n"}}

    at_the_door(tmp_path, visit)


def test_only_this_user_may_knock_and_the_door_goes_with_weaver(tmp_path: Path) -> None:
    async def visit(path: Path) -> None:
        assert path.stat().st_mode & 0o777 == 0o600  # noqa: ASYNC240 - a moment

    at_the_door(tmp_path, visit)
    assert not socket_path(tmp_path).exists()


def test_a_door_left_by_a_killed_weaver_is_replaced(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(socket_path(tmp_path)))
    left.close()

    async def visit(path: Path) -> None:
        while True:
            try:
                answer = await asyncio.to_thread(knock, path, {"do": "help"})
            except (
                ConnectionRefusedError,
                FileNotFoundError,
            ):  # the old door, or none for a moment
                await asyncio.sleep(0.01)
                continue
            assert answer == {"heard": {"do": "help"}}
            return

    at_the_door(tmp_path, visit)


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"hello\n", b"\xff\xfe\n", b'{"do": \n', b"x" * (LONGEST_REQUEST + 10) + b"\n"],
    ids=["nothing", "an empty line", "no JSON", "no text", "half a request", "too long"],
)
def test_garbage_is_not_answered_and_the_door_stays_open(tmp_path: Path, line: bytes) -> None:
    async def visit(path: Path) -> None:
        assert await asyncio.to_thread(send, path, line) == b""
        answer = await asyncio.to_thread(send, path, b'{"do": "help"}\n')
        assert json.loads(answer) == {"heard": {"do": "help"}}

    at_the_door(tmp_path, visit)


def test_a_failure_is_told_as_weavers_and_the_door_stays_open(
    tmp_path: Path, logged: list[Any]
) -> None:
    async def visit(path: Path) -> None:
        with pytest.raises(UserError, match="it is Weaver's fault"):
            await asyncio.to_thread(knock, path, {"fail": "with somebody's words"})
        with pytest.raises(UserError, match="the caller's own"):
            await asyncio.to_thread(knock, path, {"mistake": "the caller's own"})

    at_the_door(tmp_path, visit)
    assert "somebody's words" not in str(logged)


def test_a_door_that_is_shut_in_ones_face_is_said_to_be(tmp_path: Path) -> None:
    async def story() -> None:
        server = await asyncio.start_unix_server(leave, socket_path(tmp_path))
        with pytest.raises(UserError, match="gave no answer"):
            await asyncio.to_thread(knock, socket_path(tmp_path), {"do": "help"})
        server.close()

    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    asyncio.run(story())


def test_nobody_at_home_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        knock(socket_path(tmp_path), {"do": "help"})


def test_a_deep_folder_has_its_door_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("garden" * 20)
    deep.mkdir()
    other = tmp_path / ("meadow" * 20)

    assert len(str(socket_path(deep)).encode()) <= 100
    assert socket_path(deep) != socket_path(other)
    assert socket_path(deep) == socket_path(deep / ".." / deep.name)

    async def visit(path: Path) -> None:
        answer = await asyncio.to_thread(knock, path, {"do": "help"})
        assert answer == {"heard": {"do": "help"}}

    at_the_door(deep, visit)


def ask(garden: Garden, **request: Any) -> dict[str, Any]:
    return garden.run(Desk(garden.weaver)(request))


def counting() -> Any:
    plugin = a_plugin()

    @plugin.command(audience="hosts")
    def count(call: Call, ctx: Context[Any], number: int) -> Any:
        """Count to a number."""
        yield sends("counted", TEA)
        return Answer(f"{number}, said to {call.member.name}, host {call.is_host}")

    return plugin


def test_the_desk_carries_commands_out_as_the_operator(plant: Plant) -> None:
    garden = plant(counting())

    assert ask(garden, do="notes count 3") == {"answer": "3, said to the operator, host True"}
    assert [act.actor for act in garden.acts] == [OPERATOR]
    assert "NUMBER is missing" in ask(garden, do="notes count")["mistake"]


def test_the_desk_takes_back_and_tries_again(plant: Plant) -> None:
    garden = plant(counting(), deliver=False)
    garden.decides(sends("1"))

    assert ask(garden, undo="notes:garden:1") == {"done": True}
    assert ask(garden, undo="notes:garden:1") == {"done": False}
    assert ask(garden, retry="notes:garden:1") == {"done": False}
    assert key_of(garden.database, 1) == "notes:garden:1"
    with pytest.raises(UserError, match="there is no act number 99"):
        key_of(garden.database, 99)


def test_the_desk_names_the_communities_there_are(plant: Plant) -> None:
    garden = plant(counting())

    assert "there are: garden" in ask(garden, do="help", community="meadow")["mistake"]
    assert "does not know" in ask(garden, dance="now")["mistake"]
