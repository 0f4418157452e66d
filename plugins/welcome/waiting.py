"""Newcomers who wait for a person: who they are, and which greeter gets a quiet note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from bot.api import (
    Action,
    Context,
    DirectMessage,
    FirstSteps,
    Grounds,
    Member,
    NotifyHosts,
    Space,
)
from plugins.welcome.logic import WEEK, Free, is_new, shared_out
from plugins.welcome.settings import Settings
from plugins.welcome.tables import Arrival, Greeter, Noted

GREET = "greet"
"""The purpose of the notes that greeters asked for."""
KEPT = timedelta(weeks=2)
MOMENT = timedelta(microseconds=1)
NOTES = "notes"
"""The timer of the next look at who waits."""
LATE = timedelta(hours=12)
"""How late such a look may come: people wait all the more."""
WHY = (
    "A newcomer’s post had no answer from a person yet. Greeters who offered to help are told in "
    "turn, each of no more than they want; where nobody is free, the hosts. Once a post."
)


def newcomers(ctx: Context[Settings], since: datetime) -> list[FirstSteps]:
    """What newcomers began since then, oldest first; not in spaces that only hosts read."""
    hidden = {space.key for space in ctx.community.spaces if space.purpose in ("hosts", "audience")}
    steps = ctx.posts.first_steps(since, ctx.now + MOMENT, ctx.settings.new)
    arrivals = select(Arrival.member, Arrival.at).where(
        Arrival.community == ctx.community.id,
        col(Arrival.member).in_({step.author.key for step in steps}),
    )
    arrived = dict(ctx.db.exec(arrivals).all())
    began = ctx.posts.began()
    return [
        step
        for step in steps
        if step.space not in hidden
        and is_new(step, arrived.get(step.author.key), began, ctx.settings)
    ]


def waiting(ctx: Context[Settings]) -> list[FirstSteps]:
    """Newcomers' posts of the last days without a person's answer, oldest first."""
    return [step for step in newcomers(ctx, ctx.now - ctx.settings.new) if step.answered is None]


def followers(ctx: Context[Settings]) -> list[str]:
    """Where to see who newly follows and has said nothing yet, the longest wait first."""
    query = select(Arrival.profile).where(
        Arrival.community == ctx.community.id,
        Arrival.met == "followed",
        col(Arrival.at) > ctx.now - ctx.settings.new,
    )
    return list(ctx.db.exec(query.order_by(col(Arrival.at), Arrival.member)))


def where(ctx: Context[Settings], step: FirstSteps) -> str:
    """Where a person can read it: its address, or at least the name of its space."""
    space = space_of(ctx, step)
    return ctx.link(space, step.post) or f"in {space.name or space.id}"


def look_again(ctx: Context[Settings], at: datetime) -> None:
    """See that somebody looks who waits, at ``at`` or before."""
    planned = ctx.schedule.next(NOTES)
    if planned is None or planned > at:
        ctx.schedule.once(NOTES, at, "A look at who waits for an answer", grace=LATE)


def notes(ctx: Context[Settings]) -> Iterator[Action]:
    """Tell greeters, once a post, of newcomers who have waited long enough; plan the next look."""
    ctx.db.exec(
        delete(Noted).where(
            col(Noted.community) == ctx.community.id, col(Noted.at) < ctx.now - KEPT
        )
    )
    known = set(ctx.db.exec(select(Noted.post).where(Noted.community == ctx.community.id)).all())
    new = {step.post: step for step in waiting(ctx) if step.post not in known}
    ripe = [post for post, step in new.items() if step.at <= ctx.now - ctx.settings.patience]
    for member, posts in shared_out(ripe, _free(ctx)).items():
        yield _note(ctx, member, [new[post] for post in posts])
        for post in posts:
            ctx.db.add(Noted(community=ctx.community.id, post=post, greeter=member, at=ctx.now))
    young = [step.at for post, step in new.items() if post not in ripe]
    if young:
        look_again(ctx, min(young) + ctx.settings.patience)


def note_words(ctx: Context[Settings], places: Iterable[str]) -> str:
    """What a greeter reads."""
    return ctx.render("note.md", places=list(places))


def greeters(ctx: Context[Settings]) -> list[Greeter]:
    """The volunteers, who offered first comes first."""
    mine = select(Greeter).where(Greeter.community == ctx.community.id)
    return list(ctx.db.exec(mine.order_by(col(Greeter.since), Greeter.member)))


def _note(ctx: Context[Settings], member: str, steps: list[FirstSteps]) -> Action:
    words = note_words(ctx, (where(ctx, step) for step in steps))
    if not member:
        return NotifyHosts(ctx.key("note", "hosts", steps[0].post), words, why=WHY)
    greeter = Member.of(member)
    key = ctx.key("note", greeter, steps[0].post)
    grounds = Grounds(greeter, GREET, "agreed")
    return DirectMessage(key, meeting_place(ctx, greeter), greeter, words, why=WHY, grounds=grounds)


def meeting_place(ctx: Context[Settings], member: Member) -> Space:
    """A space of the community on a member's platform."""
    spaces = [space for space in ctx.community.spaces if space.platform == member.platform]
    return next((one for one in spaces if one.purpose == "lobby"), (spaces or [Space("", "")])[0])


def _free(ctx: Context[Settings]) -> list[Free]:
    """What each greeter may still be told this week."""
    told: dict[str, list[datetime]] = {}
    recent = select(Noted).where(
        Noted.community == ctx.community.id, col(Noted.at) > ctx.now - WEEK
    )
    for row in ctx.db.exec(recent):
        told.setdefault(row.greeter, []).append(row.at)
    return [
        Free(one.member, one.most, len(at := told.get(one.member, [])), max(at, default=None))
        for one in greeters(ctx)
    ]


def space_of(ctx: Context[Settings], step: FirstSteps) -> Space:
    """The space of a post, with its name."""
    return next(space for space in ctx.community.spaces if space.key == step.space)
