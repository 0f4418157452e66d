"""Interactions: from what a person did to what the bot answered, with Discord's deadlines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakediscord import messages
from tests.fakediscord.errors import Refused
from tests.fakediscord.shapes import EPHEMERAL, Json
from tests.fakediscord.world import World

ACKNOWLEDGE_SECONDS = 3.0
"""Counted on time that tests move: a busy machine fails nothing."""
REAL_SECONDS = 30.0
"""What is allowed of real time instead."""
TOKEN_SECONDS = 15 * 60.0
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
ANSWER, DEFER, DEFER_UPDATE, UPDATE, CHOICES, OPEN_MODAL = 4, 5, 6, 7, 8, 9


@dataclass
class Asked:
    """One interaction, and all that came of it."""

    interaction: Json
    person: Json
    at: datetime
    moved: float
    """How far tests had moved the clock by then, in seconds."""
    acknowledged: int | None = None
    """The type of the bot's response; None while there is none."""
    ephemeral: bool = False
    answer: Json | None = None
    """The original response, once there is one: a message that may be for one person only."""
    follow_ups: list[Json] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    from_form: Asked | None = None
    """For a modal that was sent, the interaction that opened it."""
    heard: bool = False
    """Whether somebody was connected who could hear of it."""

    @property
    def metadata(self) -> Json:
        """What a message that answers it tells of it."""
        told = {"id": self.interaction["id"], "type": self.interaction["type"]}
        told |= {"user": self.person, "authorizing_integration_owners": {}}
        if told["type"] == COMPONENT:
            told["interacted_message_id"] = self.interaction["message"]["id"]
        if told["type"] == MODAL:
            told["triggering_interaction_metadata"] = self.from_form and self.from_form.metadata
        return told

    @property
    def shown(self) -> Json:
        """The latest message that its person sees, with its buttons."""
        said = self.follow_ups[-1] if self.follow_ups else self.answer
        assert said, "nothing was answered"
        return said

    @property
    def words(self) -> str:
        """What the person who asked reads, the answer first."""
        said = [self.answer] if self.answer else []
        return "\n".join(each["content"] for each in [*said, *self.follow_ups])


class Interactions:
    """Every interaction, by its token."""

    def __init__(self, world: World, is_heard: Callable[[str | None], bool]) -> None:
        self.world, self._is_heard = world, is_heard
        self.by_token: dict[str, Asked] = {}

    def ask(
        self,
        person: Json,
        channel: Json,
        kind: int,
        data: Json,
        *,
        message: Json | None = None,
        form: Asked | None = None,
    ) -> Asked:
        """Let a person ask something of the bot, on a message or with a form that it opened."""
        world = self.world
        token = f"token{world.clock.snowflake()}"
        told: Json = {
            "id": world.clock.snowflake(),
            "application_id": world.app_id,
            "type": kind,
            "data": data,
            "channel_id": channel["id"],
            "channel": channel,
            "token": token,
            "version": 1,
            "app_permissions": str(world.may(channel, world.app_id)),
            "locale": person.get("locale", "en-US"),
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
        }
        told |= self._where(person, channel)
        message = form.interaction.get("message") if form else message
        if message:
            told["message"] = messages.shown(world, message)
        clock = world.clock
        asked = Asked(told, person, clock.now(), clock.moved, from_form=form)
        asked.heard = self._is_heard(channel.get("guild_id"))
        self.by_token[token] = asked
        world.tell("INTERACTION_CREATE", told, channel.get("guild_id"), channel["id"])
        return asked

    def _where(self, person: Json, channel: Json) -> Json:
        public = {key: value for key, value in person.items() if key != "locale"}
        if "guild_id" not in channel:
            return {"user": public, "context": 1, "authorizing_integration_owners": {"0": "0"}}
        guild = self.world.guilds[channel["guild_id"]]
        member = self.world.find_member(guild["id"], person["id"])
        assert member, f"{person['username']} is not in {guild['name']}"
        held = str(self.world.may(channel, person["id"]))
        return {
            "guild_id": guild["id"],
            "guild": {"id": guild["id"], "features": [], "locale": guild["preferred_locale"]},
            "guild_locale": guild["preferred_locale"],
            "member": member | {"user": public, "permissions": held},
            "context": 0,
            "authorizing_integration_owners": {"0": guild["id"]},
        }

    def acknowledge(self, id_: str, token: str, body: Json) -> tuple[Asked, Json]:
        """Take the bot's response; return what Discord tells of it."""
        asked = self.by_token.get(token)
        if not asked or asked.interaction["id"] != id_:
            raise Refused(10062)
        if asked.acknowledged is not None:
            raise Refused(40060)
        moved = self.world.clock.moved - asked.moved
        if moved > ACKNOWLEDGE_SECONDS or self._age(asked) - moved > REAL_SECONDS:
            raise Refused(10062)
        data = body.get("data") or {}
        self._respond(asked, body["type"], data)
        asked.acknowledged = body["type"]
        return asked, self._told(asked)

    def _respond(self, asked: Asked, kind: int, data: Json) -> None:
        ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
        if kind == ANSWER:
            asked.ephemeral = ephemeral
            asked.answer = self.say(asked, data, original=True)
        elif kind == DEFER:
            asked.ephemeral = ephemeral
        elif kind == UPDATE:
            asked.answer = self._change(asked.interaction["message"]["id"], data)
        elif kind == DEFER_UPDATE:
            asked.answer = self._stored(asked.interaction["message"]["id"])
        elif kind == CHOICES:
            asked.choices = data["choices"]
        elif kind == OPEN_MODAL:
            asked.modal = data

    def _told(self, asked: Asked) -> Json:
        interaction = {"id": asked.interaction["id"], "type": asked.interaction["type"]}
        waits = asked.acknowledged == DEFER
        interaction |= {
            "response_message_loading": waits,
            "response_message_ephemeral": asked.ephemeral,
        }
        if asked.acknowledged not in {ANSWER, UPDATE} or not asked.answer:
            return {"interaction": interaction}
        interaction["response_message_id"] = asked.answer["id"]
        shown = messages.shown(self.world, asked.answer)
        resource = {"type": asked.acknowledged, "message": shown}
        return {"interaction": interaction, "resource": resource}

    def find(self, token: str) -> Asked:
        """Find an interaction whose token still holds."""
        asked = self.by_token.get(token)
        if not asked:
            raise Refused(10015)
        if self._age(asked) > TOKEN_SECONDS:
            raise Refused(50027)
        return asked

    def original(self, asked: Asked) -> Json:
        """Find the original response."""
        if not asked.answer:
            raise Refused(10008)
        return asked.answer

    def say(self, asked: Asked, body: Json, *, original: bool = False) -> Json:
        """Say something in answer, for one person only if the flags say so."""
        world, channel = self.world, self.world.channels[asked.interaction["channel_id"]]
        kind = messages.CHAT_INPUT if asked.interaction["type"] == COMMAND else 0
        if asked.interaction.get("data", {}).get("type", 1) != 1:
            kind = messages.CONTEXT_MENU
        if not original:
            kind = messages.REPLY
        more = {"type": kind, "interaction_metadata": asked.metadata, "webhook_id": world.app_id}
        more["application_id"] = world.app_id
        body = {key: value for key, value in body.items() if "nonce" not in key}
        if (body.get("flags") or 0) & EPHEMERAL:
            return messages.whisper(world, channel, world.bot, body, **more)
        return messages.say(world, channel, world.bot, body, **more)

    def follow_up(self, asked: Asked, body: Json) -> Json:
        """Say more. The first after a deferral is the original response."""
        if asked.acknowledged is None:
            raise Refused(10015)
        if asked.acknowledged == DEFER and not asked.answer:
            flags = (body.get("flags") or 0) & ~EPHEMERAL
            flags |= EPHEMERAL if asked.ephemeral else 0
            asked.answer = self.say(asked, body | {"flags": flags}, original=True)
            return asked.answer
        asked.follow_ups.append(self.say(asked, body))
        return asked.follow_ups[-1]

    def edit_original(self, asked: Asked, body: Json) -> Json:
        """Change the original response; after a deferral this makes it."""
        if asked.answer:
            return messages.edit(self.world, asked.answer, body)
        if asked.acknowledged != DEFER:
            raise Refused(10008)
        return self.follow_up(asked, body)

    def delete_original(self, asked: Asked) -> None:
        """Take the original response back."""
        gone = self.original(asked)
        if gone["id"] in self.world.messages:
            messages.delete(self.world, gone)
        asked.answer = None

    def _stored(self, id_: str) -> Json | None:
        found = self.world.messages.get(id_)
        if found:
            return found
        answers = [each.answer for each in self.by_token.values() if each.answer]
        follow_ups = [said for each in self.by_token.values() for said in each.follow_ups]
        return next((each for each in [*answers, *follow_ups] if each["id"] == id_), None)

    def _change(self, id_: str, data: Json) -> Json:
        found = self._stored(id_)
        if not found:
            raise Refused(10008)
        return messages.edit(self.world, found, data)

    def _age(self, asked: Asked) -> float:
        return (self.world.clock.now() - asked.at).total_seconds()

    def forgive(self) -> None:
        """Let a test leave interactions without a response, because that is what it is about."""
        for each in self.by_token.values():
            each.heard = False

    def unacknowledged(self) -> list[str]:
        """Name the interactions that a listening bot left without any response."""
        return [
            f"{each.interaction['type']} {described(each.interaction)}"
            for each in self.by_token.values()
            if each.acknowledged is None and each.heard
        ]


def described(interaction: Any) -> str:
    """Name what was asked: the command, or the component."""
    data = interaction["data"]
    return str(data.get("name") or data.get("custom_id"))
