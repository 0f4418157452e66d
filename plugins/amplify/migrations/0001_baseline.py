"""Routes, what became of posts, sightings and renamings, as the first release has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amplify_route",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("tag", sa.String(), primary_key=True),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("asks", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "amplify_alias",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("alias", sa.String(), primary_key=True),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
    )
    op.create_table(
        "amplify_state",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("tag", sa.String(), primary_key=True),
        sa.Column("paused", sa.String(), nullable=False),
        sa.Column("members_only", sa.Boolean(), nullable=False),
        sa.Column("replies", sa.Boolean(), nullable=False),
        sa.Column("across", sa.Boolean(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("feed_key", sa.String(), nullable=False),
        sa.Column("feed_id", sa.String(), nullable=False),
        sa.Column("feed_at", sa.String(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("calm_until", sa.BigInteger(), nullable=True),
    )
    _posts()
    op.create_table(
        "amplify_role",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "amplify_standing",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "amplify_succession",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("old", sa.String(), primary_key=True),
        sa.Column("old_shown", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("new_shown", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
    )


def _posts() -> None:
    op.create_table(
        "amplify_post",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("undescribed", sa.Boolean(), nullable=False),
        sa.Column("quietly", sa.Boolean(), nullable=False),
        sa.Column("labelled", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("passed_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.UniqueConstraint("community", "key"),
    )
    op.create_index("ix_amplify_post_post", "amplify_post", ["community", "post"])
    op.create_index(
        "ix_amplify_post_route", "amplify_post", ["community", "route", "state", "passed_at"]
    )
    op.create_index("ix_amplify_post_member", "amplify_post", ["member"])
    op.create_table(
        "amplify_sighting",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.Integer(), nullable=False),
        sa.Column("link", sa.Boolean(), nullable=False),
        sa.Column("bits", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
    )
    op.create_index("ix_amplify_sighting_member", "amplify_sighting", ["member"])
    op.create_index("ix_amplify_sighting_route", "amplify_sighting", ["community", "route", "at"])
