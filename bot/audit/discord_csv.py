"""Read a channel that DiscordChatExporter saved as CSV, row by row.

This format has neither ids nor reply links, nor does it mark bots. A row is known by its author,
date and words. A message that calls somebody by @name is taken for a reply: that is right for nine
in ten such messages, but misses many replies, so the share is inferred and a lower bound. Notices
of joins, pins and the like are told by the words that the exporter writes for them.
"""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from bot.audit.faults import Rows, row_refusal, seconds
from bot.audit.posts import BOT, ORIGINAL, REPLY, Archive, Post, handle, number

_HEADER = ("AuthorID", "Author", "Date", "Content")
_LONGEST_HEADER = 1 << 16
_NOTICE = re.compile(
    r"(?:Joined the server|Pinned a message|Started a thread|Left the group"
    r"|Changed the channel (?:name|icon)(?: to .*)?|(?:Added|Removed) .* (?:to|from) the group"
    r"|(?:Added|Removed) a recipient|Started a call that lasted \d+ minutes)\.?"
)
_CALLED = re.compile(r"(?<![\w/@.])@(?!everyone\b|here\b)\w")
_FORMS = ("%d-%b-%y %I:%M %p", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")
_RULES = (
    "reply = calls somebody by @name (inferred, a lower bound: this format has no reply links)",
    "reposts cannot be told",
    "notices (joins, pins, threads) left out by their words",
    "bots are not marked here, so name them with --bots",
    "dates without a zone are read as UTC",
)
_CURE = "export the channel again with DiscordChatExporter, best as JSON, which has reply links"


def is_header(line: str) -> bool:
    """Whether a file that begins so is such an export."""
    return tuple(next(csv.reader([line]), [])[: len(_HEADER)]) == _HEADER


def read(text: TextIO, path: Path, bots: frozenset[str]) -> Archive:
    """Read the header and promise the posts; `text` is opened with newline=""."""
    width = len(next(csv.reader([text.readline(_LONGEST_HEADER)])))
    rows = csv.reader(text, strict=True)
    name = path.stem.encode("utf-8", "replace").decode()
    posts = _posts(rows, width, path, bots)
    return Archive(name, "; ".join(_RULES), posts, is_inferred=True, tells_reposts=False)


def _posts(rows: Rows, width: int, path: Path, bots: frozenset[str]) -> Iterator[Post]:
    row: list[str] = []
    try:
        for row in rows:
            if len(row) != width:
                if not any(row):
                    continue
                raise row_refusal(
                    path, rows, row, f"has {len(row)} cells, its header {width}", _CURE
                )
            account, name, date, words = row[:4]
            if not account:
                raise row_refusal(path, rows, row, "has no AuthorID", _CURE)
            if _NOTICE.fullmatch(words):
                continue
            facts = _instant(date) << 2 | (REPLY if _CALLED.search(words) else ORIGINAL)
            if bots and {handle(name), handle(name.partition("#")[0]), account} & bots:
                facts += BOT
            yield number(f"{account}\0{date}\0{words}"), number(account), facts
    except UnicodeDecodeError:  # a ValueError, but about the file and not about a date
        raise
    except (ValueError, OverflowError):
        raise row_refusal(path, rows, row, f"has no date to read: {row[2]!r}", _CURE) from None
    except csv.Error as error:
        raise row_refusal(path, rows, [], f"is broken CSV, {error}", _CURE) from None


@lru_cache(maxsize=4096)
def _instant(date: str) -> int:
    """Give the seconds since 1970 of a date as the exporter's versions write it.

    ISO 8601; 06-Jan-23 02:03 PM; 1/6/2023 2:03 PM, month first; 06/01/2023 14:03, day first.
    """
    if date[4:5] == "-":
        return seconds(date)
    for form in _FORMS:
        try:
            return int(datetime.strptime(date, form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    raise ValueError(date)
