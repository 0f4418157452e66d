"""What hosts may ask of welcome: their own words, who greets, and a hello by hand."""

from __future__ import annotations

from collections.abc import Generator

from bot.api import Action, Answer, Button, Call, Context, Member, SendPost, UserError
from plugins.welcome.arrivals import hello as hello_to
from plugins.welcome.arrivals import known, note
from plugins.welcome.card import EXAMPLE, buttons, greeting, length_warning
from plugins.welcome.settings import Settings
from plugins.welcome.tables import OwnWords
from plugins.welcome.waiting import greeters as volunteers
from plugins.welcome.waiting import meeting_place


def words(call: Call, ctx: Context[Settings], text: str) -> Answer:
    """Write the greeting in your own words; {{ name }} stands for the newcomer. Not used yet."""
    shown = greeting(ctx, EXAMPLE, own=text)
    row = ctx.db.get(OwnWords, ctx.community.id) or OwnWords(community=ctx.community.id)
    row.draft = text
    ctx.db.add(row)
    choices = (
        Button("Send it to the hosts’ space", "welcome test"),
        Button("Use it from now on", "welcome use"),
    )
    warning = length_warning(ctx, shown)
    return Answer(ctx.render("draft.md", shown=shown, warning=warning), buttons=choices)


def test(call: Call, ctx: Context[Settings]) -> Generator[Action, None, Answer]:
    """Send the draft, or else the greeting in use, to the hosts' space."""
    row = ctx.db.get(OwnWords, ctx.community.id)
    hosts = next(ctx.community.for_("hosts"), None)
    if hosts is None:
        raise UserError("this community has no space for its hosts; use welcome preview instead")
    shown = greeting(ctx, EXAMPLE, own=row.draft if row and row.draft else None)
    why = "A host asked to see the greeting."
    yield SendPost(ctx.key("test", ctx.now), hosts, shown, buttons(ctx), why=why)
    return Answer(f"It is on its way to {hosts.name or hosts.id}.")


def use(call: Call, ctx: Context[Settings]) -> Answer:
    """Use the draft from now on."""
    row = ctx.db.get(OwnWords, ctx.community.id)
    if row is None or not row.draft:
        raise UserError("there is no draft yet; write one with: welcome words TEXT")
    row.words, row.draft = row.draft, ""
    ctx.db.add(row)
    plain = (Button("Weaver’s own words again", "welcome plain"),)
    return Answer("Newcomers are greeted in these words from now on.", buttons=plain)


def plain(call: Call, ctx: Context[Settings]) -> Answer:
    """Greet in Weaver's own words again; yours are kept as a draft."""
    row = ctx.db.get(OwnWords, ctx.community.id)
    if row is None or not row.words:
        raise UserError("newcomers are greeted in Weaver’s own words already")
    row.draft, row.words = row.words, ""
    ctx.db.add(row)
    again = (Button("No, ours", "welcome use"),)
    return Answer("Newcomers are greeted in Weaver’s own words again.", buttons=again)


def greeters(call: Call, ctx: Context[Settings]) -> Answer:
    """Tell how many people offered to answer newcomers, and how many notes a week they take."""
    found = volunteers(ctx)
    most = sum(one.most for one in found)
    return Answer(ctx.render("greeters.md", count=len(found), most=most))


def hello(call: Call, ctx: Context[Settings], member: Member) -> Generator[Action, None, Answer]:
    """Greet MEMBER now, if Weaver has not yet."""
    row = known(ctx, member)
    if row is not None and row.met != "listed":
        raise UserError(f"{member.name or 'they'} were greeted before, and that happens once")
    if row is None:
        note(ctx, member, "greeted")
    else:
        row.met = "greeted"
        ctx.db.add(row)
    yield hello_to(ctx, member, meeting_place(ctx, member))
    return Answer(f"Weaver says hello to {member.name or 'them'}.")
