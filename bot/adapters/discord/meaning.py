"""What an error of Discord's means: wait, give up, or nobody knows. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.domain.ports import Gone, Rejected, TryLater

PATIENCE = 300.0
"""Seconds between tries where a person has to mend something first."""
LONGEST_WAIT = 3600.0
BUSY, SERVER_ERROR, FORBIDDEN, MISSING = 429, 500, 403, 404
CLOSED = 50007
"""Code of an error: this member takes no direct messages from Weaver."""
NO_CHANNEL = 10003
"""Code of an error: the channel or thread is not there."""
THREAD_THERE = 160004
"""Code of an error: the message has a thread already."""
_GONE = {
    10003: "the channel is gone",
    10004: "Weaver is no longer on that server",
    10007: "the member has left",
    10008: "the post is gone",
    10011: "the role is gone",
    10013: "there is no such account",
    10070: "the meeting is gone",
    50083: "the thread is closed",
}
"""What is not there, by the code of the error; nobody needs to hear of what people removed."""
_REFUSED = {
    10003: "the channel is not there any more; name another with its settings",
    20028: "Discord asks Weaver to write less there",
    30038: "the server has 100 meetings in its calendar already; remove some that are past",
    40067: "this forum wants a tag on every post; name one of its tags in the settings",
    50001: "Weaver cannot see the channel: give it the permission View Channel there",
    50024: "that cannot be done in this kind of channel",
    50055: "Weaver is no longer on that server; add it again",
    CLOSED: "their direct messages are closed to Weaver",
    160014: "Discord lets Weaver forward only what it may read",
    160005: "the thread is locked",
}
"""Why something never will be done, by the code of the error."""
_DROPPED = frozenset({10007, 10008, 10013, 10070})


def meaning_of(error: Exception, need: str = "") -> Exception:
    """Turn an error into one of the kernel's answers; itself where the outcome is unknown.

    ``need`` is the permission that it took, as Discord calls it.
    """
    if isinstance(error, discord.LoginFailure):
        return TryLater("Discord does not take Weaver's token; give it a new one", PATIENCE)
    if isinstance(error, discord.RateLimited):
        return TryLater("Discord asks Weaver to wait", min(LONGEST_WAIT, error.retry_after))
    return _answered(error, need) if isinstance(error, discord.HTTPException) else error


def _answered(error: discord.HTTPException, need: str) -> Exception:
    """What an answer of Discord's means that is no success."""
    if error.status == BUSY:
        return TryLater("Discord asks Weaver to wait", _wait(error))
    if error.status >= SERVER_ERROR:
        return TryLater(f"Discord's servers are in trouble ({error.status})")
    if error.code in _DROPPED or (error.code == 50035 and _about_nothing(error)):  # noqa: PLR2004
        return Gone(_GONE.get(error.code, "the post is gone"))
    if error.code in _REFUSED:
        return Rejected(_REFUSED[error.code])
    if error.status == FORBIDDEN:
        lacks = f"the permission {need}" if need else "a permission"
        return Rejected(
            f"Weaver lacks {lacks} there; whoever manages the server switches it on under Server "
            "Settings, Roles, Weaver"
        )
    if error.status == MISSING:
        return Gone(_GONE.get(error.code, "it is not there any more"))
    return Rejected(f"Discord refused it: {error.text or error.status}")


def _about_nothing(error: discord.HTTPException) -> bool:
    """Whether a message was refused because the one that it answers is not there."""
    return "message_reference" in str(error.text)


def _wait(error: discord.HTTPException) -> float:
    headers: Mapping[str, str] = getattr(error.response, "headers", {})
    try:
        return min(LONGEST_WAIT, max(1.0, float(headers.get("Retry-After", "60"))))
    except ValueError:
        return 60.0
