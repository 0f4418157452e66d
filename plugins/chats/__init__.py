"""Hold the chats that hosts plan: announced, asked question by question, and wrapped up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session

from bot.api import Member, Page, Plugin, PluginTable
from plugins.chats import answers, closures, course, desk, live, planned, ticket
from plugins.chats.series import Chats
from plugins.chats.settings import Settings
from plugins.chats.tables import (
    AnswerRow,
    Backer,
    ChatSession,
    ClosureRow,
    Draft,
    Guest,
    Series,
    Step,
    Topic,
    Turn,
)

TABLES: list[type[PluginTable]] = [
    *(Series, ChatSession, Step, ClosureRow, Draft),
    *(AnswerRow, Topic, Backer, Turn, Guest),
]
plugin = Plugin("chats", package=__name__, settings=Settings, tables=TABLES)
course.listen(plugin)

HOSTS: list[Callable[..., Any]] = [
    *(desk.schedule, desk.choose, desk.prompts, desk.edit, desk.picture),
    *(planned.cancel, planned.restore, planned.move, closures.close, closures.reopen),
    *(live.next_, live.hold, live.extend, live.skip, live.repeat, live.end, live.run, live.leave),
]
MEMBERS: list[Callable[..., Any]] = [desk.list_, closures.closures, live.where]
for command in HOSTS:
    plugin.command(audience="hosts")(command)
for command in MEMBERS:
    plugin.command(audience="members")(command)


@plugin.page
def next_chat(ctx: Chats) -> Page | None:
    """Show the next chat as a ticket; nothing while none is planned."""
    return ticket.page(ctx)


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase everything that names a member; series and sessions are the community's and stay."""
    answers.forget(member, db)
    desk.forget(member, db)


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell what is kept of a member."""
    return {"answers": answers.tell(member, db), "drafts": desk.tell(member, db)}
