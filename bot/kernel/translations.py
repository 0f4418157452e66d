"""What a plugin's commands are called in other languages: ``translations/<language>.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.commands import CommandSpec, Said
from bot.domain.errors import UserError

FOLDER = "translations"
_NAME = re.compile(r"[-_\w]{1,32}")
_OF_PLUGIN, _OF_COMMAND = {"group", "commands"}, {"name", "help", "menu", "parameters"}


def translated(specs: Mapping[str, CommandSpec], folder: Path) -> dict[str, CommandSpec]:
    """The commands of a plugin with what they are called elsewhere; UserError names a mistake."""
    found = dict(specs)
    for path in sorted((folder / FOLDER).glob("*.toml")):
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"{path}: {error}") from None
        _known(path, "the file", told, _OF_PLUGIN)
        group, commands = told.get("group", ""), told.get("commands", {})
        _known(path, "commands", commands, specs)
        for name in specs if group else commands:
            said = _said(path, path.stem, group, specs[name], commands.get(name, {}))
            found[name] = replace(found[name], said=(*found[name].said, said))
    return found


def _said(path: Path, language: str, group: str, spec: CommandSpec, words: Any) -> Said:
    """What one command is called in one language."""
    _known(path, f"commands.{spec.name}", words, _OF_COMMAND)
    parameters = words.get("parameters", {})
    known = {one.name for one in spec.parameters}
    _known(path, f"commands.{spec.name}.parameters", parameters, known)
    for word in filter(None, (group, words.get("name", ""), *parameters.values())):
        if not _NAME.fullmatch(word) or word != word.lower():
            raise UserError(f"{path}: {word!r} is no name: one word in small letters, 32 at most")
    return Said(
        language,
        group,
        words.get("name", ""),
        words.get("help", ""),
        words.get("menu", ""),
        tuple(parameters.items()),
    )


def _known(path: Path, where: str, told: Any, known: Any) -> None:
    """Refuse what nobody would read."""
    if not isinstance(told, dict):
        raise UserError(f"{path}: {where} is no table")
    for name in _strange(told, known):
        raise UserError(f"{path}: {where} names {name!r}, which is not there; take it out")


def _strange(told: Mapping[str, Any], known: Any) -> Iterator[str]:
    return (name for name in told if name not in known)
