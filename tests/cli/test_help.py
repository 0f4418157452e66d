"""Every command says what it is for."""

import re
from pathlib import Path

import pytest
import typer

from bot import __version__
from bot.cli.commands import cli
from tests.cli.terminal import Terminal

ROOT = typer.main.get_command(cli)


def _commands(command: object, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    inside = getattr(command, "commands", {})
    deeper = [each for name in inside for each in _commands(inside[name], (*words, name))]
    return [(words, command), *deeper]


COMMANDS = _commands(ROOT)


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_every_command_has_help_that_is_a_sentence(words: tuple[str, ...]) -> None:
    command = dict(COMMANDS)[words]
    first = (command.help or "").strip().splitlines()[0]

    assert re.match(r"[A-Z].*\.", first), first


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_every_option_and_argument_says_what_it_is(words: tuple[str, ...]) -> None:
    command = dict(COMMANDS)[words]
    silent = [
        parameter.name
        for parameter in command.params
        if not (getattr(parameter, "help", None) or "").strip()
    ]

    assert not silent


def test_help_is_printed_and_names_every_command(terminal: Terminal) -> None:
    listed = re.findall(r"^│ (\w+) +[A-Z]", terminal.says("--help"), re.MULTILINE)

    assert sorted(listed) == sorted({words[0] for words, _ in COMMANDS if words})


@pytest.mark.parametrize("command", ["do", "ledger"])
def test_help_of_a_command_needs_no_settings(terminal: Terminal, command: str) -> None:
    terminal.writes("config.toml", "this is no TOML")

    assert "Usage: " in terminal.says(command, "--help")


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert Terminal(tmp_path).says("--version") == f"weaver {__version__}\n"


def test_a_command_that_is_none_is_a_mistake(terminal: Terminal) -> None:
    said = terminal("frobnicate")

    assert said.code == 2
    assert "frobnicate" in said.err


def test_an_option_that_is_none_is_a_mistake(terminal: Terminal) -> None:
    said = terminal("ledger", "--colour")

    assert said.code == 2
    assert "--colour" in said.err
