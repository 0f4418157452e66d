"""The documentation tells all there is, and nothing that is not."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from packaging.requirements import Requirement
from pydantic import BaseModel

from bot.adapters.discord.settings import DiscordSettings
from bot.cli.commands import cli
from bot.config import FIRST_PARTY, CommunityConfig, SpaceConfig, WeaverConfig, load
from bot.kernel.house import plugins_of
from bot.kernel.registry import Installed, installed
from tests.pages import CONTRACT, MAP, README, ROOT, documents, firsts, part, prose, spans

DOCUMENTS = documents()
EXAMPLE = ROOT / "config.example.toml"
PLUGINS = installed(FIRST_PARTY)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][\w-]*):(?!=)", MAKEFILE, flags=re.MULTILINE))


def _leaves(command: Any, words: tuple[str, ...] = ("weaver",)) -> Iterator[str]:
    """List the commands that do something, as they are typed."""
    inside: Mapping[str, Any] = getattr(command, "commands", {})
    if len(words) > 1 and (not inside or command.invoke_without_command):
        yield " ".join(words)
    for name, deeper in inside.items():
        yield from _leaves(deeper, (*words, name))


def test_every_subcommand_of_weaver_is_documented_and_no_other() -> None:
    documented = firsts(part(README, "The weaver command"))
    commands = [span for span in documented if span.startswith("weaver ")]

    assert sorted(commands) == sorted(_leaves(typer.main.get_command(cli)))


def test_every_target_of_make_is_documented_and_no_other() -> None:
    documented = [span for span in firsts(part(README, "Look inside")) if span[:5] == "make "]

    assert sorted(documented) == sorted(f"make {target}" for target in TARGETS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_target_of_make_that_is_not_there(path: Path) -> None:
    named = re.findall(r"(?:^|`)make ([a-z][\w-]*)", path.read_text("utf-8"), re.MULTILINE)

    assert set(named) <= TARGETS


def test_every_variable_is_documented_and_no_other() -> None:
    name = r"(?:WEAVER|TEST|TORTURE)_[A-Z_]+"
    sources = [
        path.read_text("utf-8")
        for folder in ("bot", "tests", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    ]
    read = re.findall(rf'environ(?:ment)?(?:\.get)?[\[(]"({name})"', "\n".join(sources))
    documented = [*firsts(prose(README)), *firsts(prose(MAP))]

    assert {span for span in documented if re.fullmatch(name, span)} == set(read)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", prose(path))
    lost = [
        link
        for link in links
        if "://" not in link and not (path.parent / link.partition("#")[0]).exists()
    ]

    assert not lost


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(path: Path) -> None:
    if path == CONTRACT:
        return  # it tells of a plugin's files, which its own test makes
    named = [span for span in spans(prose(path)) if re.fullmatch(r"[\w./-]*/[\w.-]+\.\w+", span)]
    places = (path.parent, ROOT, ROOT / "bot")

    assert not [name for name in named if not any((place / name).exists() for place in places)]


def test_the_map_shows_everypart() -> None:
    parts = {
        path.name
        for path in (ROOT / "bot").iterdir()
        if path.name[0] not in "_." and path.suffix in {"", ".py"}
    }
    drawn = part(MAP, "The tree")

    assert not [part for part in parts if part not in drawn]


def test_decisions_are_numbered_once_each_and_titled() -> None:
    files = sorted((ROOT / "bot" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in files]

    assert len(set(numbers)) == len(numbers)
    for path, number in zip(files, numbers, strict=True):
        assert number.isdecimal()
        assert path.name[4] == "-"
        assert path.read_text("utf-8").startswith(f"# {number} ")


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    reasons = ROOT / "bot" / "decisions" / "0003-dependencies-and-licences.md"

    assert {Requirement(text).name for text in asked} == {
        *firsts(prose(reasons)),
        "pg8000",
    }


def _fields(model: Any) -> set[str]:
    """Name the settings of a model, and of models in it."""
    names: set[str] = set()
    for name, field in model.model_fields.items():
        names |= {name}
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                names |= _fields(inner)
    return names


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=list(PLUGINS))
def test_a_plugins_page_names_each_of_its_commands_and_no_other(plugin: Installed) -> None:
    page = ROOT / "plugins" / plugin.name / "README.md"
    named = re.findall(rf"`{plugin.name} (\w+)", page.read_text("utf-8"))

    assert set(named) == set(plugin.commands)


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=list(PLUGINS))
def test_a_plugins_page_names_each_of_its_settings_and_no_other(plugin: Installed) -> None:
    page = ROOT / "plugins" / plugin.name / "README.md"
    settings = part(page, "Settings")
    table = set(firsts(settings)) | ({"routes"} & set(spans(settings)))

    assert table == _fields(plugin.plugin.settings)


def test_every_folder_of_plugins_has_its_page() -> None:
    folders = [path.parent for path in (ROOT / "plugins").glob("*/__init__.py")]

    assert {folder.name for folder in folders} == set(PLUGINS)
    assert all((folder / "README.md").is_file() for folder in folders)


def _set(document: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the example out as what is set where; what its spaces set is merged."""
    [garden] = document["community"].values()
    merged = {name: value for space in garden["spaces"] for name, value in space.items()}
    plugins = {name: garden.pop(name) for name in FIRST_PARTY if name in garden}
    return {"weaver": document["weaver"], "community": garden, "space": merged, **plugins}


def _uncommented() -> str:
    """Read config.example.toml with every setting in force."""
    return re.sub(r"^#(?=\S)", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)


def test_the_example_settings_load_as_they_are() -> None:
    config = load({}, EXAMPLE)

    assert list(plugins_of(config)) == list(FIRST_PARTY)


def test_the_example_settings_load_with_every_one_in_force(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(_uncommented(), encoding="utf-8")

    assert plugins_of(load({}, tmp_path / "config.toml"))


def test_the_example_shows_every_setting() -> None:
    shown = _set(tomllib.loads(_uncommented()))

    assert set(shown["weaver"]) == set(WeaverConfig.model_fields)
    assert set(shown["community"]) == set(CommunityConfig.model_fields)
    assert set(shown["space"]) == set(SpaceConfig.model_fields)
    assert set(tomllib.loads(_uncommented())["discord"]) == set(DiscordSettings.model_fields)
    for name, plugin in PLUGINS.items():
        inner = [
            each
            for value in shown[name].values()
            if isinstance(value, list)
            for each in value
            if isinstance(each, dict)
        ]
        named = set(shown[name]).union(*inner)
        assert named == _fields(plugin.plugin.settings), name


def test_what_the_example_calls_usual_is_what_holds() -> None:
    shown = _set(tomllib.loads(_uncommented()))
    given: dict[str, Any] = {"weaver": WeaverConfig(), "pulse": None, "chats": None}
    for name in ("pulse", "chats"):
        given[name] = PLUGINS[name].plugin.settings()
    for without_a_usual in ("database_url", "address", "contact"):
        del shown["weaver"][without_a_usual]

    for name, model in given.items():
        usual = model.model_dump(mode="json")
        assert shown[name] == {setting: usual[setting] for setting in shown[name]}, name
