"""Welcome newcomers once, with signposts, and see that a person answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, delete, select, update

from bot.api import (
    Action,
    Context,
    DirectMessage,
    Due,
    Failed,
    FirstSteps,
    Grounds,
    Member,
    MemberJoined,
    Page,
    Plugin,
    Post,
    PostSeen,
    RolesChanged,
    when_words,
)
from plugins.welcome import desk, own
from plugins.welcome.arrivals import (
    CALM,
    PURPOSE,
    arrive,
    arrived,
    calm,
    first_word,
    let_in,
    once_a_day,
    unsaid,
)
from plugins.welcome.logic import FEWEST, is_new
from plugins.welcome.own import LOOK_IN, SEASON
from plugins.welcome.settings import Settings
from plugins.welcome.tables import Arrival, Greeter, Noted, OwnWords, Told
from plugins.welcome.waiting import (
    GREET,
    NOTES,
    followers,
    look_again,
    meeting_place,
    notes,
    space_of,
    waiting,
    where,
)

plugin = Plugin(
    "welcome",
    package=__name__,
    settings=Settings,
    tables=[Arrival, Greeter, Noted, Told, OwnWords],
)

for name in ("preview", "more", "interest_", "leave", "later", "never"):
    plugin.command(audience="members")(getattr(own, name))
for name in ("waiting_", "chance_", "greet_", "rest"):
    plugin.command(audience="members")(getattr(own, name))
for name in ("words", "test", "use", "plain"):
    plugin.command(audience="hosts")(getattr(desk, name))
plugin.purpose(PURPOSE, "greet you when you come")
plugin.purpose(LOOK_IN, "look in on you once, as you asked", on_request=True)
plugin.purpose(GREET, "write to you of newcomers who wait, as you offered", on_request=True)
plugin.command(audience="greeters")(desk.greeters)
plugin.command(audience="greeters", menu="Welcome")(desk.hello)


@plugin.on(MemberJoined)
def greet(event: MemberJoined, ctx: Context[Settings]) -> Iterator[Action]:
    """Greet a member the first time they enter any space of the community."""
    yield from arrive(ctx, event)


@plugin.on(RolesChanged)
def enter(event: RolesChanged, ctx: Context[Settings]) -> Iterator[Action]:
    """Greet who joined before and is let in by a role now, where hosts want it so."""
    if ctx.settings.role and not event.member.is_bot:
        yield from let_in(ctx, event)


@plugin.on(PostSeen)
def notice(event: PostSeen, ctx: Context[Settings]) -> Iterator[Action]:
    """Meet who arrives by speaking, and look after a while whether a newcomer was answered."""
    post = event.post
    if post.kind not in ("original", "quote", "reply") or event.space.purpose == "hosts":
        return
    if post.kind == "reply" and ctx.settings.interests:
        yield from own.choose_by_word(ctx, post)
    at, met = arrived(ctx, post.author)
    if at is None or met == "followed":
        if at is None and not _arrived_by_speaking(ctx, post):
            return
        yield from first_word(ctx, event)
    elif ctx.now - at > ctx.settings.new + SEASON:
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
        why = "A note to a greeter could not be delivered. Hosts are told of it once a day."
        yield from once_a_day(ctx, "unreached", words, why)


@plugin.on(Failed, prefix="greet:")
def tell_of_failed_greetings(event: Failed, ctx: Context[Settings]) -> Iterator[Action]:
    """When newcomers cannot be greeted, tell the hosts why, at most once a day."""
    yield from unsaid(ctx, event)


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
        member = Member.of(row.member)
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


def _arrived_by_speaking(ctx: Context[Settings], post: Post) -> bool:
    """Whether a post is the first word of somebody whom nobody saw arrive."""
    step = FirstSteps(post.author, post.space.key, post.id, post.at, post.at)
    if not is_new(step, None, ctx.posts.began(), ctx.settings):
        return False  # in the first days nobody is, so the log need not be asked
    first = ctx.posts.first_seen(post.author)
    return first is not None and first >= post.at


@plugin.page
def panel(ctx: Context[Settings]) -> Page:
    """Show who waits for an answer, longest first, and a newcomer's chance of one."""
    rows = [
        {
            "link": ctx.link(space_of(ctx, step), step.post),
            "space": space_of(ctx, step),
            "since": when_words(step.at, ctx.community.zone, ctx.now),
        }
        for step in waiting(ctx)
    ]
    return Page(
        "Newcomers",
        "newcomers.html",
        {
            "rows": rows,
            "following": len(followers(ctx)),
            "spaces": own.chances(ctx),
            "fewest": FEWEST,
        },
    )


@plugin.wording
def wordings(community: str, db: Session) -> Iterator[tuple[str, str]]:
    """The greeting in the hosts' own words, and its draft."""
    for row in db.exec(select(OwnWords).where(OwnWords.community == community)):
        yield "your own words of the greeting", row.words
        yield "the draft of a greeting", row.draft


@plugin.complete("label")
def labels(ctx: Context[Settings]) -> list[str]:
    """The interests there are."""
    return [one.label for one in ctx.settings.interests]


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase that a member arrived, and that they greet others."""
    db.exec(delete(Arrival).where(col(Arrival.member) == member.key))
    db.exec(delete(Greeter).where(col(Greeter.member) == member.key))
    db.exec(update(Noted).where(col(Noted.greeter) == member.key).values(greeter=""))


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell when a member arrived, how they were met, and what they asked for or offered."""
    arrivals = db.exec(select(Arrival).where(col(Arrival.member) == member.key)).all()
    offers = db.exec(select(Greeter).where(col(Greeter.member) == member.key)).all()
    return {
        "arrived": {row.community: row.at.isoformat() for row in arrivals},
        "met": {row.community: row.met for row in arrivals},
        "profile": {row.community: row.profile for row in arrivals if row.profile},
        "look_in": {
            row.community: row.look_in_at.isoformat() for row in arrivals if row.look_in_at
        },
        "greets": {row.community: row.most for row in offers},
    }
