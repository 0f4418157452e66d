"""The rules of dependency are kept, and bite: one planted violation for each is caught by name."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
DOMAIN_LIBRARIES = {"bot", "dateutil", "regex"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40

LAYERS = "Layers: each imports only those below it"
PLUGINS_SEE_API = "Plugins see bot.api and nothing else of the bot"
PLUGINS_APART = "Plugins do not know each other"
ADAPTERS_APART = "Adapters do not know each other"
PLATFORMS = "Only adapters speak to platforms"
SCHEDULER = "Only the kernel's scheduler knows APScheduler"
WEB = "Only web knows Starlette and its server"
SYNCHRONOUS = "Plugins and domain are synchronous"
PURE = "The domain is the standard library, dateutil and regex"

VIOLATIONS = [
    (LAYERS, "bot.domain.planted", "bot.storage"),
    (LAYERS, "bot.storage.planted", "bot.api"),
    (LAYERS, "bot.api", "bot.kernel"),
    (LAYERS, "bot.kernel.planted", "bot.adapters.planted"),
    (LAYERS, "bot.kernel.planted", "bot.web"),
    (LAYERS, "bot.web.planted", "bot.kernel"),
    (LAYERS, "bot.adapters.planted", "bot.kernel"),
    (LAYERS, "bot.kernel.planted", "bot.app"),
    (LAYERS, "bot.kernel.planted", "plugins.planted"),
    (PLUGINS_SEE_API, "plugins.planted", "bot.kernel"),
    (PLUGINS_SEE_API, "plugins.planted.logic", "bot.domain.events"),
    (PLUGINS_SEE_API, "plugins.planted.tables", "bot.storage"),
    (PLUGINS_SEE_API, "plugins.planted", "bot.testing"),
    (PLUGINS_APART, "plugins.planted", "plugins.other"),
    (ADAPTERS_APART, "bot.adapters.planted.inbound", "bot.adapters.other"),
    (PLATFORMS, "bot.kernel.planted", "httpx"),
    (PLATFORMS, "bot.web.planted", "aiohttp"),
    (PLATFORMS, "bot.domain.planted", "atproto"),
    (PLATFORMS, "plugins.planted", "discord"),
    (SCHEDULER, "bot.kernel.planted", "apscheduler"),
    (SCHEDULER, "plugins.planted", "apscheduler.triggers"),
    (WEB, "bot.kernel.planted", "starlette.responses"),
    (WEB, "bot.adapters.planted", "uvicorn"),
    (WEB, "bot.app", "starlette"),
    (SYNCHRONOUS, "bot.domain.planted", "asyncio"),
    (SYNCHRONOUS, "plugins.planted", "asyncio"),
    (PURE, "bot.domain.planted", "pydantic"),
    (PURE, "bot.domain.planted", "sqlmodel"),
]
PERMITTED = [
    ("plugins.planted", "bot.api"),
    ("plugins.planted.logic", "plugins.planted.tables"),
    ("bot.adapters.planted.outbound", "httpx"),
    ("bot.adapters.planted.outbound", "asyncio"),
    ("bot.kernel.scheduler", "apscheduler"),
    ("bot.web.pages", "starlette"),
    ("bot.web.server", "uvicorn"),
    ("bot.app", "bot.kernel"),
    ("bot.app", "bot.adapters.planted"),
    ("bot.domain.planted", "regex"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy what the contracts speak of, to plant in."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("bot", "plugins"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def plant(house: Path, importer: str, imported: str) -> None:
    """Write a module that imports another, and every package and module that this takes."""
    if imported.startswith(("bot.", "plugins.")):
        _module(house, imported)
    with _module(house, importer).open("a", encoding="utf-8") as source:
        source.write(f"import {imported}\n")


def _module(house: Path, name: str) -> Path:
    """Return a module's file, made with its packages where it is not there."""
    packages, leaf = house.joinpath(*name.split(".")[:-1]), name.rpartition(".")[2]
    for package in [packages, *packages.parents][: name.count(".")]:
        package.mkdir(exist_ok=True, parents=True)
        (package / "__init__.py").touch()
    if (packages / leaf / "__init__.py").exists():
        return packages / leaf / "__init__.py"
    (packages / f"{leaf}.py").touch()
    return packages / f"{leaf}.py"


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy of the house, in an interpreter that has not loaded ours."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=house,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_every_contract_is_kept(house: Path) -> None:
    linted = lint(house)

    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in linted.stdout


@pytest.mark.parametrize(("contract", "importer", "imported"), VIOLATIONS)
def test_a_planted_violation_is_caught(
    house: Path, contract: str, importer: str, imported: str
) -> None:
    plant(house, importer, imported)

    linted = lint(house)

    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert f"{contract} BROKEN" in linted.stdout


def test_what_the_rules_permit_is_let_through(house: Path) -> None:
    for importer, imported in PERMITTED:
        plant(house, importer, imported)

    linted = lint(house)

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract["name"] for contract in CONTRACTS} == {name for name, _, _ in VIOLATIONS}


def test_every_part_of_the_bot_has_its_layer() -> None:
    layered = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
    named = {name.strip("() ") for layer in layered for name in layer.split("|")}
    files = (path for path in (ROOT / "bot").glob("*.py") if not path.name.startswith("__"))
    packages = (path.parent for path in (ROOT / "bot").glob("*/__init__.py"))

    assert {f"bot.{path.stem}" for path in chain(files, packages)} <= named


def test_the_domain_imports_only_what_it_may() -> None:
    strange = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "bot" / "domain").rglob("*.py")
        for name in _imports(_parse(path))
        if name.partition(".")[0] not in sys.stdlib_module_names | DOMAIN_LIBRARIES
    ]

    assert not strange


def test_plugins_reach_their_tables_only_where_changes_are_noticed() -> None:
    """Past the session, a change would leave what was recalled as it was (decision 0036)."""
    past = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "plugins").rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.Attribute) and node.attr in {"connection", "bind", "get_bind"}
    ]

    assert not past


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }

    assert not long, f"over {LONGEST_FILE} lines"


def test_no_function_is_longer_than_a_screen() -> None:
    # A command's parameters are a list of its options: what it does starts below them.
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in _sources()
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.body[0].lineno + 1 > LONGEST_FUNCTION
    ]

    assert not long, f"over {LONGEST_FUNCTION} lines"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in chain(_sources(), (ROOT / "tests").rglob("[!_]*.py"))
        if "node_modules" not in path.parts and not ast.get_docstring(_parse(path))
    ]

    assert not silent


def _sources() -> Iterator[Path]:
    """List the code that people read; migrations list tables and may be long."""
    for folder in ("bot", "plugins", "scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
