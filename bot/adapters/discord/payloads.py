"""Bodies of requests to Discord, made from our values alone, so that a retry makes the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.actions import Button
from bot.domain.ports import Image

SILENT: Mapping[str, Any] = {"parse": [], "replied_user": False}
"""Nobody is pinged, whatever the words say."""
NO_PREVIEWS, FOR_ONE = 1 << 2, 1 << 6
"""Flags of messages: links stay links; only the caller sees it."""
FORWARD = 1
_ROW, _ROWS, _LABEL, _CUSTOM = 5, 5, 80, 100
_ACTION_ROW, _BUTTON, _SELECT, _GREY = 1, 2, 3, 2
_OPTION, _OPTIONS = 100, 25
CHOOSE = "choose"
"""The id of a select whose options are what buttons would carry."""
SAY, SAY_IN = "say:", "in:"
"""How the id of a button begins that says a command: here, or in the space that it names."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def body_of(
    words: str,
    *,
    nonce: str = "",
    rows: Sequence[Any] = (),
    reference: Mapping[str, Any] | None = None,
    images: Sequence[Image] = (),
) -> dict[str, Any]:
    """A message that pings nobody and shows no previews."""
    body: dict[str, Any] = {"content": words, "allowed_mentions": SILENT, "flags": NO_PREVIEWS}
    if nonce:
        body |= {"nonce": nonce, "enforce_nonce": True}
    if rows:
        body["components"] = list(rows)
    if reference:
        body["message_reference"] = dict(reference)
    if images:
        body["attachments"] = [
            {"id": number, "filename": image.name, "description": image.alt[:1024]}
            for number, image in enumerate(images)
        ]
    return body


def answers_to(channel: int, message: int) -> dict[str, Any]:
    """A reference to a message that is answered; it has to be there."""
    return {
        "message_id": str(message),
        "channel_id": str(channel),
        "fail_if_not_exists": True,
    }


def forwards(channel: int, message: int) -> dict[str, Any]:
    """A reference to a message that is passed on."""
    return {"type": FORWARD, "message_id": str(message), "channel_id": str(channel)}


def rows_of(
    buttons: Sequence[Button], space: str = ""
) -> tuple[list[dict[str, Any]], list[Button]]:
    """Rows of buttons that say commands, and those that have no room and must be words.

    Choices of one kind, those that have a word, are a select where they would fill more than a row.
    ``space`` is named in the buttons of a private message, where nothing else says which
    community is meant.
    """
    choices = [one for one in buttons if one.word and _fits(custom_id(one.command, space))]
    chosen = choices[:_OPTIONS] if len(choices) > _ROW else []
    top = [_select(chosen, space)] if chosen else []
    made: dict[str, dict[str, Any]] = {}
    left: list[Button] = []
    for button in (one for one in buttons if one not in chosen):
        custom = custom_id(button.command, space)
        is_full = len(made) == _ROW * (_ROWS - len(top)) and custom not in made
        if is_full or not _fits(custom):
            left.append(button)
            continue
        label = button.label if len(button.label) <= _LABEL else button.label[: _LABEL - 1] + "…"
        made.setdefault(
            custom, {"type": _BUTTON, "style": _GREY, "label": label, "custom_id": custom}
        )
    every = list(made.values())
    rows = [
        {"type": _ACTION_ROW, "components": every[start : start + _ROW]}
        for start in range(0, len(every), _ROW)
    ]
    return top + rows, left


def _fits(custom: str) -> bool:
    return len(custom) <= _CUSTOM


def _select(choices: Sequence[Button], space: str) -> dict[str, Any]:
    """A row with a select, of which one is chosen at a time."""
    options = {
        custom_id(one.command, space): one.label
        if len(one.label) <= _OPTION
        else one.label[:99] + "…"
        for one in choices
    }
    select = {
        "type": _SELECT,
        "custom_id": CHOOSE,
        "placeholder": "Choose one",
        "min_values": 1,
        "max_values": 1,
        "options": [{"label": label, "value": custom} for custom, label in options.items()],
    }
    return {"type": _ACTION_ROW, "components": [select]}


def custom_id(command: str, space: str = "") -> str:
    """What a button carries: the command itself, so that it still works after a restart."""
    return f"{SAY_IN}{_short(int(space))}:{command}" if space else f"{SAY}{command}"


def said_by(custom: str) -> tuple[str, str] | None:
    """The command that a button says and the space it names, if any; None for other buttons."""
    if custom.startswith(SAY):
        return custom.removeprefix(SAY), ""
    if custom.startswith(SAY_IN):
        space, _, command = custom.removeprefix(SAY_IN).partition(":")
        if space and all(digit in _DIGITS for digit in space):
            return command, str(int(space, 36))
    return None


def mark_of(message: Mapping[str, Any]) -> str:
    """What a message is known by in a channel's history: words, what it is about, its files."""
    reference = message.get("message_reference") or {}
    seen = (
        str(message.get("content") or "").strip(),
        str(reference.get("message_id") or ""),
        str(len(message.get("attachments") or ())),
    )
    return hashlib.sha256("\0".join(seen).encode()).hexdigest()[:16]


def _short(number: int) -> str:
    """A number in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
