"""Snapshots, statements, and the index drawn from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the ledger's tables."""
    op.create_table(
        "file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("stream", sa.String(32), nullable=False),
        sa.Column("published", sa.String(24), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("layout", sa.String(96), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("dated_by", sa.String(16), nullable=False),
        sa.Column("holds", sa.Text, nullable=False),
        sa.Column("reach", sa.String(8), nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("members", sa.LargeBinary, nullable=False),
        sa.Column("places", sa.LargeBinary, nullable=False),
        sa.Column("unread", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("loaded_at", sa.String(24), nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.UniqueConstraint("list", "stream", "published", "sha256", "layout", "reach"),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("traits", sa.Text, nullable=False),
        sa.UniqueConstraint("list", "hash"),
    )
    op.create_table(
        "saying",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("entry_id", sa.String(96), nullable=False),
        sa.Column("stream", sa.String(32), nullable=False),
        sa.Column("snapshot_id", sa.Integer, nullable=True),
        sa.Column("statement_id", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("since", sa.String(24), nullable=False),
        sa.Column("until", sa.String(24), nullable=True),
        sa.Column("in_force_from", sa.String(10), nullable=True),
        sa.Column("stated", sa.Text, nullable=False),
    )
    op.create_index("ix_saying_entry_id", "saying", ["entry_id"])
    op.create_index("ix_saying_list", "saying", ["list"])
    op.create_table(
        "handle",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("entry_id", sa.String(96), nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
    )
    op.create_index("ix_handle_kind_value", "handle", ["kind", "value"])
    op.create_index("ix_handle_list", "handle", ["list"])
    op.create_index("ix_handle_entry_id", "handle", ["entry_id"])
    op.create_table(
        "mark",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
