"""The operator's ``[bluesky]``: which accounts there are; their passwords come from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.config import plainly, read_secrets
from bot.domain.errors import UserError
from bot.domain.model import Community, Space

PLATFORM = "bluesky"
PASSWORD = "WEAVER_BLUESKY_PASSWORD_"  # noqa: S105 - the name of a variable
SPEAKER = "weaver"
"""The account that speaks where a space names no other."""
HERE = Path()
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]*")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountSettings(_Strict):
    """One ``[bluesky.accounts.<name>]``."""

    id: str = Field(min_length=3)
    """Its handle, such as tallymath.example, or its DID, which never changes."""
    follow_back: bool = False
    """Whether it follows back whoever follows it."""
    followers_arrive: bool = False
    """Whether who begins to follow it arrives by that in the community it is at home in."""


class BlueskySettings(_Strict):
    """``[bluesky]``."""

    service: str = Field(default="https://bsky.social", pattern=r"^https?://[^/\s]+/?$")
    """The server that the accounts are on."""
    accounts: Mapping[str, AccountSettings] = Field(min_length=1)
    """Weaver's accounts, by names that stay when handles change.

    The one called ``weaver`` speaks wherever a space names no other.
    """
    secrets: Path | None = None
    """A file of app passwords, ``name = "password"``, that only its owner may read."""
    jetstream: tuple[str, ...] = ()
    """Jetstream servers to listen to, first choice first; none named: the public ones."""
    likes: bool = False
    """Whether to count the likes of tracked posts: how many, and never whose."""


@dataclass(frozen=True, slots=True)
class Bluesky:
    """What holds for Bluesky in this process."""

    settings: BlueskySettings
    passwords: Mapping[str, str] = field(repr=False)
    data: Path = HERE
    """The data folder, where hosts' pictures lie."""
    address: str = ""
    """Where people and programs reach what is for everybody."""


def read(
    table: Mapping[str, Any],
    environment: Mapping[str, str],
    source: Path,
    data: Path = HERE,
    address: str = "",
) -> Bluesky:
    """Check ``[bluesky]`` and find its passwords; UserError names what is wrong, where and a cure.

    An app password is WEAVER_BLUESKY_PASSWORD_<NAME>, or stands in the secrets file. One that is
    missing is no mistake yet: a kept session may do without.
    """
    place = f"{source}: bluesky"
    try:
        settings = BlueskySettings.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([place, *map(str, first["loc"])])
        if first["type"] == "extra_forbidden":
            raise UserError(f"{where}: there is no such setting; take it out") from None
        if first["type"] == "missing":
            raise UserError(f"{where}: is missing; add it") from None
        raise UserError(f"{where}: {plainly(first)}") from None
    for name in settings.accounts:
        if not _LABEL.fullmatch(name):
            raise UserError(
                f"{place}.accounts.{name}: name it in small letters, digits and hyphens"
            )
    kept = _kept(source.parent / settings.secrets, settings) if settings.secrets else {}
    named = {name: environment.get(variable(name), "") for name in settings.accounts}
    return Bluesky(
        settings, kept | {name: word for name, word in named.items() if word}, data, address
    )


def variable(name: str) -> str:
    """The environment variable that holds an account's app password."""
    return PASSWORD + name.upper().replace("-", "_")


def _kept(path: Path, settings: BlueskySettings) -> dict[str, str]:
    """Read the secrets file, which nobody else may read."""
    form = 'one line an account there: name = "app password"'
    found = read_secrets(path, "bluesky.secrets", form)
    for name, word in found.items():
        if name not in settings.accounts or not isinstance(word, str):
            raise UserError(f"{path}: {name}: is no account in bluesky.accounts; take it out")
    return found


def check_community(place: str, community: Community, bluesky: Bluesky) -> None:
    """Refuse hosts and spaces of a community that cannot be on Bluesky."""
    for host in sorted(community.hosts):
        if host.startswith(f"{PLATFORM}:") and not host.startswith(f"{PLATFORM}:did:"):
            raise UserError(
                f"{place}.hosts: write {host!r} with its DID, as handles change: bluesky:did:plc:…"
            )
    for space in community.spaces:
        if space.platform == PLATFORM:
            _check_space(f"{place}.spaces", space, bluesky)


def _check_space(place: str, space: Space, bluesky: Bluesky) -> None:
    """Refuse a space that is no hashtag and no account of Weaver's, or that nobody can speak in."""
    accounts = bluesky.settings.accounts
    known = ", ".join(accounts)
    if space.id.startswith("#") and space.purpose == "audience":
        raise UserError(
            f"{place}: {space.id} cannot be an audience, as accounts pass posts on; use {known}"
        )
    if not space.id.startswith("#") and space.id not in accounts:
        raise UserError(f"{place}: {space.id!r} is no #hashtag and no account; use {known}")
    if space.account not in accounts and (space.account or SPEAKER not in accounts):
        named = (
            f"no account is called {space.account!r}" if space.account else "nobody speaks there"
        )
        raise UserError(f'{place}: {space.id}: {named}; write account = "…", one of {known}')
