"""The greeting: a short card of signposts with buttons, in Weaver's words or the hosts' own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import Button, Context, UserError, join_words
from plugins.welcome.settings import Interest, Settings
from plugins.welcome.tables import OwnWords

EXAMPLE = "Sam"
"""Whom a preview greets."""
NAMELESS = "friend"
"""How hosts' own words call somebody whose name the platform does not tell."""


def values(ctx: Context[Settings], name: str) -> dict[str, Any]:
    """What hosts' own words may name: each is empty where nothing is set."""
    signposts = join_words([f"{where} for {who}" for who, where in ctx.settings.signposts.items()])
    return {
        "name": name or NAMELESS,
        "community": ctx.community.name,
        "rhythm": ctx.settings.rhythm,
        "signposts": signposts,
    }


def greeting(ctx: Context[Settings], name: str, own: str | None = None) -> str:
    """Greet somebody by name: in ``own`` words, else in those in use, else in Weaver's."""
    kept = ctx.db.get(OwnWords, ctx.community.id)
    words = own if own is not None else (kept.words if kept else "")
    if words:
        return ctx.fill(words, **values(ctx, name))
    signposts: Mapping[str, str] = ctx.settings.signposts
    return ctx.render("greeting.md", name=name, rhythm=ctx.settings.rhythm, signposts=signposts)


def buttons(ctx: Context[Settings]) -> tuple[Button, ...]:
    """What stands under a greeting: interests, what else there is, and a word later on."""
    interests = [
        Button(one.label, f"welcome interest {one.label}") for one in ctx.settings.interests
    ]
    more = [Button("More about this place", "welcome more")] if ctx.settings.more else []
    later = Button(f"Look in on me in {ctx.settings.follow_up_days} days", "welcome later")
    return (*interests, *more, later)


def interest(ctx: Context[Settings], label: str) -> Interest:
    """Find an interest by its label; UserError lists those there are."""
    for one in ctx.settings.interests:
        if one.label.casefold() == label.strip().casefold():
            return one
    known = join_words([one.label for one in ctx.settings.interests], "or")
    raise UserError(
        f"there is no {label.strip()!r} to choose; there is {known}"
        if known
        else "there is nothing to choose here yet; hosts can set interests"
    )


def length_warning(ctx: Context[Settings], words: str) -> str:
    """Say that a greeting is longer than people read; empty when it is not."""
    if len(words) <= ctx.settings.longest:
        return ""
    return ctx.render("long.md", length=len(words), longest=ctx.settings.longest)
