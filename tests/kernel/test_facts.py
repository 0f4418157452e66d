"""The log's reads that plugins have: what they say."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot.kernel.counts import saying
from bot.kernel.days import rebuild
from bot.kernel.statements import POSTS
from bot.storage.database import Database

THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


def test_both_databases_say_who_answered_whom_and_when(database: Database) -> None:
    def post(name: str, author: str, hours: int, parent: str | None = None, **more: object):  # noqa: ANN202
        at, kind = THEN + timedelta(hours=hours), "reply" if parent else "original"
        values = {"space": 1, "post": name, "author": author, "at": at, "kind": kind}
        return {
            **values,
            "bot": False,
            "parent": parent,
            "root": parent,
            "link": False,
            "bare": False,
            "marked": False,
            **more,
        }

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
        rebuild(connection)
        rows = connection.execute(saying(1, THEN, NOW)).all()

    assert [(row.author, row.to) for row in rows] == [
        ("ada", None),
        ("ada", "ada"),
        ("grace", "ada"),
        ("grace", None),
    ]
    assert [row.answered for row in rows] == [THEN + timedelta(hours=3), None, None, None]
