"""Which plugins and communities there are, and who listens to what.

Plugins are refused at start, in plain words, rather than failing in the middle of a chat.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import MetaData
from sqlmodel import Session, col, select

from bot.config import plainly
from bot.domain.commands import CommandSpec, spec_of
from bot.domain.errors import UserError
from bot.domain.events import Event, RolesChanged, SpaceEvent
from bot.domain.model import Community, Space
from bot.kernel import templates
from bot.kernel.translations import translated
from bot.plugin import Command, Handler, Plugin
from bot.storage.migrate import CORE, Owner
from bot.storage.tables import BotRow, CommunityRow, HostRow, RoleRow, SettingRow, SpaceRow
from bot.storage.types import PluginTable

GROUP = "weaver.plugins"


@dataclass(frozen=True)
class Installed:
    """A plugin that passed the checks, with its commands as specs."""

    plugin: Plugin[Any]

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.plugin.name

    @cached_property
    def commands(self) -> dict[str, tuple[CommandSpec, Command]]:
        """The plugin's commands by name."""
        known = {one.name: one for one in self.plugin.commands}
        specs = {
            name: spec_of(self.name, name, one.audience, one.run, one.menu)
            for name, one in known.items()
        }
        every = translated(specs, folder_of(self.plugin))
        return {name: (spec, known[name]) for name, spec in every.items()}

    @cached_property
    def owner(self) -> Owner | None:
        """Whose migrations bring the plugin's tables; None for a plugin without tables."""
        if not self.plugin.tables:
            return None
        metadata = MetaData()
        for model in self.plugin.tables:
            model.__table__.to_metadata(metadata)  # type: ignore[attr-defined]
        return Owner(self.name, folder_of(self.plugin) / "migrations", metadata)


def folder_of(plugin: Plugin[Any]) -> Path:
    """Where a plugin's package lies."""
    return Path(str(files(plugin.package)))


def installed(names: Iterable[str]) -> dict[str, Installed]:
    """Import and check the named plugins; UserError for one that is not there or not sound."""
    known = {point.name: point for point in entry_points(group=GROUP)}
    found: dict[str, Installed] = {}
    for name in dict.fromkeys(names):
        if name not in known:
            raise UserError(
                f"there is no plugin {name!r}; installed are {', '.join(sorted(known)) or 'none'}"
            )
        try:
            plugin = known[name].load()
        except (ImportError, AttributeError, SyntaxError) as error:
            raise UserError(
                f"plugin {name}: cannot be imported ({error}); install it again, or leave it out"
            ) from None
        if not isinstance(plugin, Plugin):
            raise UserError(f"plugin {name}: {known[name].value} is no Plugin; leave it out")
        found[name] = checked(plugin)
    return found


def checked(plugin: Plugin[Any]) -> Installed:
    """Refuse, in plain words, a plugin that could not keep its promises."""
    name = plugin.name
    for model in plugin.tables:
        if not str(model.__tablename__).startswith(f"{name}_"):
            raise UserError(
                f"plugin {name}: its table {model.__tablename__} must start with {name}_"
            )
        if not issubclass(model, PluginTable):
            raise UserError(f"plugin {name}: {model.__name__} must be a PluginTable")
    if plugin.tables and not (plugin.forgets and plugin.tells):
        raise UserError(
            f"plugin {name}: it has tables, so it needs @plugin.forget and @plugin.tell"
        )
    for command, parameter in plugin.completers.keys() - _completable(plugin):
        where = f"command {command}" if command else "command"
        raise UserError(f"plugin {name}: no {where} has a text {parameter!r} to complete")
    runs = [run for _, _, run in plugin.handlers] + [run for _, run in plugin.timers]
    for run in [*runs, *(command.run for command in plugin.commands)]:
        if inspect.iscoroutinefunction(run) or inspect.isasyncgenfunction(run):
            raise UserError(
                f"plugin {name}: {run.__name__} is a coroutine; handlers are plain functions"
            )
    templates.check(plugin.package)
    sound = Installed(plugin)
    try:
        _ = sound.commands
    except (TypeError, NameError) as error:
        raise UserError(f"plugin {name}: {error}") from None
    return sound


def _completable(plugin: Plugin[Any]) -> set[tuple[str, str]]:
    """The parameters that take text or numbers, of each command and of any."""
    found = set()
    for command in plugin.commands:
        for name, kind in inspect.get_annotations(command.run, eval_str=True).items():
            if kind in (str, str | None, int, int | None):
                found |= {(command.name, name), ("", name)}
    return found


def owners(plugins: Iterable[Installed]) -> list[Owner]:
    """Everybody who has tables: the core first."""
    return [CORE, *(found.owner for found in plugins if found.owner is not None)]


@dataclass(frozen=True)
class Enabled:
    """A plugin at work in a community, with the settings that hold there."""

    installed: Installed
    settings: BaseModel


@dataclass(frozen=True)
class Looked:
    """A community as the kernel looks after it now."""

    community: Community
    plugins: tuple[Enabled, ...]
    paused: bool
    space_ids: Mapping[str, int]
    """Rows of core_space by space key."""
    holders: Mapping[str, str]
    """The audience that a member or a role belongs to, by key, as hosts have it by command."""
    handlers: Mapping[type[Event], Sequence[tuple[Enabled, str, Handler[Any, Any]]]]
    bots: frozenset[str] = frozenset()
    """Keys of the accounts that its hosts said are bots."""
    contact: str = ""
    """Who looks after this Weaver and how to reach them, as a sentence; empty if nobody says."""

    def space(self, there: Space) -> Space:
        """A space that a platform named, as the community knows it."""
        return next(space for space in self.community.spaces if space == there)

    def enabled(self, name: str) -> Enabled | None:
        """A plugin of this community by its name."""
        return next((found for found in self.plugins if found.installed.name == name), None)


@dataclass
class Registry:
    """The communities and plugins at work; read from the database, replaced as a whole."""

    plugins: Mapping[str, Installed]
    contact: str = ""
    """The sentence of Looked."""
    communities: dict[str, Looked] = field(default_factory=dict)
    by_space: dict[str, list[Looked]] = field(default_factory=dict)
    listed: tuple[Community, ...] = ()
    """The communities, another tuple whenever anything about them changed."""
    failures: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """How often in a row a handler failed: (community, plugin, function)."""

    def load(self, session: Session) -> None:
        """Read communities, spaces, hosts and settings as they are now."""
        communities: dict[str, Looked] = {}
        by_space: dict[str, list[Looked]] = {}
        looked_after = select(CommunityRow).where(CommunityRow.active)
        for row in session.exec(looked_after.order_by(col(CommunityRow.id))).all():
            looked = self._look(session, row)
            communities[row.id] = looked
            for space in looked.community.spaces:
                by_space.setdefault(space.key, []).append(looked)
        self.communities, self.by_space = communities, by_space
        self.listed = tuple(looked.community for looked in communities.values())

    def _look(self, session: Session, row: CommunityRow) -> Looked:
        spaces = session.exec(
            select(SpaceRow)
            .where(SpaceRow.community == row.id)
            .order_by(col(SpaceRow.position), col(SpaceRow.id))
        ).all()
        hosts = session.exec(select(HostRow.member).where(HostRow.community == row.id)).all()
        community = Community(
            row.id,
            row.name,
            row.zone,
            row.language,
            tuple(Space(s.platform, s.native, s.name, s.purpose, s.account) for s in spaces),  # type: ignore[arg-type]
            frozenset(hosts),
        )
        enabled = tuple(
            Enabled(self.plugins[name], settings_of(session, self.plugins[name].plugin, row.id))
            for name in row.plugins
            if name in self.plugins
        )
        handlers: dict[type[Event], list[tuple[Enabled, str, Handler[Any, Any]]]] = {}
        for one in enabled:
            for kind, prefix, handler in one.installed.plugin.handlers:
                handlers.setdefault(kind, []).append((one, prefix, handler))
        ids = {f"{s.platform}:{s.native}": s.id or 0 for s in spaces}
        named = session.exec(select(RoleRow).where(RoleRow.community == row.id)).all()
        holders = {one.holder: one.audience for one in named}
        marked = session.exec(select(BotRow.member).where(BotRow.community == row.id)).all()
        bots = frozenset(marked)
        return Looked(community, enabled, row.paused, ids, holders, handlers, bots, self.contact)

    def concerned(self, space: Space) -> Sequence[Looked]:
        """The communities that have a space."""
        return self.by_space.get(space.key, ())

    def wanted(self, event: SpaceEvent) -> bool:
        """Whether an event concerns anybody; of roles, only plugins want to hear."""
        here = self.concerned(event.space)
        if not isinstance(event, RolesChanged):
            return bool(here)
        return any(looked.handlers.get(RolesChanged) for looked in here)


def settings_of(session: Session, plugin: Plugin[Any], community: str) -> BaseModel:
    """Settings that hold: the plugin's own, under the hosts', under the operator's."""
    chosen: dict[str, Any] = {}
    rows = session.exec(
        select(SettingRow)
        .where(SettingRow.community == community, SettingRow.plugin == plugin.name)
        .order_by(col(SettingRow.provisioned))
    ).all()
    for row in rows:
        chosen |= row.chosen
    return settings_from(plugin, chosen, f"[community.{community}.{plugin.name}]")


def settings_from(plugin: Plugin[Any], chosen: Mapping[str, Any], where: str) -> BaseModel:
    """Check settings against a plugin's model; UserError names place, setting and cure."""
    try:
        settings = plugin.settings.model_validate(dict(chosen))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(plugin.settings.model_fields) or "none"
            raise UserError(f"{where}: there is no setting {name!r}; there are: {known}") from None
        raise UserError(f"{where}: {name}: {plainly(first)}") from None
    assert isinstance(settings, BaseModel)
    return settings
