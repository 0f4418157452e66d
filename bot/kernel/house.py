"""What every command works in: the settings, the plugins they name, the folder and the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.domain.errors import UserError
from bot.kernel.keys import NAME as KEY
from bot.kernel.keys import Keyring, installation_key
from bot.kernel.provision import Provision, fingerprint_of
from bot.kernel.registry import Installed, installed, owners, settings_from
from bot.storage.database import Database, open_database
from bot.storage.lock import exclusive
from bot.storage.migrate import Owner, pending


@dataclass(frozen=True, slots=True)
class House:
    """What a command works with: settings, plugins, and the database."""

    config: Config
    plugins: Mapping[str, Installed]
    database: Database

    @property
    def owners(self) -> list[Owner]:
        """Everybody who has tables."""
        return owners(self.plugins.values())

    @property
    def provisions(self) -> list[Provision]:
        """The communities of the settings."""
        return [
            Provision(found.community(identity), found.plugins, found.settings)
            for identity, found in self.config.communities.items()
        ]


def plugins_of(config: Config) -> dict[str, Installed]:
    """Import and check the plugins that communities use, and the settings they are given."""
    found: dict[str, Installed] = {}
    for identity, community in config.communities.items():
        try:
            found |= installed(name for name in community.plugins if name not in found)
        except UserError as mistake:
            where = f"{config.source}: community.{identity}.plugins"
            raise UserError(f"{where}: {mistake}") from None
        for name, chosen in community.settings.items():
            where = f"{config.source}: community.{identity}.{name}"
            if name not in community.plugins:
                raise UserError(f"{where}: there is no setting or enabled plugin of that name")
            settings_from(found[name].plugin, chosen, where)
    return found


@contextmanager
def open_house(config: Config, *, new: bool = True) -> Iterator[House]:
    """Open the database of the settings: made if need be, or refused where it may not be ``new``.

    Nothing is written to it yet.
    """
    plugins = plugins_of(config)
    if not new and _is_missing(config):
        raise UserError(f"{config.database}: there is no database yet; weaver run makes it")
    _make_folder(config)
    database = open_database(config.database)
    try:
        yield House(config, plugins, database)
    finally:
        database.close()


def _is_missing(config: Config) -> bool:
    """Whether the database is a file that is not there."""
    return "://" not in config.database and not Path(config.database).exists()


def _make_folder(config: Config) -> None:
    try:
        config.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(
            f"{config.data}: no folder can be made there ({reason}); set WEAVER_DATA to another"
        ) from None


def check(config: Config) -> dict[str, Any]:
    """Look at settings, plugins, templates, database and migrations, and make none of them."""
    found = {"settings": str(config.source), "plugins": list(plugins_of(config))}
    found["contact"] = config.weaver.contact
    if _is_missing(config):
        nearest = next(p for p in [config.data, *config.data.absolute().parents] if p.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise UserError(f"{nearest}: is no folder to write in; set WEAVER_DATA to another")
        return {**found, "database": config.database, "state": "not made yet", "behind": []}
    with open_house(config) as house:
        behind = [owner.name for owner in pending(house.database, house.owners)]
        if not behind:
            check_key(house)
        address = house.database.url.render_as_string()
    state = "behind" if behind else "up to date"
    return {**found, "database": address, "state": state, "behind": behind}


def keyring_of(house: House) -> Keyring:
    """The installation's secret, made at the first start and the same ever after."""
    check_key(house)
    return Keyring(installation_key(house.config.data))


def check_key(house: House) -> None:
    """Refuse a database whose key is missing or another one; make none."""
    path = house.config.data / KEY
    with house.database.read.connect() as connection:
        known = fingerprint_of(connection)
    cure = "bring it back from a backup: without it everybody would be welcomed again"
    if known is not None and not path.exists():
        raise UserError(f"{path}: is missing; {cure}")
    if known is not None and known != Keyring(installation_key(house.config.data)).fingerprint:
        raise UserError(f"{path}: is not the one {house.config.database} was made with; {cure}")


@contextmanager
def exclusive_folder(config: Config) -> Iterator[None]:
    """Hold the data folder, made if need be."""
    _make_folder(config)
    with exclusive(config.data):
        yield


def describe(plugins: Mapping[str, Installed]) -> list[dict[str, Any]]:
    """What each plugin is, for people and for programs."""
    return [
        {
            "name": name,
            "about": (found.plugin.package and _about(found)),
            "commands": [spec.usage for spec, _ in found.commands.values()],
            "settings": sorted(found.plugin.settings.model_fields),
            "tables": [str(model.__tablename__) for model in found.plugin.tables],
        }
        for name, found in plugins.items()
    ]


def _about(found: Installed) -> str:
    """The first line of a plugin's package."""
    return (sys.modules[found.plugin.package].__doc__ or "").strip().splitlines()[0]
