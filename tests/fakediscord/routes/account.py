"""The bot itself: who it is, where the gateway is, whom it writes to in private."""

from __future__ import annotations

from tests.fakediscord import intents, permissions, shapes
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

FLAGS = {intents.PRESENCES: 1 << 13, intents.MEMBERS: 1 << 15, intents.CONTENT: 1 << 19}
"""What an application's flags tell of intents that are on for it while it is small."""


@ROUTES.add("GET", "/users/@me")
def me(call: Call) -> Json:
    more = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
    more |= {"premium_type": 0, "accent_color": None, "banner": None}
    return call.world.bot | more


@ROUTES.add("GET", "/users/{user_id}")
def somebody(call: Call) -> Json:
    found = call.world.users.get(call["user_id"])
    if not found:
        raise Refused(10013)
    return found | {"accent_color": None, "banner": None}


@ROUTES.add("GET", "/applications/@me")
@ROUTES.add("GET", "/oauth2/applications/@me")
def application(call: Call) -> Json:
    allowed = call.server.gateway.allowed
    flags = sum(flag for intent, flag in FLAGS.items() if allowed & intent)
    return shapes.application(call.world.app_id, call.world.bot, call.server.operator, flags)


@ROUTES.add("GET", "/gateway")
def gateway(call: Call) -> Json:
    return {"url": call.server.gateway_url}


@ROUTES.add("GET", "/gateway/bot")
def gateway_for_bot(call: Call) -> Json:
    left = call.server.gateway.identifies_left
    limit = {"total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
    shards = call.server.gateway.shards
    return {"url": call.server.gateway_url, "shards": shards, "session_start_limit": limit}


@ROUTES.add("POST", "/users/@me/channels")
def open_direct_messages(call: Call) -> Json:
    return call.world.direct(str(call.body["recipient_id"]))


@ROUTES.add("GET", "/users/@me/guilds")
def own_guilds(call: Call) -> list[Json]:
    world = call.world
    mine = [each for each in world.guilds.values() if world.find_member(each["id"], world.app_id)]
    return [
        {key: each[key] for key in ("id", "name", "icon", "banner", "features")}
        | {"owner": False, "permissions": str(_held(world, each))}
        for each in mine
    ]


def _held(world: World, guild: Json) -> int:
    return permissions.of_member(guild, world.member(guild["id"], world.app_id))


@ROUTES.add("DELETE", "/users/@me/guilds/{guild_id}", 204)
def leave(call: Call) -> None:
    call.world.remove_bot(call.guild())
