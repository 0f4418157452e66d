"""What stands under the words of Weaver's posts: buttons and pictures, as JSON in the world."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.domain.actions import Answer, Button, DirectMessage, Picture, Reply, SendPost


@dataclass(frozen=True, slots=True)
class Shown:
    """Buttons and pictures of one post."""

    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()


_JSON = TypeAdapter(Shown)


def kept(said: Iterable[SendPost | Reply | DirectMessage | Answer]) -> str | None:
    """What is kept of what stands under some words; None for nothing."""
    parts = list(said)
    buttons = tuple(button for part in parts for button in part.buttons)
    pictures = tuple(picture for part in parts for picture in part.pictures)
    return _JSON.dump_json(Shown(buttons, pictures)).decode() if buttons or pictures else None


def read(value: str | None) -> Shown:
    """What was kept."""
    return _JSON.validate_json(value) if value else Shown()
