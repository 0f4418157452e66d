"""Answers to interactions. The token is the permission; no rate limit of the bot counts them."""

from __future__ import annotations

from tests.fakediscord import messages
from tests.fakediscord.errors import Refused
from tests.fakediscord.interactions import Asked
from tests.fakediscord.routes.call import ROUTES, Call
from tests.fakediscord.shapes import Json

HOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = HOOK + "/messages/@original"
ONE = HOOK + "/messages/{message_id}"


@ROUTES.add("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
def acknowledge(call: Call) -> Json | None:
    body = dict(call.body)
    if body.get("data"):
        body["data"] = call.with_uploads(body["data"])
    known = call.server.interactions
    _, told = known.acknowledge(call["interaction_id"], call["interaction_token"], body)
    return told if call.query.get("with_response") in {"1", "true"} else None


@ROUTES.add("POST", HOOK)
def follow_up(call: Call) -> Json:
    said = call.server.interactions.follow_up(_asked(call), call.with_uploads())
    return messages.shown(call.world, said)


@ROUTES.add("GET", ORIGINAL)
def original(call: Call) -> Json:
    return messages.shown(call.world, call.server.interactions.original(_asked(call)))


@ROUTES.add("PATCH", ORIGINAL)
def edit_original(call: Call) -> Json:
    edited = call.server.interactions.edit_original(_asked(call), call.with_uploads())
    return messages.shown(call.world, edited)


@ROUTES.add("DELETE", ORIGINAL, 204)
def delete_original(call: Call) -> None:
    call.server.interactions.delete_original(_asked(call))


@ROUTES.add("GET", ONE)
def read(call: Call) -> Json:
    return messages.shown(call.world, _said(call))


@ROUTES.add("PATCH", ONE)
def edit(call: Call) -> Json:
    edited = messages.edit(call.world, _said(call), call.with_uploads())
    return messages.shown(call.world, edited)


@ROUTES.add("DELETE", ONE, 204)
def delete(call: Call) -> None:
    said = _said(call)
    asked = _asked(call)
    if said["id"] in call.world.messages:
        messages.delete(call.world, said)
    asked.follow_ups = [each for each in asked.follow_ups if each is not said]


def _asked(call: Call) -> Asked:
    if call["webhook_id"] != call.world.app_id:
        raise Refused(10015)
    return call.server.interactions.find(call["webhook_token"])


def _said(call: Call) -> Json:
    asked = _asked(call)
    said = [*asked.follow_ups, *([asked.answer] if asked.answer else [])]
    found = next((each for each in said if each["id"] == call["message_id"]), None)
    if not found:
        raise Refused(10008)
    return found
