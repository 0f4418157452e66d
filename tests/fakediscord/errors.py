"""What Discord says when it refuses, by its own codes."""

from __future__ import annotations

from typing import Any

WORDS: dict[int, tuple[int, str]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10066: (404, "Unknown application command permissions"),
    10070: (404, "Unknown Guild Scheduled Event"),
    30003: (400, "Maximum number of pins reached for the channel (50)"),
    30038: (400, "Maximum number of guild scheduled events reached (100)"),
    40001: (401, "401: Unauthorized"),
    40033: (400, "This message has already been crossposted."),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete. Must provide at least 2"),
    50019: (400, "A message can only be pinned in the channel it was sent in"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50035: (400, "Invalid Form Body"),
    50068: (400, "Invalid message type"),
    50083: (400, "Thread is archived"),
    180000: (400, "Cannot update a finished event"),
    160014: (403, "You cannot forward a message whose content you cannot read"),
    160004: (400, "A thread has already been created for this message"),
}


class Refused(Exception):  # noqa: N818 - it is an answer
    """Discord refuses, with a code and, for a malformed body, the place and the reason."""

    def __init__(self, code: int, errors: dict[str, Any] | None = None) -> None:
        self.code, self.errors = code, errors
        self.status, self.words = WORDS[code]
        super().__init__(f"{code}: {self.words}")

    def body(self) -> dict[str, Any]:
        """Write it as Discord does."""
        said = {"message": self.words, "code": self.code}
        return said | ({"errors": self.errors} if self.errors else {})


def invalid(field: str, why: str, words: str) -> Refused:
    """Refuse a body for one field of it."""
    return Refused(50035, {field: {"_errors": [{"code": why, "message": words}]}})
