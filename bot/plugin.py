"""How a plugin says what it is. A ``Plugin`` is a description: it runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import Result, Select, UpdateBase
from sqlmodel import Session

from bot.books import Acts, Bots, Consent, Occasions, Planned, Timetable
from bot.domain.actions import Action, Answer
from bot.domain.commands import Audience
from bot.domain.events import Due, Event
from bot.domain.model import Community, Member, Post, Space
from bot.domain.pages import Asked, Listing, Page, Visit
from bot.posts import Posts
from bot.storage.types import PluginTable

S = TypeVar("S", bound=BaseModel)
T = TypeVar("T")
E = TypeVar("E", bound=Event)
Handler = Callable[[E, "Context[S]"], Iterable[Action]]
DueHandler = Callable[[Due, "Context[S]"], Iterable[Action]]
CommandHandler = Callable[..., Generator[Action, None, Answer] | Answer]
Completer = Callable[["Context[S]"], Iterable[str]]
FeedMaker = Callable[[Sequence["Context[S]"], str, str], bytes | None]
PlanTeller = Callable[["Context[S]"], Iterable[Planned]]
PageMaker = Callable[["Context[S]"], Page | None]
Lister = Callable[["Context[S]", Asked], Listing | None]
PublicMaker = Callable[["Context[S]", Visit], Page | None]


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
    fill: Callable[..., str]
    """``fill(words, **values)`` fills words of the hosts' own; UserError for what is not there."""
    link: Callable[[Space, str], str]
    """``link(space, post_id)`` is where a person can read a post; empty where there is no such."""
    standing: Callable[[str], list[str]]
    """``standing(name)`` is where a name stands: spaces, settings, hosts' own words."""
    keyed: Callable[[tuple[object, ...], bool], str] = field(repr=False)
    runs: Callable[[Select[Any] | UpdateBase, Mapping[str, Any]], Result[Any]] = field(repr=False)
    recalled: Callable[[str, Callable[[], Any], Collection[str]], Any] = field(repr=False)
    consent: Consent
    schedule: Timetable
    posts: Posts
    acts: Acts
    occasions: Occasions
    bots: Bots
    seed: str = ""
    longest: Mapping[str, int] = field(default_factory=dict)
    """The most characters of a post, by platform."""
    feeds: Collection[str] = ()
    """Platforms on which people can follow a feed (``OfferFeed``)."""
    base: str = ""
    """The address of the pages for everybody, ending in a slash; empty where there is none."""
    contact: str = ""
    """Who looks after this bot and how to reach them, as a sentence; empty where nobody says."""

    def key(self, *parts: str | int | datetime | Member | Post, shared: bool = False) -> str:
        """Say why an action exists; members and posts go into the key hashed, never in clear.

        ``shared`` leaves the community out: for reposts, since two communities may share an
        amplifier and a post is amplified once by each.
        """
        return self.keyed(parts, shared)

    def run(self, statement: Select[Any] | UpdateBase, **values: object) -> Result[Any]:
        """Run a statement on the plugin's own tables that was built once, for what is done often.

        What the handler changed is written first. Building a query anew costs four times as much
        as running it, and rows as objects six times; ``ctx.db.exec`` does both.
        """
        return self.runs(statement, values)

    def recall(self, name: str, make: Callable[[], T], *tables: type[PluginTable]) -> T:
        """What ``make`` reads from ``tables`` of the plugin's own, until a row of them changes.

        For what every event asks and few change. Values only, never rows of the session's; a
        value that hangs on the time is wrong by then; and few names: all of them are kept.
        """
        found: T = self.recalled(name, make, [str(one.__tablename__) for one in tables])
        return found

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
    standing: Audience = "members"
    """What the caller is here: the highest of the audiences that they belong to."""


Wordings = Callable[[str, Session], Iterable[tuple[str, str]]]
Eraser = Callable[[Member, Session], None]
Teller = Callable[[Member, Session], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command as declared: ``plugin name``, who may use it, and what carries it out."""

    plugin: str
    name: str
    audience: Audience
    run: CommandHandler
    menu: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something that a plugin does towards members."""

    words: str
    """They go on from "Weaver may"."""
    on_request: bool = False


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
        self.completers: dict[tuple[str, str], Completer[S]] = {}
        """By command, empty for any, and parameter."""
        self.pages: list[PageMaker[S]] = []
        self.feeds: dict[str, tuple[str, FeedMaker[S]]] = {}
        self.lister: Lister[S] | None = None
        self.publics: dict[str, PublicMaker[S]] = {}
        self.purposes: dict[str, Purpose] = {}
        self.plans: PlanTeller[S] | None = None
        self.withdraws: Callable[[Member, str, Session], None] | None = None
        self.wordings: Wordings | None = None
        self.forgets: Eraser | None = None
        self.tells: Teller | None = None

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

    def command(self, *, audience: Audience = "hosts", menu: str = "") -> Callable[[Any], Any]:
        """Offer a command; its signature says the parameters and its docstring is the help.

        ``menu`` is its name in the menu of a post or a member, such as "Pass this on", for a
        command that takes one ``Post`` or one ``Member`` and needs nothing else: at most 32
        characters.
        """

        def register(handler: CommandHandler) -> CommandHandler:
            name = handler.__name__.rstrip("_")
            self.commands.append(Command(self.name, name, audience, handler, menu))
            return handler

        return register

    def purpose(self, name: str, words: str, *, on_request: bool = False) -> None:
        """Say what the plugin does towards a member, so that they can see it and say no.

        ``name`` is the purpose of its ``Grounds``; ``words`` go on from "Weaver may", such as
        "pass your tagged posts on". What is only ever done ``on_request``, by a command of its
        own, is told to those alone who asked for it.
        """
        self.purposes[name] = Purpose(words, on_request)

    def complete(self, parameter: str, *commands: str) -> Callable[[Completer[S]], Completer[S]]:
        """List what a text or number of that name could be, in these commands, or in any.

        It only reads. What fits the letters typed so far is chosen from it, 25 at most. What
        could be a number begins with it, and goes on in words: ``3 Roses, on Thursdays``.
        """

        def register(completer: Completer[S]) -> Completer[S]:
            for command in commands or ("",):
                self.completers[command, parameter] = completer
            return completer

        return register

    def page(self, maker: PageMaker[S]) -> PageMaker[S]:
        """Show something on the community's page: returns a Page, or None for nothing."""
        self.pages.append(maker)
        return maker

    def feed(self, name: str, media_type: str) -> Callable[[FeedMaker[S]], FeedMaker[S]]:
        """Offer a file for other programs at ``/<name>``, such as a calendar.

        The maker gets the contexts of one community or of all, what it is about (empty for
        everything), and the address of the pages; it returns None where there is no such thing.
        """

        def register(maker: FeedMaker[S]) -> FeedMaker[S]:
            self.feeds[name] = (media_type, maker)
            return maker

        return register

    def public(self, name: str) -> Callable[[PublicMaker[S]], PublicMaker[S]]:
        """Show pages that anybody can read at ``/<name>/<community>``, such as an archive.

        The maker gets a Visit, and names as ``people`` whose words it shows: who is not for
        everybody is withheld. None where there is no such page; it is made at every visit.
        """

        def register(maker: PublicMaker[S]) -> PublicMaker[S]:
            self.publics[name] = maker
            return maker

        return register

    def listing(self, lister: Lister[S]) -> Lister[S]:
        """Say at every visit which posts a feed (``OfferFeed``) shows; None if it has ended."""
        self.lister = lister
        return lister

    def coming(self, teller: PlanTeller[S]) -> PlanTeller[S]:
        """Tell when people will meet next, each time another plugin wants to know.

        It only reads, and says what holds at that moment: so nobody has to be told of what is moved
        or called off.
        """
        self.plans = teller
        return teller

    def withdraw(
        self, eraser: Callable[[Member, str, Session], None]
    ) -> Callable[[Member, str, Session], None]:
        """Take down what a member says no to, at once: in a community by its id, or in all ('')."""
        self.withdraws = eraser
        return eraser

    def wording(self, teller: Wordings) -> Wordings:
        """Tell what hosts of a community (by its id) wrote that lies in the plugin's tables.

        Each is a few words for a person, "chat 3", and the text; ``ctx.standing`` looks there, too.
        """
        self.wordings = teller
        return teller

    def forget(self, eraser: Eraser) -> Eraser:
        """Erase a member from the plugin's tables. Needed by every plugin that has tables."""
        self.forgets = eraser
        return eraser

    def tell(self, teller: Teller) -> Teller:
        """Tell what the plugin's tables hold of a member. Needed wherever forget is."""
        self.tells = teller
        return teller
