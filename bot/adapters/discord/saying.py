"""Answers to interactions as Discord's library takes them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
import structlog
from discord.app_commands import Choice

from bot.adapters.discord.convert import Data
from bot.domain.actions import Answer
from bot.domain.ports import Image, Rejected, TryLater
from bot.pictures import image_of

_LONGEST = 100
_NUMBER = re.compile(r"\d+")
log = structlog.get_logger()


async def images_of(answer: Answer, data: Path) -> list[Image]:
    """The pictures of an answer; one that cannot be drawn is left out."""
    found = []
    for picture in answer.pictures:
        try:
            found.append(await image_of(picture, data))
        except (Rejected, TryLater) as trouble:
            log.warning("picture left out", why=str(trouble))
    return found


async def files_of(answer: Answer, data: Path) -> list[discord.File]:
    """The same as the library takes them."""
    return [
        discord.File(io.BytesIO(image.data), image.name, description=image.alt[:1024])
        for image in await images_of(answer, data)
    ]


async def send(
    interaction: discord.Interaction, words: str, *, ephemeral: bool, more: Mapping[str, Any]
) -> None:
    """One message of an answer."""
    closed = discord.AllowedMentions.none()
    if not interaction.response.is_done():
        await interaction.response.send_message(
            words, ephemeral=ephemeral, suppress_embeds=True, allowed_mentions=closed, **more
        )
    else:
        await interaction.followup.send(
            words, ephemeral=ephemeral, suppress_embeds=True, allowed_mentions=closed, **more
        )


def view_of(rows: Sequence[Mapping[str, Any]]) -> discord.ui.View:
    """Rows of buttons as the library takes them; it need not remember them."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for one in row["components"]:
            view.add_item(_item(one, number))
    view.stop()
    return view


def _item(one: Mapping[str, Any], row: int) -> discord.ui.Item[Any]:
    """A button, or a select."""
    if "options" not in one:
        return discord.ui.Button(label=one["label"], custom_id=one["custom_id"], row=row)
    options = [discord.SelectOption(label=o["label"], value=o["value"]) for o in one["options"]]
    return discord.ui.Select(
        custom_id=one["custom_id"], placeholder=one["placeholder"], options=options, row=row
    )


def choice(words: str) -> Choice[str]:
    """One way in which a text could go on."""
    return Choice(name=words[:_LONGEST], value=words[:_LONGEST])


def int_choice(words: str) -> Choice[int] | None:
    """A number with what it stands for; None for words that begin with none."""
    found = _NUMBER.match(words)
    return Choice(name=words[:_LONGEST], value=int(found[0])) if found else None


def fields_of(data: Data) -> Sequence[tuple[str, str]]:
    """What was filled into a form, by the ids of its fields."""
    found = []
    for row in data.get("components") or ():
        inside = row.get("components") or ([row["component"]] if "component" in row else [])
        found += [(str(one["custom_id"]), str(one.get("value") or "")) for one in inside]
    return found
