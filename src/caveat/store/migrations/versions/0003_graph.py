"""Files of edges: who owns, supplies and makes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of edge files."""
    op.create_table(
        "edge_file",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dataset", sa.String(200), nullable=False),
        sa.Column("published", sa.String(24), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("layout", sa.String(64), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("reach", sa.String(8), nullable=False),
        sa.Column("edge_count", sa.Integer, nullable=False),
        sa.Column("party_count", sa.Integer, nullable=False),
        sa.Column("complaints", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.Column("loaded_at", sa.String(24), nullable=False),
        sa.UniqueConstraint("dataset", "published", "sha256"),
    )
    op.create_index("ix_edge_file_dataset", "edge_file", ["dataset"])
