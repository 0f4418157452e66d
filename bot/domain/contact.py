"""How people reach whoever looks after this Weaver: checked once, said alike everywhere."""

from __future__ import annotations

import re

_FORMS = re.compile(
    r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+"  # a mail address
    r"|https?://[^\s<>]+"
    r"|@[\w.-]+(@[\w.-]+)?"  # a handle
)
LONGEST = 120


def checked(contact: str) -> str:
    """A mail address, web address or handle, or nothing; ValueError says what to write."""
    if contact and (len(contact) > LONGEST or _FORMS.fullmatch(contact) is None):
        raise ValueError(
            f"{contact!r} reaches nobody; write a mail address, a web address that begins with "
            f"https://, or a handle with its @, in at most {LONGEST} characters"
        )
    return contact


def whom_to_ask(contact: str) -> str:
    """The sentence that says so; empty where no contact is given."""
    return f"{WHO}{contact}" if contact else ""


WHO = "A person looks after this bot: "
