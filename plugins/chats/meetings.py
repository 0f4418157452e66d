"""Sessions in the calendars of platforms that have one, each as a meeting of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.api import Action, ScheduleEvent, Undo, Urgency
from plugins.chats.planning import key_of, sessions
from plugins.chats.series import Chats, series_words, spaces_of
from plugins.chats.tables import ChatSession, Series
from plugins.chats.words import chat_words

_ENTERED = (
    "Hosts planned this chat. Once it is announced it stands in the calendar too, where the "
    "platform has one."
)
_STRUCK = "A host called this chat off or moved it, so its old time leaves the calendar."
LONGEST = 100
"""Characters in a title, by the contract of the actions that have one."""


def enter(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Put a session into the calendar of each of its spaces, unless it stands there already."""
    if not ctx.settings.calendar or session.entries:
        return
    session.entered += 1
    entries: dict[str, str] = {}
    for space in spaces_of(ctx, series):
        elsewhere = [] if space.key == series.space else [space.key]
        key = key_of(ctx, session, *elsewhere, f"calendar-{session.entered}")
        entries[key] = ""
        yield ScheduleEvent(
            key,
            space,
            title(series, series.topic),
            session.at,
            session.ends,
            ctx.render("calendar.md", **series_words(series)),
            why=_ENTERED,
            urgency=Urgency.CHAT_STEP,
            until=session.at,
        )
    session.entries = entries


def strike(session: ChatSession) -> Iterator[Action]:
    """Take a session out of the calendars in which it stands."""
    for key in session.entries:
        yield Undo(f"{key}:struck", key, why=_STRUCK, urgency=Urgency.CHAT_STEP)
    session.entries = {}


def entered(session: ChatSession, key: str, receipt: str) -> None:
    """Remember what a platform calls the meeting that an act put into its calendar."""
    if key in session.entries:
        session.entries = {**session.entries, key: receipt}


def is_entry(session: ChatSession, key: str) -> bool:
    """Whether an act was to put a session into a calendar as it stands now."""
    return key in session.entries


def of_receipt(ctx: Chats, receipt: str) -> ChatSession | None:
    """The session that stands in a calendar as a meeting; None for a meeting of others."""
    still = sessions(ctx, "planned", "open")
    return next((one for one in still if receipt in one.entries.values()), None)


def move(ctx: Chats, series: Series, session: ChatSession) -> Iterator[Action]:
    """Let a session that stands in calendars stand at its new time."""
    if session.entries:
        yield from strike(session)
        yield from enter(ctx, series, session)


def title(series: Series, topic: str) -> str:
    """Name a session in a line: "Left hands", or "Tuesday chat" where it has no topic."""
    name = topic or chat_words(series.recurrence)
    name = name[:1].upper() + name[1:]
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "\u2026"
