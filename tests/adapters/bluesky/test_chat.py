"""In private all that is said to Weaver is a command, answered once; and it can write to one."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.bluesky.accounts import Account
from bot.adapters.bluesky.chat import GRAPHEMES, Chat, parts
from bot.domain.actions import Answer, Button, DirectMessage
from bot.domain.events import CommandCalled, Event
from bot.domain.model import Member, Space
from bot.domain.ports import Declined, Delivery, Outcome, Rejected
from tests.adapters.bluesky.chatserver import ADA, WEAVER, ChatServer
from tests.adapters.notebook import Notebook

BUTTON = Button("Stop everything", "stop")


class Scene:
    """Weaver at a chat server, and a ring that hears each command once."""

    def __init__(self, server: ChatServer) -> None:
        self.server, self.notebook = server, Notebook()
        self.heard: list[CommandCalled] = []
        self.account = Account(
            "weaver", "weaver.test", "word", server.address, self.notebook, time.time
        )
        self.chat = Chat(self.account, self.notebook, {"weaver": "#Tea"})

    async def ring(self, event: Event, cursor: str | None = None) -> Outcome:
        assert isinstance(event, CommandCalled)
        assert cursor is None
        if event.id in [one.id for one in self.heard]:
            return Outcome(repeated=True)
        self.heard.append(event)
        return Outcome(answers=(Answer(f"You said {event.text}.", buttons=(BUTTON,)),))

    async def looks(self) -> None:
        await self.chat.look(self.ring)

    async def writes(self, text: str = "Hello.", attempt: int = 1) -> str:
        action = DirectMessage("k", Space("bluesky", "#Tea"), Member("bluesky", ADA), text, why="w")
        at = datetime.now(UTC).replace(microsecond=0)
        return await self.chat.write(action, Delivery("k", at, attempt, "bluesky:weaver"))


def play(course: Callable[[Scene], Awaitable[Any]]) -> Scene:
    """Let something happen at a server of its own."""

    async def scene() -> Scene:
        async with ChatServer() as server:
            scene = Scene(server)
            try:
                await course(scene)
            finally:
                await scene.account.close()
            return scene

    return asyncio.run(scene())


def test_what_is_written_is_a_command_and_is_answered_there() -> None:
    async def course(scene: Scene) -> None:
        await scene.looks()
        scene.server.says("chats list")
        await scene.looks()

    scene = play(course)
    [event] = scene.heard
    assert (event.text, event.member.id, event.space.id) == ("chats list", ADA, "#Tea")
    assert (event.space.account, event.post_id) == ("weaver", None)
    assert scene.server.said == ["You said chats list.\n\nStop everything: say “stop”"]
    assert scene.server.signed_in == 1


def test_what_was_written_before_it_first_listened_is_let_be() -> None:
    async def course(scene: Scene) -> None:
        for number in range(5):
            scene.server.says(f"old {number}")
        await scene.looks()
        assert not scene.heard
        for number in range(5):
            scene.server.says(f"new {number}")
        scene.server.reads("convo")
        await scene.looks()

    assert [event.text for event in play(course).heard] == [f"new {number}" for number in range(5)]


def test_its_own_messages_and_what_is_none_are_no_commands() -> None:
    async def course(scene: Scene) -> None:
        await scene.looks()
        scene.server.says("I am Weaver.", WEAVER, ADA)
        scene.server.reads("convo")
        await scene.looks()

    assert not play(course).heard


def test_after_a_crash_it_hears_again_and_answers_nobody_twice() -> None:
    async def course(scene: Scene) -> None:
        await scene.looks()
        before = dict(scene.notebook.pages)
        scene.server.says("help")
        await scene.looks()
        scene.notebook.pages["chat:weaver"] = before["chat:weaver"]
        scene.chat = Chat(scene.account, scene.notebook, {})
        await scene.looks()

    scene = play(course)
    assert len(scene.heard) == len(scene.server.said) == 1


def test_a_password_without_access_is_told_in_words_and_causes_no_new_session() -> None:
    async def course(scene: Scene) -> None:
        scene.server.refusal = {"error": "InvalidToken", "message": "Bad token method"}
        for _ in range(3):
            with pytest.raises(Rejected, match="make one that allows access"):
                await scene.looks()

    assert play(course).server.signed_in == 1


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("recipient has disabled incoming messages", Rejected, "they take no messages"),
        (
            "recipient requires incoming messages to come from someone they follow",
            Rejected,
            "they take messages only from accounts that they follow",
        ),
        ("block between recipient and sender", Declined, "a block stands between them"),
    ],
)
def test_closed_messages_are_told_in_plain_words(said: str, kind: Any, words: str) -> None:
    async def course(scene: Scene) -> None:
        scene.server.refusal = {"error": "InvalidRequest", "message": said}
        with pytest.raises(kind, match=words):
            await scene.writes()

    assert play(course).server.said == []


def test_a_message_that_was_sent_unheard_is_not_sent_again() -> None:
    async def course(scene: Scene) -> None:
        scene.server.deaf = 1
        with pytest.raises(Exception, match="trouble"):
            await scene.writes()
        receipt = await scene.writes(attempt=2)
        assert receipt == "chat:convo-ada/m1"

    assert play(course).server.said == ["Hello."]


def test_long_words_are_several_messages() -> None:
    text = "One thing at a time, and then another one. " * 60

    async def course(scene: Scene) -> None:
        await scene.writes(text)

    said = play(course).server.said
    assert len(said) == 3
    assert " ".join(said) == text.strip()


@pytest.mark.parametrize("text", ["", "x" * 2500, "👩‍👩‍👧" * 1200, "a\n" * 900, " " * 3000 + "end"])
def test_no_part_is_too_long_and_nothing_is_lost(text: str) -> None:
    cut = parts(text)

    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(part.split("\u200d")) > 0 for part in cut)
    assert all(len(part) <= GRAPHEMES * 5 for part in cut)


def test_listening_goes_on_after_trouble_and_waits_longer_each_time() -> None:
    waits: list[float] = []

    async def course(scene: Scene) -> None:
        async def pause(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                scene.server.refusal = None
            if len(waits) == 4:
                raise asyncio.CancelledError

        scene.server.refusal = {"error": "UpstreamFailure", "message": "try later"}
        scene.chat = Chat(scene.account, scene.notebook, {}, pause)
        with pytest.raises(asyncio.CancelledError):
            await scene.chat.listen(scene.ring)

    play(course)
    assert waits == [20.0, 40.0, 80.0, 10.0]
