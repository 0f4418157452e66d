"""Read a TAGS archive: the Archive sheet of Martin Hawksey's Twitter collector, saved as CSV.

A reply is a row with in_reply_to_status_id; a sheet without that column is judged by
in_reply_to_user_id, and without that by a leading @. A retweet is a row that its retweet column
says is one; a sheet without such a column is judged by `RT @` at the start of the text.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from bot.audit.faults import Rows, row_refusal, shown
from bot.audit.posts import BOT, ORIGINAL, QUOTE, REPLY, REPOST, Archive, Post, handle, number
from bot.domain.errors import UserError

Row = Sequence[str]

_ID = ("id_str", "id", "status_id")
_NAME = ("from_user", "screen_name")
_ACCOUNT = ("from_user_id_str", "from_user_id", "user_id_str", "user_id")
_CREATED = ("created_at", "time")
_ANSWERED_POST = ("in_reply_to_status_id_str", "in_reply_to_status_id")
_ANSWERED_ACCOUNT = ("in_reply_to_user_id_str", "in_reply_to_user_id")
_RETWEET = ("is_retweet", "retweeted_status_id_str", "retweet_status_id", "retweeted_status")
_QUOTE = ("is_quote", "quoted_status_id_str", "quoted_status_id", "quote_status_id")
_KNOWN = {*_ID, *_NAME, *_ACCOUNT, *_CREATED, *_ANSWERED_POST, *_ANSWERED_ACCOUNT, *_RETWEET}

_NOTHING = frozenset({"", "NA", "NaN", "nan", "None", "null"})
_NO = _NOTHING | {"False", "FALSE", "false", "0", "no", "No"}
_HOURS = 24
_PAST_THE_HOUR = {f":{at // 60:02}:{at % 60:02}": at for at in range(3600)}
_LONGEST_HEADER = 1 << 16
_CURE = "export the Archive sheet of TAGS as CSV again"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """How the columns of one sheet are to be read."""

    width: int
    id: int
    name: int
    account: int
    created: int
    kind: Callable[[Row], int]
    rules: str


def read(text: TextIO, path: Path, bots: frozenset[str]) -> Archive | None:
    """Read the header and promise the posts; None if the text is no sheet of TAGS at all.

    `text` is opened with newline="", for a post may hold line breaks of any kind.
    Dates are those of created_at, in UTC; only a sheet without it is read by `time`.
    """
    first = text.readline(_LONGEST_HEADER)
    delimiter = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    columns = {name.strip(): place for place, name in enumerate(header)}
    if not _KNOWN & columns.keys():
        return None
    sheet = _sheet(columns, len(header), path)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    name = path.stem.encode("utf-8", "replace").decode()
    return Archive(name, sheet.rules, _posts(rows, sheet, bots, path))


def instant(text: str) -> int:
    """Give the seconds since 1970 of a date as TAGS writes it, UTC unless it says otherwise.

    All three forms have their clock in the same place: `Sun Aug 18 18:22:42 +0000 2019`,
    `2019-08-18T18:22:42Z` and `18/08/2019 18:22:42`. ValueError or KeyError if it is none.
    """
    return _hour(text[:13] + text[19:]) + _PAST_THE_HOUR[text[13:19]]


@lru_cache(maxsize=1 << 15)
def _hour(text: str) -> int:
    """Give the instant of a date's full hour: the date without its minutes and seconds."""
    hour = int(text[11:13]) if text[11:13].isdecimal() else _HOURS
    if hour >= _HOURS:
        raise ValueError(text)
    return _midnight(text[:11], text[13:]) + hour * 3600


@lru_cache(maxsize=4096)
def _midnight(date: str, rest: str) -> int:
    if date[2] == "/":
        midnight = datetime.strptime(date + rest, "%d/%m/%Y ").replace(tzinfo=UTC)
    elif date[4] == "-":
        midnight = datetime.fromisoformat(f"{date}00:00:00{rest}")
    else:
        midnight = datetime.strptime(date + rest, "%a %b %d  %z %Y")
    return int((midnight if midnight.tzinfo else midnight.replace(tzinfo=UTC)).timestamp())


@lru_cache(maxsize=1 << 15)
def _account(name: str) -> int:
    return number(handle(name))


def _sheet(columns: dict[str, int], width: int, path: Path) -> _Sheet:
    """Choose the columns and rules that a sheet's header allows; name what it lacks."""

    def find(names: Iterable[str]) -> str | None:
        return next((name for name in names if name in columns), None)

    id_, name, created = find(_ID), find(_NAME), find(_CREATED)
    answered = find(_ANSWERED_POST) or find(_ANSWERED_ACCOUNT)
    retweet, quote = find(_RETWEET), find(_QUOTE)
    text = "text" if "text" in columns else None
    needed = {"id_str": id_, "from_user": name, "created_at": created}
    if not (answered and retweet):
        needed["text"] = text
    missing = [column for column, found in needed.items() if found is None]
    if missing or not (id_ and name and created):
        raise UserError(
            f"{shown(path)}: line 1 lacks the column{'s'[: len(missing) - 1]} "
            f"{', '.join(missing)}: {_CURE}"
        )
    rules = [
        f"reply = {answered} set" if answered else "reply = text starts with @",
        f"repost = {retweet} says so" if retweet else "repost = text starts with RT @",
    ]
    if created == "time":
        rules.append("dates from the sheet's own time column, read as UTC, for want of created_at")
    return _Sheet(
        width,
        columns[id_],
        columns[name],
        columns[find(_ACCOUNT) or name],
        columns[created],
        _kind_of(*(columns.get(one) if one else None for one in (retweet, answered, quote, text))),
        "; ".join(rules),
    )


def _kind_of(
    retweet: int | None, answered: int | None, quote: int | None, text: int | None
) -> Callable[[Row], int]:
    """Make the rule that says of a row what kind of post it is, from the columns there are."""

    def by_columns(row: Row) -> int:
        if row[retweet] not in _NO:  # type: ignore[index]
            return REPOST
        if row[answered] not in _NOTHING:  # type: ignore[index]
            return REPLY
        return ORIGINAL if quote is None or row[quote] in _NO else QUOTE

    def by_text(row: Row) -> int:
        words = row[text or 0]
        if words.startswith("RT @") if retweet is None else row[retweet] not in _NO:
            return REPOST
        if words.startswith("@") if answered is None else row[answered] not in _NOTHING:
            return REPLY
        return ORIGINAL if quote is None or row[quote] in _NO else QUOTE

    return by_text if retweet is None or answered is None else by_columns


def _posts(rows: Rows, sheet: _Sheet, bots: frozenset[str], path: Path) -> Iterator[Post]:
    id_, name, account, created = sheet.id, sheet.name, sheet.account, sheet.created
    kind, width = sheet.kind, sheet.width
    row: list[str] = []
    try:
        for row in rows:
            key = row[id_] if len(row) == width else ""
            if key in _NOTHING or "E+" in key:
                if not any(row):
                    continue
                raise row_refusal(path, rows, row, _flaw(row, key, width), _CURE)
            facts = instant(row[created]) << 2 | kind(row)
            who = row[account]
            if who in _NOTHING:
                who = row[name]
            if bots and (handle(row[name]) in bots or handle(who) in bots):
                facts += BOT
            yield number(key), _account(who), facts
    except UnicodeDecodeError:  # a ValueError, but about the file and not about a date
        raise
    except (KeyError, ValueError, IndexError):
        why = f"has no date to read: {row[created]!r}"
        raise row_refusal(path, rows, row, why, _CURE) from None
    except csv.Error as error:
        raise row_refusal(path, rows, [], f"is broken CSV, {error}", _CURE) from None


def _flaw(row: Row, key: str, width: int) -> str:
    if len(row) != width:
        return f"has {len(row)} cells, its header {width}"
    return f"has no whole id: {key!r}"
