"""How each space stood at its last check, and what hosts decided, as the first release has it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse_state",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("space", sa.String(), primary_key=True),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("slid", sa.Integer(), nullable=False),
        sa.Column("uneasy", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("busy", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.String(), nullable=True),
        sa.Column("normal", sa.Float(), nullable=True),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("last_told", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
    )
    chosen()
    op.create_table(
        "pulse_told",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("space", sa.String(), primary_key=True),
        sa.Column("about", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "pulse_turns",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("space", sa.String(), primary_key=True),
        sa.Column("monday", sa.String(), primary_key=True),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
    )


def chosen() -> None:
    op.create_table(
        "pulse_choice",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "pulse_closure",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("event", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "pulse_question",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
    )
