"""Messages: what is said, answered, passed on, changed and taken back; nonces and mentions."""

from __future__ import annotations

import re
from typing import Any

from tests.fakediscord import permissions, reactions, shapes
from tests.fakediscord.errors import Refused, invalid
from tests.fakediscord.shapes import Json
from tests.fakediscord.world import World

LONGEST = 2000
NONCE_SECONDS = 180.0
"""Discord says "a few minutes"; three is what others have measured."""
REPLY, CHAT_INPUT, CONTEXT_MENU = 19, 20, 23
REFERENCE_FORWARD = 1
ARRIVAL, NO_ANNOUNCING = 7, 1
FLAG_CROSSPOSTED, FLAG_IS_CROSSPOST, FLAG_HAS_THREAD, FLAG_HAS_SNAPSHOT = 1, 2, 32, 16384
WORDLESS = ("embeds", "components", "sticker_ids", "attachments", "poll")
CHANGEABLE = ("content", "embeds", "components", "flags", "attachments")


def say(world: World, channel: Json, author: Json, body: Json, **more: Any) -> Json:
    """Put a message into a channel and tell of it; ``body`` is what a bot would send.

    A nonce that is enforced and was used by the same author within minutes gives the message that
    is there; where that was deleted since, 10008.
    """
    check(body)
    key = (author["id"], str(body.get("nonce")))
    if body.get("nonce") is not None and body.get("enforce_nonce"):
        known = world.nonces.get(key)
        if known and world.clock.now().timestamp() - known[0] < NONCE_SECONDS:
            if known[1] not in world.messages:
                raise Refused(10008)
            return world.messages[known[1]] | {"nonce": body["nonce"]}
    message = _compose(world, channel, author, body) | more
    world.messages[message["id"]] = message
    channel["last_message_id"] = message["id"]
    if channel["type"] in shapes.THREADS:
        channel["message_count"] += 1
        channel["total_message_sent"] += 1
    with_nonce = message
    if body.get("nonce") is not None:
        world.nonces[key] = (world.clock.now().timestamp(), message["id"])
        with_nonce = message | {"nonce": body["nonce"]}
    _tell(world, "MESSAGE_CREATE", with_nonce)
    return with_nonce


def whisper(world: World, channel: Json, author: Json, body: Json, **more: Any) -> Json:
    """Say something that one person sees: it is in no history, and nobody else is told."""
    check(body)
    return _compose(world, channel, author, body) | more


def announce(world: World, guild: Json, account: Json) -> None:
    """Let Discord say in the guild's system channel that somebody came, if there is one."""
    channel = world.channels.get(guild["system_channel_id"])
    if channel and not guild["system_channel_flags"] & NO_ANNOUNCING:
        message = _compose(world, channel, account, {}) | {"type": ARRIVAL}
        world.messages[message["id"]] = message
        channel["last_message_id"] = message["id"]
        _tell(world, "MESSAGE_CREATE", message)


def check(body: Json) -> None:
    """Refuse what is empty or too long."""
    if len(str(body.get("content") or "")) > LONGEST:
        too_long = f"Must be {LONGEST} or fewer in length."
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", too_long)
    is_forward = (body.get("message_reference") or {}).get("type") == REFERENCE_FORWARD
    if not body.get("content") and not is_forward and not any(body.get(key) for key in WORDLESS):
        raise Refused(50006)


def edit(world: World, message: Json, body: Json) -> Json:
    """Change a message."""
    changes = {key: body[key] for key in CHANGEABLE if key in body}
    if len(changes.get("content") or "") > LONGEST:
        check(changes)
    if "content" in changes:
        changes["content"] = changes["content"] or ""
    if "embeds" in changes:
        changes["embeds"] = embeds(changes["embeds"])
    if "components" in changes:
        changes["components"] = components(changes["components"] or [])
    if "attachments" in changes:
        changes["attachments"] = attachments(world, message["channel_id"], changes["attachments"])
    message.update(changes, edited_timestamp=world.clock.stamp())
    if not (message["flags"] or 0) & shapes.EPHEMERAL:
        _tell(world, "MESSAGE_UPDATE", message)
    return message


def delete(world: World, message: Json) -> None:
    """Take a message back."""
    del world.messages[message["id"]]
    _tell_of_ids(world, "MESSAGE_DELETE", message["channel_id"], {"id": message["id"]})


def delete_many(world: World, channel_id: str, ids: list[str]) -> None:
    """Take many back at once; unknown ones are passed over."""
    for id_ in ids:
        world.messages.pop(id_, None)
    _tell_of_ids(world, "MESSAGE_DELETE_BULK", channel_id, {"ids": ids})


def crosspost(world: World, message: Json) -> Json:
    """Publish a message of an announcement channel to whoever follows it."""
    if message["flags"] & FLAG_CROSSPOSTED:
        raise Refused(40033)
    message["flags"] |= FLAG_CROSSPOSTED
    _tell(world, "MESSAGE_UPDATE", message)
    return message


def history(world: World, channel_id: str, query: Any) -> list[Json]:
    """Page through a channel, newest first: ``before``, ``after`` or ``around`` an id."""
    there = [each for each in world.messages.values() if each["channel_id"] == channel_id]
    there.sort(key=lambda each: -int(each["id"]))
    limit = int(query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    if "before" in query:
        return [each for each in there if int(each["id"]) < int(query["before"])][:limit]
    if "after" in query:
        return [each for each in there if int(each["id"]) > int(query["after"])][-limit:]
    if "around" in query:
        newer = [each for each in there if int(each["id"]) > int(query["around"])]
        rest = there[len(newer) :]
        return [*newer[-(limit // 2) :], *rest[: limit - limit // 2]]
    return there[:limit]


def shown(world: World, message: Json) -> Json:
    """Write a message as Discord sends it."""
    out = {key: value for key, value in message.items() if key != "_reactions"}
    given = {emoji: who for emoji, who in message.get("_reactions", {}).items() if who}
    if given:
        out["reactions"] = [reactions.counted(world, emoji, who) for emoji, who in given.items()]
    thread = world.channels.get(message["id"])
    if thread:
        out["thread"] = thread
        out["flags"] = message["flags"] | FLAG_HAS_THREAD
    reference = message.get("message_reference")
    if reference and message["type"] == REPLY:
        original = world.messages.get(reference["message_id"])
        bare = ("_reactions", "referenced_message")
        out["referenced_message"] = original and {
            key: value for key, value in original.items() if key not in bare
        }
    return out


def embeds(given: list[Json] | None) -> list[Json]:
    """Complete embeds as Discord does."""
    return [{"type": "rich"} | each for each in given or []]


def components(given: list[Json], first: int = 1) -> list[Json]:
    """Number components, the inner ones too, as Discord does."""
    numbered = []
    for number, each in enumerate(given, first):
        inner = {}
        if "components" in each:
            inner = {"components": components(each["components"], number * 100)}
        numbered.append({"id": number} | each | inner)
    return numbered


def attachments(world: World, channel_id: str, given: list[Json] | None) -> list[Json]:
    """Complete attachments. What was uploaded stands in ``world.files`` under its id."""
    out = []
    for each in given or []:
        if "size" in each:
            out.append({key: value for key, value in each.items() if key != "data"})
            world.files[each["id"]] = each.get("data", b"")
    for each in out:
        path = f"attachments/{channel_id}/{each['id']}/{each['filename']}"
        each |= {"url": f"https://cdn.invalid/{path}", "proxy_url": f"https://media.invalid/{path}"}
    return out


def _compose(world: World, channel: Json, author: Json, body: Json) -> Json:
    content = body.get("content") or ""
    message = {
        "id": world.clock.snowflake(),
        "channel_id": channel["id"],
        "author": author,
        "content": content,
        "timestamp": world.clock.stamp(),
        "edited_timestamp": None,
        "tts": False,
        "pinned": False,
        "type": 0,
        "flags": body.get("flags") or 0,
        "embeds": embeds(body.get("embeds")),
        "components": components(body.get("components") or []),
        "attachments": attachments(world, channel["id"], body.get("attachments")),
    }
    message |= _mentions(world, channel, author, body)
    reference = body.get("message_reference")
    return message | (_referring(world, channel, message, reference) if reference else {})


def _mentions(world: World, channel: Json, author: Json, body: Json) -> Json:
    """Find whom a message pings: what it names, less what ``allowed_mentions`` leaves out."""
    content, allowed = body.get("content") or "", body.get("allowed_mentions")
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
    allowed = allowed or {}
    may = world.may(channel, author["id"]) & permissions.BITS["mention_everyone"]
    users = [id_ for id_ in re.findall(r"<@!?(\d+)>", content) if id_ in world.users]
    roles = re.findall(r"<@&(\d+)>", content)
    named = [str(id_) for id_ in allowed.get("users") or []]
    users = [id_ for id_ in users if "users" in parse or id_ in named]
    named = [str(id_) for id_ in allowed.get("roles") or []]
    roles = [id_ for id_ in roles if "roles" in parse or id_ in named]
    reference = body.get("message_reference") or {}
    answered = world.messages.get(str(reference.get("message_id")))
    if answered and (reference.get("type") or 0) == 0 and allowed.get("replied_user", True):
        users.append(answered["author"]["id"])
    return {
        "mentions": [world.users[id_] for id_ in dict.fromkeys(users) if id_ in world.users],
        "mention_roles": list(dict.fromkeys(roles)),
        "mention_everyone": bool(
            may and "everyone" in parse and re.search("@everyone|@here", content)
        ),
    }


def _referring(world: World, channel: Json, message: Json, reference: Json) -> Json:
    """Let a message answer another, or carry a copy of it."""
    place = str(reference.get("channel_id") or channel["id"])
    original = world.messages.get(str(reference["message_id"]))
    if not original or original["channel_id"] != place:
        if reference.get("fail_if_not_exists", True):
            raise invalid(
                "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
            )
        return {}
    kind = reference.get("type") or 0
    refers = {"type": kind, "channel_id": place, "message_id": str(reference["message_id"])}
    guild = world.channels[place].get("guild_id")
    refers |= {"guild_id": guild} if guild else {}
    if kind != REFERENCE_FORWARD:
        return {"message_reference": refers, "type": REPLY}
    kept = ("content", "timestamp", "edited_timestamp", "type", "flags", "embeds", "components")
    kept += ("attachments", "mentions", "mention_roles")
    snapshot = {"message": {key: original[key] for key in kept}}
    flags = message["flags"] | FLAG_HAS_SNAPSHOT
    return {"message_reference": refers, "message_snapshots": [snapshot], "flags": flags}


def _tell(world: World, kind: str, message: Json) -> None:
    channel = world.channels[message["channel_id"]]
    told = shown(world, message)
    guild = channel.get("guild_id")
    if guild:
        told["guild_id"] = guild
        member = world.find_member(guild, message["author"]["id"])
        if member and "webhook_id" not in message:
            told["member"] = {key: value for key, value in member.items() if key != "user"}
    world.tell(kind, told, guild, channel["id"])


def _tell_of_ids(world: World, kind: str, channel_id: str, ids: Json) -> None:
    guild = world.channels[channel_id].get("guild_id")
    told = ids | {"channel_id": channel_id} | ({"guild_id": guild} if guild else {})
    world.tell(kind, told, guild, channel_id)
