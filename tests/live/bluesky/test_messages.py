"""Weaver as a process of its own is written to in private: a host's commands, each answered once.

The reference network has no chat, so Bluesky is our own server of it, on a real socket.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.adapters.bluesky.chatserver import ADA, ChatServer
from tests.torture.process import House, Running, house_in

BEA = "did:plc:bea"
CONFIG = """
[bluesky]
service = "{service}"
jetstream = ["ws://127.0.0.1:1"]
[bluesky.accounts]
weaver = {{ id = "weaver.test" }}

[community.tally]
name = "Tally Math"
hosts = ["bluesky:{host}"]
spaces = [{{ platform = "bluesky", id = "#TallyMath" }}]
"""
PLACE = "SELECT value FROM core_adapter_state WHERE name = 'chat:weaver'"
PAUSED = "SELECT paused FROM core_community WHERE id = 'tally'"


class Scene:
    """A chat server, and the house in which Weaver lives."""

    def __init__(self, server: ChatServer, house: House) -> None:
        self.server, self.house = server, house
        config = house.folder / "config.toml"
        config.write_text(CONFIG.format(service=server.address, host=ADA))
        self.environment = {
            "WEAVER_CONFIG": str(config),
            "WEAVER_BLUESKY_PASSWORD_WEAVER": "an app password",
        }

    async def starts(self) -> Running:
        """Start Weaver; returns once it listens, so that it hears what is written from now on."""
        weaver = self.house.start(**self.environment)
        await asyncio.to_thread(weaver.ready)
        await self.until(lambda: bool(self.house.memory(PLACE)))
        return weaver

    async def says(self, text: str, who: str) -> str:
        """Write to Weaver; returns its answer."""
        before = len(self.server.said)
        self.server.says(text, who)
        await self.until(lambda: len(self.server.said) > before)
        return self.server.said[-1]

    async def until(self, true: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(60):
                while not true():  # noqa: ASYNC110 - another process cannot tell us
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(self.house.started[-1].said.read_text()) from None

    @property
    def is_paused(self) -> bool:
        return bool(self.house.memory(PAUSED)[0][0])

    def forgets_its_place(self) -> None:
        """Let Weaver read all messages again, as when it is killed before it keeps its place."""
        with closing(sqlite3.connect(self.house.folder / "weaver.db")) as connection, connection:
            connection.execute(
                "UPDATE core_adapter_state SET value = '' WHERE name = 'chat:weaver'"
            )


async def course(scene: Scene) -> None:
    weaver = await scene.starts()
    assert await scene.says("resume", BEA) == (
        "Only hosts can let Weaver go on. You can ask one of them."
    )
    assert not scene.is_paused
    assert (await scene.says("pause", ADA)).startswith("Weaver is quiet here from now on.")
    assert scene.is_paused

    weaver.kill()
    scene.forgets_its_place()
    weaver = await scene.starts()
    assert (await scene.says("resume", ADA)).startswith("Weaver goes on")
    assert not scene.is_paused, "an old pause is not carried out again"
    assert len(scene.server.said) == 3, scene.server.said
    assert scene.server.signed_in == 1
    assert await asyncio.to_thread(weaver.stop) == 0


def test_a_hosts_command_by_message_is_carried_out_and_answered_once(tmp_path: Path) -> None:
    async def scene() -> None:
        with house_in(tmp_path) as house:
            async with ChatServer() as server:
                await course(Scene(server, house))

    asyncio.run(scene())
