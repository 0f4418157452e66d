"""Scheduled events."""

from __future__ import annotations

from tests.fakediscord import scheduled
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

EVENTS = "/guilds/{guild_id}/scheduled-events"
EVENT = EVENTS + "/{guild_scheduled_event_id}"


@ROUTES.add("GET", EVENTS)
def everything(call: Call) -> list[Json]:
    return [_shown(call, each) for each in scheduled.of_guild(call.world, call.guild()["id"])]


@ROUTES.add("POST", EVENTS)
def create(call: Call) -> Json:
    guild = call.guild("create_events")
    return scheduled.create(call.world, guild["id"], call.body, call.world.bot)


@ROUTES.add("GET", EVENT)
def read(call: Call) -> Json:
    return _shown(call, _event(call))


@ROUTES.add("PATCH", EVENT)
def change(call: Call) -> Json:
    return scheduled.change(call.world, _mine(call), call.body)


@ROUTES.add("DELETE", EVENT, 204)
def delete(call: Call) -> None:
    scheduled.delete(call.world, _mine(call))


@ROUTES.add("GET", EVENT + "/users")
def interested(call: Call) -> list[Json]:
    event = _event(call)
    limit, after = int(call.query.get("limit", 100)), int(call.query.get("after", 0))
    who = sorted(call.world.interested.get(event["id"], ()), key=int)
    page = [id_ for id_ in who if int(id_) > after][:limit]
    told = {"guild_scheduled_event_id": event["id"], "response": 1}
    return [told | {"user_id": id_, "user": call.world.users[id_]} for id_ in page]


def _event(call: Call) -> Json:
    event = call.world.events.get(call["guild_scheduled_event_id"])
    if not event or event["guild_id"] != call.guild()["id"]:
        raise Refused(10070)
    return event


def _mine(call: Call) -> Json:
    event = _event(call)
    own = event["creator_id"] == call.world.app_id
    call.guild("create_events" if own else "manage_events")
    return event


def _shown(call: Call, event: Json) -> Json:
    if call.query.get("with_user_count", "").lower() in {"1", "true"}:
        return event
    return {key: value for key, value in event.items() if key != "user_count"}
