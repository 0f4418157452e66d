"""Messages, reactions and pins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakediscord import intents, messages, reactions, shapes
from tests.fakediscord.clock import made_at
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"
REACTION = MESSAGE + "/reactions/{emoji_name}"
MOST_PINS = 50
OLDEST_IN_BULK = timedelta(days=14)


def seen(call: Call, message: Json) -> Json:
    """Write a message as the bot may read it over HTTP, where the portal's intents count."""
    with_content = bool(call.server.gateway.allowed & intents.CONTENT)
    shown = messages.shown(call.world, message)
    return intents.message(call.world, shown, with_content=with_content)


@ROUTES.add("POST", MESSAGES)
def create(call: Call) -> Json:
    channel = call.channel()
    needed = ["send_messages_in_threads" if channel["type"] in shapes.THREADS else "send_messages"]
    needed += ["embed_links"] if call.body.get("embeds") else []
    needed += ["attach_files"] if call.files else []
    reference = call.body.get("message_reference") or {}
    if reference and (reference.get("type") or 0) == 0:
        needed.append("read_message_history")
    call.world.require(channel, *needed)
    if channel["type"] in {shapes.FORUM, shapes.CATEGORY}:
        raise Refused(50008)
    if channel["type"] == shapes.DM and channel["recipients"][0]["id"] in call.world.closed:
        raise Refused(50007)
    if reference.get("type") == messages.REFERENCE_FORWARD:
        _require_words(call, str(reference["message_id"]))
    _wake(call, channel)
    said = messages.say(call.world, channel, call.world.bot, call.with_uploads())
    return messages.shown(call.world, said)


def _require_words(call: Call, message_id: str) -> None:
    """Refuse to forward what the bot may not read; of what is not there, others tell."""
    original = call.world.messages.get(message_id)
    if original is None or call.server.gateway.allowed & intents.CONTENT:
        return
    if not intents.is_told(call.world, original):
        raise Refused(160014)


def _wake(call: Call, channel: Json) -> None:
    """Bring an archived thread back when something is said in it; a locked one stays shut."""
    state = channel.get("thread_metadata")
    if state and state["archived"]:
        if state["locked"]:
            raise Refused(50083)
        call.world.change_channel(channel, {"archived": False})


@ROUTES.add("GET", MESSAGES)
def history(call: Call) -> list[Json]:
    channel = call.channel()
    if not call.world.may(channel, call.world.app_id) & 1 << 16:
        return []
    return [seen(call, each) for each in messages.history(call.world, channel["id"], call.query)]


@ROUTES.add("GET", MESSAGE)
def read(call: Call) -> Json:
    return seen(call, call.message())


@ROUTES.add("PATCH", MESSAGE)
def edit(call: Call) -> Json:
    message = call.world.message(call.channel()["id"], call["message_id"])
    if message["author"]["id"] != call.world.app_id:
        raise Refused(50005)
    edited = messages.edit(call.world, message, call.with_uploads())
    return messages.shown(call.world, edited)


@ROUTES.add("DELETE", MESSAGE, 204)
def delete(call: Call) -> None:
    message = call.world.message(call.channel()["id"], call["message_id"])
    if message["author"]["id"] != call.world.app_id:
        call.channel("manage_messages")
    messages.delete(call.world, message)


@ROUTES.add("POST", MESSAGES + "/bulk-delete", 204)
def delete_many(call: Call) -> None:
    channel, ids = call.channel("manage_messages"), [str(id_) for id_ in call.body["messages"]]
    if not 2 <= len(ids) <= 100:
        raise Refused(50016)
    if any(made_at(id_) < call.world.clock.now() - OLDEST_IN_BULK for id_ in ids):
        raise Refused(50034)
    messages.delete_many(call.world, channel["id"], ids)


@ROUTES.add("POST", MESSAGE + "/crosspost")
def crosspost(call: Call) -> Json:
    message = call.message("send_messages")
    if call.channel()["type"] != shapes.ANNOUNCEMENT:
        raise Refused(50024)
    if message["author"]["id"] != call.world.app_id:
        call.channel("manage_messages")
    return messages.shown(call.world, messages.crosspost(call.world, message))


@ROUTES.add("PUT", REACTION + "/@me", 204)
def react(call: Call) -> None:
    message = call.message()
    if call["emoji_name"] not in message.get("_reactions", {}):
        call.channel("add_reactions")
    reactions.react(call.world, message, call.world.app_id, call["emoji_name"])


@ROUTES.add("DELETE", REACTION + "/@me", 204)
def unreact(call: Call) -> None:
    reactions.unreact(call.world, call.message(), call.world.app_id, call["emoji_name"])


@ROUTES.add("DELETE", REACTION + "/{user_id}", 204)
def remove_reaction(call: Call) -> None:
    message = call.message("manage_messages")
    reactions.unreact(call.world, message, call["user_id"], call["emoji_name"])


@ROUTES.add("GET", REACTION)
def reactors(call: Call) -> list[Json]:
    given = call.message().get("_reactions", {}).get(call["emoji_name"], [])
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 25))
    who = [id_ for id_ in sorted(given, key=int) if int(id_) > after]
    return [call.world.users[id_] for id_ in who[:limit]]


@ROUTES.add("GET", MESSAGES + "/pins")
def pins(call: Call) -> Json:
    channel = call.channel("read_message_history")
    pinned = _pinned(call, channel)
    items = [{"message": seen(call, each), "pinned_at": each["timestamp"]} for each in pinned]
    return {"items": items, "has_more": False}


@ROUTES.add("PUT", MESSAGES + "/pins/{message_id}", 204)
def pin(call: Call) -> None:
    message = call.message("pin_messages")
    if not message["pinned"] and len(_pinned(call, call.channel())) >= MOST_PINS:
        raise Refused(30003)
    if not message["pinned"]:
        _set_pin(call, message, pinned=True)
        call.world.note(_guild_of(call), 74, call.world.app_id, message["author"]["id"])


@ROUTES.add("DELETE", MESSAGES + "/pins/{message_id}", 204)
def unpin(call: Call) -> None:
    message = call.message("pin_messages")
    if message["pinned"]:
        _set_pin(call, message, pinned=False)


def _guild_of(call: Call) -> str:
    guild: str = call.channel()["guild_id"]
    return guild


def _pinned(call: Call, channel: Json) -> list[Json]:
    there = call.world.messages.values()
    pinned = [each for each in there if each["pinned"] and each["channel_id"] == channel["id"]]
    return sorted(pinned, key=lambda each: -int(each["id"]))


def _set_pin(call: Call, message: Json, *, pinned: bool) -> None:
    message["pinned"] = pinned
    channel = call.channel()
    told: dict[str, Any] = {"channel_id": channel["id"]}
    told["last_pin_timestamp"] = call.world.clock.stamp() if pinned else None
    guild = channel.get("guild_id")
    told |= {"guild_id": guild} if guild else {}
    call.world.tell("CHANNEL_PINS_UPDATE", told, guild, channel["id"])
