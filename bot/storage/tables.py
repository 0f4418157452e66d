"""Tables the core owns."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field

from bot.storage.types import CoreTable, WallTime, instant, instant_or_none, json_column

OPEN_STATES = "state IN ('todo', 'sending')"
"""The acts that delivery still has to look at; a literal, so that the partial indexes serve."""


class CommunityRow(CoreTable, table=True):
    """A community that Weaver looks after."""

    __tablename__ = "core_community"

    id: str = Field(primary_key=True)
    name: str
    zone: str
    language: str
    plugins: list[str] = json_column(list)
    paused: bool = False
    provisioned: bool = False
    """Written by the operator's config.toml, so read-only to commands."""
    active: bool = True
    """Looked after; False once it is gone from config.toml, where it may come back."""
    left_at: datetime | None = instant_or_none()
    """When Weaver was sent away from its place (real time); it is paused since."""


class SpaceRow(CoreTable, table=True):
    """A space of a community. Two communities may each have a space on one hashtag."""

    __tablename__ = "core_space"
    __table_args__ = (UniqueConstraint("community", "platform", "native"),)

    id: int | None = Field(default=None, primary_key=True)
    community: str
    platform: str
    native: str
    """The platform's own id of it."""
    name: str
    purpose: str
    position: int = 0
    account: str = ""
    """Which of Weaver's accounts speaks there, where it has several."""


class HostRow(CoreTable, table=True):
    """A member who may use the hosts' commands of a community."""

    __tablename__ = "core_host"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)


class RoleRow(CoreTable, table=True):
    """What hosts made a member, or all who have a role of the platform: moderators, greeters…"""

    __tablename__ = "core_role"

    community: str = Field(primary_key=True)
    holder: str = Field(primary_key=True)
    """Key of a member or of a role."""
    audience: str
    name: str
    """How the holder was called when hosts said so."""


class SettingRow(CoreTable, table=True):
    """What a host, or the operator's config.toml, set for a plugin in a community."""

    __tablename__ = "core_setting"

    community: str = Field(primary_key=True)
    plugin: str = Field(primary_key=True)
    provisioned: bool = Field(primary_key=True)
    chosen: dict[str, Any] = json_column()


class InboxRow(CoreTable, table=True):
    """An event that was handled: a platform that repeats it is not heard twice."""

    __tablename__ = "core_inbox"

    platform: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    at: datetime = instant(index=True)


class CursorRow(CoreTable, table=True):
    """How far a platform has been read; written with what it brought."""

    __tablename__ = "core_cursor"

    platform: str = Field(primary_key=True)
    cursor: str


class AdapterStateRow(CoreTable, table=True):
    """What an adapter remembers across restarts. Sessions are secrets: it is never shown."""

    __tablename__ = "core_adapter_state"

    platform: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class PostRow(CoreTable, table=True):
    """A post as metadata: who, when, how it relates to others. Never a word of it."""

    __tablename__ = "core_post"
    __table_args__: ClassVar[Any] = (
        Index("ix_core_post_counts", "space", "at", "kind", "bot", "author"),
        Index("ix_core_post_parent", "parent"),
        Index(
            "ix_core_post_mentions",
            "at",
            sqlite_where=text("mentions IS NOT NULL"),
            postgresql_where=text("mentions IS NOT NULL"),
        ),
        Index("ix_core_post_author", "author", "at"),
    )

    space: int = Field(primary_key=True)
    post: str = Field(primary_key=True)
    author: str
    at: datetime = instant()
    kind: str
    bot: bool
    parent: str | None = None
    root: str | None = None
    link: bool = False
    bare: bool = False
    """Nothing but a link, as its words were when it was logged."""
    marked: bool = False
    """A bot only because hosts said so, which they may take back."""
    untagged: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """In a hashtag's space for its thread's sake, for it does not carry the tag itself."""
    first_answer: datetime | None = instant_or_none()
    """When another person first replied to it directly; of two at once, the lesser key's."""
    first_answerer: str | None = None
    mentions: str | None = None
    """Keys of people whom it names, a line each; forgotten after two weeks."""
    likes: int = 0
    """How many likes were heard of, where the operator wants them counted."""


class DayRow(CoreTable, table=True):
    """A space's day (since 1970, UTC) in counts; follows from the log, and can be made anew."""

    __tablename__ = "core_day"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    space: int = Field(primary_key=True)
    day: int = Field(primary_key=True)
    originals: int
    replies: int
    reposts: int
    bot_posts: int
    bare: int
    """Of the originals, those that are nothing but a link."""


class OccasionRow(CoreTable, table=True):
    """A time at which people meet in a space, such as a session of a weekly chat."""

    __tablename__ = "core_occasion"
    __table_args__: ClassVar[Any] = (
        Index("ix_core_occasion_space", "community", "space", "begins"),
    )

    community: str = Field(primary_key=True)
    plugin: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    space: str
    """Key of the space."""
    kind: str
    begins: datetime = instant()
    ends: datetime = instant()


class BotRow(CoreTable, table=True):
    """An account that hosts said is a bot: in their community its posts never count."""

    __tablename__ = "core_bot"

    community: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    at: datetime = instant()


class LedgerRow(CoreTable, table=True):
    """One act of Weaver's: decided once, delivered once, explained for ever.

    ``due``, ``lease`` and ``settled_at`` are on real time; ``at`` is the community's.
    """

    __tablename__ = "core_ledger"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_core_ledger_open",
            "urgency",
            "seq",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "ix_core_ledger_lane",
            "lane",
            "seq",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index("ix_core_ledger_community", "community", "seq"),
        Index("ix_core_ledger_ref", "ref"),
        Index("ix_core_ledger_concerns", "concerns"),
        Index("ix_core_ledger_settled", "settled_at"),
        Index(
            "ix_core_ledger_receipt",
            "receipt",
            sqlite_where=text("receipt IS NOT NULL"),
            postgresql_where=text("receipt IS NOT NULL"),
        ),
    )

    seq: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    community: str
    plugin: str
    kind: str
    lane: str
    account: str
    """The account it is done with, ``platform:id``."""
    urgency: int
    body: str | None = None
    """The action as JSON; forgotten seven days after it is settled."""
    ref: str | None = None
    """The platform's id of the post it concerns."""
    concerns: str | None = None
    """Whom it is towards, hashed as in keys: they may ask what was done, and take it back."""
    target: str | None = None
    """Key of the earlier act it builds on or takes back."""
    state: str
    due: datetime = instant()
    attempts: int = 0
    last_try: int
    """The attempt after which it is given up; a person may grant more."""
    owner: str | None = None
    lease: datetime | None = instant_or_none()
    receipt: str | None = None
    error: str | None = None
    why: str
    actor: str | None = None
    """Key of the member whose command it was; None for a rule's decision."""
    at: datetime = instant()
    settled_at: datetime | None = instant_or_none()


class TimerRow(CoreTable, table=True):
    """A time a plugin asked for: wall clock, zone and rule are the truth, ``next_at`` derived."""

    __tablename__ = "core_timer"

    community: str = Field(primary_key=True)
    plugin: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    label: str
    zone: str
    start: datetime = Field(sa_type=WallTime)
    rule: str | None = None
    skipped: list[str] = json_column(list)
    payload: dict[str, Any] = json_column()
    grace: int
    """Seconds it may be late and still run."""
    next_local: datetime = Field(sa_type=WallTime)
    next_at: datetime = instant(index=True)


class MetaRow(CoreTable, table=True):
    """Facts of the installation, such as the fingerprint of the key its hashes are made with."""

    __tablename__ = "core_meta"

    name: str = Field(primary_key=True)
    value: str
