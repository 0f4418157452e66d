"""How a plugin says what it is. A ``Plugin`` is a description: it runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from bot.domain.actions import Action, Answer
from bot.domain.events import Due, Event
from bot.domain.model import Community, Member, Post
from bot.domain.recurrence import Recurrence
from bot.storage.types import PluginTable

S = TypeVar("S", bound=BaseModel)
E = TypeVar("E", bound=Event)
GRACE = timedelta(minutes=15)
"""How late a timer may be and still run, unless its plugin says otherwise."""
Audience = Literal["members", "hosts"]
Handler = Callable[[E, "Context[S]"], Iterable[Action]]
DueHandler = Callable[[Due, "Context[S]"], Iterable[Action]]
CommandHandler = Callable[..., Generator[Action, None, Answer] | Answer]
PageMaker = Callable[["Context[S]"], "Page | None"]


class Consent(Protocol):
    """What members of this community agreed to, by purpose; one book for every plugin."""

    def of(self, member: Member, purpose: str) -> bool | None:
        """Their standing yes or no; None when they never said."""
        ...

    def record(self, member: Member, purpose: str, given: bool) -> None:
        """Write down what the member said, now; a later word replaces an earlier one."""
        ...


class Timetable(Protocol):
    """The plugin's timers in this community. A timer's name is the plugin's own to choose."""

    def once(
        self,
        name: str,
        at: datetime,
        label: str,
        payload: Mapping[str, Any] | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> None:
        """Call the due handler at ``at`` (aware); setting a name again replaces its timer.

        ``grace`` is how late it may be and still run; later than that it is missed.
        """
        ...

    def repeat(
        self,
        name: str,
        rule: Recurrence,
        label: str,
        payload: Mapping[str, Any] | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> datetime | None:
        """Call the due handler at each occurrence after now; returns the first, in UTC.

        Setting the same rule again changes nothing; None when the rule gives no more dates.
        """
        ...

    def cancel(self, name: str) -> bool:
        """Forget a timer; False when there is none of that name."""
        ...

    def next(self, name: str) -> datetime | None:
        """When a timer is next due, in UTC; None when it is not set."""
        ...


@dataclass(frozen=True, slots=True)
class Talk:
    """What people said in a space in a window, in numbers; bots are counted apart."""

    originals: int
    replies: int
    reposts: int
    bot_posts: int
    people: int


@dataclass(frozen=True, slots=True)
class Said:
    """One original or reply of a person, who is a number that means nothing elsewhere."""

    who: int
    at: datetime
    to: int | None = None
    """Whom a reply answers, when that person is known."""
    is_reply: bool = False
    answered: datetime | None = None
    """When another person first replied to it directly."""
    is_first: bool = False
    """Whether it is the first that the person ever said in the space."""


class Posts(Protocol):
    """The log of posts of this community: metadata only, no words."""

    def seen(self, post_id: str) -> bool:
        """Whether the post is in the log, so neither unknown nor deleted."""
        ...

    def talk(self, space: str, since: datetime, until: datetime) -> Talk:
        """Count a space (by its key) from ``since`` up to, not including, ``until``."""
        ...

    def weekly(self, space: str, since: datetime, until: datetime) -> list[Talk]:
        """Count a space week by week, counted back from ``until``, oldest first."""
        ...

    def said(self, space: str, since: datetime, until: datetime) -> list[Said]:
        """List who answered whom in a space, oldest first, as known before ``until``."""
        ...


class Acts(Protocol):
    """What this plugin already decided, by key."""

    def state(self, key: str) -> str | None:
        """The state of an act in the ledger; None when there is no such act."""
        ...


@dataclass(slots=True)
class Context(Generic[S]):
    """All that a handler may use: values to read, and a session to write its own tables."""

    plugin: str
    settings: S
    community: Community
    now: datetime
    """The community's time, UTC: the only clock a plugin has."""
    db: Session
    render: Callable[..., str]
    """``render("greeting.md", **values)`` fills a template of the plugin's."""
    keyed: Callable[[tuple[object, ...], bool], str] = field(repr=False)
    consent: Consent
    schedule: Timetable
    posts: Posts
    acts: Acts
    seed: str = ""
    longest: Mapping[str, int] = field(default_factory=dict)
    """The most characters of a post, by platform."""

    def key(self, *parts: str | int | datetime | Member | Post, shared: bool = False) -> str:
        """Say why an action exists; members and posts go into the key hashed, never in clear.

        ``shared`` leaves the community out: for reposts, since two communities may share an
        amplifier and a post is amplified once by each.
        """
        return self.keyed(parts, shared)

    @property
    def random(self) -> Random:
        """Chance that comes out alike when the same event is handled again."""
        return Random(self.seed)  # noqa: S311 - nothing secret hangs on it


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: who asked, and from which post if there was one."""

    member: Member
    post: Post | None = None
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command as declared: ``plugin name``, who may use it, and what carries it out."""

    plugin: str
    name: str
    audience: Audience
    run: CommandHandler


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a page: a heading, a template of the plugin's, and the values it shows."""

    title: str
    template: str
    values: Mapping[str, Any]


class Plugin(Generic[S]):
    """A named bundle of handlers, commands, timers, tables and templates."""

    def __init__(
        self,
        name: str,
        *,
        package: str,
        settings: type[S],
        tables: Sequence[type[PluginTable]] = (),
    ) -> None:
        self.name, self.package = name, package
        self.settings = settings
        self.tables = tuple(tables)
        self.handlers: list[tuple[type[Event], str, Handler[Any, S]]] = []
        self.timers: list[tuple[str, DueHandler[S]]] = []
        self.commands: list[Command] = []
        self.pages: list[PageMaker[S]] = []
        self.forgets: Callable[[Member, Session], None] | None = None
        self.tells: Callable[[Member, Session], Mapping[str, Any]] | None = None

    def on(self, event: type[E], *, prefix: str = "") -> Callable[[Handler[E, S]], Handler[E, S]]:
        """Handle one kind of event; of Delivered and Failed, the plugin's own acts only.

        ``prefix`` narrows Delivered and Failed to keys whose first part starts with it.
        """

        def register(handler: Handler[E, S]) -> Handler[E, S]:
            self.handlers.append((event, prefix, handler))
            return handler

        return register

    def due(self, prefix: str) -> Callable[[DueHandler[S]], DueHandler[S]]:
        """Handle the timers whose name starts with ``prefix``."""

        def register(handler: DueHandler[S]) -> DueHandler[S]:
            self.timers.append((prefix, handler))
            return handler

        return register

    def command(self, *, audience: Audience = "hosts") -> Callable[[Any], Any]:
        """Offer a command; its signature says the parameters and its docstring is the help."""

        def register(handler: CommandHandler) -> CommandHandler:
            self.commands.append(
                Command(self.name, handler.__name__.rstrip("_"), audience, handler)
            )
            return handler

        return register

    def page(self, maker: PageMaker[S]) -> PageMaker[S]:
        """Show something on the community's page: returns a Page, or None for nothing."""
        self.pages.append(maker)
        return maker

    def forget(
        self, eraser: Callable[[Member, Session], None]
    ) -> Callable[[Member, Session], None]:
        """Erase a member from the plugin's tables. Needed by every plugin that has tables."""
        self.forgets = eraser
        return eraser

    def tell(
        self, teller: Callable[[Member, Session], Mapping[str, Any]]
    ) -> Callable[[Member, Session], Mapping[str, Any]]:
        """Tell what the plugin's tables hold of a member. Needed wherever forget is."""
        self.tells = teller
        return teller
