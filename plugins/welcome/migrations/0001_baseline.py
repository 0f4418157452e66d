"""The tables of welcome as the first release has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "welcome_arrival",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("met", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("look_in_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_welcome_arrival_at", "welcome_arrival", ["community", "at"])
    op.create_table(
        "welcome_greeter",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "welcome_noted",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("post", sa.String(), primary_key=True),
        sa.Column("greeter", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "welcome_told",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("matter", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "welcome_own_words",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("language", sa.String(), primary_key=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("draft", sa.String(), nullable=False),
    )
