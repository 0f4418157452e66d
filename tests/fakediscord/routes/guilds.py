"""Guilds: members, roles, channels, bans, onboarding and the audit log."""

from __future__ import annotations

from typing import Any

from tests.fakediscord import intents, permissions, shapes
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

GUILD = "/guilds/{guild_id}"
MEMBER = GUILD + "/members/{user_id}"
NEEDS = {"nick": "manage_nicknames", "roles": "manage_roles", "flags": "moderate_members"}
NEEDS |= {"communication_disabled_until": "moderate_members", "channel_id": "move_members"}


@ROUTES.add("GET", GUILD)
def read(call: Call) -> Json:
    guild = call.guild()
    out = {key: value for key, value in guild.items() if key not in shapes.ONLY_AT_CREATE}
    if call.query.get("with_counts") in {"1", "true", "True"}:
        count = guild["member_count"]
        out |= {"approximate_member_count": count, "approximate_presence_count": count}
    return out


@ROUTES.add("GET", GUILD + "/channels")
def channels(call: Call) -> list[Json]:
    return list(call.guild()["channels"])


@ROUTES.add("POST", GUILD + "/channels", 201)
def open_channel(call: Call) -> Json:
    guild = call.guild("manage_channels")
    body = dict(call.body)
    name, kind = body.pop("name"), body.pop("type", None) or shapes.TEXT
    if "parent_id" in body:
        body["parent_id"] = body["parent_id"] and str(body["parent_id"])
    return call.world.open_channel(guild, name, kind, **body)


@ROUTES.add("GET", GUILD + "/members")
def members(call: Call) -> list[Json]:
    guild = call.guild()
    if not call.server.gateway.allowed & intents.MEMBERS:
        raise Refused(50001)
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    found = sorted(guild["members"], key=lambda each: int(each["user"]["id"]))
    return [each for each in found if int(each["user"]["id"]) > after][:limit]


@ROUTES.add("GET", GUILD + "/members/search")
def search(call: Call) -> list[Json]:
    start, limit = call.query["query"].lower(), int(call.query.get("limit", 1))
    found = [
        each
        for each in call.guild()["members"]
        if each["user"]["username"].startswith(start)
        or (each["nick"] or "").lower().startswith(start)
    ]
    return found[:limit]


@ROUTES.add("GET", MEMBER)
def member(call: Call) -> Json:
    return call.world.member(call.guild()["id"], call["user_id"])


@ROUTES.add("PATCH", GUILD + "/members/@me")
def change_own(call: Call) -> Json:
    guild = call.guild("change_nickname")
    return call.world.change_member(guild["id"], call.world.app_id, **call.body)


@ROUTES.add("PATCH", MEMBER)
def change_member(call: Call) -> Json:
    needed = {NEEDS[key] for key in call.body if key in NEEDS}
    guild = call.guild(*sorted(needed))
    changes = dict(call.body)
    if "roles" in changes:
        changes["roles"] = [str(role) for role in changes["roles"]]
        held = call.world.member(guild["id"], call["user_id"])["roles"]
        for role in set(changes["roles"]) ^ set(held):
            call.world.require_rank(guild["id"], call.world.role(guild["id"], role))
    return call.world.change_member(guild["id"], call["user_id"], **changes)


@ROUTES.add("DELETE", MEMBER, 204)
def kick(call: Call) -> None:
    guild = call.guild("kick_members")
    call.world.leave(guild, call["user_id"])
    call.world.note(guild["id"], 20, call.world.app_id, call["user_id"], reason=call.reason)


@ROUTES.add("PUT", MEMBER + "/roles/{role_id}", 204)
def give_role(call: Call) -> None:
    held, role = _role_of(call)
    if role not in held["roles"]:
        call.world.change_member(call["guild_id"], call["user_id"], roles=[*held["roles"], role])


@ROUTES.add("DELETE", MEMBER + "/roles/{role_id}", 204)
def take_role(call: Call) -> None:
    held, role = _role_of(call)
    if role in held["roles"]:
        kept = [each for each in held["roles"] if each != role]
        call.world.change_member(call["guild_id"], call["user_id"], roles=kept)


def _role_of(call: Call) -> tuple[Json, str]:
    guild = call.guild("manage_roles")
    held = call.world.member(guild["id"], call["user_id"])
    role = call.world.role(guild["id"], call["role_id"])
    call.world.require_rank(guild["id"], role)
    return held, role["id"]


@ROUTES.add("GET", GUILD + "/roles")
def roles(call: Call) -> list[Json]:
    return list(call.guild()["roles"])


@ROUTES.add("POST", GUILD + "/roles")
def add_role(call: Call) -> Json:
    guild, body = call.guild("manage_roles"), dict(call.body)
    granted = int(body.pop("permissions", 0) or 0)
    own = permissions.of_member(guild, call.world.member(guild["id"], call.world.app_id))
    if granted & ~own:
        raise Refused(50013)
    more = {key: value for key, value in body.items() if value is not None and key != "name"}
    more["colors"] = {"secondary_color": None, "tertiary_color": None} | more.get("colors", {})
    more["colors"].setdefault("primary_color", 0)
    return call.world.add_role(guild, body.get("name") or "new role", granted, **more)


@ROUTES.add("PATCH", GUILD + "/roles/{role_id}")
def change_role(call: Call) -> Json:
    guild = call.guild("manage_roles")
    role = call.world.role(guild["id"], call["role_id"])
    call.world.require_rank(guild["id"], role)
    role.update(call.body)
    told: dict[str, Any] = {"guild_id": guild["id"], "role": role}
    call.world.tell("GUILD_ROLE_UPDATE", told, guild["id"], None)
    return role


@ROUTES.add("DELETE", GUILD + "/roles/{role_id}", 204)
def remove_role(call: Call) -> None:
    guild = call.guild("manage_roles")
    role = call.world.role(guild["id"], call["role_id"])
    call.world.require_rank(guild["id"], role)
    call.world.remove_role(guild, role)


@ROUTES.add("GET", GUILD + "/bans")
def bans(call: Call) -> list[Json]:
    kept = call.world.bans[call.guild("ban_members")["id"]]
    return [{"user": call.world.users[id_], "reason": why} for id_, why in kept.items()]


@ROUTES.add("GET", GUILD + "/bans/{user_id}")
def banned(call: Call) -> Json:
    kept = call.world.bans[call.guild("ban_members")["id"]]
    if call["user_id"] not in kept:
        raise Refused(10026)
    return {"user": call.world.users[call["user_id"]], "reason": kept[call["user_id"]]}


@ROUTES.add("PUT", GUILD + "/bans/{user_id}", 204)
def ban(call: Call) -> None:
    guild = call.guild("ban_members")
    call.world.ban(guild, call["user_id"], call.world.app_id, call.reason)


@ROUTES.add("DELETE", GUILD + "/bans/{user_id}", 204)
def unban(call: Call) -> None:
    guild = call.guild("ban_members")
    if call["user_id"] not in call.world.bans[guild["id"]]:
        raise Refused(10026)
    call.world.unban(guild, call["user_id"], call.world.app_id)


@ROUTES.add("GET", GUILD + "/onboarding")
def onboarding(call: Call) -> Json:
    nothing = {"guild_id": call["guild_id"], "prompts": [], "default_channel_ids": []}
    nothing |= {"enabled": False, "mode": 0, "below_requirements": False, "responses": []}
    return call.world.onboarding.get(call.guild()["id"], nothing)


@ROUTES.add("GET", GUILD + "/audit-logs")
def audit_log(call: Call) -> Json:
    guild = call.guild("view_audit_log")
    kinds, limit = call.query.get("action_type"), int(call.query.get("limit", 50))
    by, before = call.query.get("user_id"), call.query.get("before")
    entries = [
        each
        for each in reversed(call.world.audit[guild["id"]])
        if (not kinds or each["action_type"] == int(kinds))
        and (not by or each["user_id"] == by)
        and (not before or int(each["id"]) < int(before))
    ][:limit]
    named = {each[key] for each in entries for key in ("user_id", "target_id")}
    lists = ("integrations", "webhooks", "guild_scheduled_events", "threads")
    lists += ("application_commands", "auto_moderation_rules")
    users = [call.world.users[id_] for id_ in sorted(named & set(call.world.users))]
    return {"audit_log_entries": entries, "users": users, **{name: [] for name in lists}}
