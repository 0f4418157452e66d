"""The core's tables as the first release has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MADE = sa.text("receipt IS NOT NULL")
OPEN = sa.text("state IN ('todo', 'sending')")


def upgrade() -> None:
    communities()
    posts()
    ledger()
    op.create_table(
        "core_inbox",
        sa.Column("platform", sa.String(), primary_key=True),
        sa.Column("event", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_core_inbox_at", "core_inbox", ["at"])
    op.create_table(
        "core_cursor",
        sa.Column("platform", sa.String(), primary_key=True),
        sa.Column("cursor", sa.String(), nullable=False),
    )
    op.create_table(
        "core_adapter_state",
        sa.Column("platform", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "core_timer",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("plugin", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("rule", sa.String()),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("grace", sa.Integer(), nullable=False),
        sa.Column("next_local", sa.Text(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_core_timer_next_at", "core_timer", ["next_at"])
    op.create_table(
        "core_meta",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )


def communities() -> None:
    op.create_table(
        "core_community",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("plugins", sa.JSON(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("provisioned", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "core_space",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("native", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.UniqueConstraint("community", "platform", "native"),
    )
    op.create_table(
        "core_host",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
    )
    op.create_table(
        "core_role",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), primary_key=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
    )
    op.create_table(
        "core_setting",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("plugin", sa.String(), primary_key=True),
        sa.Column("provisioned", sa.Boolean(), primary_key=True),
        sa.Column("chosen", sa.JSON(), nullable=False),
    )
    op.create_table(
        "core_consent",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("purpose", sa.String(), primary_key=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "core_link",
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), nullable=False, index=True),
    )
    op.create_table(
        "core_link_code",
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )


def posts() -> None:
    op.create_table(
        "core_post",
        sa.Column("space", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("post", sa.String(), primary_key=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("parent", sa.String()),
        sa.Column("root", sa.String()),
        sa.Column("link", sa.Boolean(), nullable=False),
        sa.Column("bare", sa.Boolean(), nullable=False),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.Column("untagged", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("first_answer", sa.BigInteger()),
        sa.Column("first_answerer", sa.String()),
        sa.Column("mentions", sa.String()),
        sa.Column("likes", sa.Integer(), nullable=False),
    )
    op.create_index("ix_core_post_counts", "core_post", ["space", "at", "kind", "bot", "author"])
    op.create_index("ix_core_post_parent", "core_post", ["parent"])
    named = sa.text("mentions IS NOT NULL")
    op.create_index(
        "ix_core_post_mentions", "core_post", ["at"], sqlite_where=named, postgresql_where=named
    )
    op.create_index("ix_core_post_author", "core_post", ["author", "at"])
    op.create_table(
        "core_day",
        sa.Column("space", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("originals", "replies", "reposts", "bot_posts", "bare")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "core_occasion",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("plugin", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("space", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_core_occasion_space", "core_occasion", ["community", "space", "begins"])
    op.create_table(
        "core_bot",
        sa.Column("community", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )


def ledger() -> None:
    op.create_table(
        "core_ledger",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("plugin", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("body", sa.String()),
        sa.Column("ref", sa.String()),
        sa.Column("concerns", sa.String()),
        sa.Column("target", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_try", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("lease", sa.BigInteger()),
        sa.Column("receipt", sa.String()),
        sa.Column("error", sa.String()),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("actor", sa.String()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
    )
    for name, columns in (("open", ["urgency", "seq"]), ("lane", ["lane", "seq"])):
        op.create_index(
            f"ix_core_ledger_{name}",
            "core_ledger",
            columns,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    op.create_index("ix_core_ledger_community", "core_ledger", ["community", "seq"])
    op.create_index("ix_core_ledger_ref", "core_ledger", ["ref"])
    op.create_index("ix_core_ledger_concerns", "core_ledger", ["concerns"])
    op.create_index("ix_core_ledger_settled", "core_ledger", ["settled_at"])
    op.create_index(
        "ix_core_ledger_receipt",
        "core_ledger",
        ["receipt"],
        sqlite_where=MADE,
        postgresql_where=MADE,
    )
