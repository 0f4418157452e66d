"""Commands, declared once: signature and docstring become a spec, words become arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from bot.domain.errors import UserError
from bot.domain.model import Community, Member, Post, Role, Space

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
LONGEST_NUMBER = 18
"""Digits that any database can still hold."""
Audience = Literal["members", "greeters", "moderators", "co-hosts", "hosts", "operator"]
"""Who may use a command: each may do what those before it may."""
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
Holder = Member | Role
"""Whom hosts make a host, a greeter and so on: a person, or all that have a role."""
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a command wants to know."""

    name: str
    type: Any
    default: Any = inspect.Parameter.empty
    long: bool = False
    """Takes the rest of the text, line breaks included."""

    @property
    def required(self) -> bool:
        """Whether the command cannot do without it."""
        return self.default is inspect.Parameter.empty

    @property
    def usage(self) -> str:
        """How it looks in a line of usage."""
        name = self.name.upper()
        if self.type is Post:
            return "(in answer to a post)"
        if get_origin(self.type) is Literal:
            name = "|".join(get_args(self.type))
        return name if self.required else f"[{self.name}:{name}]"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command is called in another language; what is empty is not translated."""

    language: str
    group: str = ""
    name: str = ""
    help: str = ""
    menu: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names of its parameters, each with what it is called there."""


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """What every platform needs to offer a command: ``group name``, help and parameters."""

    group: str
    name: str
    audience: str
    help: str
    parameters: tuple[Parameter, ...]
    menu: str = ""
    """What it is called in the menu of a post or a member, where a platform has such menus."""
    said: tuple[Said, ...] = ()
    """What it is called elsewhere, for platforms that show everybody their own language."""

    @property
    def usage(self) -> str:
        """The line that tells how to call it."""
        return " ".join([self.group, self.name, *(p.usage for p in self.parameters)]).strip()


def admits(audience: str, standing: Audience) -> bool:
    """Whether somebody of that standing may use a command that is for an audience."""
    return AUDIENCES.index(standing) >= AUDIENCES.index(cast(Audience, audience))


def spec_of(
    group: str, name: str, audience: str, run: Callable[..., Any], menu: str = ""
) -> CommandSpec:
    """Read a command from its function; the first two parameters are the call and the context.

    TypeError for a parameter of another type, an audience that is none, or a menu without a post
    or a member to be the menu of.
    """
    if audience not in AUDIENCES:
        raise TypeError(f"{group} {name}: {audience!r} is no audience; there are {AUDIENCES}")
    hints = {name: _never_none(hint) for name, hint in get_type_hints(run).items()}
    declared = list(inspect.signature(run).parameters.values())[2:]
    last_text = declared[-1].name if declared and hints[declared[-1].name] is str else None
    parameters = tuple(
        Parameter(p.name, hints[p.name], p.default, long=p.name == last_text) for p in declared
    )
    for parameter in parameters:
        allowed = (str, int, bool, Member, Space, Post)
        if parameter.type not in allowed and get_origin(parameter.type) is not Literal:
            raise TypeError(f"{group} {name}: {parameter.name} is of no type a command can take")
    needed = [parameter.type for parameter in parameters if parameter.required]
    about = [parameter.type for parameter in parameters if parameter.type in (Post, Member)]
    if menu and (len(about) != 1 or needed not in ([], about)):
        raise TypeError(f"{group} {name}: a menu needs a command for one Post or one Member")
    return CommandSpec(group, name, audience, inspect.getdoc(run) or "", parameters, menu)


def _never_none(hint: Any) -> Any:
    """The type a person may name, of a parameter that is None when they name nothing."""
    inner = [kind for kind in get_args(hint) if kind is not NoneType]
    return inner[0] if get_origin(hint) in (Union, UnionType) and len(inner) == 1 else hint


def arguments(  # noqa: PLR0913 - what a call can bring
    spec: CommandSpec,
    text: str,
    community: Community,
    mentions: Iterable[Holder] = (),
    *,
    about: Post | None = None,
    given: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Turn the words after a command's name into its arguments; UserError shows the usage.

    ``given`` has them by name already; then there are no words.
    """
    words, rest = _words(spec, text.strip()) if given is None else (given, "")
    values: dict[str, Any] = {}
    for parameter in spec.parameters:
        if parameter.type is Post and about is not None:
            values[parameter.name] = about
        elif parameter.type is Post and parameter.required:
            raise UserError(f"say {spec.group} {spec.name} in answer to the post that you mean")
        elif parameter.name in words:
            word = words[parameter.name]
            values[parameter.name] = _value(parameter, word, community, tuple(mentions))
        elif parameter.required:
            raise UserError(f"{parameter.name.upper()} is missing. Say it like this: {spec.usage}")
        else:
            values[parameter.name] = parameter.default
    if rest:
        raise UserError(f"I do not know what to do with {rest!r}. Say it like this: {spec.usage}")
    return values


def _words(spec: CommandSpec, text: str) -> tuple[Mapping[str, str], str]:
    """Share the text out to the parameters: ``name:value`` anywhere in front, others in order."""
    found: dict[str, str] = {}
    rest = text.translate(_QUOTES)
    wanted = [parameter for parameter in spec.parameters if parameter.type is not Post]
    names = {parameter.name for parameter in wanted}
    while rest:
        named = _named(rest, names)
        if named is not None:
            found[named[0]], rest = named[1], named[2]
            continue
        waiting = [p for p in wanted if p.name not in found and p.required]
        waiting = waiting or [p for p in wanted if p.name not in found]
        if not waiting:
            break
        if waiting[0].long:
            found[waiting[0].name], rest = _unquoted(text[len(text) - len(rest) :]), ""
        else:
            found[waiting[0].name], rest = _first(rest)
    return found, rest


def _named(text: str, names: Iterable[str]) -> tuple[str, str, str] | None:
    """Take ``name:value`` off the front of the text."""
    name, colon, after = text.partition(":")
    if not colon or name not in names or after[:1].isspace():
        return None
    value, rest = _first(after)
    return name, value, rest


def _first(text: str) -> tuple[str, str]:
    """Take one word, or one quoted string, off the front of the text."""
    if text.startswith('"'):
        end = text.find('"', 1)
        if end < 0:
            raise UserError(f'a quotation mark is open at {text[:20]}; close it with another "')
        return text[1:end], text[end + 1 :].strip()
    word, _, rest = text.partition(" ")
    if "\n" in word:
        word, _, rest = text.partition("\n")
    return word, rest.strip()


def _unquoted(text: str) -> str:
    """Drop the quotation marks around a text that is one quoted string; keep those within."""
    straight = text.translate(_QUOTES)
    inside = straight[1:-1]
    quoted = straight[0] == straight[-1] == '"' and inside and '"' not in inside
    return text[1:-1] if quoted else text


def _value(parameter: Parameter, word: str, community: Community, named: Iterable[Holder]) -> Any:
    """Read one argument as its type."""
    name, kind = parameter.name.upper(), parameter.type
    if kind is str:
        return word
    if kind is Space:
        return _space(word, community)
    if kind in (Member, Holder):
        return _named_by(word, [one for one in named if isinstance(one, kind)])
    if kind is int:
        number = word.removeprefix("#")
        if number.removeprefix("-").isdecimal() and len(number) <= LONGEST_NUMBER:
            return int(number)
        raise UserError(f"{name} is a whole number, not {word!r}")
    choices = (*_YES, *_NO) if kind is bool else get_args(kind)
    if word.lower() not in choices:
        said = "yes or no" if kind is bool else f"one of {', '.join(choices)}"
        raise UserError(f"{name} is {said}, not {word!r}")
    return word.lower() in _YES if kind is bool else word.lower()


def _space(word: str, community: Community) -> Space:
    """The space somebody names."""
    space = community.space_named(word)
    if space is None:
        known = ", ".join(s.name or s.id for s in community.spaces)
        raise UserError(f"there is no space {word!r} here; there are {known}")
    return space


def _named_by(word: str, named: Iterable[Holder]) -> Holder:
    """The member, or the role, that somebody mentions."""
    for one in named:
        if word.lstrip("@").casefold() in (one.id.casefold(), one.name.casefold()):
            return one
    raise UserError(f"nobody called {word!r} is mentioned; write their name with @ before it")
