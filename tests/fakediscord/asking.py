"""What Discord's own app sends when somebody uses a command, a component or a modal (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakediscord import commands
from tests.fakediscord.interactions import AUTOCOMPLETE
from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

__all__ = ["AUTOCOMPLETE", "Seat", "choose", "fill", "menu", "press", "slash"]
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, ANY_SELECT, CHANNEL_SELECT = range(
    2, 9
)
LABEL = 18
TYPES = {INTEGER: int, BOOLEAN: bool, NUMBER: (int, float), STRING: str}


class NotOffered(LookupError):  # noqa: N818 - it is an answer
    """A person tried what Discord's app would not let them do; the message says what there is."""


@dataclass(frozen=True)
class Seat:
    """Where somebody sits: who they are, and the channel they have open."""

    world: World
    channel: Json
    person: Json

    @property
    def guild(self) -> str | None:
        """The guild of the channel."""
        return self.channel.get("guild_id")


def slash(seat: Seat, words: str, options: Json, focused: str | None = None) -> Json:
    """Call a command by its words, ``group command``, with options by name."""
    root, *rest = words.split()
    command = _offered(seat, root, commands.CHAT_INPUT)
    leaf, path = command, []
    for word in rest:
        inside = {each["name"]: each for each in leaf.get("options", []) if each["type"] <= GROUP}
        if word not in inside:
            raise NotOffered(f"/{words}: there is no {word!r}; there are {', '.join(inside)}")
        leaf = inside[word]
        path.append(leaf)
    resolved: Json = {}
    filled = list(_filled(seat, leaf, options, focused, resolved))
    for step in reversed(path):
        filled = [{"name": step["name"], "type": step["type"], "options": filled}]
    data = {"id": command["id"], "name": command["name"], "type": commands.CHAT_INPUT}
    data |= {"options": filled} if filled else {}
    data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return data | ({"resolved": resolved} if resolved else {})


def _filled(
    seat: Seat, leaf: Json, given: Json, focused: str | None, resolved: Json
) -> Iterator[Json]:
    known = {each["name"]: each for each in leaf.get("options", [])}
    strange = set(given) - set(known)
    if strange or any(each["type"] <= GROUP for each in known.values()):
        raise NotOffered(
            f"/{leaf['name']} has no {strange or 'use by itself'}; it has {list(known)}"
        )
    missing = [name for name, each in known.items() if each.get("required") and name not in given]
    if missing and focused is None:
        raise NotOffered(f"/{leaf['name']} cannot be sent without {', '.join(missing)}")
    for name, value in given.items():
        option = known[name]
        plain = getattr(value, "id", value)
        if focused is None:
            _check(option, plain)
        filled = {"name": name, "type": option["type"], "value": plain}
        if name == focused:
            filled["focused"] = True
        _resolve(seat, plain, resolved, option["type"])
        yield filled


def _check(option: Json, value: Any) -> None:
    """Hold a value to what Discord's app lets one enter."""
    name, wanted = option["name"], TYPES.get(option["type"], str)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise NotOffered(f"{name} takes {wanted}, not {value!r}")
    choices = [each["value"] for each in option.get("choices", [])]
    if choices and value not in choices:
        raise NotOffered(f"{name} offers {choices}, not {value!r}")
    size = len(value) if isinstance(value, str) else value
    low, high = (
        ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    )
    if not option.get(low, size) <= size <= option.get(high, size):
        raise NotOffered(f"{name} is out of bounds: {value!r}")


def _resolve(seat: Seat, id_: Any, resolved: Json, kind: int) -> None:
    """Describe what an option or select names, the way Discord adds it."""
    world, guild = seat.world, seat.guild
    if kind in {USER, MENTIONABLE} and id_ in world.users:
        resolved.setdefault("users", {})[id_] = world.users[id_]
        member = world.find_member(guild, id_) if guild else None
        if member:
            bare = {
                key: value for key, value in member.items() if key not in {"user", "deaf", "mute"}
            }
            resolved.setdefault("members", {})[id_] = bare | {"permissions": "0"}
    elif kind in {ROLE, MENTIONABLE} and guild:
        resolved.setdefault("roles", {})[id_] = world.role(guild, id_)
    elif kind == CHANNEL:
        channel = world.channels[id_]
        kept = ("id", "name", "type", "parent_id", "thread_metadata")
        about = {key: channel[key] for key in kept if key in channel} | {"permissions": "0"}
        resolved.setdefault("channels", {})[id_] = about


def menu(seat: Seat, name: str, target: Json, *, is_message: bool) -> Json:
    """Use a context menu."""
    kind = commands.MESSAGE if is_message else commands.USER
    command = _offered(seat, name, kind)
    data = {"id": command["id"], "name": name, "type": kind, "target_id": target["id"]}
    resolved: Json = {}
    if is_message:
        resolved["messages"] = {target["id"]: target}
    else:
        _resolve(seat, target["id"], resolved, USER)
    return data | {"resolved": resolved}


def _offered(seat: Seat, name: str, kind: int) -> Json:
    try:
        command = commands.named(seat.world, seat.guild, name, kind)
    except LookupError as missing:
        raise NotOffered(str(missing)) from None
    if not commands.may_use(seat.world, seat.channel, seat.person["id"], command):
        raise NotOffered(f"{seat.person['username']} is not shown {name!r} here")
    return command


def press(message: Json, button: str) -> Json:
    """Press a button of a message."""
    found = _component(message, button, {BUTTON})
    if found.get("disabled"):
        raise NotOffered(f"{button!r} cannot be pressed")
    return _touched(found)


def choose(seat: Seat, message: Json, select: str, values: list[str]) -> Json:
    """Choose in a select of a message."""
    kinds = {STRING_SELECT, USER_SELECT, ROLE_SELECT, ANY_SELECT, CHANNEL_SELECT}
    found = _component(message, select, kinds)
    least, most = found.get("min_values", 1), found.get("max_values", 1)
    if not least <= len(values) <= most:
        raise NotOffered(f"{select!r} takes {least} to {most} values, not {len(values)}")
    if found["type"] == STRING_SELECT:
        by_label = {each["label"]: each["value"] for each in found["options"]}
        known = set(by_label.values())
        values = [each if each in known else by_label.get(each, "") for each in values]
        if not set(values) <= known:
            raise NotOffered(f"{select!r} offers {', '.join(by_label)}")
    kinds_of_id = {USER_SELECT: USER, ROLE_SELECT: ROLE, CHANNEL_SELECT: CHANNEL}
    kind = kinds_of_id.get(found["type"], MENTIONABLE)
    resolved: Json = {}
    for value in values if found["type"] != STRING_SELECT else ():
        _resolve(seat, value, resolved, kind)
    data = _touched(found) | {"values": values}
    return data | ({"resolved": resolved} if resolved else {})


def fill(modal: Json, fields: Json) -> Json:
    """Fill in a modal, by custom id or label."""
    rows, used = [], set()
    for row in modal["components"]:
        inner = [row["component"]] if "component" in row else row["components"]
        filled = []
        for each in inner:
            name = next(
                (
                    key
                    for key in (each["custom_id"], each.get("label"), row.get("label"))
                    if key in fields
                ),
                None,
            )
            used.add(name)
            filled.append(_field(each, fields.get(name, each.get("value", ""))))
        shape = {"component": filled[0]} if "component" in row else {"components": filled}
        rows.append({"type": row["type"], "id": row.get("id", len(rows) + 1), **shape})
    if set(fields) - used:
        raise NotOffered(f"the form does not ask for {', '.join(set(fields) - used)}")
    return {"custom_id": modal["custom_id"], "components": rows}


def _field(asked: Json, value: Any) -> Json:
    data = {"type": asked["type"], "custom_id": asked["custom_id"], "id": asked.get("id", 0)}
    if asked["type"] != TEXT_INPUT:
        values = [getattr(each, "id", each) for each in value or []]
        return data | {"values": values}
    if asked.get("required", True) and not value:
        raise NotOffered(
            f"the form cannot be sent without {asked.get('label') or asked['custom_id']}"
        )
    if not asked.get("min_length", 0) <= len(value) <= asked.get("max_length", 4000):
        raise NotOffered(f"{asked['custom_id']} is too short or too long: {len(value)}")
    return data | {"value": value}


def _component(message: Json, name: str, kinds: set[int]) -> Json:
    shown = [each for each in _flat(message.get("components", [])) if each["type"] in kinds]
    for each in shown:
        if name in (each.get("custom_id"), each.get("label"), each.get("placeholder")):
            return each
    names = [
        each.get("label") or each.get("placeholder") or each.get("custom_id") for each in shown
    ]
    raise NotOffered(f"there is no {name!r} to use here; there are {names}")


def _flat(components: list[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _flat(each.get("components", []))
        if "accessory" in each:
            yield each["accessory"]


def _touched(component: Json) -> Json:
    return {
        "custom_id": component["custom_id"],
        "component_type": component["type"],
        "id": component["id"],
    }
