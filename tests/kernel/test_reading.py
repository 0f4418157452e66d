"""In the middle of a conversation a command is told from talk."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.actions import Answer
from bot.domain.events import CommandCalled
from bot.domain.model import Post
from bot.kernel.commands import reads
from bot.kernel.reading import plain
from bot.kernel.timers import Timers
from bot.kernel.writer import Transaction
from bot.plugin import Plugin
from bot.testing import ADA, NOON
from tests.kernel.conftest import Plant
from tests.kernel.garden import LOBBY, SHED, Garden, a_plugin


def notes() -> Plugin[Any]:
    plugin = a_plugin()
    plugin.purpose("notes", "keep a note of you")

    @plugin.command(audience="members")
    def look(call: Any, ctx: Any, words: str = "") -> Answer:
        """Look around."""
        return Answer(f"sees {words}")

    @plugin.command(audience="members")
    def this(call: Any, ctx: Any, post: Post) -> Answer:
        """Note a post."""
        return Answer(f"noted {post.id}")

    return plugin


@pytest.fixture
def garden(plant: Plant) -> Garden:
    return plant(notes(), deliver=False)


COMMANDS = [
    "help",
    "Help!",
    "help, please",
    "help notes",
    "stop",
    "STOP.",
    "Stop, please!",
    "stop notes",
    "start",
    "me",
    "me no notes",
    "next",
    "next?",
    "pause",
    "roles list",
    "notes",
    "notes please",
    "notes look at the roses, they are out",
    "stopp",
    "helpp",
    "note look",
]
TALK = [
    "",
    "...",
    "thank you",
    "that helped a lot",
    "help is on its way, says my mother",
    "stop it, you are too kind",
    "me too!",
    "me and my class did this",
    "next week we try it again",
    "start with the easy one",
    "notes are the best part of music",
    "hello there",
    "what a question",
    "stopping by to say hello to everybody",
    "great chat",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_commands_are_read_as_such(garden: Garden, text: str) -> None:
    assert reads(garden.weaver.registry, LOBBY, text)


@pytest.mark.parametrize("text", TALK)
def test_talk_is_let_be(garden: Garden, text: str) -> None:
    assert not reads(garden.weaver.registry, LOBBY, text)


def test_where_nobody_looks_after_nothing_is_a_command(garden: Garden) -> None:
    assert not reads(garden.weaver.registry, replace(SHED, id="nowhere"), "help")


def answer(garden: Garden, text: str, about: Post | None = None) -> str:
    event = CommandCalled(f"call-{text}-{about}", NOON, LOBBY, ADA, text, about=about)
    [said] = garden.hears(event).answers
    return said.text


@pytest.mark.parametrize("text", ["Stop, please!", "stop.", "STOP", "stop thank you"])
def test_politeness_does_not_keep_a_wish_from_being_heard(garden: Garden, text: str) -> None:
    assert answer(garden, text).startswith("Done.")


@pytest.mark.parametrize(
    ("text", "left"),
    [("me no notes", "me no notes"), ("Help!", "Help"), ("", ""), ("a  b", "a  b")],
)
def test_only_single_words_are_made_plain(text: str, left: str) -> None:
    assert plain(text) == left


def test_a_plugins_name_in_answer_to_a_post_is_about_that_post(garden: Garden) -> None:
    post = Post("post-1", LOBBY, ADA, "", NOON)

    assert answer(garden, "notes", post) == "noted post-1"
    assert answer(garden, "notes").startswith("This is what you can ask me")


def test_next_tells_what_is_planned(plant: Plant) -> None:
    garden = plant(notes(), deliver=False)

    assert answer(garden, "next") == "Nothing is planned in The garden yet."

    def plan(transaction: Transaction) -> None:
        timers = Timers(transaction, "garden", "notes", "Europe/London", NOON)
        timers.once("tea", NOON + timedelta(hours=1), "Tea is served")

    garden.write(plan)
    assert answer(garden, "next?") == (
        "This comes next:\n- Monday 2 March at 1 pm London time (1 pm UTC): Tea is served"
    )
