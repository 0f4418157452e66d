"""Application commands: global and of one guild, and who may use them."""

from __future__ import annotations

from tests.fakediscord import permissions
from tests.fakediscord.errors import Refused, invalid
from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
ON_ROLE, ON_USER, ON_CHANNEL = 1, 2, 3


def complete(world: World, guild_id: str | None, body: Json, kept: Json | None = None) -> Json:
    """Complete a command as Discord stores it; one of the same name keeps its id."""
    given = {key: value for key, value in body.items() if value is not None}
    made = {
        "id": kept["id"] if kept else world.clock.snowflake(),
        "application_id": world.app_id,
        "version": world.clock.snowflake(),
        "default_member_permissions": None,
        "name_localizations": None,
        "description_localizations": None,
        "description": "",
        "nsfw": False,
        "type": CHAT_INPUT,
        **given,
    }
    if made["default_member_permissions"] is not None:
        made["default_member_permissions"] = str(made["default_member_permissions"])
    if guild_id:
        made["guild_id"] = guild_id
    else:
        made |= {"dm_permission": True, "contexts": given.get("contexts")}
        made["integration_types"] = given.get("integration_types", [0])
    if "options" in made:
        made["options"] = [_option(each) for each in made["options"]]
    return made


def _option(option: Json) -> Json:
    kept = {key: value for key, value in option.items() if value is not None}
    if "options" in kept:
        kept["options"] = [_option(each) for each in kept["options"]]
    return kept


def overwrite(world: World, guild_id: str | None, bodies: list[Json]) -> list[Json]:
    """Put these commands in place of all that were there."""
    for kind, most in MOST.items():
        names = [each["name"] for each in bodies if each.get("type", CHAT_INPUT) == kind]
        if len(names) > most or len(set(names)) < len(names):
            words = "Application command names must be unique"
            raise invalid("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
    before = {(each["name"], each["type"]): each for each in of_place(world, guild_id)}
    world.commands[guild_id] = [
        complete(world, guild_id, each, before.get((each["name"], each.get("type", CHAT_INPUT))))
        for each in bodies
    ]
    return world.commands[guild_id]


def add(world: World, guild_id: str | None, body: Json) -> Json:
    """Add a command, in place of one of the same name."""
    there = of_place(world, guild_id)
    name, kind = body["name"], body.get("type") or CHAT_INPUT
    same = next((each for each in there if (each["name"], each["type"]) == (name, kind)), None)
    made = complete(world, guild_id, body, same)
    world.commands[guild_id] = [each for each in there if each is not same] + [made]
    return made


def of_place(world: World, guild_id: str | None) -> list[Json]:
    """List the commands of a guild, or those that are everywhere."""
    return world.commands.get(guild_id, [])


def find(world: World, guild_id: str | None, id_: str) -> Json:
    """Find a command by its id."""
    found = next((each for each in of_place(world, guild_id) if each["id"] == id_), None)
    if not found:
        raise Refused(10063)
    return found


def named(world: World, guild_id: str | None, name: str, kind: int) -> Json:
    """Find the command that a person sees by this name; a guild's own comes first."""
    there = [*of_place(world, guild_id), *of_place(world, None)]
    for each in there:
        if each["name"] == name and each["type"] == kind:
            return each
    known = sorted(each["name"] for each in there if each["type"] == kind)
    raise LookupError(f"there is no {name!r} here; there are {', '.join(known) or 'none'}")


def may_use(world: World, channel: Json, person: str, command: Json) -> bool:
    """Tell whether a person is shown a command: its own permissions, then those of its default."""
    guild_id = channel.get("guild_id")
    if not guild_id:
        return True
    held = world.may(channel, person)
    if held == permissions.ALL:
        return True
    stated = world.command_permissions.get((guild_id, command["id"]), [])
    verdict = _stated(stated, guild_id, world.member(guild_id, person), channel)
    if verdict is not None:
        return verdict
    needed = command["default_member_permissions"]
    usable = bool(held & permissions.BITS["use_application_commands"])
    return usable and (needed is None or (int(needed) > 0 and held & int(needed) == int(needed)))


def _stated(stated: list[Json], guild_id: str, member: Json, channel: Json) -> bool | None:
    """Read a command's permissions: the channel's first, then the person's, then the roles'."""
    by = {(each["type"], each["id"]): each["permission"] for each in stated}
    everywhere = str(int(guild_id) - 1)
    if by.get((ON_CHANNEL, channel["id"]), by.get((ON_CHANNEL, everywhere), True)) is False:
        return False
    if (ON_USER, member["user"]["id"]) in by:
        return by[(ON_USER, member["user"]["id"])]
    roles = [by[(ON_ROLE, role)] for role in member["roles"] if (ON_ROLE, role) in by]
    return any(roles) if roles else by.get((ON_ROLE, guild_id))
