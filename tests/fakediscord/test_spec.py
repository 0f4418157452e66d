"""Requests are judged by Discord's description and our rules: what is wrong is caught, by name."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakediscord.differences import KEYS, NUMBERED, PERMISSIONS
from tests.fakediscord.server import FakeDiscord
from tests.fakediscord.spec import NoSpec, Spec, load

MESSAGES = "/channels/{channel_id}/messages"
THREADS = "/channels/{channel_id}/threads"
EVENTS = "/guilds/{guild_id}/scheduled-events"
COMMANDS = "/applications/{application_id}/commands"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
EVENT = {
    "name": "Weekly",
    "privacy_level": 2,
    "entity_type": 3,
    "scheduled_start_time": "2030-01-01",
}
ROW = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Join", "custom_id": "join"}]}
OPTION = {"type": 3, "name": "topic", "description": "What about"}


@pytest.fixture(scope="module")
def spec(shared: Path) -> Spec:
    return load(shared / "data" / "discord-openapi.json")


def command(**more: Any) -> list[dict[str, Any]]:
    return [{"name": "start", "type": 1, "description": "Start", **more}]


def options(count: int) -> list[dict[str, Any]]:
    return [OPTION | {"name": f"topic{number}"} for number in range(count)]


@pytest.mark.parametrize(
    ("method", "path", "body", "why"),
    [
        ("POST", MESSAGES, {"content": "x", "enforce_nonc": True}, "'enforce_nonc' was unexpected"),
        ("POST", MESSAGES, {"content": 7}, "content: 7 is not of type"),
        ("POST", MESSAGES, {"content": "x", "nonce": "n" * 26}, "nonce"),
        ("POST", MESSAGES, {"content": "x" * 4001}, "content: "),
        ("POST", THREADS, {"name": "x" * 101}, "name: "),
        ("POST", EVENTS, EVENT | {"entity_metadata": {}}, "entity_metadata"),
        ("GET", "/channels/{channel_id}/nothing", None, "Discord has no such operation"),
    ],
)
def test_the_description_catches(spec: Spec, method: str, path: str, body: Any, why: str) -> None:
    found = spec.request(method, path, body)

    assert any(why in each for each in found), found


@pytest.mark.parametrize(
    ("method", "path", "body", "why"),
    [
        ("POST", MESSAGES, {"content": "x" * 2001}, "more than 2000 characters"),
        ("POST", MESSAGES, {"tts": False}, "says nothing"),
        ("POST", MESSAGES, {"components": [ROW] * 6}, "more than 5 rows"),
        ("POST", MESSAGES, {"components": [ROW] * 2}, "the same custom_id"),
        ("POST", MESSAGES, {"embeds": [{"description": "x" * 4001}] * 2}, "6000 characters"),
        ("PATCH", MESSAGES + "/{message_id}", {"content": "x" * 2001}, "2000"),
        ("PUT", COMMANDS, command(name="Bad Name"), "'Bad Name' is no name of a command"),
        ("POST", COMMANDS, {"name": "start"}, "'start' has no description"),
        ("PUT", COMMANDS, command(options=options(26)), "more than 25 options"),
        (
            "PUT",
            COMMANDS,
            command(options=[OPTION, OPTION | {"name": "b", "required": True}]),
            "'b'",
        ),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{}] * 26}}, "more than 25 choices"),
    ],
)
def test_our_rules_catch_what_the_description_lets_through(
    method: str, path: str, body: Any, why: str
) -> None:
    found = NoSpec().request(method, path, body)

    assert any(why in each for each in found), found


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"content": "x", "nonce": "n" * 25, "enforce_nonce": True}),
        ("POST", MESSAGES, {"content": "x", "message_reference": {"message_id": 7}}),
        ("POST", MESSAGES, {"message_reference": {"type": 1, "message_id": "7"}}),
        ("POST", MESSAGES, {"embeds": [{"title": "x", "flags": 0}]}),
        ("POST", THREADS, {"name": "Week 1", "message": {"content": "x", "tts": False}}),
        ("PUT", COMMANDS, command(nsfw=False, options=[OPTION | {"required": True}])),
        ("POST", CALLBACK, {"type": 7, "data": {"content": "x", "tts": False}}),
        ("POST", EVENTS, EVENT | {"entity_metadata": {"location": "#weekly"}}),
    ],
)
def test_what_discord_takes_is_let_through(spec: Spec, method: str, path: str, body: Any) -> None:
    assert spec.request(method, path, body) == []


HOOK = "/webhooks/{webhook_id}/{webhook_token}/messages/"
OVERWRITES = "/channels/{channel_id}/permissions/{overwrite_id}"
ATTACHED = {"id": "1", "filename": "rose.png"}
FORGIVEN: list[tuple[str, str, Any]] = [
    ("POST", MESSAGES, {"embeds": [{"title": "x", "flags": 0}]}),
    ("PUT", COMMANDS, command(nsfw=False)),
    ("POST", COMMANDS, command(nsfw=False)[0]),
    ("PATCH", f"{COMMANDS}/{{command_id}}", {"nsfw": False}),
    ("POST", THREADS, {"name": "Week 1", "message": {"content": "x", "tts": False}}),
    ("POST", THREADS, {"name": "Week 1", "message": {"content": "x"}, "type": 11}),
    ("PATCH", f"{MESSAGES}/{{message_id}}", {"content": "x", "tts": False}),
    ("PATCH", f"{HOOK}{{message_id}}", {"content": "x", "tts": False}),
    ("POST", CALLBACK, {"type": 7, "data": {"content": "x", "tts": False}}),
    *(
        ("PATCH", f"{MESSAGES}/{{message_id}}", {"attachments": [ATTACHED | {key: ""}]})
        for key in KEYS[NUMBERED][0]
    ),
    ("POST", MESSAGES, {"content": "x", "message_reference": {"message_id": 7}}),
    ("POST", "/guilds/{guild_id}/roles", {"name": "x", "permissions": "8"}),
    ("PATCH", "/guilds/{guild_id}/roles/{role_id}", {"permissions": "8"}),
    ("PUT", OVERWRITES, {"type": 0, "allow": "8"}),
    ("PUT", OVERWRITES, {"type": 0, "deny": "8"}),
    *(
        (
            "PATCH",
            "/channels/{channel_id}",
            {"permission_overwrites": [{"id": "7", "type": 0, which: "8"}]},
        )
        for which in ("allow", "deny")
    ),
]
"""What discord.py's methods send: one request for each of the differences that are its own."""


@pytest.mark.parametrize(("method", "path", "body"), FORGIVEN)
def test_what_is_forgiven_the_library_is_forgiven_nobody_else(
    spec: Spec, shared: Path, method: str, path: str, body: Any
) -> None:
    strict = load(shared / "data" / "discord-openapi.json", library=False)

    assert spec.request(method, path, body) == []
    assert strict.request(method, path, body)


def test_every_difference_is_forgiven_for_a_reason(shared: Path) -> None:
    assert len(FORGIVEN) == sum(len(keys) for keys, _ in KEYS.values()) + len(PERMISSIONS) + 1
    assert all(why for _, why in KEYS.values())


def test_our_own_answers_are_judged_too(spec: Spec) -> None:
    assert spec.response("GET", "/gateway", 200, {"url": "wss://gateway.example"}) == []
    [wrong] = spec.response("GET", "/gateway", 200, {"adress": "wss://gateway.example"})
    assert "'url' is a required property" in wrong
    assert "418 is not among" in spec.response("GET", "/gateway", 418, {})[0]


@pytest.mark.parametrize(
    ("path", "status", "noted"),
    [("/gateway/unheard-of", 404, 1), ("/users/1", 404, 0)],
)
def test_a_route_that_is_not_there_is_noted_and_a_thing_that_is_not_there_is_not(
    discord: FakeDiscord, path: str, status: int, noted: int
) -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession(headers=discord.authorization) as http:
            answer = await http.get(discord.url + path)
            assert (answer.status, answer.content_type) == (status, "application/json")

    asyncio.run(ask())
    assert len(discord.violations) == noted
    discord.violations.clear()


def test_nobody_is_served_without_the_token(discord: FakeDiscord) -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession() as http:
            answer = await http.get(f"{discord.url}/users/@me")
            assert (answer.status, (await answer.json())["code"]) == (401, 0)

    asyncio.run(ask())
