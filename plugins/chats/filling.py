"""Names left open in a prompt, ``{{ topic }}`` and ``{{ chat }}``: filled when a chat opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plugins.chats.logic import LONGEST_TOPIC, Prompt, check_prompts
from plugins.chats.series import Chats

_LONGEST = {"topic": "x" * LONGEST_TOPIC, "chat": "Wednesday chat"}


def check(ctx: Chats, script: Sequence[Prompt], longest: int) -> None:
    """Refuse prompts that do not fit in a post, however they are filled, or that name what is not.

    UserError says which names there are.
    """
    check_prompts(_with(ctx, script, _LONGEST), longest)


def filled(ctx: Chats, script: Sequence[Prompt], topic: str, chat: str) -> list[Prompt]:
    """Give prompts as they are asked."""
    return _with(ctx, script, {"topic": topic or f"this {chat}", "chat": chat})


def _with(ctx: Chats, script: Sequence[Prompt], words: dict[str, str]) -> list[Prompt]:
    return [
        replace(one, text=ctx.fill(one.text, **words)) if "{" in one.text else one for one in script
    ]
