"""Application commands, everywhere and in one guild."""

from __future__ import annotations

from tests.fakediscord import commands
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

EVERYWHERE = "/applications/{application_id}/commands"
IN_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ONE = "/{command_id}"


def _place(call: Call) -> str | None:
    if call["application_id"] != call.world.app_id:
        raise Refused(50001)
    guild = call.params.get("guild_id")
    return call.guild()["id"] if guild else None


@ROUTES.add("GET", EVERYWHERE)
@ROUTES.add("GET", IN_GUILD)
def everything(call: Call) -> list[Json]:
    return commands.of_place(call.world, _place(call))


@ROUTES.add("PUT", EVERYWHERE)
@ROUTES.add("PUT", IN_GUILD)
def overwrite(call: Call) -> list[Json]:
    return commands.overwrite(call.world, _place(call), call.body)


@ROUTES.add("POST", EVERYWHERE, 201)
@ROUTES.add("POST", IN_GUILD, 201)
def add(call: Call) -> Json:
    return commands.add(call.world, _place(call), call.body)


@ROUTES.add("GET", EVERYWHERE + ONE)
@ROUTES.add("GET", IN_GUILD + ONE)
def read(call: Call) -> Json:
    return commands.find(call.world, _place(call), call["command_id"])


@ROUTES.add("PATCH", EVERYWHERE + ONE)
@ROUTES.add("PATCH", IN_GUILD + ONE)
def change(call: Call) -> Json:
    found = commands.find(call.world, _place(call), call["command_id"])
    found.update(commands.complete(call.world, _place(call), found | call.body, found))
    return found


@ROUTES.add("DELETE", EVERYWHERE + ONE, 204)
@ROUTES.add("DELETE", IN_GUILD + ONE, 204)
def delete(call: Call) -> None:
    place = _place(call)
    commands.of_place(call.world, place).remove(
        commands.find(call.world, place, call["command_id"])
    )


@ROUTES.add("GET", IN_GUILD + "/permissions")
def all_permissions(call: Call) -> list[Json]:
    guild = _place(call)
    held = call.world.command_permissions
    return [_stated(call, command) for place, command in held if place == guild]


@ROUTES.add("GET", IN_GUILD + ONE + "/permissions")
def permissions(call: Call) -> Json:
    if (_place(call), call["command_id"]) not in call.world.command_permissions:
        raise Refused(10066)
    return _stated(call, call["command_id"])


def _stated(call: Call, command: str) -> Json:
    stated = call.world.command_permissions[(call["guild_id"], command)]
    told = {"id": command, "application_id": call.world.app_id, "guild_id": call["guild_id"]}
    return told | {"permissions": stated}
