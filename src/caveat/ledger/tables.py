"""The ledger's tables: what publishers gave out (grows only), and an index drawn from it."""

import sqlalchemy as sa

from caveat.store import metadata

#: The bytes of a publisher's file, zlib-packed, by the SHA-256 of the unpacked bytes.
file = sa.Table(
    "file",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)

#: One list in one file. `members` packs the statement ids in the file's order, `places` where
#: each stands. `published` is a Moment key. `reach`: `whole` (absence means removal), `extract`
#: (only presence counts), `fields` (adds to entries, states no presence), `starter`. `files` names
#: the kept files it was read from.
snapshot = sa.Table(
    "snapshot",
    metadata,
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

#: One content of one row, by its hash: written once, however many snapshots repeat it.
statement = sa.Table(
    "statement",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("list", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("traits", sa.Text, nullable=False),
    sa.UniqueConstraint("list", "hash"),
)

# --- the index: drawn from the tables above, and drawn anew whenever they grow ---

#: An entry's statement in one stream, from the first snapshot that says it until the first
#: that no longer does. `stated` packs the dates the statement gives, for counting without reading.
saying = sa.Table(
    "saying",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("list", sa.String(64), nullable=False, index=True),
    sa.Column("entry_id", sa.String(96), nullable=False, index=True),
    sa.Column("stream", sa.String(32), nullable=False),
    sa.Column("snapshot_id", sa.Integer, nullable=False),
    sa.Column("statement_id", sa.Integer, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("since", sa.String(24), nullable=False),
    sa.Column("until", sa.String(24), nullable=True),
    sa.Column("in_force_from", sa.String(10), nullable=True),
    sa.Column("stated", sa.Text, nullable=False),
)

#: What an entry can be asked for by: `name`, `address`, `number`, or `id` (an id it once bore).
handle = sa.Table(
    "handle",
    metadata,
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("entry_id", sa.String(96), nullable=False, index=True),
    sa.Column("list", sa.String(64), nullable=False, index=True),
    sa.Index("ix_handle_kind_value", "kind", "value"),
)

#: Single facts about the index itself (`generation`: the digest it was drawn from).
mark = sa.Table(
    "mark",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

#: What people said of a hit; kept with both records as they stood.
word = sa.Table(
    "word",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("said", sa.String(16), nullable=False),
    sa.Column("query_key", sa.Text, nullable=False, index=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("entry_id", sa.String(96), nullable=False),
    sa.Column("entry_hash", sa.String(64), nullable=False),
    sa.Column("entry", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("at", sa.String(24), nullable=False),
)
