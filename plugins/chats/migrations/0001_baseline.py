"""Series, sessions and steps; closures and drafts; answers, topics, turns and guests."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "chats_series",
        *(_text("community"), _number("number"), _text("space"), _json("also")),
        *(_text("start"), _text("zone"), sa.Column("rule", sa.String(), nullable=True)),
        *(_json("skipped"), _json("moved"), _text("topic"), _json("prompts")),
        *(_number("minutes"), _number("pace"), _number("warm_up"), _number("revised")),
        *(_moment("created_at"), _moment("cancelled_at", nullable=True)),
        sa.PrimaryKeyConstraint("community", "number"),
    )
    op.create_table(
        "chats_session",
        *(_text("community"), _number("number"), _text("local"), _moment("at")),
        *(_number("minutes"), _number("pace"), _number("warm_up"), _text("state")),
        sa.Column("announced", sa.Boolean(), nullable=False),
        *(_number("moves"), _number("called_off"), _number("entered"), _json("entries")),
        *(_json("threads"), _text("topic"), _json("prompts")),
        *(_json("missed"), _json("troubles"), _number("held")),
        _moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("community", "number", "local"),
    )
    op.create_index("ix_chats_session_closed_at", "chats_session", ["community", "closed_at"])
    op.create_table(
        "chats_step",
        *(_text("community"), _number("number"), _text("local"), _number("position")),
        *(_text("name"), _text("state"), _moment("asked_at", nullable=True)),
        *(_number("times"), _json("posts")),
        sa.PrimaryKeyConstraint("community", "number", "local", "position"),
    )
    op.create_table(
        "chats_closure",
        *(_text("community"), _number("number"), _text("begins"), _text("ends")),
        *(_text("how"), _text("name")),
        sa.PrimaryKeyConstraint("community", "number"),
    )
    op.create_table(
        "chats_draft",
        *(_text("community"), _number("number"), _text("member"), _json("readings")),
        *(_json("given"), _moment("at")),
        sa.PrimaryKeyConstraint("community", "number"),
    )
    _of_people()


def _of_people() -> None:
    op.create_table(
        "chats_answer",
        *(_text("community"), _text("space"), _text("post"), _number("number")),
        *(_text("local"), _number("position"), _moment("at"), _text("member"), _text("name")),
        sa.Column("text", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("community", "space", "post"),
    )
    op.create_table(
        "chats_topic",
        *(_text("community"), _number("number"), _text("title"), _json("prompts")),
        *(_text("state"), _number("rank"), _text("proposed_by"), _moment("at")),
        sa.PrimaryKeyConstraint("community", "number"),
    )
    op.create_table(
        "chats_backer",
        *(_text("community"), _number("topic"), _text("member")),
        sa.PrimaryKeyConstraint("community", "topic", "member"),
    )
    op.create_table(
        "chats_turn",
        *(_text("community"), _number("number"), _text("local"), _text("member"), _text("name")),
        _text("offered"),
        sa.PrimaryKeyConstraint("community", "number", "local"),
    )
    op.create_table(
        "chats_guest",
        *(_text("community"), _number("number"), _text("local"), _text("member")),
        *(_text("said"), _text("name")),
        sa.PrimaryKeyConstraint("community", "number", "local", "member", "said"),
    )
