"""Welcome newcomers once, with signposts, and see that a person answers them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    Context,
    DirectMessage,
    Due,
    Failed,
    GiveRole,
    Grounds,
    Member,
    MemberJoined,
    NotifyHosts,
    Page,
    Plugin,
    PostSeen,
    SendPost,
    TakeRole,
    UserError,
)
from plugins.welcome.arrivals import CALM, PURPOSE, arrive, calm, first_word, hello, known, note
from plugins.welcome.card import EXAMPLE, buttons, greeting, interest, length_warning
from plugins.welcome.logic import DAY, FEWEST, THREE_DAYS, chance, is_new
from plugins.welcome.settings import Settings
from plugins.welcome.tables import Arrival, Greeter, Noted, OwnWords
from plugins.welcome.waiting import (
    GREET,
    NOTES,
    greeters,
    look_again,
    meeting_place,
    newcomers,
    notes,
    waiting,
    where,
)

plugin = Plugin(
    "welcome",
    package=__name__,
    settings=Settings,
    tables=[Arrival, Greeter, Noted, OwnWords],
)

LOOK_IN = "look-in"
"""The timer of the next follow-up, and the purpose of the yes it rests on."""
SEASON = timedelta(days=90)
MOST_NOTES = 50
"""The most notes a week that somebody may offer to get."""


@plugin.on(MemberJoined)
def greet(event: MemberJoined, ctx: Context[Settings]) -> Iterator[Action]:
    """Greet a member the first time they enter any space of the community."""
    yield from arrive(ctx, event)


@plugin.on(PostSeen)
def notice(event: PostSeen, ctx: Context[Settings]) -> Iterator[Action]:
    """Meet who arrives by speaking, and look after a while whether a newcomer was answered."""
    post = event.post
    if post.kind not in ("original", "quote", "reply") or event.space.purpose == "hosts":
        return
    row = known(ctx, post.author)
    if row is None:
        if not _arrived_by_speaking(ctx, post.author.key, post.id):
            return
        yield from first_word(ctx, event)
    elif ctx.now - row.at > ctx.settings.new + SEASON:
        return  # an old hand by any measure, so nothing is looked up
    if post.kind != "reply":
        look_again(ctx, ctx.now + ctx.settings.patience)


@plugin.due(CALM)
def end_raid(due: Due, ctx: Context[Settings]) -> Iterator[Action]:
    """See whether a rush of arrivals is over."""
    yield from calm(ctx)


@plugin.due(NOTES)
def tell_greeters(due: Due, ctx: Context[Settings]) -> Iterator[Action]:
    """Tell greeters of newcomers that nobody has answered."""
    yield from notes(ctx)


@plugin.on(Failed, prefix="note")
def tell_hosts_instead(event: Failed, ctx: Context[Settings]) -> Iterator[Action]:
    """When a greeter cannot be reached, tell the hosts who waits, at most once a day."""
    places = [where(ctx, step) for step in waiting(ctx)]
    if places:
        words = ctx.render("unreached.md", places=places)
        key = ctx.key("unreached", f"{ctx.now:%Y-%m-%d}")
        yield NotifyHosts(key, words, why="A note to a greeter could not be delivered.")


@plugin.due(LOOK_IN)
def look_in(due: Due, ctx: Context[Settings]) -> Iterator[Action]:
    """Look in, once, on newcomers who asked for it and have not spoken; then be silent."""
    asked = select(Arrival).where(
        Arrival.community == ctx.community.id, col(Arrival.look_in_at).is_not(None)
    )
    for row in ctx.db.exec(asked.order_by(col(Arrival.look_in_at), Arrival.member)).all():
        assert row.look_in_at is not None
        if row.look_in_at > ctx.now:
            ctx.schedule.once(LOOK_IN, row.look_in_at, "Looking in on a newcomer who asked for it")
            return
        row.look_in_at = None
        ctx.db.add(row)
        member = Member(*row.member.split(":", 1))
        if ctx.posts.first_seen(member) is None:
            yield DirectMessage(
                ctx.key("look-in", member),
                meeting_place(ctx, member),
                member,
                ctx.render("look_in.md", signposts=ctx.settings.signposts),
                why="They asked Weaver to look in after a while, and have not said anything yet. "
                "It happens once.",
                grounds=Grounds(member, LOOK_IN, "agreed"),
            )


@plugin.command(audience="members")
def preview(call: Call, ctx: Context[Settings], name: str = EXAMPLE) -> Answer:
    """Show the greeting as a newcomer called NAME would see it."""
    words = greeting(ctx, name)
    return Answer(words + length_warning(ctx, words), buttons=buttons(ctx))


@plugin.command(audience="members")
def more(call: Call, ctx: Context[Settings]) -> Answer:
    """Tell where to ask, where the archive is, and what else is good to know."""
    return Answer(ctx.render("more.md", more=ctx.settings.more, signposts=ctx.settings.signposts))


@plugin.command(audience="members")
def interest_(
    call: Call, ctx: Context[Settings], label: str
) -> Generator[Action, None, Answer]:
    """Choose what you care about, such as LABEL, and hear where such people are."""
    chosen = interest(ctx, label)
    if chosen.role:
        key, space = ctx.key("role", call.member, chosen.label, ctx.now), meeting_place(ctx, call.member)
        yield GiveRole(key, space, call.member, chosen.role, why="They chose it.")
    undo = (Button("Not after all", f"welcome leave {chosen.label}"),) if chosen.role else ()
    return Answer(ctx.render("interest.md", interest=chosen), buttons=undo)


@plugin.command(audience="members")
def leave(call: Call, ctx: Context[Settings], label: str) -> Generator[Action, None, Answer]:
    """Take back that you chose LABEL."""
    chosen = interest(ctx, label)
    if chosen.role:
        key, space = ctx.key("role", call.member, chosen.label, ctx.now), meeting_place(ctx, call.member)
        yield TakeRole(key, space, call.member, chosen.role, why="They took their choice back.")
    return Answer(ctx.render("left.md", interest=chosen))


@plugin.command(audience="members")
def later(call: Call, ctx: Context[Settings]) -> Answer:
    """Let Weaver look in on you in some days, once, by a private message, if you have not spoken."""
    row = known(ctx, call.member) or note(ctx, call.member, "listed")
    row.look_in_at = ctx.now + timedelta(days=ctx.settings.follow_up_days)
    ctx.db.add(row)
    ctx.consent.record(call.member, LOOK_IN, True)
    planned = ctx.schedule.next(LOOK_IN)
    if planned is None or planned > row.look_in_at:
        ctx.schedule.once(LOOK_IN, row.look_in_at, "Looking in on a newcomer who asked for it")
    never = (Button("Rather not", "welcome never"),)
    return Answer(ctx.render("later.md", days=ctx.settings.follow_up_days), buttons=never)


@plugin.command(audience="members")
def never(call: Call, ctx: Context[Settings]) -> Answer:
    """Have Weaver not look in on you."""
    row = known(ctx, call.member)
    if row is not None:
        row.look_in_at = None
        ctx.db.add(row)
    ctx.consent.record(call.member, LOOK_IN, False)
    return Answer("All right. Weaver will not look in.")
