"""Days on which the community is closed, and what becomes of the chats on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from typing import Literal

from sqlmodel import col, select

from bot.api import Action, Answer, Call, Occurrence, UserError, day_words, to_local, when_words
from plugins.chats import changes, planning
from plugins.chats.planning import plan
from plugins.chats.series import Chats, all_series, dates_of, next_date, next_number
from plugins.chats.tables import ClosureRow
from plugins.chats.when import day_meant
from plugins.chats.words import closure_words

Acts = Generator[Action, None, Answer]


def close(  # noqa: PLR0913 - what a closure is
    call: Call,
    ctx: Chats,
    *,
    first: str,
    last: str,
    how: Literal["skip", "postpone", "usual"] = "skip",
    name: str = "",
) -> Acts:
    """Close the community from FIRST to LAST day, as for a holiday called NAME.

    Chats on those days are left out (how:skip), put off to the same weekday after it
    (how:postpone), or held as usual (how:usual), which overrules a longer closure around it.
    """
    today = to_local(ctx.now, ctx.community.zone).date()
    begins, ends = day_meant(first, today), day_meant(last, today)
    if ends < begins and "20" not in last:
        ends = ends.replace(year=ends.year + 1)
    if ends < begins:
        raise UserError("the last day is before the first; write the first day first")
    if ends < today:
        raise UserError(
            f"{day_words(ends, today)} has passed; write the year, as in 4 January 2027"
        )
    row = ClosureRow(
        community=ctx.community.id,
        number=next_number(ctx, ClosureRow),
        begins=begins.isoformat(),
        ends=ends.isoformat(),
        how=how,
        name=" ".join(name.split()),
    )
    words = closure_words(row.closure, today)
    before = _dates(ctx)
    ctx.db.add(row)
    ctx.db.flush()
    changed = yield from _replan(ctx, before)
    return Answer(
        f"{words[:1].upper()}{words[1:]}. {changed} To take it back: chats reopen {row.number}"
    )


def reopen(call: Call, ctx: Chats, number: int) -> Acts:
    """End closure NUMBER: chats are held on those days again."""
    row = ctx.db.get(ClosureRow, (ctx.community.id, number))
    if row is None:
        raise UserError(f"there is no closure {number}; chats closures shows which there are")
    before = _dates(ctx)
    ctx.db.delete(row)
    ctx.db.flush()
    changed = yield from _replan(ctx, before)
    return Answer(f"Closure {number} is taken back. {changed}")


def closures(call: Call, ctx: Chats) -> Answer:
    """Show on which days the community is closed."""
    none = "No days are closed; chats take place as planned."
    return Answer("\n".join(f"{row.number}. {words}" for row, words in coming(ctx)) or none)


def coming(ctx: Chats) -> list[tuple[ClosureRow, str]]:
    """The closures that are not over, with the words for their days."""
    mine = select(ClosureRow).where(ClosureRow.community == ctx.community.id)
    today = to_local(ctx.now, ctx.community.zone).date()
    rows = list(ctx.db.exec(mine.order_by(col(ClosureRow.begins))))
    return [(row, closure_words(row.closure, today)) for row in rows if row.closure.ends >= today]


def _dates(ctx: Chats) -> dict[int, list[Occurrence]]:
    """The dates to come of every series, as they stand."""
    return {one.number: dates_of(ctx, one).upcoming(ctx.now, 60) for one in all_series(ctx)}


def _replan(ctx: Chats, before: dict[int, list[Occurrence]]) -> Generator[Action, None, str]:
    """Plan every series anew, tell of announced dates that change, and say what changed."""
    lost: list[str] = []
    for series in all_series(ctx):
        dates = dates_of(ctx, series)
        known = planning.session_coming(ctx, series)
        if known is not None:
            local = dt.datetime.fromisoformat(known.local)
            if dates.placed(local) is None:
                yield from changes.call_off(ctx, series, known)
            elif dates.at(local) != known.at:
                yield from changes.tell_moved(ctx, series, known)
        for session in planning.sessions(ctx, "cancelled", number=series.number):
            local = dt.datetime.fromisoformat(session.local)
            if session.at > ctx.now and dates.placed(local) and session.local not in series.skipped:
                yield from changes.bring_back(ctx, series, session)
        after = {(one.local, one.at) for one in dates.upcoming(ctx.now, 60)}
        gone = [one for one in before[series.number] if (one.local, one.at) not in after]
        horizon = before[series.number][-1:]
        new = [key for key in after if horizon and key[1] <= horizon[0].at]
        if gone or len(new) != len(before[series.number]):
            series.revised += 1
            following = next_date(ctx, series)
            then = (
                f", next on {when_words(following.at, series.zone, ctx.now)}" if following else ""
            )
            lost.append(f"chat {series.number}{then}")
        plan(ctx, series)
    return f"That changes {'; '.join(lost)}." if lost else "No chat changes by that."
