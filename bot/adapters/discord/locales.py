"""What commands are called for people whose Discord speaks another language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.commands import CommandSpec, Said

LOCALES = (
    *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl"),
    *("no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi"),
    *("th", "zh-CN", "ja", "zh-TW", "ko"),
)
"""The languages that Discord itself speaks; it takes names in no other."""
_LONGEST, _LONGEST_NAME = 100, 32
Words = dict[str, dict[str, str]]


def locales_of(language: str) -> Sequence[str]:
    """Discord's locales for a language: itself, or every kind of it; none for one it lacks."""
    wanted = language.replace("_", "-").casefold()
    exact = [one for one in LOCALES if one.casefold() == wanted]
    return exact or [one for one in LOCALES if one.partition("-")[0] == wanted]


def group_words(specs: Iterable[CommandSpec], name: str) -> Words:
    """A group's name elsewhere; a group of its own keeps what was added to its name."""
    added = name.removeprefix(next(iter({spec.group for spec in specs}), ""))
    every = (said for spec in specs for said in spec.said if said.group)
    return _localised("name", ((said, f"{said.group}{added}") for said in every))


def command_words(spec: CommandSpec) -> Words:
    """A command's name and description elsewhere."""
    names = _localised("name", ((said, said.name) for said in spec.said))
    return names | _localised("description", ((said, _first(said.help)) for said in spec.said))


def menu_words(spec: CommandSpec) -> Words:
    """What a command's menu is called elsewhere."""
    return _localised("name", ((said, said.menu[:_LONGEST_NAME]) for said in spec.said))


def option_words(spec: CommandSpec, parameter: str) -> Words:
    """An option's name elsewhere."""
    every = ((said, dict(said.parameters).get(parameter, "")) for said in spec.said)
    return _localised("name", every)


def _localised(what: str, told: Iterable[tuple[Said, str]]) -> Words:
    found = dict(_by_locale(told))
    return {f"{what}_localizations": found} if found else {}


def _by_locale(told: Iterable[tuple[Said, str]]) -> Iterator[tuple[str, str]]:
    for said, words in told:
        if words:
            yield from ((locale, words) for locale in locales_of(said.language))


def _first(help_: str) -> str:
    line = next(iter(help_.splitlines()), "")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
