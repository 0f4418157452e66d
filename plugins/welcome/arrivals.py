"""How people are met who arrive: one by one, together after a raid, or by greeters alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from bot.api import (
    Action,
    Context,
    Failed,
    Grounds,
    Member,
    MemberJoined,
    NotifyHosts,
    PostSeen,
    Reply,
    RolesChanged,
    SendPost,
    Space,
    Urgency,
)
from plugins.welcome.card import greeting
from plugins.welcome.card import together as all_at_once
from plugins.welcome.logic import DAY, meet
from plugins.welcome.settings import Settings
from plugins.welcome.tables import Arrival, Told

PURPOSE = "welcome"
"""The purpose of every hello."""
CALM = "calm"
"""The timer that ends a raid."""
GREET_WHY = (
    "Somebody arrived whom Weaver had not greeted before. It says hello once, in the open, "
    "and never by private message. A hello from a person is the one that counts."
)
RAID_WHY = (
    "Many arrived within minutes. Greeting each would flood the place, so Weaver waits until "
    "nobody has come for a while."
)

_ARRIVED: Any = sa.select(col(Arrival.at), col(Arrival.met)).where(
    col(Arrival.community) == sa.bindparam("here"), col(Arrival.member) == sa.bindparam("who")
)
"""Built once: it is asked of every post."""
_LATELY = sa.select(sa.func.count()).where(
    col(Arrival.community) == sa.bindparam("here"),
    col(Arrival.at) > sa.bindparam("since"),
    col(Arrival.met).not_in(("followed", "outside")),
)


def arrived(ctx: Context[Settings], member: Member) -> tuple[datetime | None, str]:
    """When a member arrived and how they were met; None when nobody saw them do so."""
    found = ctx.run(_ARRIVED, here=ctx.community.id, who=member.key).first()
    return (found.at, found.met) if found else (None, "")


def known(ctx: Context[Settings], member: Member) -> Arrival | None:
    """What is known of a member's arrival."""
    return ctx.db.get(Arrival, (ctx.community.id, member.key))


def note(ctx: Context[Settings], member: Member, met: str) -> Arrival:
    """Write down that a member arrived, and how they were met."""
    row = Arrival(community=ctx.community.id, member=member.key, at=ctx.now, met=met)
    ctx.db.add(row)
    return row


def arrive(ctx: Context[Settings], event: MemberJoined) -> Iterator[Action]:
    """Meet somebody who joined, the first time they enter any space of the community."""
    if arrived(ctx, event.member)[0]:
        return
    if event.how == "followed":
        _follows(ctx, event)
        return
    if _met_elsewhere(ctx, event.member):
        note(ctx, event.member, "linked")
        return
    if ctx.settings.role:
        note(ctx, event.member, "outside")
        return
    met = meet(ctx.now, event.made, _lately(ctx), _is_raid(ctx), ctx.settings)
    note(ctx, event.member, met)
    yield from _meet(ctx, met, event.member, event.space)


def let_in(ctx: Context[Settings], event: RolesChanged) -> Iterator[Action]:
    """Meet somebody who joined before, and has the role now that lets them in."""
    wanted = ctx.settings.role.casefold()
    if not any(wanted in (role.id, role.name.casefold()) for role in event.roles):
        return
    if arrived(ctx, event.member)[1] != "outside":
        return  # let in before, or here before anybody watched
    row = known(ctx, event.member)
    assert row is not None
    if _met_elsewhere(ctx, event.member):
        row.met = "linked"
        return
    met = meet(ctx.now, event.member.made, _lately(ctx), _is_raid(ctx), ctx.settings)
    row.at, row.met = ctx.now, met
    yield from _meet(ctx, met, event.member, event.space)


def _met_elsewhere(ctx: Context[Settings], member: Member) -> bool:
    """Whether the person was met with another account, which they said is theirs as well."""
    others = ctx.consent.accounts(member)[1:]
    return any(arrived(ctx, one)[1] not in ("", "followed", "outside") for one in others)


def _is_raid(ctx: Context[Settings]) -> bool:
    return ctx.schedule.next(CALM) is not None


def _meet(ctx: Context[Settings], met: str, member: Member, space: Space) -> Iterator[Action]:
    """Say hello to who has arrived, or tell hosts that a rush begins."""
    if met == "greeted":
        yield from _without_lobby(ctx, space)
        yield hello(ctx, member, space)
    if met == "waiting" and not _is_raid(ctx):
        words = ctx.render("raid.md", minutes=ctx.settings.raid_minutes)
        yield NotifyHosts(ctx.key("raid", ctx.now), words, why=RAID_WHY)
        _wait_for_calm(ctx)


def _follows(ctx: Context[Settings], event: MemberJoined) -> None:
    """Put who begins to follow on the greeters' list; who spoke before is no newcomer.

    Nothing is said to them: to follow somebody is not to ask for a word.
    """
    if ctx.posts.first_seen(event.member) is None:
        note(ctx, event.member, "followed").profile = event.profile


def hello(ctx: Context[Settings], member: Member, space: Space) -> SendPost:
    """Greet one member where they arrived, under a key that is theirs for good."""
    card = greeting(ctx, member.name)
    return SendPost(
        ctx.key("greet", member),
        space,
        card.text,
        card.buttons,
        moments=card.moments,
        why=GREET_WHY,
        urgency=Urgency.PERSON_WAITS,
        grounds=Grounds(member, PURPOSE, "asked"),
    )


def _without_lobby(ctx: Context[Settings], space: Space) -> Iterator[Action]:
    """Tell hosts, once, that newcomers are greeted elsewhere since their lobby is not there."""
    lobbies = [one for one in ctx.community.for_("lobby") if one.platform == space.platform]
    if lobbies and space not in lobbies:
        words = ctx.render("elsewhere.md", lobby=lobbies[0], space=space)
        why = "The space where newcomers are greeted was not found when somebody arrived."
        yield NotifyHosts(ctx.key("elsewhere", lobbies[0].key), words, why=why)


def unsaid(ctx: Context[Settings], event: Failed) -> Iterator[Action]:
    """Tell hosts, at most once a day, why newcomers cannot be greeted.

    A greeting that somebody did not want, or that has nobody left to greet, is no failure.
    """
    if ctx.acts.state(event.key) == "dead":
        words = ctx.render("unsaid.md", reason=event.why)
        why = "A greeting was given up. Hosts are told of it once a day, however many come."
        yield from once_a_day(ctx, "unsaid", words, why)


def once_a_day(ctx: Context[Settings], matter: str, words: str, why: str) -> Iterator[Action]:
    """Tell hosts of a matter, at most once in 24 hours, whatever the calendar says.

    Within them the act is the same one again, under the key it had: hosts get nothing new, and the
    core, which tells of every failure that nobody spoke of, knows that this one was.
    """
    told = ctx.db.get(Told, (ctx.community.id, matter))
    told = told or Told(community=ctx.community.id, matter=matter, at=ctx.now)
    if ctx.now - told.at >= DAY:
        told.at = ctx.now
    ctx.db.add(told)
    yield NotifyHosts(ctx.key(matter, told.at), words, why=why)


def calm(ctx: Context[Settings]) -> Iterator[Action]:
    """End a raid when nobody came for a while: greet all who wait in one post, if hosts want it."""
    if _lately(ctx, 2):
        _wait_for_calm(ctx)
        return
    rows = ctx.db.exec(
        select(Arrival).where(Arrival.community == ctx.community.id, Arrival.met == "waiting")
    ).all()
    together = ctx.settings.raid == "together"
    for row in rows:
        row.met = "together" if together else "listed"
        ctx.db.add(row)
    lobby = next(ctx.community.for_("lobby"), None)
    if together and lobby and rows:
        card = all_at_once(ctx)
        key = ctx.key("together", ctx.now)
        yield SendPost(key, lobby, card.text, card.buttons, moments=card.moments, why=RAID_WHY)
    words = ctx.render("calm.md", count=len(rows), together=together and lobby is not None)
    yield NotifyHosts(ctx.key("calm", ctx.now), words, why=RAID_WHY)


def first_word(ctx: Context[Settings], event: PostSeen) -> Iterator[Action]:
    """Meet somebody who arrives by speaking: greet who names Weaver, or where hosts want it.

    Others are left to the greeters: people who did not ask are not spoken to out of the blue.
    """
    post = event.post
    row = known(ctx, post.author) or note(ctx, post.author, "listed")
    row.met, row.profile = "listed", ""  # who followed before has spoken now
    if _met_elsewhere(ctx, post.author):
        row.met = "linked"
        return
    own = any(one.account for one in post.mentions)
    named = (event.space.name.casefold(), event.space.id.casefold())
    wanted = any(name.casefold() in named for name in ctx.settings.first_posts)
    if not (own or wanted) or post.kind == "reply":
        return
    why = GREET_WHY if own else FIRST_WHY
    card = greeting(ctx, post.author.name, languages=post.languages)
    yield Reply(
        ctx.key("greet", post.author),
        event.space,
        post.id,
        card.text,
        card.buttons,
        moments=card.moments,
        why=why,
        urgency=Urgency.PERSON_WAITS,
        grounds=Grounds(post.author, PURPOSE, "asked"),
    )


FIRST_WHY = (
    "It is the first post of somebody new with this community’s own tag, and its hosts asked "
    "Weaver to say hello there. Once a person."
)


def _lately(ctx: Context[Settings], times: int = 1) -> int:
    """How many arrived in the minutes that make a raid, or in so many times that."""
    since = ctx.now - times * timedelta(minutes=ctx.settings.raid_minutes)
    return int(ctx.run(_LATELY, here=ctx.community.id, since=since).scalar_one())


def _wait_for_calm(ctx: Context[Settings]) -> None:
    pause = timedelta(minutes=2 * ctx.settings.raid_minutes)
    ctx.schedule.once(CALM, ctx.now + pause, "A look whether the rush of arrivals is over")
