"""Say what becomes of a post, or would, and why: to its author, to hosts, and of words to try."""

from __future__ import annotations

from bot.api import Answer, Call, Post, UserError, hashtags, when_words
from plugins.amplify import book, queue, words
from plugins.amplify.description import plugin
from plugins.amplify.flow import candidate_of
from plugins.amplify.logic import Decision, Route, best, decide, matching
from plugins.amplify.people import person
from plugins.amplify.routes import Ctx, routes_of
from plugins.amplify.tables import Considered


@plugin.command(audience="hosts")
def test(call: Call, ctx: Ctx, post: str) -> Answer:
    """Tell what would happen to POST, and why: a post Weaver knows, or words to try."""
    rows = book.named(ctx, post)
    if rows:
        return Answer(ctx.render("why.md", rows=[(row, told(ctx, row)) for row in rows]))
    tags = tuple(hashtags(post, "mastodon"))
    tried = Post(
        "", next(ctx.community.for_("lobby"), ctx.community.spaces[0]), call.member, post, ctx.now,
        tags=tags, has_link="://" in post,
    )  # fmt: skip
    found = matching(tags, routes_of(ctx))
    if not found:
        raise UserError(
            "no tag in it leads anywhere, and Weaver knows no post of that name; see: amplify list"
        )
    decisions = [_tried(ctx, tried, matches) for matches in found.values()]
    return Answer(ctx.render("test.md", decisions=[(one, _fate(ctx, one)) for one in decisions]))


def told(ctx: Ctx, row: Considered) -> str:
    """What became of a post, and why, for those who may know."""
    audience = book.space_of(ctx, row.audience)
    name = audience.name if audience else "a place that is gone"
    name = f"the feed of {name}" if row.quietly else name
    if row.state == "passed" and book.is_undone(ctx, row):
        return f"It was passed on to {name}, and was taken back since."
    match row.state:
        case "waiting":
            turn = _turn(ctx, row.route, row)
            return f"It waits for its turn to go to {name}. {turn} {row.why}"
        case "held":
            return f"It waits for a host before it goes to {name}. {row.why}"
        case "passed":
            return f"It was passed on to {name}. {row.why}"
        case "undone":
            return f"It does not go to {name} any more. {row.why}"
        case _:
            return f"It did not go to {name}. {row.why}"


def _turn(ctx: Ctx, key: str, row: Considered | None = None) -> str:
    route = next((one for one in routes_of(ctx) if one.key == key), None)
    if route is None:
        return ""
    if route.paused:
        return "The tag is paused."
    share = ctx.settings.author_daily
    if share and row and queue.passed_today(ctx, route, row.member) >= share:
        posts = "One post" if share == 1 else f"{share} posts"
        return f"{posts} of its author went on within a day, so others go first for now."
    last = f" {words.UNDESCRIBED}" if row and row.undescribed and route.alt != "no" else ""
    return _slot(ctx, route) + last


def _slot(ctx: Ctx, route: Route) -> str:
    slot = queue.next_slot(ctx, route)
    if slot <= ctx.now:
        return "Its turn is now."
    quiet = ctx.settings.pace(ctx.community.zone).awake(ctx.now) > ctx.now
    why = "These are quiet hours" if quiet else "Posts are spread over the hour"
    return f"{why}: the next turn is {when_words(slot, ctx.community.zone, ctx.now)}."


def _tried(ctx: Ctx, post: Post, matches: list[tuple[str, Route]]) -> Decision:
    candidate = candidate_of(ctx, post, person(ctx, post.author))
    rules = ctx.settings.rules
    return best(decide(candidate, route, tag, rules) for tag, route in matches)


def _fate(ctx: Ctx, decision: Decision) -> str:
    name = decision.route.audience.name
    if decision.outcome == "amplify":
        return f"It would go to {name}. {_turn(ctx, decision.route.key)} {words.why(decision)}"
    fate = "wait for a host" if decision.outcome == "hold" else "stay where it is"
    return f"It would {fate}, and not go to {name} by itself. {words.why(decision)}"
