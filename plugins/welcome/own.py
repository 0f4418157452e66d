"""What members may ask of welcome: signposts, interests, a word later, and helping to greet."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import timedelta

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    Context,
    GiveRole,
    Grounds,
    Member,
    Post,
    Reply,
    TakeRole,
    Urgency,
    UserError,
)
from plugins.welcome.arrivals import PURPOSE, known, note
from plugins.welcome.card import EXAMPLE, greeting, interest, length_warning, moments_of, next_chat
from plugins.welcome.logic import DAY, FEWEST, THREE_DAYS, chance, chosen_in
from plugins.welcome.settings import Interest, Settings
from plugins.welcome.tables import Greeter
from plugins.welcome.waiting import GREET, followers, meeting_place, newcomers, waiting, where

LOOK_IN = "look-in"
"""The timer of the next follow-up, and the purpose of the yes it rests on."""
SEASON = timedelta(days=90)
MOST_NOTES = 50
"""The most notes a week that somebody may offer to get."""


def preview(call: Call, ctx: Context[Settings], name: str = EXAMPLE) -> Answer:
    """Show the greeting as a newcomer called NAME would see it."""
    card = greeting(ctx, name)
    pressed = tuple(replace(one, word="") for one in card.buttons)  # only greetings are read
    words = card.text + length_warning(ctx, card.text)
    return Answer(words, buttons=pressed, moments=card.moments)


def more(call: Call, ctx: Context[Settings]) -> Answer:
    """Tell when people meet next and how that goes, where to ask, and what is good to know."""
    planned = ctx.occasions.next()
    return Answer(
        ctx.render(
            "more.md",
            next_chat=next_chat(ctx, planned),
            how=planned.how if planned else "",
            more=ctx.settings.more,
            signposts=ctx.settings.signposts,
        ),
        moments=moments_of(ctx, planned),
    )


def interest_(call: Call, ctx: Context[Settings], label: str) -> Generator[Action, None, Answer]:
    """Choose what you care about, such as LABEL, and hear where such people are."""
    chosen = interest(ctx, label)
    yield from _role(ctx, call.member, chosen)
    return Answer(ctx.render("interest.md", interest=chosen), buttons=_after(chosen))


def leave(call: Call, ctx: Context[Settings], label: str) -> Generator[Action, None, Answer]:
    """Take back that you chose LABEL."""
    chosen = interest(ctx, label)
    yield from _role(ctx, call.member, chosen, back=True)
    return Answer(ctx.render("left.md", interest=chosen))


def choose_by_word(ctx: Context[Settings], post: Post) -> Iterator[Action]:
    """Read an answer to a greeting that is the name of an interest, and do as its button would."""
    chosen, back = chosen_in(post.text, ctx.settings.interests)
    if not chosen or post.reply_to is None or not ctx.acts.made(post.reply_to):
        return
    for one in chosen:
        yield from _role(ctx, post.author, one, back=back)
    template = "left.md" if back else "interest.md"
    said = [ctx.render(template, interest=one) for one in chosen]
    yield Reply(
        ctx.key("chosen", post),
        post.space,
        post.id,
        "\n\n".join(said),
        () if back else tuple({one: None for each in chosen for one in _after(each)}),
        why="They answered a greeting with the name of an interest.",
        urgency=Urgency.PERSON_WAITS,
        grounds=Grounds(post.author, PURPOSE, "asked"),
    )


def _role(
    ctx: Context[Settings], member: Member, chosen: Interest, *, back: bool = False
) -> Iterator[Action]:
    """Give the role that comes with an interest, or take it ``back``; a key for each time."""
    if not chosen.role:
        return
    how = "taken" if back else "given"
    key = ctx.key("role", member, chosen.label, how, f"{ctx.now:%Y%m%dT%H%M%S.%f}")
    space = meeting_place(ctx, member)
    if back:
        yield TakeRole(key, space, member, chosen.role, why="They took their choice back.")
    else:
        yield GiveRole(key, space, member, chosen.role, why="They chose it.")


def _after(chosen: Interest) -> tuple[Button, ...]:
    """What somebody may want who chose an interest."""
    route = (Button("Yes: pass my tagged posts on", "me yes amplify"),) if chosen.route else ()
    undo = (Button("Not after all", f"welcome leave {chosen.label}"),) if chosen.role else ()
    return (*route, *undo)


def later(call: Call, ctx: Context[Settings]) -> Answer:
    """Let Weaver look in on you some days on, once and in private, if you have not spoken."""
    row = known(ctx, call.member) or note(ctx, call.member, "listed")
    row.look_in_at = ctx.now + timedelta(days=ctx.settings.follow_up_days)
    ctx.db.add(row)
    ctx.consent.record(call.member, LOOK_IN, True)
    planned = ctx.schedule.next(LOOK_IN)
    if planned is None or planned > row.look_in_at:
        ctx.schedule.once(LOOK_IN, row.look_in_at, "Looking in on a newcomer who asked for it")
    never = (Button("Rather not", "welcome never"),)
    return Answer(ctx.render("later.md", days=ctx.settings.follow_up_days), buttons=never)


def never(call: Call, ctx: Context[Settings]) -> Answer:
    """Have Weaver not look in on you."""
    row = known(ctx, call.member)
    if row is not None:
        row.look_in_at = None
        ctx.db.add(row)
    ctx.consent.record(call.member, LOOK_IN, False)
    return Answer("All right. Weaver will not look in.")


def waiting_(call: Call, ctx: Context[Settings]) -> Answer:
    """List newcomers' posts without an answer, oldest first; a person's reply clears them.

    Who greets others is also told who newly follows and has said nothing yet.
    """
    places = [(where(ctx, step), ctx.now - step.at) for step in waiting(ctx)]
    rows = [
        {"place": place, "days": wait.days, "hours": wait.seconds // 3600} for place, wait in places
    ]
    mine = ctx.db.get(Greeter, (ctx.community.id, call.member.key))
    greets = mine is not None or call.standing != "members"
    follow = followers(ctx) if greets else []
    days = ctx.settings.new_days
    return Answer(ctx.render("waiting.md", rows=rows, follow=follow, days=days))


def chance_(call: Call, ctx: Context[Settings]) -> Answer:
    """Tell how likely a newcomer's first post here is answered by a person."""
    return Answer(ctx.render("chance.md", spaces=chances(ctx), fewest=FEWEST))


def chances(ctx: Context[Settings]) -> list[dict[str, object]]:
    """The chance of every space where people talk, within a day and within three."""
    steps = newcomers(ctx, ctx.now - SEASON)
    talked = [one for one in ctx.community.spaces if one.purpose not in ("hosts", "audience")]
    return [
        {
            "name": space.name or space.id,
            "day": chance(here, DAY, ctx.now),
            "three": chance(here, THREE_DAYS, ctx.now),
        }
        for space in talked
        if (here := [step for step in steps if step.space == space.key])
    ]


def greet_(call: Call, ctx: Context[Settings], most: int = 3) -> Answer:
    """Offer to answer newcomers: you are told of MOST a week that wait, in private."""
    if not 1 <= most <= MOST_NOTES:
        raise UserError(f"MOST is between 1 and {MOST_NOTES}, not {most}")
    row = ctx.db.get(Greeter, (ctx.community.id, call.member.key))
    if row is None:
        row = Greeter(community=ctx.community.id, member=call.member.key, most=most, since=ctx.now)
    row.most = most
    ctx.db.add(row)
    ctx.consent.record(call.member, GREET, True)
    rest = (Button("Not any more", "welcome rest"),)
    return Answer(ctx.render("volunteer.md", most=most), buttons=rest)


def rest(call: Call, ctx: Context[Settings]) -> Answer:
    """Stop getting notes about newcomers."""
    row = ctx.db.get(Greeter, (ctx.community.id, call.member.key))
    ctx.consent.record(call.member, GREET, False)
    if row is None:
        return Answer("You were not on the list of greeters. All is as it was.")
    ctx.db.delete(row)
    return Answer("Thank you for greeting people. You get no more notes.")
