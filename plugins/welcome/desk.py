"""What hosts may ask of welcome: their own words, who greets, and a hello by hand."""

from __future__ import annotations

import re
from collections.abc import Generator

from bot.api import Action, Answer, Button, Call, Context, Member, SendPost, UserError
from plugins.welcome.arrivals import hello as hello_to
from plugins.welcome.arrivals import known, note
from plugins.welcome.card import EXAMPLE, greeting, length_warning
from plugins.welcome.settings import Settings
from plugins.welcome.tables import OwnWords
from plugins.welcome.waiting import greeters as volunteers
from plugins.welcome.waiting import meeting_place

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
"""A tag of BCP 47, roughly, in small letters."""


def words(call: Call, ctx: Context[Settings], *, language: str = "", text: str) -> Answer:
    """Write the greeting in your own words; {{ name }} stands for the newcomer. Not used yet.

    With language:cy they are for people whose language that is; without, for everybody else.
    """
    shown = greeting(ctx, EXAMPLE, own=text).text
    row = _row(ctx, language) or OwnWords(community=ctx.community.id, language=_tag(language))
    row.draft = text
    ctx.db.add(row)
    choices = (
        Button("Send it to the hosts’ space", f"welcome test {row.language}".strip()),
        Button("Use it from now on", f"welcome use {row.language}".strip()),
    )
    warning = length_warning(ctx, shown)
    return Answer(ctx.render("draft.md", shown=shown, warning=warning), buttons=choices)


def test(
    call: Call,
    ctx: Context[Settings],
    language: str = "",  # noqa: PT028 - a command that is called so, and no test
) -> Generator[Action, None, Answer]:
    """Send the draft, or else the greeting in use, to the hosts' space; in LANGUAGE, if named."""
    row = _row(ctx, language)
    hosts = next(ctx.community.for_("hosts"), None)
    if hosts is None:
        raise UserError("this community has no space for its hosts; use welcome preview instead")
    draft = row.draft if row and row.draft else None
    card = greeting(ctx, EXAMPLE, own=draft, languages=(language,) if language else ())
    key, why = ctx.key("test", ctx.now, _tag(language)), "A host asked to see the greeting."
    yield SendPost(key, hosts, card.text, card.buttons, moments=card.moments, why=why)
    return Answer(f"It is on its way to {hosts.name or hosts.id}.")


def use(call: Call, ctx: Context[Settings], language: str = "") -> Answer:
    """Use the draft from now on; the one in LANGUAGE, if named."""
    row = _row(ctx, language)
    if row is None or not row.draft:
        how = f"language:{_tag(language)} " if language else ""
        raise UserError(f"there is no draft yet; write one with: welcome words {how}TEXT")
    row.words, row.draft = row.draft, ""
    ctx.db.add(row)
    plain = (Button("Take these words back", f"welcome plain {row.language}".strip()),)
    whose = f"Newcomers whose language is {row.language}" if row.language else "Newcomers"
    return Answer(f"{whose} are greeted in these words from now on.", buttons=plain)


def plain(call: Call, ctx: Context[Settings], language: str = "") -> Answer:
    """Greet in Weaver's own words again; yours are kept as a draft. Only LANGUAGE's, if named."""
    row = _row(ctx, language)
    if row is None or not row.words:
        raise UserError(
            f"there are no words of your own in {_tag(language)!r} in use"
            if language
            else "newcomers are greeted in Weaver’s own words already"
        )
    row.draft, row.words = row.words, ""
    ctx.db.add(row)
    again = (Button("No, ours", f"welcome use {row.language}".strip()),)
    if row.language:
        words = f"Whose language is {row.language} is greeted as everybody else again."
    else:
        words = "Newcomers are greeted in Weaver’s own words again."
    return Answer(words, buttons=again)


def _row(ctx: Context[Settings], language: str) -> OwnWords | None:
    """The community's own words in a language; in none, where it is empty."""
    return ctx.db.get(OwnWords, (ctx.community.id, _tag(language)))


def _tag(language: str) -> str:
    """Read a language's tag; UserError for what is none, so that a slip is not a language."""
    found = language.strip().casefold()
    if found and not LANGUAGE.fullmatch(found):
        raise UserError(f"{language!r} is no language; write its tag, such as cy, es or pt-br")
    return found


def greeters(call: Call, ctx: Context[Settings]) -> Answer:
    """Tell how many people offered to answer newcomers, and how many notes a week they take."""
    found = volunteers(ctx)
    most = sum(one.most for one in found)
    return Answer(ctx.render("greeters.md", count=len(found), most=most))


def hello(call: Call, ctx: Context[Settings], member: Member) -> Generator[Action, None, Answer]:
    """Greet MEMBER now, if Weaver has not yet."""
    row = known(ctx, member)
    if row is not None and row.met == "followed":
        raise UserError(
            "Weaver says nothing to whoever follows without a word, as they did not ask; a person "
            "may, of course"
        )
    if row is not None and row.met not in ("listed", "outside"):
        raise UserError(f"{member.name or 'they'} were greeted before, and that happens once")
    if row is None:
        note(ctx, member, "greeted")
    else:
        row.met = "greeted"
        ctx.db.add(row)
    yield hello_to(ctx, member, meeting_place(ctx, member))
    return Answer(f"Weaver says hello to {member.name or 'them'}.")
