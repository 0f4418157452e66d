"""Words as Discord takes them: cut to 2,000 characters, never inside a word, a link or code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.actions import Moment

LONGEST = 2000
"""Characters in one message."""
LONGEST_NAME = 100
"""Characters in the title of a thread or a meeting."""
_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)(.*)$")
_LINK = re.compile(r"\[[^\]\n]*\]\([^)\s]*\)")
_ENDS = ("\n\n", "\n", ". ", " ")
"""Where to cut, best first: after a paragraph, a line, a sentence, a word."""
_ROOM = 60
"""Characters kept free for closing a fence and opening it again."""


def messages(text: str) -> list[str]:
    """Cut a text into messages; none when there is nothing to say.

    A block of code that is cut is closed and opened again, so that every part shows as code.
    """
    left, made, opened = text.strip(), [], ""
    while left:
        head = f"{opened}\n" if opened else ""
        room = LONGEST - len(head)
        if len(left) <= room:
            made.append(head + left)
            break
        part, left = _cut(left, room - _ROOM)
        opened = _open_fence(head + part)
        made.append(head + part + (f"\n{opened[:3]}" if opened else ""))
    return [one for one in made if one.strip()]


def _cut(text: str, room: int) -> tuple[str, str]:
    """The longest good beginning of at most ``room`` characters, and the rest."""
    window, least = text[: room + 1], room // 3
    links = [found.span() for found in _LINK.finditer(text[: 2 * LONGEST])]
    for end in _ENDS:
        place = window.rfind(end, least)
        while place > 0 and any(start < place < stop for start, stop in links):
            place = window.rfind(end, least, place)
        if place > 0:
            keep = place + len(end.rstrip())
            return text[:keep].rstrip(), text[keep:].lstrip("\n" if "\n" in end else " ")
    return text[:room], text[room:]


def _open_fence(text: str) -> str:
    """The line that opened the block of code that is still open at the end; empty for none."""
    opened = ""
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if not opened:
            opened = line.strip()[: _ROOM // 2]
        elif not fence[2].strip() and line.strip()[:3] == opened[:3]:
            opened = ""
    return opened


def in_own_zones(text: str, moments: Sequence[Moment]) -> str:
    """A text whose moments Discord shows to each reader in their own zone."""
    for moment in moments:
        if moment.words:
            text = text.replace(moment.words, f"<t:{int(moment.at.timestamp())}:F>")
    return text


def titled(text: str, longest: int = LONGEST_NAME) -> str:
    """A title on one line, of a length that Discord takes."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
