"""A command is answered under the post that carried it: once, and again only under the same key."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.bluesky.answering import TRIES, Answering
from bot.domain.actions import Answer, Button, DirectMessage, Reply
from bot.domain.events import CommandCalled, Event, PostDeleted
from bot.domain.model import Member, Space
from bot.domain.ports import Delivery, Gone, Outcome, Rejected, TryLater

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEA = Space("bluesky", "#Tea", account="weaver")
CALL = CommandCalled("call", AT, TEA, Member("bluesky", "did:plc:ada"), "help", "at://post")
HELP = Answer("This is what you can ask me.", buttons=(Button("More", "help amplify"),))


class Stage:
    """A ring that answers once, and a platform with moods."""

    def __init__(self, *moods: BaseException | None, answers: tuple[Answer, ...] = (HELP,)) -> None:
        self.moods, self.answers, self.heard = list(moods), answers, set[str]()
        self.said: list[tuple[Any, Delivery]] = []
        self.paused: list[float] = []

    async def ring(self, event: Event, cursor: str | None = None) -> Outcome:
        repeated = event.id in self.heard
        self.heard.add(event.id)
        return Outcome(repeated=repeated, answers=() if repeated else self.answers)

    async def say(self, reply: Reply | DirectMessage, delivery: Delivery) -> str:
        self.said.append((reply, delivery))
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None:
            raise mood
        return "at://reply"

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def hears(self, *events: Event) -> None:
        async def scene() -> None:
            answering = Answering(self.say, self.pause)
            told = answering.through(self.ring)
            for event in events:
                await told(event)
            await asyncio.gather(*answering._under_way)

        asyncio.run(scene())


def test_an_answer_is_a_reply_with_all_that_belongs_to_it() -> None:
    stage = Stage(answers=(HELP, Answer("And this.")))
    stage.hears(CALL)

    [(reply, delivery)] = stage.said
    assert (reply.to, reply.space, reply.buttons) == ("at://post", TEA, HELP.buttons)
    assert reply.text == "This is what you can ask me.\n\nAnd this."
    assert (delivery.key, delivery.at, delivery.account) == ("answer:call", AT, "bluesky:weaver")


MINE = Answer("What Weaver may do towards you: greet you.", personal=True, buttons=HELP.buttons)


def test_what_is_personal_is_told_in_a_message_and_nowhere_else() -> None:
    stage = Stage(answers=(MINE,))
    stage.hears(CALL)

    [(message, delivery)] = stage.said
    assert isinstance(message, DirectMessage)
    assert (message.member, message.text, message.buttons) == (CALL.member, MINE.text, MINE.buttons)
    assert delivery.key == "answer:call"


@pytest.mark.parametrize("mood", [Rejected("they take no messages"), ConnectionError()])
def test_who_cannot_be_written_to_is_told_where_to_ask(mood: Exception) -> None:
    stage = Stage(mood, answers=(MINE,))
    stage.hears(CALL)

    [_, (reply, _)] = stage.said
    assert isinstance(reply, Reply)
    assert "direct message" in reply.text
    assert MINE.text not in reply.text
    assert reply.buttons == ()


def test_what_is_told_again_is_not_answered_again() -> None:
    stage = Stage()
    stage.hears(CALL, CALL)

    assert len(stage.said) == 1


@pytest.mark.parametrize("event", [PostDeleted("x", AT, TEA, "at://post")])
def test_only_commands_are_answered(event: Any) -> None:
    stage = Stage()
    stage.hears(event)

    assert not stage.said


def test_a_command_without_an_answer_is_not_answered() -> None:
    stage = Stage(answers=())
    stage.hears(CALL)

    assert not stage.said


def test_an_unknown_outcome_is_tried_again_under_the_same_key() -> None:
    stage = Stage(ConnectionError(), TryLater("busy", 7.0))
    stage.hears(CALL)

    assert [(one.key, one.at, one.attempt) for _, one in stage.said] == [
        ("answer:call", AT, attempt) for attempt in (1, 2, 3)
    ]
    assert stage.paused == [2.0, 7.0]


def test_a_post_that_is_gone_is_not_answered_again() -> None:
    stage = Stage(Gone("the post is gone"))
    stage.hears(CALL)

    assert len(stage.said) == 1


def test_nobody_is_kept_waiting_for_ever() -> None:
    stage = Stage(*[TryLater("down", 3600.0)] * 9)
    stage.hears(CALL)

    assert len(stage.said) == TRIES
    assert stage.paused == [60.0] * (TRIES - 1)
