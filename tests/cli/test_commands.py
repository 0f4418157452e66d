"""What the commands do, with a running Weaver and without."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.terminal import Terminal

Beside = tuple[Terminal, int]


def test_check_makes_nothing(terminal: Terminal) -> None:
    said = terminal.says("check")

    assert "All is well." in said
    assert "welcome, chats, amplify, pulse" in said
    assert not terminal.data.exists()


def test_check_asks_for_a_contact_and_is_content_without(terminal: Terminal) -> None:
    asked = terminal.says("check")
    (terminal.folder / "config.toml").write_text('[weaver]\ncontact = "@hana.garden.example"\n')
    told = terminal.says("check")

    assert "contact: none; say in [weaver] contact how people reach whoever runs" in asked
    assert "contact: @hana.garden.example" in told
    assert terminal.reads("check")["contact"] == "@hana.garden.example"
    assert "All is well." in asked


def test_check_tells_programs_the_same(terminal: Terminal) -> None:
    found = terminal.reads("check")

    assert found["plugins"] == ["welcome", "chats", "amplify", "pulse"]
    assert found["state"] == "not made yet"


def test_migrate_brings_the_tables_once(terminal: Terminal) -> None:
    first, second = terminal.says("migrate"), terminal.says("migrate")

    assert first == "Brought up to date: core, welcome, chats, amplify, pulse.\n"
    assert second == "Nothing to do: it is up to date.\n"
    assert terminal.reads("check")["state"] == "up to date"


def test_plugins_lists_commands_and_settings(terminal: Terminal) -> None:
    said, found = terminal.says("plugins"), terminal.reads("plugins")

    assert [plugin["name"] for plugin in found] == ["welcome", "chats", "amplify", "pulse"]
    for plugin in found:
        assert plugin["about"] in said
        assert all(command in said for command in plugin["commands"])


def test_do_works_while_no_weaver_runs(terminal: Terminal) -> None:
    planned = terminal.says("do", "chats", "schedule", "Thursdays 8 pm", "A topic", "Why? / How?")

    assert "Thursday" in planned
    assert "A topic" in terminal.reads("do", "chats", "list")["answer"]


def test_do_takes_a_whole_command_as_one_word(terminal: Terminal) -> None:
    terminal.says("do", 'chats schedule "Thursdays 8 pm" "Two words" Why?')

    assert "Two words" in terminal.says("do", "chats list")


def test_do_asks_the_weaver_that_runs(beside: Beside) -> None:
    terminal, _ = beside

    assert "Every Tuesday at 7:30 pm" in terminal.says("do", "chats list")


def test_do_names_the_community_where_there_are_several(terminal: Terminal) -> None:
    terminal.writes(
        "config.toml",
        "".join(
            f'[community.{name}]\nname = "{name}"\nspaces = [{{ id = "{name}" }}]\n'
            for name in ("maths", "music")
        ),
    )

    assert "Nobody has posted" in terminal.says("do", "--community", "music", "pulse share")
    assert "there are: maths, music" in terminal.complains("do", "pulse share")


def test_the_ledger_lists_and_shows_what_was_decided_and_why(beside: Beside) -> None:
    terminal, _ = beside
    acts = terminal.settled()
    declined = next(act for act in acts if act["state"] == "declined")
    table = terminal.says("ledger", "--limit", "1000").splitlines()
    shown = terminal.reads("ledger", "show", str(declined["seq"]))

    assert len(table) == len(acts) + 1
    assert all(any(act["why"] in line for line in table) for act in acts)
    assert shown == declined
    assert declined["why"] in terminal.says("ledger", "show", str(declined["seq"]))


def test_the_ledger_can_be_narrowed(beside: Beside) -> None:
    terminal, _ = beside
    terminal.settled()

    assert {act["state"] for act in terminal.reads("ledger", "--state", "declined")} == {"declined"}
    assert len(terminal.reads("ledger", "--limit", "1")) == 1


def test_the_ledger_tells_what_is_due(beside: Beside) -> None:
    terminal, _ = beside
    coming = terminal.reads("ledger", "due")

    assert coming
    assert coming[0]["label"] in terminal.says("ledger", "due")


def test_an_act_is_taken_back_once(beside: Beside) -> None:
    terminal, _ = beside
    number = next(str(act["seq"]) for act in terminal.settled() if act["kind"] == "Repost")

    assert terminal.says("ledger", "undo", number) == "It will be taken back.\n"
    terminal.settled()
    assert terminal.reads("ledger", "show", number)["state"] == "undone"
    assert "nothing to take back" in terminal.refuses("ledger", "undo", number)


def test_an_act_that_was_given_up_is_tried_again(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    with closing(sqlite3.connect(terminal.data / "weaver.db")) as database:
        database.execute("UPDATE core_ledger SET state = 'dead' WHERE kind = 'Repost'")
        database.commit()
        [number] = database.execute(
            "SELECT min(seq) FROM core_ledger WHERE state = 'dead'"
        ).fetchone()

    assert terminal.says("ledger", "retry", str(number)) == "It will be tried again.\n"
    assert terminal.reads("ledger", "show", str(number))["state"] == "todo"
    assert "not one that was given up" in terminal.complains("ledger", "retry", str(number))


def test_counts_that_are_in_doubt_are_made_anew(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    with closing(sqlite3.connect(terminal.data / "weaver.db")) as database:
        kept = database.execute("SELECT * FROM core_day ORDER BY space, day").fetchall()
        database.execute("UPDATE core_day SET originals = originals + 1")
        database.commit()

    assert terminal.reads("recount") == {"days": len(kept), "wrong": len(kept)}
    assert "all had been right" in terminal.says("recount")
    with closing(sqlite3.connect(terminal.data / "weaver.db")) as database:
        assert database.execute("SELECT * FROM core_day ORDER BY space, day").fetchall() == kept
    assert kept


def test_a_ledger_line_keeps_what_stands_in_brackets(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    with closing(sqlite3.connect(terminal.data / "weaver.db")) as database:
        database.execute("UPDATE core_ledger SET error = 'the post is gone'")
        database.commit()

    assert "[the post is gone]" in terminal.says("ledger")


def test_an_empty_ledger_says_so(terminal: Terminal) -> None:
    terminal.says("migrate")

    assert terminal.says("ledger") == "Nothing yet.\n"
    assert terminal.reads("ledger") == []
    assert terminal.says("ledger", "due") == "Nothing is planned.\n"


def test_the_sandbox_starts_over(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    mine = terminal.data / "weaver.db.of-last-week"
    mine.write_text("kept")

    assert "starts over" in terminal.says("sandbox", "reset", "--yes")
    assert mine.read_text() == "kept"
    assert not (terminal.data / "weaver.db").exists()
    assert "is new already" in terminal.says("sandbox", "reset", "--yes")
    assert "No chats are planned" in terminal.says("do", "chats list")


def test_the_sandbox_asks_before_it_starts_over(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    before = terminal.files()

    assert terminal("sandbox", "reset", answer="n\n").code == 1
    assert terminal.files() == before
    assert terminal("sandbox", "reset", answer="y\n").code == 0


def test_a_weaver_that_was_stopped_goes_on(terminal: Terminal, lived_in: Path) -> None:
    shutil.copytree(lived_in, terminal.data)
    before = terminal.reads("ledger")
    with terminal.running():
        assert terminal.settled() == before


def test_the_audit_and_the_tags_are_part_of_the_command(terminal: Terminal) -> None:
    archive = Path(__file__).parents[1] / "fixtures" / "audit" / "chat.csv"

    assert terminal.reads("tags", "Come to #chat") == ["chat"]
    assert "chat" in terminal.says("audit", str(archive))
    assert terminal.refuses("audit", "nowhere.csv").startswith("nowhere.csv: ")
