"""Where a name still stands in a community: its spaces, settings, and what its hosts wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from bot.domain.hashtags import fold
from bot.kernel.registry import Looked


def standing(looked: Looked, session: Session, name: str) -> list[str]:
    """Say in which places a name stands as a word of its own, however it is written.

    Each is a few words for a person: "the space #TallyMath", "the settings of welcome: signposts".
    """
    word = re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)")
    found = [
        f"the space {space.name or space.id}"
        for space in looked.community.spaces
        if word.search(fold(f"{space.id} {space.name}"))
    ]
    if word.search(fold(looked.community.name)):
        found.append("the name of the community")
    for enabled in looked.plugins:
        settings = enabled.settings.model_dump(mode="json")
        found += [
            f"the settings of {enabled.installed.name}: {setting}"
            for setting, value in settings.items()
            if any(word.search(fold(text)) for text in _texts(value))
        ]
        wordings = enabled.installed.plugin.wordings
        told = wordings(looked.community.id, session) if wordings else ()
        found += dict.fromkeys(place for place, text in told if word.search(fold(text)))
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text in a setting's value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
