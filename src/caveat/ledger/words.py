"""People's words on hits: kept with who, when and both records as they stood; they fall when either changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from caveat.ledger.tables import handle, word
from caveat.ledger.traits import name_key
from caveat.model import Listing, canonical_json
from caveat.store import Store


@dataclass(frozen=True, slots=True)
class Word:
    """`said` is confirmed or rejected; `stands` is False once the entry's record has changed."""

    said: str
    entry_id: str
    why: str
    who: str
    at: str
    stands: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "said": self.said, "entry_id": self.entry_id, "why": self.why, "who": self.who, "at": self.at,
            "stands": self.stands,
        }  # fmt: skip


def keep_word(
    store: Store, said: str, query: Mapping[str, Any], listing: Listing, *, why: str, who: str, at: str
) -> Word:
    """Append a person's word on a hit. Earlier words stay; the last one counts."""
    with store.write() as connection:
        connection.execute(
            sa.insert(word).values(
                said=said, query_key=name_key(str(query["name"])), query=canonical_json(query),
                entry_id=listing.entry_id, entry_hash=listing.entry.digest(), entry=listing.entry.canonical(),
                why=why, who=who, at=at,
            )
        )  # fmt: skip
    return Word(said, listing.entry_id, why, who, at, stands=True)


_QUERY_KEYS = sa.select(word.c.query_key).distinct()


def queries_with_words(store: Store) -> frozenset[str]:
    """The name keys of the queries on which anybody ever said a word."""
    with store.read() as connection:
        return frozenset(connection.execute(_QUERY_KEYS).scalars())


def worded_entries(store: Store, name: str) -> list[str]:
    """The entries on which anybody said a word for a query of that name."""
    with store.read() as connection:
        found = sa.select(word.c.entry_id).where(word.c.query_key == name_key(name)).distinct()
        return sorted(connection.execute(found).scalars())


def worded(store: Store, name: str | None = None) -> list[tuple[str, str]]:
    """(query record as canonical JSON, entry id) of every word ever said; on the queries of one name, if given."""
    asked = sa.select(word.c.query, word.c.entry_id).distinct().order_by(word.c.query)
    if name is not None:
        asked = asked.where(word.c.query_key == name_key(name))
    with store.read() as connection:
        rows = connection.execute(asked)
        return [(str(r.query), str(r.entry_id)) for r in rows]


def words_on(store: Store, query: Mapping[str, Any], listings: Mapping[str, Listing]) -> dict[str, Word]:
    """The last word on each listing for exactly this query record, by entry id."""
    found: dict[str, Word] = {}
    text = canonical_json(query)
    with store.read() as connection:
        rows = connection.execute(
            sa.select(word).where(word.c.query_key == name_key(str(query["name"]))).order_by(word.c.id)
        ).all()
        former = sa.select(handle.c.value, handle.c.entry_id).where(
            handle.c.kind == "id", handle.c.entry_id.in_(list(listings))
        )
        present = {r.value: r.entry_id for r in connection.execute(former)} if rows else {}
    for row in rows:
        entry_id = row.entry_id if row.entry_id in listings else present.get(row.entry_id, "")
        listing = listings.get(entry_id)
        if row.query == text and listing is not None:
            stands = row.entry_hash == listing.entry.digest()
            found[entry_id] = Word(row.said, entry_id, row.why, row.who, row.at, stands)
    return found
