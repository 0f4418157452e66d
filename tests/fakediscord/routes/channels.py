"""Channels and their permissions."""

from __future__ import annotations

from tests.fakediscord import shapes
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

CHANNEL = "/channels/{channel_id}"


@ROUTES.add("GET", CHANNEL)
def read(call: Call) -> Json:
    return call.channel()


@ROUTES.add("PATCH", CHANNEL)
def change(call: Call) -> Json:
    channel = call.channel()
    if channel["type"] not in shapes.THREADS:
        call.channel("manage_channels")
        return call.world.change_channel(channel, call.body)
    own = channel["owner_id"] == call.world.app_id
    if not own or "locked" in call.body or channel["thread_metadata"]["locked"]:
        call.channel("manage_threads")
    if channel["thread_metadata"]["archived"] and call.body.get("archived", True):
        raise Refused(50083)
    return call.world.change_channel(channel, call.body)


@ROUTES.add("DELETE", CHANNEL)
def delete(call: Call) -> Json:
    channel = call.channel()
    call.channel("manage_threads" if channel["type"] in shapes.THREADS else "manage_channels")
    call.world.close_channel(channel)
    return channel


@ROUTES.add("POST", CHANNEL + "/typing", 204)
def typing(call: Call) -> None:
    channel = call.channel()
    in_thread = channel["type"] in shapes.THREADS
    call.channel("send_messages_in_threads" if in_thread else "send_messages")
    call.world.typing.append(channel["id"])


@ROUTES.add("PUT", CHANNEL + "/permissions/{overwrite_id}", 204)
def overwrite(call: Call) -> None:
    channel = call.channel("manage_roles")
    kept = [each for each in channel["permission_overwrites"] if each["id"] != call["overwrite_id"]]
    new = {"id": call["overwrite_id"], "type": call.body["type"]}
    new |= {key: str(call.body.get(key) or 0) for key in ("allow", "deny")}
    call.world.change_channel(channel, {"permission_overwrites": [*kept, new]})


@ROUTES.add("DELETE", CHANNEL + "/permissions/{overwrite_id}", 204)
def remove_overwrite(call: Call) -> None:
    channel = call.channel("manage_roles")
    kept = [each for each in channel["permission_overwrites"] if each["id"] != call["overwrite_id"]]
    call.world.change_channel(channel, {"permission_overwrites": kept})
