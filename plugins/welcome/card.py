"""The greeting: a short card of signposts with buttons, in Weaver's words or the hosts' own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from bot.api import Button, Context, Moment, Planned, UserError, join_words, when_words
from plugins.welcome.logic import language_among
from plugins.welcome.settings import Interest, Settings
from plugins.welcome.tables import OwnWords

EXAMPLE = "Sam"
"""Whom a preview greets."""
NAMELESS = "friend"
"""How hosts' own words call somebody whose name the platform does not tell."""


@dataclass(frozen=True, slots=True)
class Card:
    """A greeting as it is said, what stands under it, and which of its words mean a moment."""

    text: str
    buttons: tuple[Button, ...]
    moments: tuple[Moment, ...] = ()


def next_chat(ctx: Context[Settings], planned: Planned | None) -> str:
    """Say when and where people meet next; empty where nothing is planned."""
    return f"{_when(ctx, planned)}, in {_place(ctx, planned)}" if planned else ""


def moments_of(ctx: Context[Settings], planned: Planned | None) -> tuple[Moment, ...]:
    """Which words of that mean a moment."""
    return (Moment(_when(ctx, planned), planned.begins),) if planned else ()


def _when(ctx: Context[Settings], planned: Planned) -> str:
    return when_words(planned.begins, planned.zone, ctx.now)


def _place(ctx: Context[Settings], planned: Planned) -> str:
    here = next((one for one in ctx.community.spaces if one.key == planned.space), None)
    return (here.name or here.id) if here else planned.space.partition(":")[2]


def values(ctx: Context[Settings], name: str, planned: Planned | None) -> dict[str, Any]:
    """What hosts' own words may name: each is empty where nothing is set."""
    signposts = join_words([f"{where} for {who}" for who, where in ctx.settings.signposts.items()])
    return {
        "name": name or NAMELESS,
        "community": ctx.community.name,
        "about": ctx.settings.about,
        "rhythm": ctx.settings.rhythm,
        "next_chat": next_chat(ctx, planned),
        "signposts": signposts,
    }


def greeting(
    ctx: Context[Settings], name: str, own: str | None = None, languages: Sequence[str] = ()
) -> Card:
    """Greet somebody by name: in ``own`` words, else in those in use, else in Weaver's.

    Of the words in use, those in one of ``languages``, the newcomer's, go first; then those in the
    community's; then those that have no language.
    """
    planned = ctx.occasions.next()
    moments = moments_of(ctx, planned)
    words = own if own is not None else _in_use(ctx, languages)
    said = values(ctx, name, planned)
    if words:
        return Card(ctx.fill(words, **said), buttons(ctx, planned), moments)
    said |= {"name": name, "signposts": ctx.settings.signposts}
    return Card(ctx.render("greeting.md", **said), buttons(ctx, planned), moments)


def together(ctx: Context[Settings]) -> Card:
    """Greet all at once who came in a rush."""
    planned = ctx.occasions.next()
    moments = moments_of(ctx, planned)
    words = ctx.render("together.md", **values(ctx, "", planned))
    return Card(words, buttons(ctx, planned), moments)


def _in_use(ctx: Context[Settings], languages: Sequence[str]) -> str:
    """The hosts' own words for somebody of those languages; empty where there are none."""
    mine = select(OwnWords).where(OwnWords.community == ctx.community.id)
    kept = {row.language: row.words for row in ctx.db.exec(mine) if row.words}
    return kept.get(language_among((*languages, ctx.community.language), kept), "")


def buttons(ctx: Context[Settings], planned: Planned | None) -> tuple[Button, ...]:
    """What stands under a greeting: interests, what else there is, and a word later on."""
    interests = [
        Button(one.label, f"welcome interest {one.label}", one.label)
        for one in ctx.settings.interests
    ]
    is_more = bool(ctx.settings.more) or planned is not None
    more = [Button("More about this place", "welcome more")] if is_more else []
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
