"""From words to a command: who may call it, and what is said when nothing can be done."""

from typing import Any

import pytest

from bot.domain.actions import Answer
from bot.plugin import Call, Context, Plugin
from bot.testing import GRACE, HOST
from tests.kernel.conftest import Plant
from tests.kernel.garden import Garden, a_plugin, calls


@pytest.fixture
def garden(plant: Plant) -> Garden:
    return plant(with_commands(), deliver=False)


def with_commands() -> Plugin[Any]:
    plugin = a_plugin()

    @plugin.command(audience="members")
    def look(call: Call, ctx: Context[Any], words: str = "") -> Answer:
        """Look around."""
        return Answer(f"{call.member.name} sees {words or 'nothing'}; host: {call.is_host}")

    @plugin.command(audience="hosts")
    def prune(call: Call, ctx: Context[Any], count: int) -> Answer:
        """Prune the roses.

        With care.
        """
        return Answer(f"pruned {count}")

    return plugin


def answer(garden: Garden, text: str, member: Any = HOST) -> str:
    garden.serial = getattr(garden, "serial", 0) + 1  # type: ignore[attr-defined]
    [said] = garden.hears(calls(text, garden.serial, member)).answers  # type: ignore[attr-defined]
    return said.text


def test_a_command_is_found_whatever_its_case(garden: Garden) -> None:
    assert answer(garden, "NOTES Look roses\nand weeds", GRACE) == (
        "Grace sees roses\nand weeds; host: False"
    )
    assert answer(garden, "notes prune 3") == "pruned 3"


def test_what_is_for_hosts_is_for_hosts(garden: Garden) -> None:
    assert answer(garden, "notes prune 3", GRACE) == (
        "notes prune is for hosts. You can ask one of them."
    )


def test_help_shows_each_what_they_may_use(garden: Garden) -> None:
    for text in ("help", "", "   "):
        members, hosts = answer(garden, text, GRACE), answer(garden, text)
        assert "notes: look\n" in members
        assert "prune" not in members
        assert "notes: look, prune\n" in hosts
        assert "pause: Keep Weaver quiet" in hosts
        assert "pause" not in members


def test_help_about_a_group_explains_its_commands(garden: Garden) -> None:
    members, hosts = answer(garden, "help notes", GRACE), answer(garden, "help notes")
    assert "notes look [words:WORDS]\n  Look around." in members
    assert "prune" not in members
    assert "notes prune COUNT\n  Prune the roses." in hosts
    assert "With care" not in hosts
    assert "pause\n  Keep Weaver quiet" in answer(garden, "help pause")


def test_help_has_a_button_for_each_group(garden: Garden) -> None:
    [said] = garden.hears(calls("help")).answers

    assert [button.command for button in said.buttons] == ["help notes"]


def test_a_group_alone_explains_itself(garden: Garden) -> None:
    for text in ("notes", "help notes"):
        assert "notes prune COUNT" in answer(garden, text)
    assert "There is notes look and notes prune" in answer(garden, "notes dance")
    assert "prune" not in answer(garden, "notes dance", GRACE)


def test_a_word_that_is_nearly_right_is_guessed(garden: Garden) -> None:
    assert "Did you mean notes?" in answer(garden, "nots look")
    assert "'xyzzy'" in answer(garden, "xyzzy")
    assert "Say help" in answer(garden, "xyzzy")


def test_a_mistake_in_the_words_is_answered_with_the_usage(garden: Garden) -> None:
    assert "Say it like this: notes prune COUNT" in answer(garden, "notes prune")
    assert "'three'" in answer(garden, "notes prune three")
