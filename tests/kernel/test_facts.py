"""The log's reads that plugins have: what they say, and that an index serves them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from bot.kernel.facts import saying
from bot.kernel.statements import POSTS
from bot.storage.database import Database
from bot.testing import Harness
from plugins.pulse import plugin

THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


def test_an_index_serves_the_window_its_answers_and_whom_they_answer() -> None:
    bot = Harness(plugin)
    query = saying(1, THEN, NOW).compile(
        dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}
    )
    values = tuple(
        int(value.timestamp()) if isinstance(value, datetime) else value
        for value in (query.params[name] for name in query.positiontup or ())
    )
    with bot.weaver.database.read.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()
    plan = "\n".join(row[3] for row in rows)

    assert "SEARCH core_post USING INDEX ix_core_post_counts (space=? AND at>? AND at<?)" in plan
    assert "SEARCH answer USING INDEX ix_core_post_parent (parent=?)" in plan
    assert "SEARCH target USING INDEX sqlite_autoindex_core_post_1 (space=? AND post=?)" in plan
    assert "SCAN core_post" not in plan


def test_both_databases_say_who_answered_whom_and_when(database: Database) -> None:
    def post(name: str, author: str, hours: int, parent: str | None = None, **more: object):  # noqa: ANN202
        at, kind = THEN + timedelta(hours=hours), "reply" if parent else "original"
        values = {"space": 1, "post": name, "author": author, "at": at, "kind": kind}
        return {**values, "bot": False, "parent": parent, "root": parent, "link": False, **more}

    posts = [
        post("a", "ada", 0),
        post("b", "ada", 1, "a"),
        post("c", "robot", 2, "a", bot=True),
        post("d", "grace", 3, "a"),
        post("e", "hana", 1, "a", space=2),
        post("f", "grace", 4, "gone"),
    ]
    with database.write.begin() as connection:
        connection.execute(insert(POSTS), posts)
        rows = connection.execute(saying(1, THEN, NOW)).all()

    assert [(row.author, row.to) for row in rows] == [
        ("ada", None),
        ("ada", "ada"),
        ("grace", "ada"),
        ("grace", None),
    ]
    assert [row.answered for row in rows] == [THEN + timedelta(hours=3), None, None, None]
