"""What amplify remembers: routes, what became of each post, two days of sightings, renamings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from bot.api import PluginTable, instant, instant_or_none, json_column


class HostRoute(PluginTable, table=True):
    """A route that a host added by command; ``tag`` is folded, ``shown`` is how it is written."""

    __tablename__ = "amplify_route"

    community: str = Field(primary_key=True)
    tag: str = Field(primary_key=True)
    shown: str
    audience: str
    """Key of the audience's space."""
    asks: str
    at: datetime = instant()


class Alias(PluginTable, table=True):
    """Another spelling, or an old or new name, that a host gave a route."""

    __tablename__ = "amplify_alias"

    community: str = Field(primary_key=True)
    alias: str = Field(primary_key=True)
    shown: str
    tag: str
    """The folded tag of the route."""


class RouteState(PluginTable, table=True):
    """How a route stands, whether a host or the operator added it."""

    __tablename__ = "amplify_state"

    community: str = Field(primary_key=True)
    tag: str = Field(primary_key=True)
    paused: str = ""
    """"" when it is not; else who paused it: "host" or "alarm"."""
    members_only: bool = False
    replies: bool = False
    """Whether answers are passed on, too."""
    across: bool = False
    """Whether posts of other platforms go to its audience too, as links."""
    alt: str = ""
    """What becomes of pictures without alt text; empty: ``prefer``."""
    feed: str = ""
    """Its feed: "yes" beside reposts, "only" instead of them, empty for none."""
    feed_key: str = ""
    """Key of the act that offered the feed."""
    feed_id: str = ""
    """The platform's id of the feed, once it stands."""
    feed_at: str = ""
    """For which audience and address it was offered."""
    told_at: datetime | None = instant_or_none()
    """When its hosts were last told that a post waits for them."""
    calm_until: datetime | None = instant_or_none()
    """Up to when no alarm is raised, since a host said that whoever comes is theirs."""


class Considered(PluginTable, table=True):
    """What became of a post for one audience. Never a word of it."""

    __tablename__ = "amplify_post"
    __table_args__ = (
        UniqueConstraint("community", "key"),
        Index("ix_amplify_post_post", "community", "post"),
        Index("ix_amplify_post_route", "community", "route", "state", "passed_at"),
    )

    number: int | None = Field(default=None, primary_key=True)
    community: str
    key: str
    """Key of the act that passes it on, which hides the post: the row's way to outlive it."""
    post: str
    """Platform and id of the post; empty once it is forgotten."""
    space: str
    """Key of the space where it was said."""
    audience: str
    """Key of the audience's space."""
    route: str
    """The folded tag of the route."""
    member: str = Field(index=True)
    """The author; empty once forgotten."""
    state: str
    """waiting, held, passed, declined, expired, undone."""
    reasons: list[str] = json_column(list)
    why: str
    basis: str = ""
    undescribed: bool = False
    """A picture of it has no alt text."""
    quietly: bool = False
    """It went into the feed alone."""
    labelled: bool = False
    """Its author put a content warning on it."""
    posted_at: datetime = instant()
    seen_at: datetime = instant()
    passed_at: datetime | None = instant_or_none()
    approved_at: datetime | None = instant_or_none()
    """When a host let it go on; its day begins anew then."""


class Standing(PluginTable, table=True):
    """What hosts said of an author: trusted or blocked."""

    __tablename__ = "amplify_standing"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    word: str
    number: int
    """The post of theirs at which the hosts said it: how hosts name its author."""
    at: datetime = instant()


class ByRole(PluginTable, table=True):
    """Somebody who has, or had, the role by which people say yes."""

    __tablename__ = "amplify_role"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    held: bool
    ours: bool
    """Whether the word that stands for them was written because of the role."""


class Seen(PluginTable, table=True):
    """A use of a tag, for three days at most: enough to notice a hijacking, and no word of it."""

    __tablename__ = "amplify_sighting"
    __table_args__ = (Index("ix_amplify_sighting_route", "community", "route", "at"),)

    number: int | None = Field(default=None, primary_key=True)
    community: str
    route: str
    member: str = Field(index=True)
    at: datetime = instant()
    known: bool
    """Whether they were known here; or a host has seen it since and said to go on."""
    tags: int
    link: bool
    bits: int = Field(sa_type=BigInteger)
    """A fingerprint of its words, from which they cannot be had back."""
    words: int


class Succession(PluginTable, table=True):
    """A tag that gives way to another: renamed, or an event's that is over."""

    __tablename__ = "amplify_succession"

    community: str = Field(primary_key=True)
    old: str = Field(primary_key=True)
    old_shown: str
    new: str
    new_shown: str
    kind: str
    """renamed, or event."""
    since: datetime = instant()
    until: date
    """The last day on which the old tag leads anywhere, by the community's clock."""
    ended: bool = False
