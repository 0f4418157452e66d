"""A statement that is made once does what SQLAlchemy would have done, on both databases."""

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.storage.database import Database
from bot.storage.prepared import Prepared

LEAVES = Table(
    "leaves", MetaData(), Column("tree", String, primary_key=True), Column("count", Integer)
)
THREE = [{"tree": "oak", "count": 3}, {"tree": "elm", "count": 2}, {"tree": "fir", "count": 0}]


@pytest.fixture
def grown(database: Database) -> Database:
    with database.write.begin() as connection:
        LEAVES.create(connection)
        Prepared(insert(LEAVES), LEAVES.c.keys()).each(connection, THREE)
    return database


def all_of(connection: Connection) -> dict[str, int]:
    return dict(map(tuple, connection.execute(select(LEAVES))))


def test_rows_are_written_many_at_a_time(grown: Database) -> None:
    shed = update(LEAVES).where(LEAVES.c.tree == bindparam("of"))
    shed = shed.values(count=LEAVES.c.count - bindparam("by", type_=Integer))
    runs = [{"of": "oak", "by": 1}, {"of": "elm", "by": 2}, {"of": "ash", "by": 3}]

    with grown.write.begin() as connection:
        assert Prepared(shed).each(connection, runs) == 2
        assert all_of(connection) == {"oak": 2, "elm": 0, "fir": 0}


def test_what_the_statement_brings_along_is_sent_with_what_it_is_given(grown: Database) -> None:
    wanted = (LEAVES.c.tree.in_(("oak", "elm")), LEAVES.c.count >= bindparam("most", type_=Integer))
    question = Prepared(select(LEAVES.c.tree).where(*wanted).order_by(LEAVES.c.tree))

    with grown.read.connect() as connection:
        assert [row[0] for row in question.rows(connection, {"most": 0})] == ["elm", "oak"]
        assert [row[0] for row in question.rows(connection, {"most": 3})] == ["oak"]


@pytest.mark.parametrize("tree", ["elm", "fir"])
def test_one_value_is_enough(grown: Database, tree: str) -> None:
    felled = Prepared(
        delete(LEAVES).where(LEAVES.c.tree == bindparam("of")).returning(LEAVES.c.count)
    )

    with grown.write.begin() as connection:
        counts = {one["tree"]: one["count"] for one in THREE}
        assert [row[0] for row in felled.rows(connection, {"of": tree})] == [counts[tree]]
        assert tree not in all_of(connection)


def test_none_is_enough_and_is_part_of_the_transaction(grown: Database) -> None:
    felled = Prepared(delete(LEAVES).returning(LEAVES.c.tree))
    count = Prepared(select(func.count()).select_from(LEAVES))

    with grown.write.connect() as connection:
        assert len(felled.rows(connection, {})) == 3
        connection.rollback()
        assert [row[0] for row in count.rows(connection, {})] == [3]


def test_it_is_put_into_sql_once(grown: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = select(LEAVES.c.tree).where(LEAVES.c.count == bindparam("just", type_=Integer))
    question, made = Prepared(statement), []
    compiled = type(statement).compile
    monkeypatch.setattr(
        type(statement), "compile", lambda *_, **how: made.append(how) or compiled(*_, **how)
    )

    with grown.read.connect() as connection:
        for just, trees in ((3, ["oak"]), (2, ["elm"]), (9, [])):
            assert [row[0] for row in question.rows(connection, {"just": just})] == trees
    assert len(made) == 1
