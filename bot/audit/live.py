"""Read the running Weaver's own log as the audit reads an archive; nothing is written.

A hashtag's space has two readings. The audit's own counts what a search for the tag would have
found: posts that carry it. Most answers do not repeat the tag, so beside it stands the reading of
whole threads. The two are never mixed, and neither are a hashtag and an account of the same name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    select,
    type_coerce,
)

from bot.audit.detail import Detail, detail_of
from bot.audit.figures import Figures, Window, activity
from bot.audit.table import Line
from bot.domain.measures import DAY
from bot.kernel.statements import POSTS, SPACES, table
from bot.storage.tables import CommunityRow

_COMMUNITIES = table(CommunityRow)
_SECOND = 1_000_000
_AT = type_coerce(POSTS.c.at, BigInteger)
_DAY = _AT // (DAY * _SECOND)
_WEEK = (_DAY - 4) // 7  # from 1970-01-05, the first Monday that Unix time knows
_TALK = ("original", "quote", "reply", "repost")
_RULES = {
    "bluesky": "reply = the record answers a post; repost = a repost record",
    "discord": "reply = points to a message, or a later voice in a thread; repost = a forward",
}
_OTHER = "reply = answers a post; repost = shows a post again"
TAGGED = "posts that carry the tag, as the audit of 2020 read"
THREADS = "whole threads of the tag"
ALL = "all posts"


@dataclass(frozen=True, slots=True)
class Place:
    """A space of a community."""

    number: int
    community: str
    platform: str
    native: str
    name: str

    @property
    def kind(self) -> str:
        """What is measured there."""
        if self.native.startswith("#"):
            return "hashtag"
        return "account" if self.platform in ("bluesky", "mastodon") else "channel"


@dataclass(frozen=True, slots=True)
class LiveLine(Line):
    """A reading of a space."""

    place: Place | None = None
    reading: str = ALL

    @property
    def labels(self) -> Mapping[str, str]:
        """What says which space it is, and how it was read."""
        assert self.place is not None
        place = self.place
        return {
            "community": place.community,
            "platform": place.platform,
            "space": place.native,
            "kind": place.kind,
            "reading": self.reading,
        }


def places(connection: Connection, community: str | None) -> list[Place]:
    """List the spaces where people talk, of one community or all that are looked after."""
    query = (
        select(SPACES.c.id, _COMMUNITIES.c.name, SPACES.c.platform, SPACES.c.native, SPACES.c.name)
        .join_from(SPACES, _COMMUNITIES, SPACES.c.community == _COMMUNITIES.c.id)
        .where(_COMMUNITIES.c.active.is_(True), SPACES.c.purpose.not_in(("audience", "hosts")))
        .order_by(_COMMUNITIES.c.name, SPACES.c.position, SPACES.c.id)
    )
    if community is not None:
        query = query.where(_COMMUNITIES.c.id == community)
    return [Place(*row) for row in connection.execute(query)]


def latest(connection: Connection, found: Sequence[Place]) -> int | None:
    """When the last post was made, in seconds since 1970; None without any."""
    spaces = [place.number for place in found]
    at = connection.execute(select(func.max(_AT)).where(POSTS.c.space.in_(spaces))).scalar()
    return None if at is None else int(at // _SECOND)


def read(
    connection: Connection, found: Sequence[Place], window: Window, *, detailed: bool
) -> Iterator[Line]:
    """Count every space in the window, a hashtag's both ways."""
    for place in found:
        if place.kind == "hashtag":
            yield _line(connection, place, window, TAGGED, detailed=detailed)
            yield _line(connection, place, window, THREADS, detailed=detailed)
        else:
            yield _line(connection, place, window, ALL, detailed=detailed)


def _line(
    connection: Connection, place: Place, window: Window, reading: str, *, detailed: bool
) -> LiveLine:
    counted = within(place, window, tagged_only=reading == TAGGED)
    figures = _figures(connection, counted, window)
    more = _detail(connection, counted) if detailed else None
    rules = _RULES.get(place.platform, _OTHER)
    name = f"{place.community}: {place.name or place.native} ({place.kind}), {reading}"
    return LiveLine(name, figures, rules, detail=more, place=place, reading=reading)


def within(place: Place, window: Window, *, tagged_only: bool = False) -> ColumnElement[bool]:
    """The posts that count."""
    wanted = [POSTS.c.space == place.number, POSTS.c.kind.in_(_TALK)]
    if window.since is not None:
        wanted.append(POSTS.c.at >= _moment(window.since))
    if window.until is not None:
        wanted.append(POSTS.c.at < _moment(window.until))
    if tagged_only:
        wanted.append(POSTS.c.untagged.is_(False))
    return and_(*wanted)


def _moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def by_day(counted: ColumnElement[bool]) -> Select[Any]:
    """People's posts of each day and kind: how many, the first, the last."""
    day = _DAY.label("day")
    return (
        select(day, POSTS.c.kind, func.count(), func.min(_AT), func.max(_AT))
        .where(counted, POSTS.c.bot.is_(False))
        .group_by("day", POSTS.c.kind)
    )


def _figures(connection: Connection, counted: ColumnElement[bool], window: Window) -> Figures:
    person = and_(counted, POSTS.c.bot.is_(False))
    kinds, days = Counter[str](), Counter[int]()
    ends: list[int] = []
    for number, kind, count, first, last in connection.execute(by_day(counted)):
        kinds[kind] += count
        days[int(number)] += count
        ends += int(first // _SECOND), int(last // _SECOND)
    people = select(func.count(func.distinct(POSTS.c.author))).where(person)
    bots = select(func.count()).where(counted, POSTS.c.bot.is_(True))
    first, last = min(ends, default=None), max(ends, default=None)
    return Figures(
        posts=kinds.total(),
        accounts=connection.execute(people).scalar_one(),
        replies=kinds["reply"],
        reposts=kinds["repost"],
        first=first,
        last=last,
        activity=activity(days, window, first, last),
        bot_posts=connection.execute(bots).scalar_one(),
        repeated=0,
        quotes=kinds["quote"],
    )


def _detail(connection: Connection, counted: ColumnElement[bool]) -> Detail:
    said = and_(counted, POSTS.c.bot.is_(False), POSTS.c.kind != "repost")
    week = _WEEK.label("week")
    weeks, replies = Counter[int](), Counter[int]()
    query = select(week, POSTS.c.kind, func.count()).where(said).group_by("week", POSTS.c.kind)
    for number, kind, count in connection.execute(query):
        weeks[int(number)] += count
        replies[int(number)] += count * (kind == "reply")
    query = (
        select(POSTS.c.author, func.count(), func.min(_WEEK), func.max(_WEEK))
        .where(said)
        .group_by(POSTS.c.author)
        .order_by(POSTS.c.author)
    )
    rows = connection.execute(query).all()
    written = Counter({place: row[1] for place, row in enumerate(rows)})
    often = {place for place, row in enumerate(rows) if row[2] != row[3]}
    return detail_of(weeks, replies, written, often)
