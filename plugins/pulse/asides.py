"""Put what the weekly look found into words for hosts, with what they can press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.api import Button, Context, Loudest, Member, NotifyHosts, Space
from plugins.pulse import notes
from plugins.pulse.choices import Choices, reference
from plugins.pulse.logic import WEEK, named
from plugins.pulse.settings import Settings
from plugins.pulse.shares import THREE_DAYS
from plugins.pulse.tables import PulseQuestion, PulseTold
from plugins.pulse.weeks import Week

REST = timedelta(weeks=8)
"""Hosts have one note of a kind about one space in so long."""
RECENT, NEWCOMERS = 4 * WEEK, 12 * WEEK


def separate_notes(
    ctx: Context[Settings], chosen: Choices, space: Space, weeks: Sequence[Week], at: datetime
) -> Iterator[NotifyHosts]:
    """Say, each in a note of its own, what is no broadcast and still worth a host's while."""
    if chosen.is_muted(space, at):
        return
    quiet = notes.going_quiet(weeks)
    if quiet and _rested(ctx, space, "quiet", at):
        yield _note(ctx, space, "quiet", at, quiet=quiet)
    if weeks and weeks[-1].quiet:
        return  # its talk is not usual, so nothing is read into it
    if any(week.posts for week in weeks[-4:]):
        yield from _of_people(ctx, space, at)
        yield from _of_a_bot(ctx, space, at)


def _of_people(ctx: Context[Settings], space: Space, at: datetime) -> Iterator[NotifyHosts]:
    carried = notes.carried(ctx.posts.repliers(space.key, at - RECENT, at))
    if carried and _rested(ctx, space, "carried", at):
        yield _note(ctx, space, "carried", at, carried=carried)
    firsts = ctx.posts.first_posts(space.key, at - NEWCOMERS, at, THREE_DAYS)
    waiting = notes.newcomers_waiting(*firsts)
    if waiting and _rested(ctx, space, "newcomers", at):
        yield _note(ctx, space, "newcomers", at, waiting=waiting)


def _of_a_bot(ctx: Context[Settings], space: Space, at: datetime) -> Iterator[NotifyHosts]:
    loudest = ctx.posts.loudest(space.key, at - RECENT, at)
    if loudest is None or not notes.may_be_bot(loudest) or _was_asked(ctx, loudest.post):
        return
    if not _rested(ctx, space, "bot", at):
        return
    asked = PulseQuestion(
        community=ctx.community.id, space=space.key, post=loudest.post, asked_at=at
    )
    ctx.db.add(asked)
    ctx.db.flush()
    words = ctx.render(
        "bot.md",
        space=named(space),
        found=loudest,
        number=asked.number,
        link=_link(ctx, space, loudest),
    )
    buttons = (
        Button("It is a bot", f"pulse bot {asked.number}"),
        Button("It is a person", f"pulse person {asked.number}"),
    )
    key = ctx.key("asked", asked.number or 0)
    yield NotifyHosts(key, words, buttons=buttons, why=WHY_BOT)


def _was_asked(ctx: Context[Settings], post: str) -> bool:
    """Whether hosts were asked about this author before: once is enough, whatever they said."""
    mine = select(PulseQuestion).where(col(PulseQuestion.community) == ctx.community.id)
    author = _author(ctx, post)
    return any(_author(ctx, one.post) == author for one in ctx.db.exec(mine))


def _author(ctx: Context[Settings], post: str) -> Member | None:
    found = ctx.posts.about(post)
    return None if found is None else found.author


def _link(ctx: Context[Settings], space: Space, found: Loudest) -> str:
    """Where to see the account, by its latest post."""
    return ctx.link(space, found.post) or f"post {found.post} in {named(space)}"


def _note(
    ctx: Context[Settings], space: Space, about: str, at: datetime, **found: object
) -> NotifyHosts:
    words = ctx.render(f"{about}.md", space=named(space), **found)
    quiet = Button("Quiet for 8 weeks", f"pulse mute {reference(space)} 8")
    return NotifyHosts(ctx.key(about, space.key, at), words, buttons=(quiet,), why=WHY[about])


def _rested(ctx: Context[Settings], space: Space, about: str, at: datetime) -> bool:
    """Whether it may be said again; if so, it is written down as said."""
    row = ctx.db.get(PulseTold, (ctx.community.id, space.key, about))
    if row is not None and at - row.at < REST:
        return False
    ctx.db.merge(PulseTold(community=ctx.community.id, space=space.key, about=about, at=at))
    return True


WHY = {
    "quiet": (
        "A weekly count of people’s posts: on average of the last 8 weeks under 35 % of the usual "
        "week before those (the median of up to 52, at least 8 posts), two checks running. Said "
        "at most once in eight weeks."
    ),
    "carried": (
        "Of at least 20 replies in four weeks, spread as if fewer than two people wrote alike "
        "many. Nobody is named. Said at most once in eight weeks."
    ),
    "newcomers": (
        "Of at least 8 people whose first post began something in the last twelve weeks, even the "
        "upper 90 % limit of the share answered within 72 hours is under half. Said at most once "
        "in eight weeks."
    ),
}
WHY_BOT = (
    "An account that begins over 30 % of what is begun in a space and hardly ever replies (under "
    "2 % of its posts) is often a bot that does not say so. Asked once about an account, and of a "
    "space at most once in eight weeks."
)
