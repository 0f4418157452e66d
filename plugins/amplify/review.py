"""Posts that a host looks at first: told of, approved or left, and politely let go in the end."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

from sqlmodel import col, delete, select

from bot.api import (
    Action,
    Answer,
    Button,
    Call,
    Context,
    Due,
    Member,
    NotifyHosts,
    Offer,
    Page,
    Recurrence,
    UserError,
    day_words,
    to_local,
)
from plugins.amplify import book, queue, words
from plugins.amplify.description import plugin
from plugins.amplify.logic import PURPOSE, Route
from plugins.amplify.routes import routes_of, state_of
from plugins.amplify.settings import Settings
from plugins.amplify.sightings import ways_on
from plugins.amplify.tables import Considered, Seen, Standing

Ctx = Context[Settings]
REST = timedelta(minutes=30)
"""How long hosts are left in peace after they were told of a post that waits."""
PATIENCE = timedelta(days=3)
"""How long a post waits for a host."""
KEPT = timedelta(days=62)
"""How long is remembered what became of a post that was not passed on: for two monthly reports."""
ENDED = ("declined", "expired", "undone", "failed")
MOST = 10
DAILY = Recurrence(datetime(2024, 1, 1, 4), "UTC", "FREQ=DAILY")  # noqa: DTZ001 - wall time
LATE = timedelta(days=365)
"""House is kept however late it is."""


def ask_hosts(ctx: Ctx, route: Route, row: Considered) -> Iterator[Action]:
    """Tell the hosts of a post that waits for them; of several soon after one another, at once."""
    state = state_of(ctx, route)
    if state.told_at is not None and ctx.now - state.told_at < REST:
        label = "Word to the hosts of posts that wait for them"
        ctx.schedule.once("holds", state.told_at + REST, label, grace=timedelta(days=1))
        return
    state.told_at = ctx.now
    text = ctx.render("hold.md", route=route, row=row, link=book.link(ctx, row))
    why = "A post that a host has to look at is told to the hosts."
    yield NotifyHosts(ctx.key("hold", row.key), text, why=why, buttons=choices(row))


def choices(row: Considered) -> tuple[Button, ...]:
    """What a host can do with a post that waits."""
    deeds = {
        "Pass it on": "approve",
        "Leave it": "decline",
        "Trust its author": "trust",
        "Block its author": "block",
    }
    return tuple(Button(label, f"amplify {deed} {row.number}") for label, deed in deeds.items())


@plugin.due("holds")
def sum_up(due: Due, ctx: Ctx) -> Iterator[Action]:
    """Tell the hosts how many posts wait, when more came while they were left in peace."""
    count = len(book.in_state(ctx, "held"))
    if due.missed or not count:
        return
    yield NotifyHosts(
        ctx.key("holds", due.at),
        f"{_posts(count)} for a host to look. See them with: amplify queue",
        why="Posts that wait for the hosts are told in one word when they are many.",
        buttons=(Button("See them", "amplify queue"),),
    )


def keep_house_daily(ctx: Ctx) -> None:
    """See that what is no longer needed is forgotten, every day."""
    label = "Letting go of posts that nobody looked at"
    ctx.schedule.repeat("house", DAILY, label, grace=LATE)


@plugin.due("house")
def keep_house(due: Due, ctx: Ctx) -> Iterator[Action]:
    """Let go of what waited too long, and forget what is no longer needed."""
    for row in book.in_state(ctx, "held"):
        if row.seen_at <= ctx.now - PATIENCE:
            book.close(row, "expired", words.UNSEEN)
    mine = col(Considered.community) == ctx.community.id
    others = col(Seen.community) == ctx.community.id
    old = col(Considered.seen_at) < ctx.now - KEPT
    ended = col(Considered.state).in_(ENDED)
    ctx.db.exec(delete(Considered).where(mine, old, ended, col(Considered.state) != "undone"))
    for row in ctx.db.exec(select(Considered).where(mine, old, Considered.state == "undone")):
        book.forget_post(row)
    ctx.db.exec(delete(Seen).where(others, col(Seen.at) < ctx.now - timedelta(days=2)))
    yield from ()


@plugin.page
def panel(ctx: Ctx) -> Page | None:
    """Show hosts what waits for them, with what they can do; nothing without a route."""
    routes = routes_of(ctx)
    if not routes:
        return None
    rows = book.in_state(ctx, "held")
    paused = [route for route in routes if route.paused]
    waiting = tuple(
        Offer(f"Post {row.number}. {row.why}", choices(row), book.link(ctx, row))
        for row in rows[:MOST]
    )
    resting = tuple(Offer(f"#{route.shown} is paused.", ways_on(route)) for route in paused)
    values = {"count": len(rows), "paused": paused}
    return Page("Posts to check", "queue.html", values, waiting + resting, for_hosts=True)


@plugin.command(audience="hosts")
def queue_(call: Call, ctx: Ctx) -> Answer:
    """List the posts that wait for a host, oldest first."""
    rows = book.in_state(ctx, "held")
    if not rows:
        return Answer("No post waits for you. Lovely.")
    shown = [(row, book.link(ctx, row)) for row in rows[:MOST]]
    text = ctx.render("queue.md", rows=shown, more=len(rows) - len(shown))
    return Answer(text, buttons=choices(rows[0]))


@plugin.command(audience="hosts")
def approve(call: Call, ctx: Ctx, number: int) -> Generator[Action, None, Answer]:
    """Pass post NUMBER of the queue on, in its turn."""
    row = _held(ctx, number)
    yield from _approve(ctx, row)
    return Answer(f"Post {number} is passed on in its turn, unless its author says no.")


@plugin.command(audience="hosts")
def decline(call: Call, ctx: Ctx, number: int) -> Answer:
    """Leave post NUMBER of the queue where it is."""
    book.close(_held(ctx, number), "declined", words.LEFT_BY_HOST)
    return Answer(
        f"Post {number} stays where it is. Its author can ask Weaver why, and is told so."
    )


@plugin.command(audience="hosts")
def trust(call: Call, ctx: Ctx, number: int) -> Generator[Action, None, Answer]:
    """Let the author of post NUMBER pass without a host's look, and pass on what waits of them."""
    row = _row(ctx, number)
    _say(ctx, row, "trusted")
    waiting = book.rows_of_member(ctx, row.member, "held")
    for held in waiting:
        yield from _approve(ctx, held)
    return Answer(ctx.render("trust.md", number=number, count=len(waiting)))


@plugin.command(audience="hosts")
def block(call: Call, ctx: Ctx, number: int) -> Generator[Action, None, Answer]:
    """Pass on nothing more of the author of post NUMBER, and take back what is passed on."""
    row = _row(ctx, number)
    _say(ctx, row, "blocked")
    rows = book.rows_of_member(ctx, row.member, "passed", "failed", *book.OPEN)
    count = sum(one.state == "passed" for one in rows)
    yield from book.take_back(ctx, rows, words.BLOCKED)
    return Answer(ctx.render("block.md", number=number, count=count))


@plugin.command(audience="hosts")
def clear(call: Call, ctx: Ctx, number: int) -> Answer:
    """Forget that the author of post NUMBER was trusted or blocked."""
    mine = select(Standing).where(Standing.community == ctx.community.id)
    standing = ctx.db.exec(mine.where(Standing.number == number)).first()
    if standing is None:
        standing = ctx.db.get(Standing, (ctx.community.id, _row(ctx, number).member))
    if standing is None:
        raise UserError(
            f"the author of post {number} is neither trusted nor blocked; see: amplify known"
        )
    ctx.db.delete(standing)
    return Answer(f"The author of post {number} is treated like anybody else again.")


@plugin.command(audience="hosts")
def known(call: Call, ctx: Ctx) -> Answer:
    """List whose posts are let through without a look, and whose not at all."""
    mine = select(Standing).where(Standing.community == ctx.community.id)
    rows = ctx.db.exec(mine.order_by(col(Standing.word), col(Standing.at).desc())).all()
    if not rows:
        return Answer("Nobody is trusted or blocked here: everybody is treated alike.")
    shown = [(row, day_words(_day(ctx, row.at), _day(ctx, ctx.now))) for row in rows[:MOST]]
    text = ctx.render("known.md", rows=shown, more=len(rows) - len(shown))
    alike = [Button(f"Author of {row.number}: like anybody", f"amplify clear {row.number}")
             for row, _ in shown]  # fmt: skip
    return Answer(text, buttons=tuple(alike))


def _day(ctx: Ctx, at: datetime) -> date:
    return to_local(at, ctx.community.zone).date()


def _approve(ctx: Ctx, row: Considered) -> Iterator[Action]:
    route = next((one for one in routes_of(ctx) if one.key == row.route), None)
    if route is None:
        raise UserError("the tag of that post leads nowhere any more; add it: amplify add")
    if ctx.consent.of(Member.of(row.member), PURPOSE) is False:
        book.close(row, "undone", words.REASONS["consent"])
        return
    row.state, row.why = "waiting", f"A host looked at it first. {words.after_look(row, route)}"
    row.reasons = []
    row.approved_at = ctx.now
    yield from queue.run(ctx, route)


def _say(ctx: Ctx, row: Considered, word: Literal["trusted", "blocked"]) -> None:
    here, number = ctx.community.id, row.number or 0
    ctx.db.merge(Standing(community=here, member=row.member, word=word, number=number, at=ctx.now))


def _row(ctx: Ctx, number: int) -> Considered:
    row = ctx.db.get(Considered, number)
    if row is None or row.community != ctx.community.id or not row.member:
        raise UserError(f"there is no post {number} here; see those that wait with: amplify queue")
    return row


def _held(ctx: Ctx, number: int) -> Considered:
    row = _row(ctx, number)
    if row.state != "held":
        raise UserError(f"post {number} does not wait any more; ask: amplify why {number}")
    return row


def _posts(count: int) -> str:
    return "1 post waits" if count == 1 else f"{count} posts wait"
