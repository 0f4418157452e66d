"""The plugin contract is told whole, and the plugin that is built in its pages works."""

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from inspect import get_annotations
from pathlib import Path

import pytest

from bot import api
from bot.books import Bots, Consent, Occasions, Timetable
from bot.domain import actions, events
from bot.plugin import Acts, Context, Plugin
from bot.posts import Posts
from tests.pages import CONTRACT, firsts, part, rows, spans

EVENTS = {name: kind for name, kind in vars(events).items() if isinstance(kind, type)}
ACTIONS = {name: kind for name, kind in vars(actions).items() if isinstance(kind, type)}


def _own(kind: type, *bases: type) -> list[str]:
    """Name the fields of an event or action, less those that all have."""
    common = {field.name for base in bases for field in fields(base)}
    return [field.name for field in fields(kind) if field.name not in common]


def test_the_contract_lists_every_event_with_what_it_has() -> None:
    kinds = {
        name: kind
        for name, kind in EVENTS.items()
        if name in api.__all__ and issubclass(kind, events.Event) and kind is not events.Event
    }
    told = {spans(row[0])[0]: spans(row[1]) for row in rows(part(CONTRACT, "Events"))[1:]}

    assert told == {name: _own(kind, events.SpaceEvent) for name, kind in kinds.items()}


def test_the_contract_lists_every_action_with_what_it_has() -> None:
    kinds = {
        name: kind
        for name, kind in ACTIONS.items()
        if issubclass(kind, actions.Action) and kind is not actions.Action
    }
    told = {spans(row[0])[0]: spans(row[1]) for row in rows(part(CONTRACT, "Actions"))[1:]}

    assert told == {name: _own(kind, actions.Action) for name, kind in kinds.items()}


def test_every_event_is_told_of() -> None:
    kinds = {
        name
        for name, kind in EVENTS.items()
        if issubclass(kind, events.Event)
        and kind is not events.SpaceEvent
        and not issubclass(kind, events.PlatformEvent)  # these reach the kernel alone
    }

    assert kinds <= set(spans(CONTRACT.read_text("utf-8")))


def test_the_contract_lists_every_member_of_the_context() -> None:
    ports = {
        "consent": Consent,
        "schedule": Timetable,
        "posts": Posts,
        "acts": Acts,
        "occasions": Occasions,
        "bots": Bots,
    }
    members = {*get_annotations(Context), *_public(Context)} - ports.keys()
    deeper = {f"{name}.{each}" for name, port in ports.items() for each in _public(port)}

    assert set(firsts(part(CONTRACT, "The context"))) == {f"ctx.{m}" for m in members | deeper}


def test_the_contract_lists_every_way_to_register() -> None:
    told = set(firsts(part(CONTRACT, "The plugin"))) - {"Plugin"}

    assert told == {f"plugin.{name}" for name in _public(Plugin)}


def test_the_contract_tells_what_calls_and_answers_have() -> None:
    told = set(spans(part(CONTRACT, "The context")))

    assert {field.name for kind in (api.Call, api.Answer) for field in fields(kind)} <= told


def test_the_contract_names_all_that_a_plugin_may_import_and_no_more() -> None:
    names = [
        name
        for heading in ("Events", "Actions", "The other names")
        for name in firsts(part(CONTRACT, heading))
    ]

    assert sorted([*names, "Plugin", "Context", "Call", "Answer", "Ref"]) == sorted(api.__all__)


def _public(kind: type) -> set[str]:
    """Name the public methods and properties that a class defines."""
    return {
        name
        for name, value in vars(kind).items()
        if name[0] != "_" and (callable(value) or isinstance(value, property))
    }


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Write the files of the pages' plugin, and install it in a folder of its own."""
    fences = re.findall(
        r"^```\w+ (\S+)\n(.*?)^```$", CONTRACT.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for name, text in fences:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    project = tomllib.loads((tmp_path / "weaver-tips" / "pyproject.toml").read_text("utf-8"))
    [(name, target)] = project["project"]["entry-points"]["weaver.plugins"].items()
    metadata = tmp_path / "weaver-tips" / "weaver_tips-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: weaver-tips\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[weaver.plugins]\n{name} = {target}\n")
    return tmp_path


def _in(folder: Path, *command: str) -> str:
    """Run Python in a folder where the plugin is installed; returns what it printed."""
    site = next(path for path in (folder, *folder.parents) if path.name == "weaver-tips")
    own = {"PYTHONPATH": str(site), "WEAVER_DATA": str(folder / "data"), "NO_COLOR": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEAVER")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=kept | own,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_plugin_of_the_pages_passes_its_own_tests(built: Path) -> None:
    said = _in(built / "weaver-tips", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider")

    assert re.search(r"\b6 passed", said), said


def test_the_plugin_of_the_pages_works_by_the_settings_of_the_pages(built: Path) -> None:
    (built / "config.toml").rename(built / "weaver-tips" / "config.toml")
    weaver = ("-m", "bot")

    assert "All is well." in _in(built / "weaver-tips", *weaver, "check")
    assert "tips add TEXT" in _in(built / "weaver-tips", *weaver, "plugins")
    assert "That is tip 1." in _in(built / "weaver-tips", *weaver, "do", "tips add Listen first.")
    assert "Listen first." in _in(built / "weaver-tips", *weaver, "do", "tips one")
    assert "Tip of the week" in _in(built / "weaver-tips", *weaver, "ledger", "due")
