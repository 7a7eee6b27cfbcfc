"""The screening index of a ledger's state, and which of its entries are in force as of a moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from caveat.errors import InputError, StoreError
from caveat.ledger import Ledger, name_key
from caveat.model import AsOf, Listing
from caveat.screening import (
    DEFAULT_THRESHOLD,
    Candidate,
    Index,
    Query,
    near,
    open_index,
    screen_many,
    search,
    write_index,
)

#: Candidates looked at for one query, in force or not, and queries remembered.
_DEEP = 100
_REMEMBERED = 4096


class Screener:
    """Screens against the entries in force as of one moment. The index is built where it is missing."""

    def __init__(self, ledger: Ledger, folder: Path, as_of: AsOf, *, beside: Screener | None = None) -> None:
        self.ledger = ledger
        self.as_of = as_of
        self.folder = folder
        self.generation = ledger.generation()
        self.index: Index = beside.index if beside else _index(ledger, folder, self.generation)
        #: what was found for a query lately, before anybody asks whether it is in force
        self._found: OrderedDict[Any, list[Candidate]] = beside._found if beside else OrderedDict()
        self._listings: dict[str, Listing | None] = {}

    def screen(
        self, query: Query, *, lists: Sequence[str] = (), limit: int = 10, threshold: float | None = None,
        kind: str | None = None,
    ) -> list[tuple[Candidate, Listing]]:  # fmt: skip
        """The candidates in force, best first."""
        least = DEFAULT_THRESHOLD if threshold is None else threshold
        candidates = [
            c for c in self._search(query, tuple(lists), least, kind, 4 * limit) if self.is_in_force(c.entry_id)
        ]
        return self._with_listings(candidates[:limit])

    def _search(
        self, query: Query, lists: tuple[str, ...], threshold: float, kind: str | None, most: int
    ) -> list[Candidate]:
        """The best candidates whatever their day, remembered for a while."""
        deep = max(most, _DEEP)
        key = (query, lists, threshold, kind, deep)
        if key not in self._found:
            self._found[key] = search(
                self.index, query, limit=deep, threshold=threshold, lists=lists or None, kind=kind
            )
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return self._found[key]

    def near(self, query: Query) -> list[dict[str, Any]]:
        """What came near and was dropped, each with the evidence that weighed most against it."""
        return [
            {
                "entry_id": d.candidate.entry_id, "matched_name": d.candidate.matched_name, "score": d.candidate.score,
                "reason": d.reason, "evidence": [e.to_dict() for e in d.candidate.evidence],
            }
            for d in near(self.index, query, accepts=self.is_in_force)
        ]  # fmt: skip

    def screen_many(
        self, queries: Iterable[Query], *, lists: Sequence[str] = (), limit: int = 10, threshold: float | None = None,
        kind: str | None = None, workers: int | None = 1,
    ) -> Iterator[list[tuple[Candidate, Listing]] | InputError]:  # fmt: skip
        """Many queries on all cores, in order; one that cannot be read gives its error."""
        answers = screen_many(
            self.folder, queries, limit=limit, threshold=DEFAULT_THRESHOLD if threshold is None else threshold,
            lists=lists or None, kind=kind, accepts=self.is_in_force,
            workers=workers,
        )  # fmt: skip
        for screened in answers:
            yield screened.error or self._with_listings(screened.candidates)

    def _with_listings(self, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Listing]]:
        found = ((c, self._listings[c.entry_id]) for c in candidates)
        return [(c, listing) for c, listing in found if listing is not None and self._was_known(c, listing)]

    def _was_known(self, candidate: Candidate, listing: Listing) -> bool:
        """Whether the name that was met had been published by then; the index holds every wording ever."""
        key = name_key(candidate.matched_name)
        if any(name_key(name.text) == key for name in listing.entry.names):
            return True
        known = self.ledger.names_known(listing.entry_id, self.as_of.known)
        return key in known or not known  # nothing dated: the listing itself is told by a later file

    def is_in_force(self, entry_id: str) -> bool:
        """Whether the entry is listed on the day, by what was known."""
        if entry_id not in self._listings:
            self._listings[entry_id] = self.ledger.listings([entry_id], self.as_of).get(entry_id)
        listing = self._listings[entry_id]
        return listing is not None and listing.status == "listed"


def _index(ledger: Ledger, folder: Path, generation: str) -> Index:
    """The index of this state of the ledger, built where another state stands."""
    stamp = folder / "generation"
    if stamp.exists() and stamp.read_text("utf-8") == generation:
        try:
            return open_index(folder)
        except StoreError:
            pass  # written by another version of Caveat, or half deleted
    write_index(ledger.wordings(), folder)
    stamp.write_text(generation, "utf-8")
    return open_index(folder)


def tell_query(query: Query) -> dict[str, Any]:
    """The query as an answer repeats it: id, name and country always, the rest where given."""
    numbers = [i if isinstance(i, str) else i.value for i in query.identifiers]
    more = {
        "kind": query.kind, "address": query.address, "city": query.city, "birth_date": query.birth_date,
        "identifiers": numbers, "aliases": list(query.aliases),
    }  # fmt: skip
    return {"id": query.id, "name": query.name, "country": query.country} | {k: v for k, v in more.items() if v}
