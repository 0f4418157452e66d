"""What members say about their own posts: yes, no, this one, not that one, and why."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.api import (
    Action,
    Answer,
    Call,
    Context,
    Grounds,
    Logged,
    Member,
    Post,
    Reply,
    UserError,
    join_words,
)
from plugins.amplify import book, fates, queue, words
from plugins.amplify.by_role import speaks
from plugins.amplify.description import plugin
from plugins.amplify.flow import STANDS, candidate_of, settle
from plugins.amplify.logic import PURPOSE, Decision, Route, decide
from plugins.amplify.people import person
from plugins.amplify.review import ask_hosts
from plugins.amplify.routes import route_named, routes_of
from plugins.amplify.settings import Settings
from plugins.amplify.tables import ByRole, Considered, Seen, Standing

Ctx = Context[Settings]
FEW = 5
"""Up to how many tags are told by name."""
ASKED = (
    "Thank you. Its author is asked, once, whether they would like that. If no answer comes, it "
    "stays where it is, and they are not asked again."
)


@plugin.command(audience="members")
def yes(call: Call, ctx: Ctx) -> Answer:
    """Say yes to having your tagged posts passed on, from now on."""
    speaks(ctx, call.member)
    ctx.consent.record(call.member, PURPOSE, True)
    routes = routes_of(ctx)
    return Answer(ctx.render("yes.md", routes=routes, tags=_tags(routes)))


def _tags(routes: list[Route]) -> str:
    """The tags that lead somewhere, by name while they are few."""
    names = [f"#{route.shown}" for route in routes]
    return join_words(names, "or") if len(names) <= FEW else "one of the tags of amplify list"


@plugin.command(audience="members")
def no(call: Call, ctx: Ctx) -> Generator[Action, None, Answer]:
    """Say no to having your posts passed on, and take back those that are."""
    speaks(ctx, call.member)
    ctx.consent.record(call.member, PURPOSE, False)
    rows = book.rows_of_member(ctx, call.member.key, *STANDS)
    count = sum(row.state == "passed" and not book.is_undone(ctx, row) for row in rows)
    yield from book.take_back(ctx, rows, words.TAKEN_BACK)
    return Answer(ctx.render("no.md", count=count))


@plugin.command(audience="members")
def status(call: Call, ctx: Ctx) -> Answer:
    """Tell what you said about being passed on, and what follows from it."""
    word = ctx.consent.of(call.member, PURPOSE)
    routes = routes_of(ctx)
    asking = [route for route in routes if route.asks == "tag"]
    following = [route for route in routes if route.asks == "follows"]
    row = ctx.db.get(ByRole, (ctx.community.id, call.member.key))
    role = ctx.settings.role if row and row.ours else ""
    values = {"asking": asking, "following": following, "tags": _tags(routes), "role": role}
    words = ctx.render("status.md", word=word, contact=ctx.contact, **values)
    return Answer(words, personal=True)


@plugin.command(audience="members", menu="Why passed on, or not?")
def why(call: Call, ctx: Ctx, name: str = "", post: Post | None = None) -> Answer:
    """Tell what became of a post and why, by NAME or under it: of your own, or as a host."""
    rows = theirs(ctx, call, name, post)
    said_no = ctx.consent.of(call.member, PURPOSE) is False
    told = [
        (row, words.SAID_NO if said_no and row.member == call.member.key
         and "consent" in row.reasons else fates.told(ctx, row))
        for row in rows
    ]  # fmt: skip
    text = ctx.render("why.md", rows=told)
    return Answer(f"{text}\n{ctx.contact}" if ctx.contact and not call.is_host else text)


@plugin.command(audience="members", menu="Do not pass this on")
def undo(
    call: Call, ctx: Ctx, name: str = "", post: Post | None = None
) -> Generator[Action, None, Answer]:
    """Take a post back for good, by NAME or under it: your own, or as a host."""
    rows = [
        row
        for row in theirs(ctx, call, name, post)
        if row.state in STANDS and not book.is_undone(ctx, row)
    ]
    if not rows:
        raise UserError("that post is passed on nowhere, so there is nothing to take back")
    yield from book.take_back(ctx, rows, words.TAKEN_BACK)
    return Answer("It is being taken back, and is not passed on again.")


@plugin.command(audience="members", menu="Amplify this")
def this(call: Call, ctx: Ctx, post: Post, tag: str = "") -> Generator[Action, None, Answer]:
    """Pass on the post you say this under, if it is yours; else its author is asked. TAG: where."""
    logged = ctx.posts.about(post.id)
    if logged is None:
        raise UserError("Weaver has not seen that post, or it is gone; say it under one of these")
    routes = _where(ctx, tag)
    if logged.author.key == call.member.key:
        return (yield from _enrol(ctx, call, post, logged, routes))
    yield from _ask(ctx, post.id, logged, routes)
    return Answer(ASKED)


def _enrol(
    ctx: Ctx, call: Call, asked: Post, logged: Logged, routes: list[Route]
) -> Generator[Action, None, Answer]:
    """Pass on one post because its author asks for it, here and now.

    ``asked`` holds as much of the post as its platform tells with the command, which may be its id.
    """
    space = book.space_of(ctx, logged.space)
    if space is None:
        raise UserError("that post is in a place that Weaver does not look after any more")
    if ctx.consent.of(call.member, PURPOSE) is False:
        raise UserError("you asked not to be passed on; first say: amplify yes")
    if len(routes) > 1:
        names = " or ".join(f"amplify this {route.shown}" for route in routes)
        raise UserError(f"there are several places it could go; say {names}")
    tags = asked.tags or (routes[0].tag,)
    post = replace(asked, space=space, author=call.member, at=logged.at, tags=tags)
    key = book.key_of(ctx, post, routes[0].audience)
    row = book.by_key(ctx, key)
    if row is None and book.is_known(ctx, key):
        raise UserError("that post was taken back once, and is not passed on again")
    if row is not None:
        yield from _again(ctx, row, routes[0], post)
        return Answer(ctx.render("why.md", rows=[(row, fates.told(ctx, row))]))
    yield from settle(ctx, post, key, _decided(ctx, post, logged, routes[0]))
    made = book.by_key(ctx, key)
    return Answer(ctx.render("why.md", rows=[(made, fates.told(ctx, made))] if made else []))


def _again(ctx: Ctx, row: Considered, route: Route, post: Post) -> Iterator[Action]:
    """Let a post that only lacked its author's yes go its way, now that there is one."""
    if row.state != "declined" or row.reasons != ["consent"]:
        return
    logged = ctx.posts.about(post.id)
    if logged is None:
        return
    decision = _decided(ctx, post, logged, route, row)
    row.reasons, row.why = list(decision.reasons), words.why(decision)
    row.state, row.seen_at = book.STATES[decision.outcome], ctx.now
    row.basis, row.route = decision.basis or "", route.key
    if decision.outcome == "amplify":
        yield from queue.run(ctx, route)
    elif decision.outcome == "hold":
        yield from ask_hosts(ctx, route, row)


def _decided(
    ctx: Ctx, post: Post, logged: Logged, route: Route, row: Considered | None = None
) -> Decision:
    """Decide about a post for which its author asks; ``row`` says what was seen of it before."""
    candidate = candidate_of(ctx, post, person(ctx, post.author))
    candidate = replace(
        candidate,
        kind=logged.kind,
        asked_for=True,
        is_labelled=candidate.is_labelled or (row is not None and row.labelled),
        is_undescribed=candidate.is_undescribed or (row is not None and row.undescribed),
    )
    return decide(candidate, route, route.tag, ctx.settings.rules)


def _ask(ctx: Ctx, post_id: str, logged: Logged, routes: list[Route]) -> Iterator[Action]:
    """Ask an author once in a lifetime whether a post of theirs may be passed on.

    Whoever said no, or was asked before, is not asked; whoever asks for it hears the same.
    """
    space = book.space_of(ctx, logged.space)
    may = not logged.author.is_bot and logged.kind in ("original", "quote")
    if space is None or not may or ctx.consent.of(logged.author, PURPOSE) is False:
        return
    yield Reply(
        ctx.key("ask", logged.author),
        space,
        post_id,
        ctx.render("this.md", routes=routes),
        why="Somebody would like to see this passed on. Only its author can say so.",
        grounds=Grounds(logged.author, PURPOSE, "asked"),
    )


def _where(ctx: Ctx, tag: str) -> list[Route]:
    routes = [route_named(ctx, tag)] if tag else routes_of(ctx)
    if not routes:
        raise UserError("no tag leads anywhere here yet, so there is nowhere to pass it on to")
    return routes


def theirs(ctx: Ctx, call: Call, name: str, post: Post | None) -> list[Considered]:
    """The rows of a post that this person may know of."""
    name = name or (post.id if post else "")
    rows = [
        row
        for row in (book.named(ctx, name) if name else ())
        if row.member and (call.is_host or row.member == call.member.key)
    ]
    if not rows:
        raise UserError(
            "Weaver knows of no such post of yours with a tag that leads anywhere; give its link "
            "or its number, or say it under the post"
        )
    return rows


@plugin.forget
def forget(member: Member, db: Session) -> None:
    """Erase which posts of a member were decided about; that they were stays, as a hash."""
    for row in db.exec(select(Considered).where(Considered.member == member.key)):
        book.forget_post(row)
    for model in (Standing, ByRole, Seen):
        db.exec(delete(model).where(col(model.member) == member.key))


@plugin.tell
def tell(member: Member, db: Session) -> Mapping[str, Any]:
    """Tell what became of a member's posts, what hosts said of them, and what was noticed."""
    rows = select(Considered).where(Considered.member == member.key)
    said = db.exec(select(Standing).where(Standing.member == member.key)).all()
    roles = db.exec(select(ByRole).where(ByRole.member == member.key)).all()
    seen = db.exec(select(Seen).where(Seen.member == member.key).order_by(col(Seen.at))).all()
    return {
        "posts": [
            {
                "community": row.community,
                "post": row.post,
                "audience": row.audience,
                "state": row.state,
                "why": row.why,
                "seen": row.seen_at.isoformat(),
                "passed_on": row.passed_at.isoformat() if row.passed_at else None,
            }
            for row in db.exec(rows.order_by(col(Considered.number)))
        ],
        "hosts_said": [{"community": row.community, "word": row.word} for row in said],
        "role": [{"community": row.community, "held": row.held} for row in roles],
        "tag_used": [{"tag": row.route, "at": row.at.isoformat()} for row in seen],
    }
