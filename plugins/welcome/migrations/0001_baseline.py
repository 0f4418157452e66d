"""The table of greetings as the first release has it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "welcome_greeting",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("greeted_at", sa.BigInteger(), nullable=False),
    )
