"""Threads: begun from a message, on their own, or as a post of a forum."""

from __future__ import annotations

from tests.fakediscord import messages, shapes
from tests.fakediscord.errors import Refused, invalid
from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

STARTER, CREATED = 21, 18


def begin(world: World, parent: Json, body: Json, owner: Json, id_: str | None = None) -> Json:
    """Open a thread; one that begins from a message has its id, and there is only one."""
    if id_ and id_ in world.channels:
        raise Refused(160004)
    made = shapes.thread(
        id_ or world.clock.snowflake(), parent, owner["id"], body, world.clock.stamp()
    )
    world.channels[made["id"]] = made
    world.guilds[made["guild_id"]]["threads"].append(made)
    told = made | {"newly_created": True}
    world.tell("THREAD_CREATE", told, made["guild_id"], made["id"])
    return made


def post(world: World, forum: Json, body: Json, owner: Json) -> tuple[Json, Json]:
    """Write a post of a forum: a thread, and the message of the same id that begins it."""
    tags = {tag["id"] for tag in forum["available_tags"]}
    applied = [str(tag) for tag in body.get("applied_tags") or []]
    if not set(applied) <= tags or len(applied) > 5:
        raise invalid("applied_tags", "FORUM_TAG_UNKNOWN", "Unknown or too many tags.")
    if forum["flags"] & shapes.REQUIRE_TAG and not applied:
        raise Refused(40067)
    messages.check(body["message"])
    thread = begin(world, forum, body, owner)
    said = messages.say(world, thread, owner, body["message"], id=thread["id"])
    thread["message_count"] = 0  # Discord does not count the message that begins a post
    return thread, said


def listed(world: World, threads: list[Json], *, has_more: bool = False) -> Json:
    """List threads as Discord does, with the bot's own membership of each."""
    joined = world.clock.stamp()
    mine = [each for each in threads if each["owner_id"] == world.app_id]
    members = [
        {"id": each["id"], "user_id": world.app_id, "join_timestamp": joined, "flags": 0}
        for each in mine
    ]
    return {"threads": threads, "members": members, "has_more": has_more}
