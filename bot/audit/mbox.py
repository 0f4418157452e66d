"""Read a mailing list's archive in mbox format, message by message, headers only.

A message that names another one in In-Reply-To or References is a reply, whether or not the other
is in the archive. One that a program sent of itself (Auto-Submitted) is a bot's. Headers may be in
any encoding: of names and subjects none is kept, and addresses are ASCII.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from bot.audit.faults import shown
from bot.audit.posts import BOT, ORIGINAL, REPLY, Archive, Post, handle, number
from bot.domain.errors import UserError

_SEPARATOR = re.compile(rb"From \S.* \d\d:\d\d(:\d\d)? .*\d{4}")
"""Pipermail, Mailman and mailers alike end the line between two messages with a date."""
_WANTED = (b"message-id", b"from", b"date", b"in-reply-to", b"references", b"auto-submitted")
_MOST = 1 << 16
"""Bytes of one header that are looked at."""
_WRITTEN = re.compile(rb"\s+(?:at|AT)\s+|\s*[\[(]at[\])]\s*")
"""How archives write the @ of an address."""
_RULES = (
    "reply = In-Reply-To or References names a message",
    "reposts cannot be told",
    "bots are messages marked Auto-Submitted",
)
_CURE = "fetch the list’s archive again, or delete that message"

_Headers = dict[bytes, bytes]


def is_mbox(head: bytes) -> bool:
    """Whether a file that begins so is such an archive."""
    return _SEPARATOR.match(head) is not None


def read(lines: Iterable[bytes], path: Path, bots: frozenset[str]) -> Archive:
    """Promise the posts of an archive, given its lines with their ends."""
    name = path.stem.encode("utf-8", "replace").decode()
    posts = _posts(lines, path, bots)
    return Archive(name, "; ".join(_RULES), posts, tells_reposts=False)


def _posts(lines: Iterable[bytes], path: Path, bots: frozenset[str]) -> Iterator[Post]:
    for line, separator, headers in _messages(lines):
        at = _instant(headers.get(b"date", b"")) or _instant(separator.partition(b"  ")[2])
        sender = _address(headers.get(b"from", b""))
        if at is None or not sender:
            lacks = "From" if not sender else "Date that can be read"
            raise UserError(f"{shown(path)}: the message at line {line} has no {lacks}: {_CURE}")
        answers = headers.get(b"in-reply-to") or headers.get(b"references")
        facts = at << 2 | (REPLY if answers else ORIGINAL)
        marked = headers.get(b"auto-submitted", b"no").lower()
        if not marked.startswith(b"no") or (bots and {handle(n) for n in _names(sender)} & bots):
            facts += BOT
        own = headers.get(b"message-id") or b"\0".join(headers[name] for name in sorted(headers))
        yield number(own.decode("latin-1")), _account(sender), facts


def _messages(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes, _Headers]]:
    """Give each message's line number, the line that parts it from the one before, its headers."""
    number_, separator, headers, name = 0, b"", _Headers(), b""
    in_head, blank = False, True
    for place, line in enumerate(lines, 1):
        if blank and line.startswith(b"From ") and _SEPARATOR.match(line):
            if number_:
                yield number_, separator, headers
            number_, separator, headers, name = place, line.rstrip(), {}, b""
            in_head, blank = True, False
        elif in_head and (line[:1] in b" \t" and line.strip()):
            if name and len(headers[name]) < _MOST:
                headers[name] += b" " + line.strip()
        elif in_head and line.strip():
            name = line.partition(b":")[0].strip().lower()
            name = name if name in _WANTED and name not in headers else b""
            if name:
                headers[name] = line.partition(b":")[2].strip()[:_MOST]
        else:
            in_head, blank = False, not line.strip()
    if number_:
        yield number_, separator, headers


@lru_cache(maxsize=4096)
def _address(written: bytes) -> str:
    """Give the address in a From header, in small letters; its words if it has none."""
    text = _WRITTEN.sub(b"@", written).decode("latin-1")
    return (parseaddr(text)[1] or text).strip().casefold()


@lru_cache(maxsize=1 << 15)
def _account(address: str) -> int:
    return number(address)


def _names(address: str) -> tuple[str, str]:
    return address, address.partition("@")[0]


def _instant(written: bytes) -> int | None:
    """Give the seconds since 1970 of a date as mail writes it; None if it cannot be read."""
    text = b" ".join(written.split()).decode("latin-1")
    for read_ in (parsedate_to_datetime, _asctime):
        try:
            at = read_(text)
            return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _asctime(text: str) -> datetime:
    """Read the end of a separator: Thu May 21 20:00:00 2020, in UTC for want of a zone."""
    return datetime.strptime(" ".join(text.split()[-5:]), "%a %b %d %H:%M:%S %Y").replace(
        tzinfo=UTC
    )
