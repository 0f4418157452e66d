"""What Discord asks of a request and its description leaves out (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import regex

from tests.fakediscord.shapes import Json

LONGEST = 2000
COMMAND_NAME = regex.compile(r"^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$")
MOST_OPTIONS, MOST_ROWS, MOST_BUTTONS, MOST_CHOICES, MOST_EMBEDS = 25, 5, 5, 25, 10
LONGEST_NONCE, LONGEST_EMBEDS = 25, 6000
SPEAKS = ("content", "embeds", "components", "sticker_ids", "attachments", "poll")
ROW, BUTTON, SELECTS = 1, 2, {3, 5, 6, 7, 8}
ANSWER, MODAL = 4, 9


def broken(method: str, path: str, body: Any) -> Iterator[str]:
    """Name every rule that a request breaks; ``path`` is the template of its route."""
    if method not in {"POST", "PATCH", "PUT"} or body is None:
        return
    if path.startswith("/applications/") and path.endswith(("/commands", "/{command_id}")):
        for command in body if isinstance(body, list) else [body]:
            yield from _command(command)
    for message in _messages(method, path, body):
        yield from _message(message)
        is_forward = (message.get("message_reference") or {}).get("type") == 1
        if method == "POST" and not is_forward and not any(message.get(key) for key in SPEAKS):
            yield "says nothing: no " + ", ".join(SPEAKS)
    if path.endswith("/callback"):
        data = body.get("data") or {}
        if body["type"] == MODAL:
            yield from _components(data["components"])
        if len(data.get("choices") or []) > MOST_CHOICES:
            yield f"more than {MOST_CHOICES} choices"


def _messages(method: str, path: str, body: Json) -> Iterator[Json]:
    """Find the message that a request carries, if it carries one."""
    if path.endswith("/callback"):
        if body["type"] == ANSWER:
            yield body["data"]
    elif path.endswith("/threads") and "message" in body:
        yield body["message"]
    elif path.startswith("/webhooks/") or re.search(r"/messages(?:/\{message_id\})?$", path):
        yield body


def _message(message: Json) -> Iterator[str]:
    if len(str(message.get("content") or "")) > LONGEST:
        yield f"more than {LONGEST} characters"
    if len(str(message.get("nonce") or "")) > LONGEST_NONCE:
        yield f"a nonce of more than {LONGEST_NONCE} characters"
    embeds = message.get("embeds") or []
    if len(embeds) > MOST_EMBEDS:
        yield f"more than {MOST_EMBEDS} embeds"
    if sum(_words(embed) for embed in embeds) > LONGEST_EMBEDS:
        yield f"embeds of more than {LONGEST_EMBEDS} characters together"
    yield from _components(message.get("components") or [])


def _words(embed: Json) -> int:
    """Count the characters that Discord counts in an embed."""
    total = len(embed.get("title") or "") + len(embed.get("description") or "")
    total += len((embed.get("footer") or {}).get("text") or "")
    total += len((embed.get("author") or {}).get("name") or "")
    fields = embed.get("fields") or []
    return total + sum(len(field["name"]) + len(field["value"]) for field in fields)


def _components(rows: list[Json]) -> Iterator[str]:
    if len(rows) > MOST_ROWS and all(row["type"] == ROW for row in rows):
        yield f"more than {MOST_ROWS} rows"
    ids: list[str] = []
    for component in _flat(rows):
        ids += [component["custom_id"]] if component.get("custom_id") else []
        if component["type"] in SELECTS and len(component.get("options") or []) > MOST_OPTIONS:
            yield f"more than {MOST_OPTIONS} options in {component.get('custom_id')}"
        if component["type"] == BUTTON and not (component.get("label") or component.get("emoji")):
            yield "a button with neither label nor emoji"
        if component["type"] == ROW and len(component["components"]) > MOST_BUTTONS:
            yield f"more than {MOST_BUTTONS} components in a row"
    if len(set(ids)) < len(ids):
        yield "two components with the same custom_id"


def _flat(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _flat(component.get("components") or [])
        if component.get("component"):
            yield component["component"]


def _command(command: Json) -> Iterator[str]:
    name = command.get("name", "")
    is_slash = (command.get("type") or 1) == 1
    if name and is_slash and not (COMMAND_NAME.match(name) and name == name.lower()):
        yield f"{name!r} is no name of a command"
    if is_slash:
        yield from _options(command)
        if name and "description" not in command:
            yield f"{name!r} has no description"
    size = _size(command)
    if size > 8000:
        yield f"{name!r} has {size} characters in all; 8000 are allowed"


def _options(holder: Json) -> Iterator[str]:
    options = holder.get("options") or []
    if len(options) > MOST_OPTIONS:
        yield f"{holder['name']!r} has more than {MOST_OPTIONS} options"
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        yield f"{holder['name']!r} has two options of one name"
    optional = False
    for option in options:
        if not COMMAND_NAME.match(option["name"]) or option["name"] != option["name"].lower():
            yield f"{option['name']!r} is no name of an option"
        if option.get("required") and optional:
            yield f"{option['name']!r} is required after one that is not"
        optional = optional or (option["type"] > 2 and not option.get("required"))
        if len(option.get("choices") or []) > MOST_CHOICES:
            yield f"{option['name']!r} has more than {MOST_CHOICES} choices"
        if option.get("choices") and option.get("autocomplete"):
            yield f"{option['name']!r} has both choices and autocomplete"
        yield from _options(option)


def _size(part: Json) -> int:
    """Count the characters of names, descriptions and values, the way Discord limits commands."""
    total = len(part.get("name", "")) + len(part.get("description") or "")
    total += sum(_size(option) for option in part.get("options") or [])
    choices = part.get("choices") or []
    return total + sum(len(each["name"]) + len(str(each["value"])) for each in choices)
