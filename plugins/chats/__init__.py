"""Hold the chats that hosts plan: announced, asked question by question, and wrapped up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.api import Member, Page, Planned, Plugin, PluginTable, Visit
from plugins.chats import (
    answers,
    bank,
    choosing,
    closures,
    course,
    desk,
    feed,
    guests,
    listing,
    live,
    naming,
    planned,
    public,
    rehearsal,
    rota,
    ticket,
    transcript,
)
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
    *(bank.approve, bank.decline, bank.order, feed.calendar, transcript.summary),
    *(live.next_, live.hold, live.extend, live.skip, live.repeat, live.end, live.run, live.leave),
]
MEMBERS: list[Callable[..., Any]] = [
    *(listing.list_, closures.closures, live.where, transcript.transcript),
    *(bank.propose, bank.back, bank.topics, guests.coming, guests.remind),
    *(rota.host, rota.stepdown, rota.swap, rota.rota, rehearsal.rehearse),
]
plugin.complete("topic")(bank.titles)
plugin.complete("number", *choosing.SERIES)(choosing.series)
plugin.complete("number", "restore")(choosing.cancelled)
plugin.complete("number", *choosing.PROPOSED)(choosing.topics)
plugin.complete("number", *choosing.READY)(choosing.line)
plugin.complete("number", "reopen")(choosing.closed)
plugin.command(audience="members", menu="Propose as topic")(choosing.suggest)
for command in HOSTS:
    plugin.command(audience="hosts")(command)
for command in MEMBERS:
    plugin.command(audience="members")(command)


@plugin.page
def next_chat(ctx: Chats) -> Page | None:
    """Show the next chat as a ticket; nothing while none is planned."""
    return ticket.page(ctx)


@plugin.coming
def coming(ctx: Chats) -> Iterator[Planned]:
    """Tell when each series meets next, and how such a chat goes."""
    return ticket.coming(ctx)


@plugin.page
def past_chats(ctx: Chats) -> Page | None:
    """Show the last sessions, with what people let everybody read."""
    return transcript.past(ctx)


@plugin.public("chats")
def pages(ctx: Chats, visit: Visit) -> Page | None:
    """Show chats to everybody: of the community, of a series, or of one session."""
    return public.page(ctx, visit)


@plugin.feed("calendar", feed.TYPE)
def calendar(contexts: Sequence[Chats], about: str, base: str) -> bytes | None:
    """Give the chats of one community or of all as a calendar."""
    return feed.feed(contexts, about, base)


plugin.purpose(
    answers.PURPOSE,
    "show your answers, with your name, in the transcripts of chats, which anybody can read",
)
plugin.purpose(guests.PURPOSE, "remind you of chats in private, as you asked", on_request=True)


plugin.wording(naming.wordings)


@plugin.withdraw
def withdraw(member: Member, community: str, db: Session) -> None:
    """Take down at once what a member does not want shown any more."""
    answers.withdraw(member, community, db)


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase everything that names a member; series and sessions are the community's and stay."""
    for part in (answers, desk, bank, rota, guests):
        part.forget(member, db)


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell what is kept of a member."""
    return {
        "answers": answers.tell(member, db),
        "drafts": desk.tell(member, db),
        "topics": bank.tell(member, db),
        "leads": rota.tell(member, db),
        "coming": guests.tell(member, db),
    }
