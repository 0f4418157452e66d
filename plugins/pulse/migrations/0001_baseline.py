"""How each space stood at its last check, as the first release has it."""

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
        sa.Column("last_told", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
    )
