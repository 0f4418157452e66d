"""Say where a file cannot be read, so that a person finds the place."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import ijson

from bot.domain.errors import UserError

BITE, HEAD_BITE = 1 << 16, 256
"""Bytes of JSON that are parsed at a time: of a whole archive, and of its head."""


class Rows(Protocol):
    """What csv.reader gives, which has no public type."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def shown(path: Path) -> str:
    """Write a path so that it stays on one line, whatever its name holds."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


def misencoded(path: Path) -> UserError | None:
    """Find the first byte that is no UTF-8: no character of it spans two lines."""
    start = 0
    with path.open("rb") as file:
        for line, content in enumerate(file, 1):
            try:
                content.decode()
            except UnicodeDecodeError as error:
                at = f"line {line}, byte {start + error.start}"
                return UserError(f"{shown(path)}: {at} is no UTF-8: save it as UTF-8")
            start += len(content)
    return None


def broken_json(path: Path, cure: str) -> UserError:
    """Find the byte where the JSON breaks, by feeding it again in ever smaller bites."""
    sound = 0
    for bite in (BITE, HEAD_BITE, 1):
        sound = _swallowed(path, sound, bite)
    how = "ends in the middle" if sound >= path.stat().st_size else "is broken JSON"
    return UserError(f"{shown(path)}: {how}, at byte {sound}: {cure}")


def _swallowed(path: Path, sound: int, bite: int) -> int:
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events)
    with path.open("rb") as file:
        while chunk := file.read(min(BITE, max(sound - file.tell(), 0)) or bite):
            try:
                parser.send(chunk)
            except ijson.JSONError:
                return max(file.tell() - len(chunk), sound)
            events.clear()
        return file.tell()


def seconds(written: str) -> int:
    """Give the seconds since 1970 of an ISO 8601 date, UTC unless it says otherwise."""
    at = datetime.fromisoformat(written)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() // 1)


def row_refusal(path: Path, rows: Rows, row: Sequence[str], why: str, cure: str) -> UserError:
    """Say at which line of a sheet, after its header of one, a row is wrong."""
    line = 1 + rows.line_num - sum(cell.count("\n") for cell in row)
    return UserError(f"{shown(path)}: line {line} {why}: mend it, or {cure}")
