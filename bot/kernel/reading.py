"""Tell a command from talk, where people speak to Weaver in the middle of a conversation. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from bot.kernel.registry import Looked

NEARLY = 0.8
"""How like a known word one has to be to be taken for a slip of it."""
SHORT = 3
"""Words of a call that may begin with a slip: longer ones are talk."""
_POLITE = frozenset({"please", "thanks", "thank", "you", "now", "weaver"})
_ENDS = ".,;:!?\u2026"


def is_command(looked: Looked, text: str, core: Sequence[str]) -> bool:
    """Whether words that are said to Weaver are a command; talk that begins like one is talk.

    ``core`` are the core's own words. A core word counts alone, but for politeness, or with what
    belongs to it; a plugin's, alone or with a command of its.
    """
    words = [bare for word in text.split() if (bare := word.lower().strip(_ENDS))]
    if not words:
        return False
    group, *more = words
    enabled = looked.enabled(group)
    if enabled is not None:
        return not _rest(more) or more[0] in enabled.installed.commands
    if group in core:
        return _is_whole(looked, group, more)
    known = [*core, *(one.installed.name for one in looked.plugins)]
    near = difflib.get_close_matches(group, known, 1, NEARLY)
    return bool(near) and len(words) <= SHORT


def plain(text: str) -> str:
    """A call of one core word without the politeness and marks around it; other words as they are.

    "Stop, please!" is "Stop".
    """
    words = [bare for word in text.split() if (bare := word.strip(_ENDS))]
    return words[0] if words and not _rest([word.lower() for word in words[1:]]) else text


def _is_whole(looked: Looked, group: str, more: Sequence[str]) -> bool:
    rest = _rest(more)
    groups = {one.installed.name for one in looked.plugins}
    purposes = {name for one in looked.plugins for name in one.installed.plugin.purposes}
    match group, rest:
        case _, []:
            return True
        case "help", [about]:
            return about in groups or about in {"me", "stop", "start", "next", "pause", "roles"}
        case "stop", [purpose]:
            return purpose in purposes
        case "me", ["yes" | "no" | "mute" | "unmute" | "pause" | "link" | "unlink", *_]:
            return True
        case "roles", _:
            return True
    return False


def _rest(more: Sequence[str]) -> list[str]:
    """The words that say something."""
    return [word for word in more if word not in _POLITE]
