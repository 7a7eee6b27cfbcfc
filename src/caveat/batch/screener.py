"""The screening index of a ledger's state, and which of its entries are in force as of a moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from caveat.batch.standing import Cards, Standing, is_known, standing_of, write_standing
from caveat.batch.telling import tell_listed
from caveat.batch.work import Work, Worker
from caveat.errors import StoreError, UnknownEntryError
from caveat.ledger import Ledger, name_key, worded, words_on
from caveat.model import AsOf, Listing
from caveat.screening import (
    Candidate,
    Found,
    Index,
    Query,
    find,
    near,
    open_index,
    write_index,
)

#: Queries remembered, and listings.
_REMEMBERED = 4096
#: Listings asked of the ledger together, of what was found for one query.
_AT_ONCE = 20


class Screener:
    """Screens against the entries in force as of one moment. The index is built where it is missing."""

    def __init__(self, ledger: Ledger, folder: Path, as_of: AsOf, *, beside: Screener | None = None) -> None:
        self.ledger = ledger
        self.as_of = as_of
        self.folder = folder
        self.generation = ledger.generation()
        self.index: Index = beside.index if beside else _index(ledger, folder, self.generation)
        #: what was found for a query lately, before anybody asks whether it is in force
        self._found: dict[Any, list[Found]] = beside._found if beside else {}
        self._listings: dict[str, Listing | None] = {}
        #: whence an answer has what it says of an entry
        self.cards: Cards = self

    def answer(self, query: Query, said: Mapping[str, Mapping[str, Any]], **options: Any) -> dict[str, Any]:
        """The answer to one query, without its basis; `said` as in `Work`. InputError where it cannot be read."""
        return self.worker(Work(str(self.index.folder), said=said, **options)).answer(query)

    def screen(self, query: Query, **options: Any) -> list[tuple[Candidate, Listing]]:
        """The candidates in force, best first."""
        found = self.worker(Work(str(self.index.folder), **options)).candidates(query)
        self._learn([c.entry_id for c in found])
        told = ((c, self._listing(c.entry_id)) for c in found)
        return [(c, listing) for c, listing in told if listing is not None]

    def worker(self, work: Work) -> Worker:
        """A worker in this process."""
        return Worker(work, self.index, self.cards, self._find)

    def _find(self, query: Query, least: int) -> list[Found]:
        key = (query, least)
        met = self._found.get(key)
        if met is None:
            met = find(self.index, query, least)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[key] = met
        if not self.is_settled:
            self._learn([self.index.card(each.entry)[0] for each in met[:_AT_ONCE]])
        return met

    def near(self, query: Query) -> list[dict[str, Any]]:
        """What came near and was dropped, each with the evidence that weighed most against it."""
        return [
            {
                "entry_id": d.candidate.entry_id, "matched_name": d.candidate.matched_name, "score": d.candidate.score,
                "reason": d.reason, "evidence": [e.to_dict() for e in d.candidate.evidence],
            }
            for d in near(self.index, query, accepts=self.cards.is_in_force)
        ]  # fmt: skip

    @property
    def is_settled(self) -> bool:
        """Whether it answers from written cards, without asking the ledger."""
        return self.cards is not self

    def settle(self) -> bool:
        """Answer from written cards from now on, if somebody wrote them; whether it is so."""
        if not self.is_settled:
            place = standing_of(self.index, self.as_of, self.generation)
            if place.exists():
                self.cards = Standing(place)
        return self.is_settled

    def write_cards(self) -> Path:
        """Write the cards of this moment; the folder."""
        return write_standing(self.ledger, self.index, self.as_of, self.generation)

    def work(self, *, written: bool, **options: Any) -> Work:
        """What a worker needs to answer as this screener does; `written`: with its cards written down."""
        standing = str(self.write_cards()) if written else None
        return Work(str(self.index.folder), standing, said=self.said(), **options)

    def said(self, name: str | None = None) -> dict[str, dict[str, Any]]:
        """People's words on the hits of this moment, by query record and entry; if given, on queries of one name."""
        out: dict[str, dict[str, Any]] = {}
        by_query: dict[str, list[str]] = {}
        for query, entry_id in worded(self.ledger.store, name):
            try:
                by_query.setdefault(query, []).append(self.ledger.resolve(entry_id))
            except UnknownEntryError:
                continue
        for query, ids in by_query.items():
            found = words_on(self.ledger.store, json.loads(query), self.ledger.listings(ids, self.as_of))
            out[query] = {entry_id: word.to_dict() for entry_id, word in found.items()}
        return out

    # the cards, from the ledger

    def is_in_force(self, entry_id: str) -> bool:
        """Whether the entry is listed on the day, by what was known."""
        listing = self._listing(entry_id)
        return listing is not None and listing.status == "listed"

    def listed(self, entry_id: str) -> Mapping[str, Any]:
        """What the list states of an entry in force."""
        listing = self._listing(entry_id)
        assert listing is not None
        return tell_listed(listing)

    def was_known(self, entry_id: str, name: str) -> bool:
        """Whether the name that was met had been published by then; the index holds every wording ever."""
        key = name_key(name)
        listing = self._listing(entry_id)
        assert listing is not None
        own = {name_key(n.text) for n in listing.entry.names}
        return key in own or is_known(key, own, self.ledger.names_known(entry_id, self.as_of.known))

    def _listing(self, entry_id: str) -> Listing | None:
        known = self._listings  # another thread may begin a new one
        return known[entry_id] if entry_id in known else self._learn([entry_id])[entry_id]

    def _learn(self, entry_ids: Sequence[str]) -> Mapping[str, Listing | None]:
        """The listings, asked of the ledger all at once where they are not yet known; some thousand are remembered."""
        if len(self._listings) >= _REMEMBERED:
            self._listings = {}
        known = self._listings
        if new := [entry_id for entry_id in entry_ids if entry_id not in known]:
            found = self.ledger.listings(new, self.as_of)
            known.update({entry_id: found.get(entry_id) for entry_id in new})
        return known


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
