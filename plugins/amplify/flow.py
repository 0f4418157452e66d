"""What happens to a post: decided once, followed through edits and deletion, back for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.api import (
    Action,
    CommunityOpened,
    Context,
    Delivered,
    Failed,
    LeaveAlone,
    Member,
    NotifyHosts,
    Post,
    PostDeleted,
    PostEdited,
    PostSeen,
)
from plugins.amplify import feeds, queue, sightings, words
from plugins.amplify.book import (
    OPEN,
    by_key,
    forget_post,
    in_state,
    is_known,
    is_undescribed,
    key_of,
    rows_of,
    take_back,
    write,
)
from plugins.amplify.description import plugin
from plugins.amplify.logic import Candidate, Decision, Route, best, decide, is_foreign, matching
from plugins.amplify.people import Person, is_new, is_young, person
from plugins.amplify.prints import is_link_only
from plugins.amplify.report import report_monthly
from plugins.amplify.review import ask_hosts, keep_house_daily
from plugins.amplify.routes import audience_named, routes_of, state_of
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Considered
from plugins.amplify.tags import tag_key

Ctx = Context[Settings]
STANDS = ("passed", "failed", *OPEN)


@plugin.on(CommunityOpened)
def check_routes(event: CommunityOpened, ctx: Ctx) -> Iterator[Action]:
    """Tell the hosts, once, of a set route that leads nowhere; take up what waits."""
    for setting in ctx.settings.routes:
        if audience_named(ctx, setting.audience) is None:
            yield NotifyHosts(
                ctx.key("nowhere", tag_key(setting.tag), setting.audience),
                ctx.render("nowhere.md", tag=setting.tag, audience=setting.audience),
                why="A route in the settings names an audience that this community does not have.",
            )
    keep_house_daily(ctx)
    report_monthly(ctx)
    yield from feeds.keep_true(ctx)
    for route in routes_of(ctx):
        yield from queue.run(ctx, route)


@plugin.on(PostSeen)
def consider(event: PostSeen, ctx: Ctx) -> Iterator[Action]:
    """Decide about a post for each audience that a tag of it leads to, and say why."""
    post = event.post
    if not post.tags or post.kind in ("repost", "system") or post.space.purpose == "hosts":
        return
    found = matching(post.tags, routes_of(ctx))
    found.pop(post.space, None)
    author = person(ctx, post.author) if found else None
    for matches in found.values():
        if author is not None:
            yield from _for_audience(ctx, post, author, matches)


def _for_audience(
    ctx: Ctx, post: Post, author: Person, matches: Sequence[tuple[str, Route]]
) -> Iterator[Action]:
    audience = matches[0][1].audience
    key = key_of(ctx, post, audience)
    if is_known(ctx, key):
        return
    routes = [route for _, route in matches]
    candidate = replace(candidate_of(ctx, post, author), names_us=post.calls_on(audience))
    if candidate.word is not False:  # what is never passed on is not remembered either
        seen = sightings.note(ctx, post, routes[0], is_known=author.is_known)
        earlier, last = seen[:-1], seen[-1]
        repeats = sightings.repeated(earlier, post.author.key, last.text)
        candidate = replace(candidate, repeats=repeats)
        alarm = None if routes[0].is_watched_over else sightings.alarm_of(ctx, seen)
        if alarm:
            state_of(ctx, routes[0]).paused = "alarm"
            routes = [replace(route, paused="alarm") for route in routes]
            yield sightings.notice(ctx, routes[0], alarm)
            hold_unknown(ctx, routes[0])
    tags = [tag for tag, _ in matches]
    decision = best(
        decide(candidate, route, tag, ctx.settings.rules)
        for tag, route in zip(tags, routes, strict=True)
    )
    yield from settle(ctx, post, key, decision)


def settle(ctx: Ctx, post: Post, key: str, decision: Decision) -> Iterator[Action]:
    """Write a decision down and let it take its course."""
    why = write(ctx, post, key, decision)
    audience = decision.route.audience
    if decision.outcome == "amplify":
        yield from queue.run(ctx, decision.route)
        return
    yield LeaveAlone(ctx.key("leave", audience.id, post), post.space, post.id, why=why)
    row = by_key(ctx, key) if decision.outcome == "hold" else None
    if row is not None:
        yield from ask_hosts(ctx, decision.route, row)


def candidate_of(ctx: Ctx, post: Post, author: Person) -> Candidate:
    """What is known of a post before it is compared with others."""
    return Candidate(
        platform=post.space.platform,
        age=max(timedelta(0), ctx.now - post.at),
        kind=post.kind,
        tags=len({tag_key(tag) for tag in post.tags}),
        word=author.word,
        is_public=post.space.purpose != "hosts",
        is_foreign=is_foreign(post.languages, ctx.settings.languages),
        is_unwanted=ctx.settings.is_unwanted(post.tags),
        is_labelled=bool(post.labels),
        is_undescribed=is_undescribed(post),
        is_link_only=is_link_only(post.text, has_link=post.has_link),
        has_link=post.has_link,
        is_new=is_new(author.first, ctx.now),
        is_young=is_young(post.author.made, ctx.now),
        is_member=author.is_known,
        standing=author.standing,
    )


def hold_unknown(ctx: Ctx, route: Route) -> None:
    """Keep back what unknown accounts have waiting when a tag is being taken over."""
    for row in in_state(ctx, "waiting", route.key):
        if not person(ctx, Member.of(row.member)).is_known:
            row.state, row.reasons = "held", [*row.reasons, "hijack"]
            row.why = words.of(row.reasons)


@plugin.on(PostEdited)
def follow_edit(event: PostEdited, ctx: Ctx) -> Iterator[Action]:
    """Take a post back from the audiences that none of its tags leads to any more."""
    kept = {space.key for space in matching(event.post.tags, routes_of(ctx))}
    rows = rows_of(ctx, event.space.platform, event.post.id)
    gone = [row for row in rows if row.audience not in kept and row.state in STANDS]
    yield from take_back(ctx, gone, "It was edited, and no tag in it leads here any more.")
    for route in routes_of(ctx):
        mine = [row for row in rows if row.route == route.key and row.state in OPEN]
        for row in mine:
            yield from _look_again(ctx, route, row, event.post)


def _look_again(ctx: Ctx, route: Route, row: Considered, post: Post) -> Iterator[Action]:
    """Go by the pictures and warnings that a post has now, while it has not gone on yet.

    A host's word on it stands, as does that its author asks to be looked at again.
    """
    row.undescribed, row.labelled = is_undescribed(post), bool(post.labels)
    doubts = {
        "label": row.labelled,
        "undescribed": row.undescribed and route.alt == "require",
    }
    was = [reason for reason in row.reasons if doubts.get(reason, True)]
    now = was + [reason for reason, holds in doubts.items() if holds and reason not in was]
    if row.state == "waiting" and now and row.approved_at is None:
        if person(ctx, post.author).standing != "trusted":
            row.state, row.reasons, row.why = "held", now, words.of(now)
            yield from ask_hosts(ctx, route, row)
    elif row.state == "held" and row.why == words.of(row.reasons):
        row.reasons, row.why = now, words.of(now) or words.after_look(row, route)
        if not now:
            row.state = "waiting"
            yield from queue.run(ctx, route)


@plugin.on(PostDeleted)
def follow_deletion(event: PostDeleted, ctx: Ctx) -> Iterator[Action]:
    """Take a post that is gone back from every audience, and forget which it was."""
    rows = rows_of(ctx, event.space.platform, event.post_id)
    standing = [row for row in rows if row.state in STANDS]
    why = "The post is gone, so it is not passed on any more either."
    yield from take_back(ctx, standing, why)
    for row in rows:
        forget_post(row)


@plugin.on(Failed, prefix="repost")
def note_failure(event: Failed, ctx: Ctx) -> Iterator[Action]:
    """Write down that a post could not be passed on after all."""
    row = by_key(ctx, event.key)
    if row is not None and row.state == "passed":
        row.state, row.why = "failed", f"It could not be passed on: {event.why}."
    yield from ()


@plugin.on(Delivered, prefix="repost")
def note_success(event: Delivered, ctx: Ctx) -> Iterator[Action]:
    """Write down that it was passed on at a later try."""
    row = by_key(ctx, event.key)
    if row is not None and row.state == "failed":
        row.state = "passed"
    yield from ()
