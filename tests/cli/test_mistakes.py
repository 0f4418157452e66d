"""Bad input: one plain line that names file, place and cure, exit code 2, nothing written."""

import os
import re
import shutil
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

Beside = tuple[Terminal, int]
GARDEN = '[community.garden]\nname = "The garden"\nspaces = [{ id = "lobby" }]\n'


def test_an_unknown_setting_is_named_with_its_place(terminal: Terminal) -> None:
    terminal.writes("config.toml", GARDEN + "[community.garden.chats]\npase = 3\n")
    said = terminal.refuses("check")

    assert said.startswith("config.toml: community.garden.chats: there is no setting 'pase'")
    assert "pace" in said
    assert terminal.refuses("run") == said


def test_a_line_that_is_no_toml_is_named(terminal: Terminal) -> None:
    terminal.writes("config.toml", "[weaver]\nport = eighty\n")

    assert "config.toml: is no valid TOML" in (said := terminal.refuses("run"))
    assert "line 2" in said


def test_settings_that_are_not_there_are_a_mistake(terminal: Terminal) -> None:
    for said in (
        terminal.refuses("check", "--config", "mine.toml"),
        terminal.refuses("check", WEAVER_CONFIG="mine.toml"),
    ):
        assert said.startswith("mine.toml: there is no such file; copy config.example.toml")


def test_a_port_that_is_no_number_is_a_mistake(terminal: Terminal) -> None:
    said = terminal.refuses("run", WEAVER_PORT="abc")

    assert said == "WEAVER_PORT: write a whole number, not 'abc'"


def test_accounts_are_mended_only_where_they_are_looked_at(terminal: Terminal) -> None:
    said = terminal.refuses("check", "--fix")

    assert said == "--fix mends accounts on their platforms: write --online --fix"


def test_a_plugin_that_is_not_installed_is_named(terminal: Terminal) -> None:
    terminal.writes("config.toml", GARDEN + 'plugins = ["welcom"]\n')
    said = terminal.refuses("run")

    assert said.startswith("config.toml: community.garden.plugins: there is no plugin 'welcom'")
    assert "installed are amplify, chats, pulse, welcome" in said


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Install a plugin whose template does not parse, in a folder of its own."""
    site = tmp_path / "site"
    package, metadata = site / "broken", site / "broken-1.dist-info"
    (package / "templates").mkdir(parents=True)
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[weaver.plugins]\nbroken = broken:plugin\n")
    (package / "templates" / "hello.md.j2").write_text("Hello\n{% if name %}\n{{ name }\n")
    (package / "__init__.py").write_text(
        "from pydantic import BaseModel\n"
        "from bot.api import Plugin\n"
        'plugin = Plugin("broken", package=__name__, settings=BaseModel)\n'
    )
    return site


def test_a_template_that_does_not_parse_is_named_with_its_line(
    terminal: Terminal, broken: Path
) -> None:
    terminal.writes("config.toml", GARDEN + 'plugins = ["broken"]\n')
    said = terminal.refuses("run", PYTHONPATH=str(broken))

    assert "broken/templates/hello.md.j2, line 3: the template does not parse" in said


def test_a_plugin_that_cannot_be_imported_is_named(terminal: Terminal, broken: Path) -> None:
    terminal.writes("config.toml", GARDEN + 'plugins = ["broken"]\n')
    (broken / "broken" / "__init__.py").write_text("import nowhere_to_be_found\n")
    said = terminal.refuses("check", PYTHONPATH=str(broken))

    assert "plugin broken: cannot be imported (No module named 'nowhere_to_be_found')" in said


@pytest.mark.parametrize(
    ("when", "cure"),
    [
        ("Thursdays at 8", "8 am or 8 pm"),
        ("every blue moon", "first Tuesday of the month"),
        ("Thursdays 8 pm Atlantis", "Europe/London"),
    ],
)
def test_a_time_that_repeats_in_no_known_way_is_asked_back(
    beside: Beside, when: str, cure: str
) -> None:
    terminal, _ = beside

    assert cure in terminal.refuses("do", "chats", "schedule", when, "Topic", "Why?")


def test_a_command_that_nobody_knows_is_a_mistake(beside: Beside) -> None:
    terminal, _ = beside

    assert terminal.refuses("do", "chat list").endswith(
        "Did you mean chats? Say help to see what I can do."
    )
    assert "chats schedule, " in terminal.refuses("do", "chats plan")


def test_a_community_that_is_not_there_is_a_mistake(beside: Beside) -> None:
    terminal, _ = beside
    said = terminal.refuses("do", "--community", "nobody", "chats list")

    assert said == "there is no community 'nobody', with --community; there are: tally-math"


@pytest.mark.parametrize("command", ["show", "undo", "retry"])
def test_a_number_that_is_not_in_the_ledger_is_a_mistake(beside: Beside, command: str) -> None:
    terminal, _ = beside

    assert terminal.refuses("ledger", command, "99999") == (
        "there is no act number 99999; see: weaver ledger"
    )


def test_a_second_weaver_on_the_same_folder_is_told_whose_it_is(beside: Beside) -> None:
    terminal, pid = beside
    for said in (
        terminal.refuses("run"),
        terminal.refuses("migrate"),
        terminal.refuses("sandbox", "reset", "--yes"),
    ):
        assert said.startswith(f"Weaver already runs on {terminal.data} (process {pid})")
        assert "WEAVER_DATA" in said


def test_a_port_in_use_is_told_before_anything_is_made(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = terminal.refuses("run", WEAVER_PORT=str(port))

    assert said == f"port {port} is in use; stop what uses it or set WEAVER_PORT"


def test_there_is_no_ledger_before_the_first_run(terminal: Terminal) -> None:
    said = terminal.refuses("ledger")

    assert said == f"{terminal.data}/weaver.db: there is no database yet; weaver run makes it"
    assert not terminal.data.exists()


@pytest.mark.parametrize("command", ["run", "ledger", "sandbox reset --yes"])
def test_another_programs_database_is_left_as_it_is(terminal: Terminal, command: str) -> None:
    terminal.data.mkdir()
    with closing(sqlite3.connect(terminal.data / "weaver.db")) as database:
        database.execute("CREATE TABLE recipes (name)")
        database.commit()

    assert "weaver.db: holds another program's tables" in terminal.refuses(*command.split())


@pytest.mark.parametrize("name", ["weaver.db", "sandbox.db"])
def test_a_file_that_is_no_database_is_left_as_it_is(terminal: Terminal, name: str) -> None:
    terminal.says("do", "help")
    (terminal.data / f"{name}-wal").unlink(missing_ok=True)
    (terminal.data / name).write_bytes(b"once upon a time" * 500)

    assert f"{terminal.data}/{name}: not a" in terminal.refuses("run")


def test_a_database_that_is_damaged_within_is_told(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    path = terminal.data / "weaver.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))

    assert "malformed" in terminal.refuses("ledger")


@pytest.mark.parametrize("command", ["run", "check", "ledger"])
def test_a_database_that_a_newer_weaver_wrote_is_refused(
    terminal: Terminal, lived_in: Path, command: str
) -> None:
    shutil.copytree(lived_in, terminal.data)
    with closing(sqlite3.connect(terminal.data / "weaver.db")) as database:
        database.execute("UPDATE core_migration SET version_num = '9999'")
        database.commit()
    said = terminal.refuses(command)

    assert "revision 9999 of core" in said
    assert "install that version" in said


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_database_is_not_used_with_a_key_it_was_not_made_with(
    terminal: Terminal, lived_in: Path, command: str
) -> None:
    shutil.copytree(lived_in, terminal.data)
    (terminal.data / "installation.key").write_text("ab" * 32)

    assert "installation.key: is not the one" in (said := terminal.refuses(command))
    assert "from a backup" in said
    (terminal.data / "installation.key").unlink()
    assert "installation.key: is missing; bring it back" in terminal.refuses(command)


def test_a_database_in_a_folder_that_is_not_there_is_refused(terminal: Terminal) -> None:
    said = terminal.refuses("run", WEAVER_DATABASE_URL=f"{terminal.folder}/nowhere/weaver.db")

    assert "there is no folder" in said
    assert not (terminal.folder / "nowhere").exists()


def test_a_data_folder_that_is_a_file_is_refused(terminal: Terminal) -> None:
    terminal.data.write_text("a letter")
    for command in ("run", "check", "migrate"):
        assert "set WEAVER_DATA to another" in terminal.refuses(command)
    assert terminal.data.read_text() == "a letter"


@pytest.fixture
def powerless(terminal: Terminal) -> Terminal:
    """Give the terminal of a person who may not read and write everything, as root may."""
    dropped = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    return replace(terminal, nursery=None, through=() if os.geteuid() else dropped)


def test_a_data_folder_that_may_not_be_written_is_refused(powerless: Terminal) -> None:
    powerless.data.mkdir(mode=0o500)

    said = powerless.refuses("run")

    assert said.startswith(f"{powerless.data}/weaver.lock: cannot be written (permission denied)")
    assert "set WEAVER_DATA" in said


@pytest.mark.parametrize(
    "command",
    ["audit", "detect", "check --config", "replay --tags tags.txt", "replay capture.jsonl --tags"],
)
def test_a_file_that_may_not_be_read_is_refused(powerless: Terminal, command: str) -> None:
    powerless.writes("tags.txt", "#roses\n")
    powerless.writes("capture.jsonl", "{}\n")
    powerless.writes("secret", "the answer").chmod(0)

    said = powerless.refuses(*command.split(), "secret")

    assert re.match(r"secret: cannot be read \([Pp]ermission denied\)[;:] \w+", said), said


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="there is no such folder here")
def test_a_data_folder_in_which_no_file_can_be_made_is_refused(terminal: Terminal) -> None:
    said = terminal.refuses("run", WEAVER_DATA="/sys/kernel")

    assert said.startswith("/sys/kernel/weaver.lock: cannot be written")
    assert "set WEAVER_DATA" in said
