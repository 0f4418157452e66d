"""What follows from the post log and is kept with it: counts of each day, and first answers.

Both are written once a group of events, in its transaction, from what the events changed. Both can
be made anew from the log, which is the truth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ScalarSelect,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from bot.kernel.statements import DAYS, POSTS, Statements
from bot.storage.prepared import Prepared
from bot.storage.types import micros

DAY = 86_400_000_000
"""Microseconds."""
_AT = type_coerce(POSTS.c.at, BigInteger)
PERSON = POSTS.c.bot.is_(False)
ORIGINAL = POSTS.c.kind.in_(("original", "quote"))
COUNTED = POSTS.c.kind != "system"
COLUMNS = ("originals", "replies", "reposts", "bot_posts", "bare")
COUNTS = tuple(
    func.count(case((one, 1)))
    for one in (
        and_(PERSON, ORIGINAL),
        and_(PERSON, POSTS.c.kind == "reply"),
        and_(PERSON, POSTS.c.kind == "repost"),
        and_(~PERSON, COUNTED),
        and_(PERSON, ORIGINAL, POSTS.c.bare),
    )
)
"""The columns of a day, in order."""
PLACE = (POSTS.c.space, _AT.label("at"), POSTS.c.parent)
"""What no edit of a post changes."""


def day_of(at: datetime) -> int:
    """The day (since 1970, UTC) of a moment."""
    return micros(at) // DAY


@dataclass(slots=True)
class Pending:
    """What a group of events changes in the log, written in one go before anybody reads it."""

    rows: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    """New rows by space and post, in the order in which they came."""
    dirty: set[tuple[int, int]] = field(default_factory=set)
    """Days, by space and number, to be counted anew."""
    unsure: set[tuple[int, str]] = field(default_factory=set)
    """Posts, by space and id, whose first answer is to be looked up anew."""
    began: dict[str, datetime | None] = field(default_factory=dict)
    """When what is written of each community begins, as far as that was asked."""
    first: dict[tuple[int, str | None], datetime] | None = None
    """The earliest of the new rows, by space and author, and of all authors (None); once asked."""

    def add(self, row: dict[str, Any]) -> None:
        """Take a new row; one that is there stays as it is."""
        is_new = self.rows.setdefault((row["space"], row["post"]), row) is row
        if is_new and self.first is not None:
            _note_first(self.first, row)

    def change(self, space: int, post: str, values: Mapping[str, Any] | None) -> None:
        """Let a new row read otherwise, or be none."""
        place = (space, post)
        if values is None:
            if self.rows.pop(place, None):
                self.first = None
        elif place in self.rows:
            self.rows[place].update(values)

    def doubt(self, space: int, at: int, parent: str | None) -> None:
        """Take note of a row (its place) that changed, is gone, or may have been there before."""
        self.began.clear()
        self.dirty.add((space, at // DAY))
        if parent:
            self.unsure.add((space, parent))

    def earliest(
        self, spaces: Collection[int], written: datetime | None, author: str | None = None
    ) -> datetime | None:
        """The earliest moment of what is ``written`` and what waits, of one author or of all."""
        if self.first is None:
            self.first = {}
            for row in self.rows.values():
                _note_first(self.first, row)
        waiting = (self.first.get((space, author)) for space in spaces)
        return min((at for at in (written, *waiting) if at is not None), default=None)

    def settle(self, connection: Connection, statements: Statements) -> None:
        """Write all of it; what is read afterwards in this transaction is whole."""
        if self.rows:
            self._log(connection, statements)
        if self.unsure:
            connection.execute(ANEW, [{"of": of, "to": to} for of, to in sorted(self.unsure)])
        if self.dirty:
            recount(connection, sorted(self.dirty))
        self.dirty, self.unsure = set(), set()

    def _log(self, connection: Connection, statements: Statements) -> None:
        """Log the new rows; one that is in the log stays as it is."""
        rows, self.rows = list(self.rows.values()), {}
        self.began.clear()
        self.first = None
        self.unsure.update(_answered_before(connection, rows))
        for row in rows:
            row["at"] = micros(row["at"])
        logged = statements.log_posts.each(connection, rows)
        if logged != len(rows):
            for row in rows if logged else ():
                self.doubt(row["space"], row["at"], row["parent"])
            return
        answers = [
            {"of": row["space"], "to": row["parent"], "who": row["author"], "when": row["at"]}
            for row in rows
            if row["kind"] == "reply" and row["parent"] and not row["bot"]
        ]
        if answers:
            TELL_ANSWERED.each(connection, answers)
        statements.add_days.each(connection, _days(rows))


def _note_first(first: dict[tuple[int, str | None], datetime], row: Mapping[str, Any]) -> None:
    """Let a row be the earliest of its author, and of its space, if it is."""
    for author in (row["author"], None):
        place = row["space"], author
        first[place] = min(first.get(place, row["at"]), row["at"])


def _answered_before(
    connection: Connection, rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    """Find the posts that come later than an answer to them."""
    posts: list[str] = list({row["post"] for row in rows})
    while posts:
        room = next(room for room in _ROOMS if room >= min(len(posts), _ROOMS[-1]))
        asked, posts = posts[:room], posts[room:]
        values = {str(n): post for n, post in enumerate(asked)}
        values |= {str(n): asked[0] for n in range(len(asked), room)}
        yield from map(tuple, _answers_to(room).rows(connection, values))


def _days(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, int]]:
    """What new rows, their moments as they are kept, add to their days."""
    added: dict[tuple[int, int], dict[str, int]] = {}
    for row in rows:
        space, day = place = (row["space"], row["at"] // DAY)
        if place not in added:
            added[place] = {"space": space, "day": day, **dict.fromkeys(COLUMNS, 0)}
        for column in _columns_of(row):
            added[place][column] += 1
    return list(added.values())


def _columns_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of a day in which a row of the log counts."""
    kind = row["kind"]
    if row["bot"]:
        return () if kind == "system" else ("bot_posts",)
    if kind in ("original", "quote"):
        return ("originals", "bare") if row["bare"] else ("originals",)
    return {"reply": ("replies",), "repost": ("reposts",)}.get(kind, ())


_ROOMS = (1, 8, 64, 512)
"""How many posts are asked about at once; where there are fewer, the first is asked about again."""


@cache
def _answers_to(room: int) -> Prepared:
    """Space and parent of every row that answers one of so many posts (``0``, ``1``, ...)."""
    posts = [bindparam(str(n), type_=POSTS.c.post.type) for n in range(room)]
    return Prepared(select(POSTS.c.space, POSTS.c.parent).where(POSTS.c.parent.in_(posts)))


_OF = {
    "space": bindparam("of"),
    "post": bindparam("to"),
    "who": bindparam("who"),
    "at": bindparam("when", type_=BigInteger),
}
_ANSWER = type_coerce(POSTS.c.first_answer, BigInteger)
ANSWERED = (
    update(POSTS)
    .where(
        POSTS.c.space == _OF["space"],
        POSTS.c.post == _OF["post"],
        POSTS.c.author != _OF["who"],
        _OF["at"] >= _AT,
        or_(
            _ANSWER.is_(None),
            _OF["at"] < _ANSWER,
            and_(_OF["at"] == _ANSWER, POSTS.c.first_answerer > _OF["who"]),
        ),
    )
    .values({"first_answer": _OF["at"], "first_answerer": _OF["who"]})
)
"""A reply (``who``, ``when``) tells the post it answers (``of`` a space, ``to`` a post)."""
TELL_ANSWERED = Prepared(ANSWERED)


def first_answer(column: str) -> ScalarSelect[Any]:
    """Find in the log the first direct reply by another person: its ``at`` or its ``author``."""
    answer = POSTS.alias("answer")
    return (
        select(answer.c[column])
        .where(
            answer.c.parent == POSTS.c.post,
            answer.c.space + 0 == POSTS.c.space,  # else planners take the index that begins with it
            answer.c.author != POSTS.c.author,
            answer.c.kind == "reply",
            answer.c.bot.is_(False),
            answer.c.at >= POSTS.c.at,
        )
        .order_by(answer.c.at, answer.c.author)
        .limit(1)
        .scalar_subquery()
    )


FOUND_ANEW = update(POSTS).values(
    first_answer=first_answer("at"), first_answerer=first_answer("author")
)
"""Look up first answers anew; the reader says whose."""
ANEW = FOUND_ANEW.where(POSTS.c.space == _OF["space"], POSTS.c.post == _OF["post"])
"""Look up the first answer to one post (``of`` a space, ``to`` a post) anew."""


_DAY = {name: bindparam(name, type_=BigInteger) for name in ("of", "on", "first", "last")}
CLEAR_DAY = Prepared(delete(DAYS).where(DAYS.c.space == _DAY["of"], DAYS.c.day == _DAY["on"]))
COUNT_DAY = Prepared(
    insert(DAYS).from_select(
        ["space", "day", *COLUMNS],
        select(POSTS.c.space, _DAY["on"], *COUNTS)
        .where(POSTS.c.space == _DAY["of"], _AT.between(_DAY["first"], _DAY["last"]), COUNTED)
        .group_by(POSTS.c.space),
    )
)
"""Both take a space (``of``) and a day (``on``); the second also the day's first and last
microsecond."""


def recount(connection: Connection, days: Iterable[tuple[int, int]]) -> None:
    """Count days anew, each of a space (its number comes first)."""
    places = [{"of": space, "on": day} for space, day in days]
    CLEAR_DAY.each(connection, places)
    ends = ({"first": one["on"] * DAY, "last": one["on"] * DAY + DAY - 1} for one in places)
    COUNT_DAY.each(connection, [one | end for one, end in zip(places, ends, strict=True)])


@dataclass(frozen=True, slots=True)
class Mended:
    """What counting the whole log anew found."""

    days: int
    """Days with a count."""
    wrong: int
    """Of those, how many had been kept otherwise."""


def rebuild(connection: Connection) -> Mended:
    """Make every day and every first answer anew from the log."""
    before = set(map(tuple, connection.execute(select(DAYS))))
    count_days(connection)
    connection.execute(FOUND_ANEW)
    after = set(map(tuple, connection.execute(select(DAYS))))
    return Mended(len(after), len(after - before))


def count_days(connection: Connection) -> None:
    """Make every day anew from the log."""
    day = (_AT - (_AT % DAY + DAY) % DAY) // DAY  # below 1970 too
    whole = select(POSTS.c.space, day.label("day"), *COUNTS)
    counted = whole.where(COUNTED).group_by(POSTS.c.space, "day")
    connection.execute(delete(DAYS))
    connection.execute(insert(DAYS).from_select(["space", "day", *COLUMNS], counted))
