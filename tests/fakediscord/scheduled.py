"""Scheduled events: at a place, in a stage or voice channel; a hundred that are still to end."""

from __future__ import annotations

from tests.fakediscord.errors import Refused, invalid
from tests.fakediscord.shapes import STAGE, VOICE, Json
from tests.fakediscord.world import World

MOST = 100
SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4
IN_STAGE, IN_VOICE, ELSEWHERE = 1, 2, 3
NEXT = {SCHEDULED: {SCHEDULED, ACTIVE, CANCELLED}, ACTIVE: {ACTIVE, COMPLETED}}


def of_guild(world: World, guild_id: str) -> list[Json]:
    """List a guild's events, the oldest first."""
    return [each for each in world.events.values() if each["guild_id"] == guild_id]


def create(world: World, guild_id: str, body: Json, creator: Json) -> Json:
    """Schedule an event."""
    to_end = [each for each in of_guild(world, guild_id) if each["status"] in {SCHEDULED, ACTIVE}]
    if len(to_end) >= MOST:
        raise Refused(30038)
    made = {
        "id": world.clock.snowflake(),
        "guild_id": guild_id,
        "creator_id": creator["id"],
        "creator": creator,
        "status": SCHEDULED,
        "entity_id": None,
        "user_count": 0,
        "user_rsvp": None,
        "image": None,
        "description": None,
        "channel_id": None,
        "scheduled_end_time": None,
        "entity_metadata": None,
        "recurrence_rule": None,
        "guild_scheduled_event_exceptions": [],
        **body,
    }
    _check(world, made)
    world.events[made["id"]] = made
    world.tell("GUILD_SCHEDULED_EVENT_CREATE", made, guild_id, None)
    return made


def change(world: World, event: Json, changes: Json) -> Json:
    """Move, rename, start, end or call off an event; what has ended stays as it is."""
    if event["status"] not in NEXT:
        raise Refused(180000)
    status = changes.get("status") or event["status"]
    if status not in NEXT[event["status"]]:
        raise invalid("status", "GUILD_SCHEDULED_EVENT_INVALID_STATUS", "Invalid status.")
    _check(world, event | changes)
    event.update(changes, status=status)
    world.tell("GUILD_SCHEDULED_EVENT_UPDATE", event, event["guild_id"], None)
    return event


def delete(world: World, event: Json) -> None:
    """Take an event away."""
    del world.events[event["id"]]
    world.tell("GUILD_SCHEDULED_EVENT_DELETE", event, event["guild_id"], None)


def be_interested(world: World, event: Json, user_id: str, *, interested: bool = True) -> None:
    """Let somebody say that they mean to come, or no longer do."""
    who = world.interested.setdefault(event["id"], set())
    (who.add if interested else who.discard)(user_id)
    event["user_count"] = len(who)
    told = {"guild_scheduled_event_id": event["id"], "user_id": user_id}
    told["guild_id"] = event["guild_id"]
    what = "ADD" if interested else "REMOVE"
    world.tell(f"GUILD_SCHEDULED_EVENT_USER_{what}", told, event["guild_id"], None)


def _check(world: World, event: Json) -> None:
    if event["entity_type"] == ELSEWHERE:
        if not (event["entity_metadata"] or {}).get("location"):
            raise invalid("entity_metadata", "BASE_TYPE_REQUIRED", "This field is required")
        if not event["scheduled_end_time"]:
            raise invalid("scheduled_end_time", "BASE_TYPE_REQUIRED", "This field is required")
        return
    event["channel_id"] = event["channel_id"] and str(event["channel_id"])
    channel = world.channels.get(event["channel_id"])
    kind = {IN_STAGE: STAGE, IN_VOICE: VOICE}[event["entity_type"]]
    if not channel or channel["type"] != kind:
        raise Refused(10003)
