"""Answer interactions: commands, menus, buttons, forms, and words that are being typed.

Answers are no acts: what is decided is durable, the answer is best effort and never repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import discord
import structlog

from bot.adapters.discord.commands import MOST, SET_UP, SHARE, Asked, Offered
from bot.adapters.discord.convert import SHARE as SHARED
from bot.adapters.discord.convert import Data, Eyes, member_of
from bot.adapters.discord.forms import Forms
from bot.adapters.discord.joining import NOT_YOURS, SETUP, Joining
from bot.adapters.discord.payloads import CHOOSE, rows_of, said_by
from bot.adapters.discord.places import Places
from bot.adapters.discord.saying import choice, fields_of, files_of, int_choice, send, view_of
from bot.adapters.discord.settings import PLATFORM
from bot.adapters.discord.snowflakes import moment
from bot.adapters.discord.words import LONGEST, in_own_zones, messages
from bot.adapters.discord.zones import zones_like
from bot.domain.actions import Answer
from bot.domain.commands import CommandSpec, Parameter
from bot.domain.events import CommandCalled
from bot.domain.model import Role, Space
from bot.domain.ports import Catalogue, Dispatch, Outcome
from bot.domain.text import with_choices

log = structlog.get_logger()
COMMAND, COMPONENT, TYPING, SUBMITTED = 2, 3, 4, 5
"""Types of interactions."""
PATIENCE = 1.5
"""Seconds within which an answer is given at once; Discord itself waits three."""
MANAGE = 1 << 5
"""The permission to manage a server."""
ADMINISTRATOR = 1 << 3
_LABEL, _TITLE, _PASTE = 45, 45, 4000
_MOST_TAGS = 10
SORRY = "That did not work, and it is Weaver's fault, not yours. The operator's log has more."
STALE = "That is from another time, and Weaver no longer knows what it meant. Try /help."
NOWHERE = (
    "Weaver does not know which community you mean. Ask in one of its channels; if this server "
    "has none yet, somebody who manages it can begin with the message that Weaver left here."
)


@dataclass(slots=True)
class Answers:
    """Interactions on their way in, and answers on their way out."""

    catalogue: Catalogue
    places: Places
    offered: Offered
    eyes: Eyes
    data: Path
    dispatch: Dispatch
    private: Callable[[str], Awaitable[str | None]]
    """The space that a member's private talk with Weaver belongs to."""
    joining: Joining
    forms: Forms

    async def take(self, told: Data, client: discord.Client) -> None:
        """Answer one interaction; an old or double one is logged and not tried again."""
        interaction = discord.Interaction(data=told, state=client._connection)  # type: ignore[arg-type] # noqa: SLF001 - as the client itself makes them
        try:
            match told.get("type"):
                case 2:
                    await self._command(interaction, told)
                case 3:
                    await self._pressed(interaction, told)
                case 4:
                    await self._typing(interaction, told)
                case 5:
                    await self._submitted(interaction, told)
        except (discord.HTTPException, discord.InteractionResponded) as error:
            log.info("discord interaction lost", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - whatever fails, who asked hears of it
            log.error("discord interaction failed", error=type(error).__name__)  # noqa: TRY400
            await self._sorry(interaction)

    async def _sorry(self, interaction: discord.Interaction) -> None:
        try:
            await self._say(interaction, Answer(SORRY))
        except discord.HTTPException as error:
            log.info("discord interaction lost", error=type(error).__name__)

    async def _command(self, interaction: discord.Interaction, told: Data) -> None:
        asked = self.offered.asked(told["data"])
        if asked is not None and asked.spec == SET_UP:
            await self._set_up(interaction, told, "open", asked.given.get("zone", ""))
        elif asked is None:
            await self._say(interaction, Answer(STALE))
        elif (missing := asked.missing) is not None:
            await self._form(interaction, asked, missing)
        else:
            await self._carry_out(interaction, told, asked)

    async def _submitted(self, interaction: discord.Interaction, told: Data) -> None:
        data = told["data"]
        if str(data["custom_id"]).startswith(f"{SETUP}:"):
            await self._set_up(interaction, told, str(data["custom_id"]).partition(":")[2])
            return
        asked = await self.forms.filled(str(data["custom_id"]), dict(fields_of(data)))
        if asked is None:
            kept = "\n\n".join(value for _, value in fields_of(data))
            await self._say(interaction, Answer(f"{STALE}\n\nThis is what you wrote:\n{kept}"))
        else:
            await self._carry_out(interaction, told, asked)

    async def _form(
        self, interaction: discord.Interaction, asked: Asked, missing: Parameter
    ) -> None:
        """Open a form for the long text that a command needs, without asking anybody."""
        custom = await self.forms.id_for(asked, interaction.id)
        title = f"{asked.spec.group} {asked.spec.name}".strip().capitalize()
        form = discord.ui.Modal(title=title[:_TITLE], custom_id=custom)
        form.add_item(
            discord.ui.TextInput(
                label=missing.name.replace("_", " ").capitalize()[:_LABEL],
                style=discord.TextStyle.paragraph,
                custom_id=missing.name,
                max_length=_PASTE,
            )
        )
        form.stop()  # the client need not remember it: its id says all
        await interaction.response.send_modal(form)

    async def _pressed(self, interaction: discord.Interaction, told: Data) -> None:
        """A button, or what is chosen in a select, says its command, for whoever does it."""
        custom = str(told["data"].get("custom_id", ""))
        if custom == CHOOSE:
            custom = str(next(iter(told["data"].get("values") or ()), ""))
        if custom.startswith(f"{SETUP}:"):
            await self._set_up(interaction, told, custom.partition(":")[2])
            return
        said = said_by(custom)
        if said is None:
            await self._say(interaction, Answer(STALE))
            return
        command, identity = said
        if command == SET_UP.name:
            await self._set_up(interaction, told, "open")
            return
        space = (
            self.places.spaces.get(identity) if identity else await self._space(told, interaction)
        )
        event = self._event(told, space, command)
        await self._dispatched(interaction, event)

    async def _set_up(
        self, interaction: discord.Interaction, told: Data, step: str, zone: str = ""
    ) -> None:
        """One step of the guided set-up, for those who manage the server."""
        may = int((told.get("member") or {}).get("permissions") or 0)
        if not may & (MANAGE | ADMINISTRATOR):
            await self._say(interaction, Answer(NOT_YOURS))
            return
        said: str | None = None
        match step:
            case "open":
                await self.joining.open(interaction, zone)
            case "named":
                said = await self.joining.named(interaction, dict(fields_of(told["data"])))
            case "begin":
                said = await self.joining.begin(interaction)
            case _:
                await self.joining.chosen(interaction, step, told["data"])
        if said:
            await self._say(interaction, Answer(said))

    async def _carry_out(self, interaction: discord.Interaction, told: Data, asked: Asked) -> None:
        space = await self._space(told, interaction)
        if asked.spec == SHARE:
            await self._share(interaction, told, asked)
            return
        event = self._event(told, space, asked.text)
        if event is not None:
            place = self.places.of(str(told.get("channel_id")), interaction.guild)
            event = replace(event, **asked.event_parts(place, self.eyes))
        await self._dispatched(interaction, event)

    async def _space(self, told: Data, interaction: discord.Interaction) -> Space | None:
        """The space that an interaction concerns: by its channel, its server, or a private talk."""
        if told.get("guild_id"):
            return self.places.asked_in(str(told.get("channel_id")), interaction.guild)
        user = told.get("user") or {}
        return self.places.spaces.get(await self.private(str(user.get("id"))) or "")

    def _event(self, told: Data, space: Space | None, text: str) -> CommandCalled | None:
        """The command that an interaction gives; None where no community is concerned."""
        if space is None:
            return None
        member = told.get("member") or {}
        user = member.get("user") or told.get("user") or {}
        may = int(member.get("permissions") or 0)
        at = moment(int(told["id"]))
        who = member_of(user, member.get("nick"))
        roles = tuple(Role(PLATFORM, str(role)) for role in member.get("roles") or ())
        manages = bool(may & (MANAGE | ADMINISTRATOR))
        return CommandCalled(f"i{told['id']}", at, space, who, text, roles=roles, manages=manages)

    async def _dispatched(
        self, interaction: discord.Interaction, event: CommandCalled | None
    ) -> None:
        """Answer once all is committed; what takes longer is promised first."""
        if event is None:
            await self._say(interaction, Answer(NOWHERE))
            return
        told: asyncio.Task[Outcome] = asyncio.ensure_future(self.dispatch(event))
        done, _ = await asyncio.wait([told], timeout=PATIENCE)
        if not done:
            await interaction.response.defer(ephemeral=True, thinking=True)
        outcome = await told
        if outcome.repeated:
            log.info("discord interaction repeated")
        for answer in outcome.answers:
            await self._say(interaction, answer)

    async def _say(self, interaction: discord.Interaction, answer: Answer) -> None:
        """Answer: at once, or in place of the promise; more messages follow the first."""
        rows, left = rows_of(answer.buttons)
        text = in_own_zones(answer.text, answer.moments)
        said = messages(with_choices(text, left, "/")) or ["Done."]
        for number, words in enumerate(said):
            last = number == len(said) - 1
            more: dict[str, Any] = {"view": view_of(rows)} if rows and last else {}
            if answer.pictures and last:
                more["files"] = await files_of(answer, self.data)
            await send(interaction, words, ephemeral=answer.private, more=more)

    async def _share(self, interaction: discord.Interaction, told: Data, asked: Asked) -> None:
        """Say a member's words through Weaver, where everybody sees whose they are."""
        place = self.places.of(str(told.get("channel_id")), interaction.guild)
        user = (told.get("member") or {}).get("user") or {}
        names = asked.given.get("tags", "").replace(",", " ").split()[:_MOST_TAGS]
        tags = " ".join(f"#{name.lstrip('#')}" for name in names if name.strip("#"))
        words = "\n\n".join(part for part in (asked.given.get("text", "").strip(), tags) if part)
        text = SHARED.format(user.get("id")) + words
        if place is None or place.space.purpose in ("hosts", "audience"):
            await self._say(interaction, Answer("Share it in a channel where people talk."))
        elif len(text) > LONGEST:
            over = len(text) - LONGEST
            await self._say(interaction, Answer(f"That is {over} characters too long to share."))
        else:
            await send(interaction, text, ephemeral=False, more={})

    async def _typing(self, interaction: discord.Interaction, told: Data) -> None:
        """Offer how a word could go on; nothing where nothing is known."""
        typed = self.offered.typed(told["data"])
        space = await self._space(told, interaction)
        choices = await self._choices(typed, space) if typed else ()
        if typed is not None and typed[1].type is int:
            numbers = [one for one in map(int_choice, choices) if one]
            await interaction.response.autocomplete(numbers[:MOST])
        else:
            await interaction.response.autocomplete([choice(one) for one in choices[:MOST]])

    async def _choices(
        self, typed: tuple[CommandSpec, Parameter, str], space: Space | None
    ) -> Sequence[str]:
        spec, parameter, begun = typed
        if spec == SET_UP:
            return zones_like(begun)
        if space is None:
            return ()
        if parameter.type in (str, int):
            return await self.catalogue.complete(space, spec, parameter.name, begun)
        names: list[str] = list(map(str, get_args(parameter.type)))
        if parameter.type is Space:
            here = (one for one in self.catalogue.communities() if space in one.spaces)
            names = [one.name or one.id for community in here for one in community.spaces]
        return [name for name in names if begun.casefold() in name.casefold()]
