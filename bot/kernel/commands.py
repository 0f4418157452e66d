"""From words to a command: who may call it, what it needs, and the commands of the core."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from bot.domain.actions import Answer
from bot.domain.commands import CommandSpec, arguments
from bot.domain.errors import UserError
from bot.domain.events import CommandCalled
from bot.domain.model import Post
from bot.domain.text import join_words
from bot.kernel import wishes
from bot.kernel.registry import Enabled, Looked
from bot.kernel.statements import LEDGER, table
from bot.kernel.wishes import Wish
from bot.kernel.writer import Transaction
from bot.plugin import Call, Command
from bot.storage.tables import CommunityRow

SORRY = "That did not work, and it is Weaver's fault, not yours. The hosts' log has more."
OPERATOR = "terminal:operator"
"""Who calls from the terminal of the machine that Weaver runs on."""


@dataclass(frozen=True, slots=True)
class Found:
    """A command of a plugin, ready to run."""

    enabled: Enabled
    command: Command
    call: Call
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Core:
    """A command of the core's own: pause or resume all acts in a community."""

    looked: Looked
    pause: bool

    def run(self, transaction: Transaction) -> Answer:
        """Pause or resume; what was held by the pause goes on."""
        transaction.connection.execute(
            update(table(CommunityRow))
            .where(table(CommunityRow).c.id == self.looked.community.id)
            .values(paused=self.pause)
        )
        transaction.communities_changed = True
        if self.pause:
            return Answer(
                "Weaver is quiet here from now on. It still listens; say resume to go on."
            )
        held = transaction.connection.execute(
            update(LEDGER)
            .where(LEDGER.c.community == self.looked.community.id, LEDGER.c.state == "held")
            .values(state="todo", error=None)
        ).rowcount
        transaction.acts_waiting = True
        waited = f" What had waited goes out now: {held} in all." if held else ""
        return Answer(f"Weaver goes on here.{waited}")


def is_host(looked: Looked, member: str) -> bool:
    """Whether a member may use the hosts' commands."""
    return member == OPERATOR or member in looked.community.hosts


def specs(looked: Looked, *, host: bool) -> Iterator[CommandSpec]:
    """The commands that somebody may use here."""
    for enabled in looked.plugins:
        for spec, command in enabled.installed.commands.values():
            if host or command.audience == "members":
                yield spec


def find(looked: Looked, event: CommandCalled) -> Found | Core | Wish | Answer:
    """Find what a text asks for; an Answer when it asks for nothing that can be done."""
    host = is_host(looked, event.member.key)
    words = event.text.split(None, 2)
    group = words[0].lower() if words else "help"
    if group == "help":
        return _help(looked, words[1].lower() if len(words) > 1 else None, host=host)
    if group in ("pause", "resume"):
        refusal = _mistake("Only hosts can pause Weaver. They can be found among the hosts here.")
        return Core(looked, pause=group == "pause") if host else refusal
    if group in wishes.WORDS:
        return wishes.wish(looked, event.member, event.text.lower().split())
    enabled = looked.enabled(group)
    if enabled is None:
        return _unknown(group, [found.installed.name for found in looked.plugins])
    name = words[1].lower() if len(words) > 1 else ""
    spec, command = enabled.installed.commands.get(name, (None, None))
    if spec is None or command is None:
        mine = [known for known in specs(looked, host=host) if known.group == group]
        return _unknown_in(group, name, mine) if name else _help(looked, group, host=host)
    if command.audience == "hosts" and not host:
        return _mistake(f"{group} {name} is for hosts. You can ask one of them.")
    try:
        given = arguments(spec, _after(event.text, 2), looked.community, event.mentions)
    except UserError as mistake:
        return _mistake(str(mistake))
    post = (
        Post(event.post_id, event.space, event.member, event.text, event.at)
        if event.post_id
        else None
    )
    return Found(enabled, command, Call(event.member, post, host), given)


def _after(text: str, count: int) -> str:
    """The text after its first words, line breaks kept."""
    parts = text.split(None, count)
    return parts[count] if len(parts) > count else ""


def _unknown(word: str, known: list[str]) -> Answer:
    near = difflib.get_close_matches(word, [*known, "help", *wishes.WORDS], 1)
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


def _help(looked: Looked, group: str | None, *, host: bool) -> Answer:
    """List what somebody may ask for, or explain one group."""
    mine = [spec for spec in specs(looked, host=host) if group in (None, spec.group)]
    if not mine and group is not None:
        return _unknown(group, [found.installed.name for found in looked.plugins])
    lines = [f"{spec.usage}\n  {spec.help.splitlines()[0] if spec.help else ''}" for spec in mine]
    if group is None:
        lines += [f"{word}\n  {said}" for word, said in wishes.HELP.items()]
    if host and group is None:
        lines.append("pause\n  Keep Weaver quiet here until somebody says resume.")
    return Answer("This is what you can ask me:\n" + "\n".join(lines))
