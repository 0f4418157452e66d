"""Keep what is sound of lines and of parts of them, whatever people's programs write there."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import msgspec
from msgspec import Raw

T = TypeVar("T")
UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What decoding raises for a line that is no JSON, or too deeply nested to be anybody's."""


def salvaged(line: bytes, wanted: type[T]) -> T:
    """Read a line of valid JSON into ``wanted``, leaving out whatever does not fit."""
    try:
        value = msgspec.json.decode(line)
    except UNREADABLE:
        value = None
    fitted = _fitted(value if isinstance(value, dict) else {}, msgspec.inspect.type_info(wanted))
    return cast("T", fitted)


def _fitted(value: Any, wanted: Any) -> Any:
    """The value, or as much of it as fits a type; the type's default where nothing does."""
    kinds = msgspec.inspect
    if isinstance(wanted, kinds.UnionType):
        wanted = next(one for one in wanted.types if not isinstance(one, kinds.NoneType))
    if isinstance(wanted, kinds.StructType) and isinstance(value, dict):
        found = {
            one.name: fitted
            for one in wanted.fields
            if one.encode_name in value
            and (fitted := _fitted(value[one.encode_name], one.type)) is not None
        }
        return wanted.cls(**found)
    if isinstance(wanted, kinds.VarTupleType) and isinstance(value, list):
        fitting = (_fitted(one, wanted.item_type) for one in value)
        return tuple(one for one in fitting if one is not None)
    if isinstance(wanted, kinds.RawType):
        return Raw(msgspec.json.encode(value))
    if isinstance(wanted, kinds.LiteralType):
        return value if value in wanted.values else None
    is_plain = (isinstance(wanted, kinds.StrType) and isinstance(value, str)) or (
        isinstance(wanted, kinds.IntType) and type(value) is int
    )
    return value if is_plain else None


def opened(raw: Raw) -> dict[str, Any]:
    """An undecoded part of a record; nothing, for what is no object."""
    value = read(raw)
    return value if isinstance(value, dict) else {}


def read(raw: Raw) -> Any:
    """An undecoded part of a record, whatever it is; None where there is none."""
    try:
        return msgspec.json.decode(raw) if raw else None
    except UNREADABLE:
        return None
