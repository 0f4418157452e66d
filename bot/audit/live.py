"""Read the running Weaver's own log as the audit reads an archive; nothing is written.

Where hosts said that people answer without links, the turns that pulse inferred are a reading of
their own beside the linked replies.

A hashtag's space has two readings. The audit's own counts what a search for the tag would have
found: posts that carry it. Most answers do not repeat the tag, so beside it stands the reading of
whole threads. The two are never mixed, and neither are a hashtag and an account of the same name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
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
from bot.audit.live_turns import Inferred, inferred, rules, weekly
from bot.audit.table import Line
from bot.domain.measures import DAY
from bot.kernel.statements import POSTS, SPACES, table
from bot.storage.tables import CommunityRow

_COMMUNITIES = table(CommunityRow)
_SECOND = 1_000_000
_AT = type_coerce(POSTS.c.at, BigInteger)
_DAY = _AT // (DAY * _SECOND)
_WEEK = (_DAY - 4) // 7  # from 1970-01-05, the first Monday that Unix time knows
_DAYS = timedelta(days=7)
_TALK = ("original", "quote", "reply", "repost")
_RULES = {
    "bluesky": "reply = the record answers a post; repost = a repost record",
    "discord": "reply = points to a message, or a later voice in a thread; repost = a forward",
}
_OTHER = "reply = answers a post; repost = shows a post again"
TAGGED = "posts that carry the tag, as the audit of 2020 read"
THREADS = "whole threads of the tag"
ALL = "all posts"
LINKED = "all posts; linked replies alone"
TURNS = "turns inferred from who spoke when, closed weeks alone"


@dataclass(frozen=True, slots=True)
class Place:
    """A space of a community."""

    number: int
    community: str
    platform: str
    native: str
    name: str
    owner: str = ""
    """The community's id."""

    @property
    def key(self) -> str:
        """The key of the space."""
        return f"{self.platform}:{self.native}"

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
    def doubt(self) -> str:
        """What an export says of its replies."""
        return "inferred from turns, some ten points too high" if self.reading == TURNS else ""

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
        select(
            SPACES.c.id,
            _COMMUNITIES.c.name,
            SPACES.c.platform,
            SPACES.c.native,
            SPACES.c.name,
            SPACES.c.community,
        )
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
    """Count every space in the window, a hashtag's both ways; turns, where inferred, apart."""
    for place in found:
        turns = inferred(connection, place.owner, place.key, window)
        if place.kind == "hashtag":
            yield _line(connection, place, window, TAGGED, detailed=detailed)
            yield _line(connection, place, window, THREADS, detailed=detailed)
        else:
            whole = LINKED if turns else ALL
            yield _line(connection, place, window, whole, detailed=detailed)
        if turns:
            yield _of_turns(connection, place, turns, detailed=detailed)


def _line(
    connection: Connection, place: Place, window: Window, reading: str, *, detailed: bool
) -> LiveLine:
    counted = within(place, window, tagged_only=reading == TAGGED)
    figures = _figures(connection, counted, window)
    more = _detail(connection, counted) if detailed else None
    told = _RULES.get(place.platform, _OTHER)
    return LiveLine(_name(place, reading), figures, told, detail=more, place=place, reading=reading)


def _of_turns(
    connection: Connection, place: Place, weeks: Sequence[Inferred], *, detailed: bool
) -> LiveLine:
    """The reading of turns: people, bars and reposts are of the same weeks, from the log."""
    mondays = [week.monday for week in weeks]
    ends = (datetime.combine(day, time(), UTC) for day in (mondays[0], mondays[-1] + _DAYS))
    window = Window(*(int(end.timestamp()) for end in ends))
    counted = and_(within(place, window), _WEEK.in_([week.week for week in weeks]))
    posts, turns = weekly(weeks)
    found = _figures(connection, counted, window)
    figures = replace(found, posts=posts.total() + found.reposts, replies=turns.total(), quotes=0)
    more = _detail_by(connection, counted, posts, turns) if detailed else None
    name = _name(place, TURNS)
    return LiveLine(name, figures, rules(weeks), detail=more, place=place, reading=TURNS)


def _name(place: Place, reading: str) -> str:
    return f"{place.community}: {place.name or place.native} ({place.kind}), {reading}"


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


def _said(counted: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(counted, POSTS.c.bot.is_(False), POSTS.c.kind != "repost")


def _detail(connection: Connection, counted: ColumnElement[bool]) -> Detail:
    week = _WEEK.label("week")
    weeks, replies = Counter[int](), Counter[int]()
    query = select(week, POSTS.c.kind, func.count()).where(_said(counted))
    query = query.group_by("week", POSTS.c.kind)
    for number, kind, count in connection.execute(query):
        weeks[int(number)] += count
        replies[int(number)] += count * (kind == "reply")
    return _detail_by(connection, counted, weeks, replies)


def _detail_by(
    connection: Connection,
    counted: ColumnElement[bool],
    weeks: Counter[int],
    replies: Counter[int],
) -> Detail:
    query = (
        select(POSTS.c.author, func.count(), func.min(_WEEK), func.max(_WEEK))
        .where(_said(counted))
        .group_by(POSTS.c.author)
        .order_by(POSTS.c.author)
    )
    rows = connection.execute(query).all()
    written = Counter({place: row[1] for place, row in enumerate(rows)})
    often = {place for place, row in enumerate(rows) if row[2] != row[3]}
    return detail_of(weeks, replies, written, often)
