"""The operator's settings: a TOML file and a few environment variables, read once at start."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from bot.domain.contact import checked
from bot.domain.errors import UserError
from bot.domain.model import Community, Purpose, Space
from bot.domain.recurrence import zone_named

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Whoever is not a file's owner."""

EXAMPLE = Path(__file__).parent / "adapters" / "sandbox" / "example.toml"
FIRST_PARTY = ("welcome", "chats", "amplify", "pulse")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpaceConfig(_Strict):
    """One ``[[community.<id>.spaces]]``."""

    platform: Literal["sandbox", "bluesky", "discord"] = "sandbox"
    """Where it is."""
    id: str
    """The platform's own id of it; on Bluesky a #hashtag, or the name of an account of Weaver's; on
    Discord a channel's id."""
    account: str = ""
    """The account that speaks there, where Weaver has several; on Bluesky, ``weaver`` if empty."""
    name: str = ""
    """How people call it."""
    purpose: Purpose = "talk"
    """lobby (arrivals), chat (weekly chats), hosts (word to hosts), audience (amplified posts), talk."""  # noqa: E501

    @property
    def space(self) -> Space:
        """The space as the domain knows it; an account speaks for itself."""
        is_account = self.platform == "bluesky" and not self.id.startswith("#")
        account = self.id if is_account else self.account
        return Space(self.platform, self.id, self.name or self.id, self.purpose, account)


class CommunityConfig(BaseModel):
    """One ``[community.<id>]``; its other tables are the settings of plugins."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str
    """How people call the community."""
    zone: str = "UTC"
    """Its IANA time zone, such as Europe/London."""
    language: str = "en"
    """The language Weaver speaks there, where it is translated."""
    hosts: tuple[str, ...] = ()
    """Who may use the hosts' commands, as platform:id."""
    plugins: tuple[str, ...] = FIRST_PARTY
    """What Weaver does there."""
    spaces: tuple[SpaceConfig, ...] = Field(min_length=1)
    """The places it consists of."""

    @field_validator("zone")
    @classmethod
    def known_zone(cls, zone: str) -> str:
        """Refuse a zone that nobody knows."""
        zone_named(zone)
        return zone

    def community(self, identity: str) -> Community:
        """The community as the domain knows it."""
        spaces = tuple(one.space for one in self.spaces)
        return Community(
            identity, self.name, self.zone, self.language, spaces, frozenset(self.hosts)
        )

    @property
    def platforms(self) -> frozenset[str]:
        """The platforms it has spaces on."""
        return frozenset(space.platform for space in self.spaces)

    @property
    def settings(self) -> Mapping[str, Mapping[str, Any]]:
        """The settings of plugins, by plugin."""
        return {name: value for name, value in (self.model_extra or {}).items()}  # noqa: C416


class WeaverConfig(_Strict):
    """``[weaver]``."""

    data: Path = Path("data")
    """Folder for everything Weaver keeps; WEAVER_DATA wins."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Port of the pages, on this machine only; WEAVER_PORT wins."""
    address: str = Field(default="", pattern=r"^(https?://[^/\s?#]+)?$")
    """Where people reach the pages that are for everybody, through a web server before Weaver."""
    contact: Annotated[str, AfterValidator(checked)] = ""
    """How people reach whoever runs this Weaver: a mail or web address, or a handle with its @."""
    database_url: str | None = None
    """A database other than an SQLite file in the data folder; WEAVER_DATABASE_URL wins."""
    dry_run: bool = False
    """Decide everything, send nothing: the ledger shows what would have been done, as cancelled."""

    @property
    def base(self) -> str:
        """The address with a slash behind it; empty where there is none."""
        return f"{self.address}/" if self.address else ""


class FileConfig(_Strict):
    """The whole file."""

    weaver: WeaverConfig = WeaverConfig()
    community: Mapping[str, CommunityConfig] = Field(default_factory=dict)
    bluesky: Mapping[str, Any] | None = None
    discord: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What holds for this process, and where it was read."""

    weaver: WeaverConfig
    communities: Mapping[str, CommunityConfig]
    source: Path
    is_example: bool = False
    bluesky: Mapping[str, Any] | None = None
    """``[bluesky]`` as written; its adapter checks it."""
    discord: Mapping[str, Any] | None = None
    """``[discord]`` as written; its adapter checks it."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Weaver's own variables, where passwords are."""

    @property
    def data(self) -> Path:
        """Folder for everything Weaver keeps."""
        return self.weaver.data

    @property
    def database(self) -> str:
        """Where the database is."""
        return self.weaver.database_url or str(self.data / "weaver.db")

    @property
    def platforms(self) -> frozenset[str]:
        """The platforms that communities have spaces on."""
        return frozenset(name for one in self.communities.values() for name in one.platforms)


def load(environment: Mapping[str, str], path: Path | None = None) -> Config:
    """Read the settings; UserError names file, place and cure for the first thing that is wrong.

    The file is ``path``, else WEAVER_CONFIG, else ``config.toml`` here, else the example community.
    """
    chosen = environment.get("WEAVER_CONFIG")
    named = path or (Path(chosen) if chosen else None)
    source = named or (Path("config.toml") if Path("config.toml").exists() else EXAMPLE)
    file = _read(source)
    overrides: dict[str, Any] = {}
    if environment.get("WEAVER_DATA"):
        overrides["data"] = environment["WEAVER_DATA"]
    if environment.get("WEAVER_PORT"):
        overrides["port"] = environment["WEAVER_PORT"]
    if environment.get("WEAVER_DATABASE_URL"):
        overrides["database_url"] = environment["WEAVER_DATABASE_URL"]
    try:
        weaver = WeaverConfig.model_validate(file.weaver.model_dump() | overrides)
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(f"WEAVER_{str(first['loc'][0]).upper()}: {plainly(first)}") from None
    communities = file.community or _read(EXAMPLE).community
    config = Config(
        weaver,
        communities,
        source,
        is_example=not file.community or source == EXAMPLE,
        bluesky=file.bluesky,
        discord=file.discord,
        environment={name: value for name, value in environment.items() if name[:7] == "WEAVER_"},
    )
    _check_communities(config)
    return config


def _read(source: Path) -> FileConfig:
    try:
        document = tomllib.loads(source.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"{source}: there is no such file; copy config.example.toml or unset WEAVER_CONFIG"
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{source}: cannot be read ({reason}); name another file") from None
    except UnicodeDecodeError:
        raise UserError(f"{source}: is no UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{source}: is no valid TOML: {error}; mend it there") from None
    try:
        return FileConfig.model_validate(document)
    except ValidationError as error:
        raise UserError(f"{source}: {_first(error)}") from None


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, with its place and cure."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no such setting; config.example.toml shows all there are"
    if first["type"] == "missing":
        return f"{place}: is missing; config.example.toml shows how it looks"
    return f"{place}: {plainly(first)}"


def plainly(error: ErrorDetails) -> str:
    """Say what to write instead, and what stands there."""
    given, bounds = error["input"], error.get("ctx", {})
    match error["type"].partition("_"):
        case ("value", _, "error"):
            return error["msg"].removeprefix("Value error, ")
        case ("less" | "greater", _, _):
            limit = next(iter(bounds.values()))
            wanted = f"at {'most' if error['type'].startswith('less') else 'least'} {limit}"
        case ("literal", _, _):
            wanted = str(bounds["expected"])
        case (kind, _, _):
            wanted = _WANTED.get(kind, error["msg"].lower())
    here = f", not {given!r}" if isinstance(given, str | int | float) else ""
    return f"write {wanted}{here}"


_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "path": "a path in quotation marks",
    "string": "words in quotation marks",
    "list": "a list in square brackets",
    "tuple": "a list in square brackets",
    "too": "one or more",
    "dict": "a table",
    "mapping": "a table",
    "model": "a table",
}
"""What to write where pydantic found something else, by the first word of its kind of error."""


def _check_communities(config: Config) -> None:
    """Refuse what the models cannot see: settings that are no tables, spaces that cannot be."""
    for identity, community in config.communities.items():
        place = f"{config.source}: community.{identity}"
        if not re.fullmatch(r"[\w-]+", identity):
            raise UserError(f"{place}: write the id in letters, digits, - and _ only")
        for name, value in community.settings.items():
            if not isinstance(value, dict):
                raise UserError(
                    f"{place}.{name}: there is no such setting; config.example.toml shows all "
                    "there are"
                )
        for host in community.hosts:
            if ":" not in host:
                raise UserError(f"{place}.hosts: write {host!r} as platform:id")
        _check_spaces(f"{place}.spaces", community.spaces)


def _check_spaces(place: str, spaces: Sequence[SpaceConfig]) -> None:
    ids = [(space.platform, space.id) for space in spaces]
    twice = next((one for _, one in filter(lambda one: ids.count(one) > 1, ids)), None)
    if twice is not None:
        raise UserError(f"{place}: {twice!r} is there twice; leave one of them out")
    if all(space.purpose in {"audience", "hosts"} for space in spaces):
        raise UserError(f'{place}: nobody can arrive anywhere; give one purpose = "lobby"')


def read_secrets(path: Path, setting: str, form: str) -> dict[str, Any]:
    """Read a file of secrets, which nobody but its owner may read.

    ``setting`` names it and ``form`` is what to write there, for the UserError of a file that is
    missing, open to others, or no TOML.
    """
    try:
        if path.stat().st_mode & _OTHERS:
            raise UserError(f"{path}: others may read it; run: chmod 600 {path}")
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UserError(f"{path}: {reason}; {setting} names it") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UserError(f"{path}: write {form}") from None
