"""The database: one engine, SQLite by default or PostgreSQL by URL, and its migrations."""

from caveat.store.engine import Store, open_store
from caveat.store.tables import metadata

__all__ = ["Store", "metadata", "open_store"]
