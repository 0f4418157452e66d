"""The indexes serve the queries they were made for."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, bindparam, insert, text

from bot.audit import live
from bot.audit.figures import Window
from bot.kernel import answering, counts, days, decided, newcomers, windows
from bot.kernel.statements import POSTS, Statements
from bot.storage.database import Database
from bot.storage.prepared import Prepared
from bot.storage.types import micros

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPEN_ONLY = {"ix_core_ledger_open", "ix_core_ledger_lane"}
CLAIM = {"owner": "me", "now": 2, "lease": 3, "count": 20, "resting": [""]}


def plan(database: Database, statement: str, values: dict[str, Any]) -> str:
    """How the database would go about a statement, in its words."""
    on_sqlite = database.path is not None
    explain = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
    told = text(f"{explain} {statement}")
    if "resting" in values:
        told = told.bindparams(bindparam("resting", expanding=True))
    with database.write.begin() as connection:
        if not on_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.execute(told, values).all()
    return "\n".join(str(row[-1]) for row in rows)


def looks_at_open_acts_only(database: Database) -> bool:
    told = plan(database, Statements(database).claim.text, CLAIM)
    if database.path is not None:
        in_order = "SCAN act USING INDEX ix_core_ledger_open" in told
        return in_order and "SEARCH earlier USING INDEX ix_core_ledger_lane" in told
    used = set(re.findall(r"Scan (?:using|on) (ix_\w+|core_ledger_\w+)", told))
    reads_others = "Seq Scan" in told or used - OPEN_ONLY - {"core_ledger_pkey"}
    return not reads_others and bool(used & OPEN_ONLY)


def test_claiming_looks_at_open_acts_only(database: Database) -> None:
    assert looks_at_open_acts_only(database)


@pytest.fixture
def lived_in(database: Database) -> Database:
    """A log of some thousand posts: PostgreSQL plans by the figures as well as by the schema."""
    many = "WITH RECURSIVE few(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM few WHERE n < 5000)"
    no = "0" if database.path is not None else "false"
    with database.write.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO core_post (space, post, author, at, kind, bot, parent, link, bare, "
                f"likes, marked) {many} SELECT n % 20, 'p' || n, 'a' || (n % 300), "
                "1772000000000000 + n * CAST(100000000 AS BIGINT), "
                f"'reply', n < 0, 'p' || (n / 2), {no}, {no}, 0, {no} FROM few"
            )
        )
    with database.write.begin() as connection:
        connection.execute(text("ANALYZE"))
    return database


def asked(database: Database, query: Executable) -> str:
    """How the database would go about a statement of the kernel's."""
    literal = {"literal_binds": True, "render_postcompile": True}
    return plan(database, str(query.compile(database.read, compile_kwargs=literal)), {})


def test_who_answered_whom_is_looked_up_by_index(lived_in: Database) -> None:
    told = asked(lived_in, counts.saying(1, NOON, NOON + timedelta(days=28)))

    assert "ix_core_post_counts" in told
    assert not re.search(r"SCAN core_post|Seq Scan", told)
    if lived_in.path is not None:
        assert "SEARCH target USING INDEX sqlite_autoindex_core_post_1 (space=? AND post=?)" in told


def test_a_first_answer_is_looked_up_by_what_it_answers(lived_in: Database) -> None:
    told = asked(lived_in, days.FOUND_ANEW.where(POSTS.c.space == 1, POSTS.c.post == "p"))

    assert "ix_core_post_parent" in told
    assert not re.search(r"SCAN|Seq Scan", told)
    if lived_in.path is not None:
        assert told.count("SEARCH answer USING INDEX ix_core_post_parent (parent=?)") == 2


def test_posts_that_come_after_their_answers_are_found_by_index(lived_in: Database) -> None:
    told = asked(lived_in, days._answers_to(8).statement.params({str(n): "p" for n in range(8)}))

    assert "ix_core_post_parent" in told
    assert not re.search(r"SCAN|Seq Scan", told)


def test_who_is_new_is_one_look_for_each_post_of_the_window(lived_in: Database) -> None:
    window = (NOON, NOON + timedelta(days=14))
    told = asked(lived_in, newcomers.begun([1, 2], *window, timedelta(days=7)))

    assert "ix_core_post_counts" in told
    assert not re.search(r"SCAN|Seq Scan|GROUP BY|Hash", told)
    assert told.count("ix_core_post_author") == 2
    if lived_in.path is not None:
        assert (
            "SEARCH core_post USING INDEX ix_core_post_counts (space=? AND at>? AND at<?)" in told
        )


def test_where_a_log_begins_is_one_look_a_space(lived_in: Database) -> None:
    told = asked(lived_in, newcomers.earliest("garden"))

    assert "ix_core_post_counts" in told
    if lived_in.path is not None:
        assert "ix_core_post_counts (space=? AND at>?)" in told


VALUES = {
    "space": 1,
    "community": "garden",
    "first": 20_509,
    "last": 20_523,
    "since": micros(NOON),
    "morning": micros(NOON) + 1,
    "evening": micros(NOON) + 2,
    "until": micros(NOON + timedelta(days=14)),
    "known": micros(NOON + timedelta(days=17)),
    "within": 3 * 86_400_000_000,
}


def put(database: Database, question: Prepared) -> str:
    """How the database would go about a question of a window."""
    return asked(database, question.statement.params(VALUES))


@pytest.mark.parametrize("question", [windows.IN_DAYS, windows.IN_ALL])
def test_a_window_reads_the_index_and_the_days_alone(
    lived_in: Database, question: windows.Asked
) -> None:
    for told in (put(lived_in, question.one), put(lived_in, question.every)):
        assert "ix_core_post_counts" in told
        assert not re.search(r"SCAN core_|Seq Scan", told)
        if lived_in.path is not None:
            looked = re.findall(r"SEARCH core_post USING (.*)", told)
            assert set(looked) == {"COVERING INDEX ix_core_post_counts (space=? AND at>? AND at<?)"}


@pytest.mark.parametrize("question", [windows.IN_DAYS, windows.BY_DAY, windows.BY_WEEK])
def test_days_and_weeks_read_a_row_a_day(lived_in: Database, question: windows.Asked) -> None:
    for told in (put(lived_in, question.one), put(lived_in, question.every)):
        assert not re.search(r"SCAN core_day|Seq Scan", told)
        if lived_in.path is not None:
            assert "SEARCH core_day USING PRIMARY KEY (space=? AND day>? AND day<?)" in told
        else:
            assert "core_day_pkey" in told


def test_who_answers_and_who_is_new_is_looked_up_by_index(lived_in: Database) -> None:
    for told in (put(lived_in, answering.REPLIERS), put(lived_in, answering.FIRST_POSTS)):
        assert "ix_core_post_counts" in told
        assert not re.search(r"SCAN (core_)?post|Seq Scan", told)
    if lived_in.path is not None:
        before = "SEARCH before USING INDEX ix_core_post_author (author=?"
        assert before in put(lived_in, answering.FIRST_POSTS)


def test_what_carries_a_tag_is_found_by_its_window(lived_in: Database) -> None:
    for told in (put(lived_in, windows.TAGGED.one), put(lived_in, windows.TAGGED.every)):
        assert "ix_core_post_counts" in told
        assert not re.search(r"SCAN core_post|Seq Scan", told)


@pytest.fixture
def busy(database: Database) -> Database:
    """A ledger of some thousand acts, one in ten of them open, for the same reason."""
    many = "WITH RECURSIVE few(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM few WHERE n < 9999)"
    with database.write.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO core_ledger (key, community, plugin, kind, lane, account, urgency, "
                f"due, attempts, last_try, why, at, state, receipt) {many} "
                "SELECT 'k' || n, 'c', 'p', 'SendPost', 'l' || n, 'a', 2, 1, 1, 8, '', 1, "
                "CASE WHEN n % 10 > 0 THEN 'done' ELSE 'todo' END, "
                "CASE WHEN n % 10 > 0 THEN 'p' || n END FROM few"
            )
        )
    with database.write.begin() as connection:
        connection.execute(text("ANALYZE"))
    return database


def test_a_long_ledger_changes_nothing_about_that(busy: Database) -> None:
    assert looks_at_open_acts_only(busy)


def test_what_an_act_made_is_looked_up_by_index(busy: Database) -> None:
    told = asked(busy, decided.MADE.params(this="p", here="c", whose="p"))

    assert "ix_core_ledger_receipt" in told
    assert not re.search(r"SCAN|Seq Scan", told)


def test_a_post_is_one_row_a_space_however_often_it_is_seen(database: Database) -> None:
    row = {
        "post": "p",
        "author": "a",
        "at": NOON,
        "kind": "original",
        "bot": False,
        "parent": None,
        "root": None,
        "link": False,
        "bare": False,
        "marked": False,
        "mentions": None,
        "untagged": False,
        "likes": 0,
    }
    seen = [row | {"space": space, "at": micros(NOON)} for space in (1, 2)]
    log = Statements(database).log_posts.each
    with database.write.begin() as connection:
        connection.execute(insert(POSTS), row | {"space": 1})
        assert log(connection, seen) == 1
        assert log(connection, seen) == 0


def test_the_audit_of_a_space_reads_the_index_alone(lived_in: Database) -> None:
    place = live.Place(1, "tally", "bluesky", "#TallyMath", "#TallyMath")
    window = Window(int(NOON.timestamp()), int(NOON.timestamp()) + 14 * 86_400)
    told = asked(lived_in, live.by_day(live.within(place, window)))
    assert "ix_core_post_counts" in told
    assert not re.search(r"SCAN core_post|Seq Scan", told)
    if lived_in.path is not None:
        assert "COVERING INDEX ix_core_post_counts (space=? AND at>? AND at<?)" in told
