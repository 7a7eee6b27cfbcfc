"""Small made-up lists for tests of the ledger: a layout that reads entries written as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from caveat.ledger import Ledger, Refreshed, Refresher, Wishes, lay_starter
from caveat.model import ENTRY_FIELDS, AsOf, Entry, Moment
from caveat.sources import Document, Layout, Reading, Row, load_catalog
from caveat.store import Store, open_store

LIST = "test.small"
NOW = "2026-11-22T00:00:00"


def _read(document: Document) -> Reading:
    data = json.loads(document.data)
    lists = {
        list_id: tuple(
            Row(Entry.from_dict({"list": list_id, **row}), f"row {n}") for n, row in enumerate(rows, start=1)
        )
        for list_id, rows in data["lists"].items()
    }
    return Reading(
        lists=lists,
        published=Moment.parse(data["published"]),
        holds=frozenset(data.get("holds") or ENTRY_FIELDS),
        states_presence=data.get("states_presence", True),
    )


def layout(*lists: str, stream: str = "origin") -> Layout:
    """The layout of these files."""
    return Layout("test.json", lists or (LIST,), lambda document: True, _read, stream)


def party(name: str, source_id: str | None = None, **more: Any) -> dict[str, Any]:
    """One row: a primary name, and what else is given in `Entry.to_dict` form."""
    names = [{"text": name, "quality": "primary"}, *({"text": a} for a in more.pop("aliases", ()))]
    row = {"kind": "organization", "names": names, **more}
    if source_id is not None:
        row["source_id"] = source_id
    return row


def file_of(rows: Sequence[Mapping[str, Any]], published: str, *, list_id: str = LIST, **more: Any) -> Document:
    """A publisher's file with these rows, dated inside."""
    return file_of_lists({list_id: rows}, published, **more)


def file_of_lists(lists: Mapping[str, Sequence[Mapping[str, Any]]], published: str, **more: Any) -> Document:
    """A publisher's file that gives several lists."""
    data = json.dumps({"published": published, "lists": lists, **more}, sort_keys=True).encode()
    return Document(f"small_{published.replace(':', '')}.json", data, hashlib.sha256(data).hexdigest())


class Desk:
    """A ledger one loads small files into and asks."""

    def __init__(self, url: str | Path, *, starter: bool = False) -> None:
        self.store: Store = open_store(str(url))
        self.refresher = Refresher(self.store, load_catalog(), NOW)
        if starter:
            lay_starter(self.store, NOW)
        self.ledger = Ledger(self.store)

    def load(
        self, *documents: Document, lists: Sequence[str] = (), stream: str = "origin", **wishes: Any
    ) -> list[Refreshed]:
        """Take files in the small layout; in so small a list any change is a large one, so it is accepted."""
        asked = Wishes(layout=layout(*(lists or (LIST,)), stream=stream), **{"accept": True, **wishes})
        return list(self.refresher.take_all(documents, asked))

    def take(self, documents: Iterable[Document], **wishes: Any) -> list[Refreshed]:
        """Take real files, recognized by their content."""
        return list(self.refresher.take_all(documents, Wishes(**wishes)))

    def names(self, day: str, known: str | None = None, list_id: str = LIST) -> list[str]:
        """Names in force on a day by what was known then (default: by the day's end)."""
        when = as_of(day, known)
        found = self.ledger.listings(self.ledger.in_force(list_id, when), when)
        return sorted(x.entry.name for x in found.values())

    def ids(self, list_id: str = LIST) -> dict[str, str]:
        """The id of each name ever listed."""
        return {entry.name: entry_id for entry_id, entry in self.ledger.wordings() if entry.list == list_id}

    def digest(self) -> str:
        """The ledger's digest."""
        from caveat.ledger import digest

        with self.store.read() as connection:
            return digest(connection)


def as_of(day: str, known: str | None = None) -> AsOf:
    """The two clocks; what is known by default is known by the day."""
    return AsOf(dt.date.fromisoformat(day[:10]), Moment.parse(known or day))
