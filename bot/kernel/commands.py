"""From words to a command: who may call it, what it needs, and the commands of the core."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import update

from bot.domain.actions import Answer, Button
from bot.domain.commands import Audience, CommandSpec, Holder, admits, arguments
from bot.domain.errors import UserError
from bot.domain.events import CommandCalled
from bot.domain.model import Post, Space
from bot.domain.text import join_words, when_words
from bot.kernel import roles, wishes
from bot.kernel.reading import is_command, plain
from bot.kernel.registry import Enabled, Looked, Registry
from bot.kernel.roles import OPERATOR, standing
from bot.kernel.statements import LEDGER, table
from bot.kernel.timers import upcoming
from bot.kernel.wishes import Wish
from bot.kernel.writer import Transaction
from bot.plugin import Call, Command
from bot.storage.tables import CommunityRow

MOST_BUTTONS = 5
"""Buttons that stand in one row."""
SORRY = "That did not work, and it is Weaver's fault, not yours. The hosts' log has more."
__all__ = ["OPERATOR", "SORRY", "Core", "Found", "find", "specs"]
CORE = (
    CommandSpec("", "pause", "hosts", "Keep Weaver quiet here until somebody says resume.", ()),
    CommandSpec("", "resume", "hosts", "Let Weaver go on here after a pause.", ()),
    *roles.SPECS.values(),
    *wishes.SPECS.values(),
    CommandSpec("", "next", "members", "See what comes next here.", ()),
)
"""The commands of the core's own, but for help."""
WORDS = ("help", *dict.fromkeys(spec.group or spec.name for spec in CORE))
"""What commands of the core's begin with."""
UNDER = "this"
"""The command that a plugin's name alone means when it is said in answer to a post."""
COMING = 3
"""What ``next`` tells of."""


@dataclass(frozen=True, slots=True)
class Found:
    """A command of a plugin, ready to run."""

    enabled: Enabled
    command: Command
    call: Call
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Core:
    """A command of the core's own, ready to run."""

    run: Callable[[Transaction], Answer]


def _pause(looked: Looked, pause: bool, transaction: Transaction) -> Answer:
    """Pause or resume all acts in a community; what was held by the pause goes on."""
    transaction.connection.execute(
        update(table(CommunityRow))
        .where(table(CommunityRow).c.id == looked.community.id)
        .values(paused=pause)
    )
    transaction.communities_changed = True
    if pause:
        return Answer("Weaver is quiet here from now on. It still listens; say resume to go on.")
    held = transaction.connection.execute(
        update(LEDGER)
        .where(LEDGER.c.community == looked.community.id, LEDGER.c.state == "held")
        .values(state="todo", error=None)
    ).rowcount
    transaction.acts_waiting = True
    waited = f" What had waited goes out now: {held} in all." if held else ""
    return Answer(f"Weaver goes on here.{waited}")


def _next(looked: Looked, transaction: Transaction) -> Answer:
    """Tell what Weaver will do next in a community, by the clock."""
    zone = looked.community.zone
    coming = upcoming(transaction.connection, looked.community.id, COMING)
    lines = [f"- {when_words(one.at, zone)}: {one.label}" for one in coming]
    if not lines:
        return Answer(f"Nothing is planned in {looked.community.name} yet.")
    return Answer("\n".join(["This comes next:", *lines]))


def specs(looked: Looked, caller: Audience) -> Iterator[CommandSpec]:
    """The commands of plugins that somebody of that standing may use here."""
    for enabled in looked.plugins:
        for spec, _ in enabled.installed.commands.values():
            if admits(spec.audience, caller):
                yield spec


def _core(looked: Looked, event: CommandCalled, caller: Audience) -> Core | Wish | Answer:
    """Find a command of the core's."""
    group, _, rest = plain(event.text).partition(" ")
    if group.lower() in wishes.SPECS:
        return wishes.wish(looked, event.member, plain(event.text).lower().split())
    if group.lower() == "next":
        return Core(partial(_next, looked))
    if group.lower() in ("pause", "resume"):
        pause = group.lower() == "pause"
        if admits("hosts", caller):
            return Core(partial(_pause, looked, pause))
        refusal = _mistake("Only hosts can let Weaver go on. You can ask one of them.")
        return Wish(looked, event.member, "pause") if pause else refusal
    name, _, rest = rest.strip().partition(" ")
    spec = roles.SPECS.get(name.lower() or "list")
    if not (admits("hosts", caller) or event.manages):
        return _mistake("Who is what here is for hosts to say. You can ask one of them.")
    if spec is None:
        return _unknown_in("roles", name, list(roles.SPECS.values()))
    named: list[Holder] = [*event.mentions, *event.named]
    given = arguments(spec, rest, looked.community, named, about=event.about, given=event.given)
    return Core(roles.carried_out(looked, event, spec, given))


def find(looked: Looked, event: CommandCalled) -> Found | Core | Wish | Answer:
    """Find what a text asks for; an Answer when it asks for nothing that can be done."""
    caller = standing(looked, event.member.key, [role.key for role in event.roles])
    words = plain(event.text).split(None, 2)
    group = words[0].lower() if words else "help"
    if group == "help":
        return _help(looked, words[1].lower() if len(words) > 1 else None, caller)
    if group in ("next", "pause", "resume", "roles", *wishes.SPECS):
        try:
            return _core(looked, event, caller)
        except UserError as mistake:
            return _mistake(str(mistake))
    enabled = looked.enabled(group)
    if enabled is None:
        return _unknown(group, [found.installed.name for found in looked.plugins])
    under = UNDER if event.about and UNDER in enabled.installed.commands else ""
    name = words[1].lower() if len(words) > 1 else under
    spec, command = enabled.installed.commands.get(name, (None, None))
    if spec is None or command is None:
        mine = [known for known in specs(looked, caller) if known.group == group]
        return _unknown_in(group, name, mine) if name else _help(looked, group, caller)
    if not admits(command.audience, caller):
        return _mistake(f"{group} {name} is for {command.audience}. You can ask one of them.")
    try:
        rest = _after(event.text, 2)
        named: list[Holder] = [*event.mentions, *event.named]
        given = arguments(spec, rest, looked.community, named, about=event.about, given=event.given)
    except UserError as mistake:
        return _mistake(str(mistake))
    post = (
        Post(event.post_id, event.space, event.member, event.text, event.at)
        if event.post_id
        else None
    )
    call = Call(event.member, post, admits("hosts", caller), caller)
    return Found(enabled, command, call, given)


def reads(registry: Registry, space: Space, text: str) -> bool:
    """Whether words said to Weaver in a space are a command of a community there."""
    return any(is_command(looked, text, WORDS) for looked in registry.concerned(space))


def _after(text: str, count: int) -> str:
    """The text after its first words, line breaks kept."""
    parts = text.split(None, count)
    return parts[count] if len(parts) > count else ""


def _unknown(word: str, known: list[str]) -> Answer:
    near = difflib.get_close_matches(word, [*known, *WORDS], 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return _mistake(f"I do not know {word!r}.{hint} Say help to see what I can do.")


def _unknown_in(group: str, name: str, known: Sequence[CommandSpec]) -> Answer:
    if not known:
        return _unknown(f"{group} {name}", [])
    names = join_words([f"{spec.group} {spec.name}" for spec in known])
    return _mistake(f"I do not know {group} {name!r}. There is {names}; help {group} says more.")


def _mistake(text: str) -> Answer:
    """Say why nothing was done."""
    return Answer(text, mistake=True)


def _help(looked: Looked, group: str | None, caller: Audience) -> Answer:
    """List what somebody may ask for, or explain one group."""
    mine = list(specs(looked, caller))
    own = [spec for spec in CORE if admits(spec.audience, caller)]
    if group is None:
        return _contents(mine, own, looked.contact)
    told = [spec for spec in (*mine, *own) if group == (spec.group or spec.name)]
    if not told:
        return _unknown(group, [found.installed.name for found in looked.plugins])
    lines = [f"{spec.usage}\n  {spec.help.splitlines()[0] if spec.help else ''}" for spec in told]
    return Answer("This is what you can ask me:\n" + "\n".join(lines))


def _contents(mine: Sequence[CommandSpec], own: Sequence[CommandSpec], contact: str) -> Answer:
    """What there is to ask for, short enough to read at once: a line a group."""
    groups: dict[str, list[str]] = {}
    for spec in mine:
        groups.setdefault(spec.group, []).append(spec.name)
    lines = [f"{group}: {', '.join(names)}" for group, names in groups.items()]
    lines += [f"{spec.usage}: {spec.help.splitlines()[0]}" for spec in own]
    more = "Say help and one of the words in front, such as "
    example = next(iter(groups), "me")
    buttons = tuple(Button(f"More about {group}", f"help {group}") for group in groups)
    lines = ["This is what you can ask me:", *lines, f"{more}help {example}, for more."]
    text = "\n".join([*lines, contact] if contact else lines)
    return Answer(text, buttons=buttons[:MOST_BUTTONS])
