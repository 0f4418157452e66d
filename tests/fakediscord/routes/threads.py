"""Threads and forum posts."""

from __future__ import annotations

from tests.fakediscord import messages, permissions, shapes, threads
from tests.fakediscord.errors import Refused
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

CHANNEL = "/channels/{channel_id}"


@ROUTES.add("POST", CHANNEL + "/messages/{message_id}/threads", 201)
def begin_from_message(call: Call) -> Json:
    message = call.message("create_public_threads")
    channel = call.channel()
    if channel["type"] not in {shapes.TEXT, shapes.ANNOUNCEMENT}:
        raise Refused(50024)
    return threads.begin(call.world, channel, call.body, call.world.bot, message["id"])


@ROUTES.add("POST", CHANNEL + "/threads", 201)
def begin(call: Call) -> Json:
    parent = call.channel()
    if parent["type"] == shapes.FORUM:
        call.channel("send_messages")
        body = call.body | {"message": call.with_uploads(call.body["message"])}
        thread, said = threads.post(call.world, parent, body, call.world.bot)
        return thread | {"message": messages.shown(call.world, said)}
    if parent["type"] not in {shapes.TEXT, shapes.ANNOUNCEMENT}:
        raise Refused(50024)
    private = call.body.get("type") == shapes.PRIVATE_THREAD
    call.channel("create_private_threads" if private else "create_public_threads")
    return threads.begin(call.world, parent, call.body, call.world.bot)


@ROUTES.add("GET", "/guilds/{guild_id}/threads/active")
def active(call: Call) -> Json:
    world, guild = call.world, call.guild()
    view = permissions.BITS["view_channel"]
    open_ones = [
        each
        for each in guild["threads"]
        if not each["thread_metadata"]["archived"] and world.may(each, world.app_id) & view
    ]
    return threads.listed(world, open_ones)


@ROUTES.add("GET", CHANNEL + "/threads/archived/public")
def archived(call: Call) -> Json:
    channel = call.channel("read_message_history")
    limit, before = int(call.query.get("limit", 50)), call.query.get("before")
    shut = [
        each
        for each in call.world.guilds[channel["guild_id"]]["threads"]
        if each["parent_id"] == channel["id"] and each["thread_metadata"]["archived"]
        if not before or each["thread_metadata"]["archive_timestamp"] < before
    ]
    shut.sort(key=lambda each: each["thread_metadata"]["archive_timestamp"], reverse=True)
    return threads.listed(call.world, shut[:limit], has_more=len(shut) > limit)


@ROUTES.add("PUT", CHANNEL + "/thread-members/@me", 204)
def join(call: Call) -> None:
    _thread(call)


@ROUTES.add("PUT", CHANNEL + "/thread-members/{user_id}", 204)
def add(call: Call) -> None:
    thread = _thread(call, "send_messages_in_threads")
    call.world.member(thread["guild_id"], call["user_id"])
    thread["member_count"] += 1


@ROUTES.add("DELETE", CHANNEL + "/thread-members/@me", 204)
def leave(call: Call) -> None:
    _thread(call)


def _thread(call: Call, *needed: str) -> Json:
    found = call.channel(*needed)
    if found["type"] not in shapes.THREADS:
        raise Refused(50024)
    if found["thread_metadata"]["archived"]:
        raise Refused(50083)
    return found
