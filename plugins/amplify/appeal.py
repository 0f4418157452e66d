"""Ask the hosts to look again at a post that they left, blocked, or never came to."""

from __future__ import annotations

from collections.abc import Generator

from bot.api import Action, Answer, Call, Context, NotifyHosts, Post, UserError
from plugins.amplify import book, words
from plugins.amplify.description import plugin
from plugins.amplify.logic import PURPOSE
from plugins.amplify.members import theirs
from plugins.amplify.review import choices
from plugins.amplify.settings import Settings
from plugins.amplify.tables import Considered

Ctx = Context[Settings]
WAITS = "Its author asks the hosts to look at it again."


@plugin.command(audience="members")
def appeal(
    call: Call, ctx: Ctx, name: str = "", post: Post | None = None
) -> Generator[Action, None, Answer]:
    """Ask the hosts, once, to look again at a post of yours that was left where it is."""
    rows = [row for row in theirs(ctx, call, name, post) if row.member == call.member.key]
    row = next((one for one in rows if _was_left(one)), None)
    if row is None and any(one.state == "held" for one in rows):
        raise UserError("that post waits for a host already, so there is nothing more to ask")
    if row is None:
        raise UserError("no host left that post where it is; to hear why it stayed: amplify why")
    if ctx.consent.of(call.member, PURPOSE) is False:
        raise UserError("you asked not to be passed on; first say: amplify yes")
    key = ctx.key("appeal", row.key)
    if ctx.acts.state(key) is not None:
        raise UserError("the hosts were asked once, and their word on that post stands")
    row.state, row.seen_at = "held", ctx.now
    link = book.link(ctx, row)
    was = "unseen" if row.why == words.UNSEEN else "left"
    was = "blocked" if row.reasons == ["blocked"] else was
    text = ctx.render("appeal.md", row=row, link=link, was=was)
    row.why = WAITS
    why = "A post's author may ask the hosts once to look at it again."
    yield NotifyHosts(key, text, why=why, buttons=choices(row))
    return Answer(
        "The hosts are asked to look at it again, and see its link and your request. If nobody "
        "comes to it within three days, it stays where it is."
    )


def _was_left(row: Considered) -> bool:
    """Whether hosts had a word in it: they left it, blocked its author, or never came to it."""
    blocked = row.state == "declined" and row.reasons == ["blocked"]
    return blocked or row.why in (words.LEFT_BY_HOST, words.UNSEEN)
