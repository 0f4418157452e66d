"""Weaver's commands as Discord's: slash commands, menus and forms, and what was asked by one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from bot.adapters.discord import locales
from bot.adapters.discord.convert import Data, Eyes, Place, is_said, member_of, post_of
from bot.adapters.discord.settings import PLATFORM
from bot.domain.commands import CommandSpec, Holder, Parameter
from bot.domain.model import Member, Post, Role, Space

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
_SUB, _TEXT, _NUMBER, _BOOL, _USER, _MENTIONABLE = 1, 3, 4, 5, 6, 9
MOST = 25
"""Commands in a group, options of a command, choices of an option."""
DESK = "hosts"
"""What is added to a group's name for the commands of hosts, where one group does not hold all."""
MOST_MENUS = 5
_LONGEST, _LONGEST_NAME = 100, 32
FORM = "form:"
"""How the id of a form begins."""
HELP = CommandSpec(
    "", "help", "members", "Tell what you can ask Weaver here.", (Parameter("about", str, ""),)
)
SHARE = CommandSpec(
    "",
    "share",
    "members",
    "Say something here through Weaver, with tags, so that it can be found and passed on.",
    (Parameter("text", str, long=True), Parameter("tags", str, "")),
)
"""Where Weaver is not told the words of messages, members can say them to it."""
SET_UP = CommandSpec(
    "",
    "setup",
    "members",
    "Set Weaver up on this server, step by step.",
    (Parameter("zone", str, ""),),
)
"""For those who manage a server, so that Discord shows it to nobody else."""
_MANAGE_SERVER = 1 << 5
_HINTS: Mapping[Any, str] = {
    str: "In words.",
    int: "A whole number.",
    bool: "Yes or no.",
    Member: "Somebody on this server.",
    Space: "A place of this community.",
    Holder: "Somebody, or a role of this server.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for by a command, a menu or a form."""

    spec: CommandSpec
    given: dict[str, str] = field(default_factory=dict)
    named: tuple[Holder, ...] = ()
    about: Data | None = None
    """The message whose menu was used."""

    @property
    def missing(self) -> Parameter | None:
        """The long text that the command still needs, which a form asks for."""
        return next(
            (
                one
                for one in self.spec.parameters
                if one.long and one.required and one.name not in self.given
            ),
            None,
        )

    @property
    def text(self) -> str:
        """The command's name as it is said."""
        name = f"{self.spec.group} {self.spec.name}".strip()
        return f"{name} {self.given.get('about', '')}".strip() if self.spec == HELP else name

    def event_parts(self, place: Place | None, eyes: Eyes) -> dict[str, Any]:
        """What a ``CommandCalled`` takes from it beside who and where."""
        about = None
        if self.about is not None and place is not None and is_said(self.about):
            about = post_of(self.about, place, eyes)
        return {
            "given": None if self.spec == HELP else dict(self.given),
            "mentions": tuple(one for one in self.named if isinstance(one, Member)),
            "named": tuple(one for one in self.named if isinstance(one, Role)),
            "about": about,
        }


class Offered:
    """All that Weaver offers on Discord, as Discord wants it described."""

    def __init__(self, specs: Iterable[CommandSpec], *, share: bool = False) -> None:
        every = [HELP, SET_UP, *([SHARE] if share else []), *specs]
        self._by_name: dict[tuple[str, ...], CommandSpec] = {}
        self.payload: list[dict[str, Any]] = []
        groups: dict[str, list[CommandSpec]] = {}
        for spec in every:
            if not any(one.type is Post and one.required for one in spec.parameters):
                groups.setdefault(spec.group, []).append(spec)
        for spec in groups.pop("", []):
            self._by_name[(spec.name,)] = spec
            command = _command(spec.name, _about(spec), options_of(spec))
            if spec == SET_UP:
                command["default_member_permissions"] = _MANAGE_SERVER
            self.payload.append(command)
        for group, members in groups.items():
            self._add_group(group, members)
        self._add_menus(every)

    def _add_group(self, group: str, members: Sequence[CommandSpec]) -> None:
        """A plugin's commands under its name; where they are too many, the desk's apart."""
        for name, specs in _shares(group, members):
            subs = []
            for spec in specs:
                self._by_name[(name, spec.name)] = spec
                sub = _command(spec.name, _about(spec), options_of(spec)) | {"type": _SUB}
                sub = {key: sub[key] for key in ("type", "name", "description", "options")}
                subs.append(sub | locales.command_words(spec))
            made = _command(name, f"What Weaver does about {group}.", subs)
            self.payload.append(made | locales.group_words(specs, name))

    def path_of(self, spec: CommandSpec) -> str:
        """How a command is called on Discord, without the slash."""
        return " ".join(next(names for names, one in self._by_name.items() if one == spec))

    def called(self, path: str) -> CommandSpec | None:
        """The command that is called so; None for one that is no longer offered."""
        return self._by_name.get((path,)) or self._by_name.get(tuple(path.split(" ")))

    def _add_menus(self, every: Sequence[CommandSpec]) -> None:
        """The menus of messages and of members, five of each."""
        count = {MESSAGE_MENU: 0, USER_MENU: 0}
        for spec in every:
            kind = MESSAGE_MENU if _takes(spec, Post) else USER_MENU
            name = spec.menu[:_LONGEST_NAME]
            if name and (name,) not in self._by_name and count[kind] < MOST_MENUS:
                count[kind] += 1
                self._by_name[(name,)] = spec
                words = locales.menu_words(spec)
                self.payload.append({"type": kind, "name": name, **_WHERE, **words})

    @property
    def digest(self) -> str:
        """Changes with anything that Discord has to be told anew."""
        return hashlib.sha256(json.dumps(self.payload, sort_keys=True).encode()).hexdigest()

    def asked(self, data: Data) -> Asked | None:
        """What a command or a menu asks for; None for one that is no longer offered."""
        found, options = self._found(data)
        if found is None:
            return None
        given = {str(one["name"]): _word(one.get("value")) for one in options if "value" in one}
        resolved = data.get("resolved") or {}
        about = None
        if data.get("target_id"):
            about = (resolved.get("messages") or {}).get(str(data["target_id"]))
            person = next((one for one in found.parameters if one.type is Member), None)
            if person is not None:
                given[person.name] = str(data["target_id"])
        return Asked(found, given, tuple(_named(resolved)), about)

    def typed(self, data: Data) -> tuple[CommandSpec, Parameter, str] | None:
        """The parameter that somebody is typing, and what they typed so far."""
        found, options = self._found(data)
        focused = next((one for one in options if one.get("focused")), None)
        if found is None or focused is None:
            return None
        parameter = next((p for p in found.parameters if p.name == focused["name"]), None)
        return (found, parameter, str(focused.get("value") or "")) if parameter else None

    def _found(self, data: Data) -> tuple[CommandSpec | None, Sequence[Data]]:
        names: tuple[str, ...] = (str(data.get("name")),)
        options: Sequence[Data] = data.get("options") or ()
        if options and options[0].get("type") == _SUB:
            names, options = (*names, str(options[0]["name"])), options[0].get("options") or ()
        return self._by_name.get(names), options


def _shares(
    group: str, members: Sequence[CommandSpec]
) -> Iterable[tuple[str, Sequence[CommandSpec]]]:
    """Groups of at most 25: what is for members keeps the name, what is for hosts gets its own."""
    if len(members) <= MOST:
        yield group, members
        return
    everyday = [one for one in members if one.audience == "members"]
    desk = [one for one in members if one.audience != "members"]
    for name, specs in ((group, everyday), (f"{group}-{DESK}", desk)):
        for start in range(0, len(specs), MOST):
            number = f"-{start // MOST + 1}" if start else ""
            yield f"{name}{number}", specs[start : start + MOST]


_WHERE = {"contexts": [0], "integration_types": [0]}
"""Commands are for servers on which Weaver is."""


def _command(name: str, about: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    described = {"type": SLASH, "name": name, "description": about, "options": options}
    return described | _WHERE


def options_of(spec: CommandSpec) -> list[dict[str, Any]]:
    """The options of a command: those that it needs come first, as Discord wants it.

    A long text may be left out: then a form asks for it.
    """
    made = [
        _option(one) | locales.option_words(spec, one.name)
        for one in spec.parameters
        if one.type is not Post
    ][:MOST]
    return sorted(made, key=lambda option: not option["required"])


def _option(parameter: Parameter) -> dict[str, Any]:
    kind = parameter.type
    option: dict[str, Any] = {
        "type": _TEXT,
        "name": parameter.name,
        "description": _HINTS.get(kind, "One of these."),
        "required": parameter.required and not parameter.long,
    }
    if kind is int:
        option |= {"type": _NUMBER, "autocomplete": True}
    elif kind is bool:
        option["type"] = _BOOL
    elif kind is Member:
        option["type"] = _USER
    elif kind == Holder:
        option["type"] = _MENTIONABLE
    elif get_origin(kind) is Literal and len(get_args(kind)) <= MOST:
        option["choices"] = [{"name": one, "value": one} for one in get_args(kind)]
    else:
        option["autocomplete"] = True
    return option


def _about(spec: CommandSpec) -> str:
    """The first line of a command's help, of a length that Discord takes."""
    line = next(iter(spec.help.splitlines()), "") or f"{spec.group} {spec.name}"
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _takes(spec: CommandSpec, kind: Any) -> bool:
    return any(one.type is kind for one in spec.parameters)


def _word(value: Any) -> str:
    """The value of an option as it would be said."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _named(resolved: Data) -> Iterable[Holder]:
    """The people and roles that options name."""
    members = resolved.get("members") or {}
    for identity, user in (resolved.get("users") or {}).items():
        yield member_of(user, (members.get(identity) or {}).get("nick"))
    for identity, role in (resolved.get("roles") or {}).items():
        yield Role(PLATFORM, str(identity), str(role.get("name", "")))
