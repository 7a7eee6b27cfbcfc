"""Who a party is: screen, compare, confirm, reject, receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from caveat import __version__
from caveat.app.desk import Desk
from caveat.batch import Progress, Rejected, read_queries, screen_file, tell_query, write_receipt
from caveat.errors import InputError, UnknownEntryError
from caveat.ledger import keep_word, words_on
from caveat.model import AsOf, Listing
from caveat.model.answer import Answer, Hit, ScreenAnswer
from caveat.screening import Comparison, Query, compare


class PartyDesk(Desk):
    """Who is this?"""

    def screen(
        self, query: Query | str, *, as_of: AsOf | None = None, lists: Sequence[str] = (), limit: int = 10,
        threshold: float | None = None, kind: str | None = None,
    ) -> ScreenAnswer:  # fmt: skip
        """The entries in force that one party may be, best first, each with its evidence."""
        as_of = as_of or self.as_of()
        for list_id in lists:
            self._check_list(list_id)
        query = Query(query) if isinstance(query, str) else query
        found = self._screener(as_of).screen(query, lists=lists, limit=limit, threshold=threshold, kind=kind)
        hits = self._hits(query, found, as_of)
        asked = tell_query(query)
        answer = {
            "query": asked,
            "hits": [hit.to_dict() for hit in hits],
            "status": "hits" if hits else "no_hit",
            "basis": self.basis(as_of, tuple(lists)),
        }
        return ScreenAnswer(answer, tuple(hits))

    def screen_each(
        self, queries: Iterable[Query | Rejected], *, as_of: AsOf | None = None, **options: Any
    ) -> Iterator[ScreenAnswer]:
        """Screen many, in order; what cannot be read gives an answer of status `error` in its place."""
        as_of = as_of or self.as_of()
        basis = self.basis(as_of, tuple(options.get("lists", ())))
        for query in queries:
            if isinstance(query, Rejected):
                asked = {"id": query.row.get("id"), "name": query.row.get("name"), "country": query.row.get("country")}
                error = f"line {query.line}: {query.why}"
            else:
                try:
                    yield self.screen(query, as_of=as_of, **options)
                    continue
                except InputError as refused:
                    asked, error = tell_query(query), str(refused)
            yield ScreenAnswer({"query": asked, "hits": [], "status": "error", "error": error, "basis": basis})

    def queries(self, path: Path | str) -> Iterator[Query | Rejected]:
        """The rows of a file of counterparties, in order."""
        return (query for _, query in read_queries(Path(path)))

    def screen_file(self, path: Path | str, out: Path | str, **options: Any) -> Iterator[Progress]:
        """Screen a file of counterparties into a file of answers, one JSON a line; resumable."""
        as_of = options.pop("as_of", None) or self.as_of()
        for list_id in options.get("lists", ()):
            self._check_list(list_id)
        basis = f"{__version__} {self.ledger.generation()} {as_of} {sorted(options.items())}"

        def screen(queries: Sequence[Query | Rejected]) -> list[dict[str, Any]]:
            return [answer.to_dict() for answer in self.screen_each(queries, as_of=as_of, **options)]

        yield from screen_file(Path(path), Path(out), screen, basis)

    def receipt(self, answer: Answer, path: Path | str) -> Path:
        """Write a dated receipt of an answer, with its evidence and the lists it rests on (.json or .pdf)."""
        return write_receipt(answer.to_dict(), Path(path), at=self.now(), version=__version__)

    def compare(self, one: str, other: str, kind: str | None = None) -> Answer:
        """One name against another, with the evidence."""
        return Answer({"name1": one, "name2": other, "kind": kind, **tell_comparison(compare(one, other, kind))})

    def confirm(self, query: Query | str, entry: str, why: str, who: str | None = None) -> Answer:
        """A person's word that a hit is the party asked for."""
        return self._keep_word("confirmed", query, entry, why, who)

    def reject(self, query: Query | str, entry: str, why: str, who: str | None = None) -> Answer:
        """A person's word that a hit is somebody else."""
        return self._keep_word("rejected", query, entry, why, who)

    def _keep_word(self, said: str, query: Query | str, entry: str, why: str, who: str | None) -> Answer:
        query = Query(query) if isinstance(query, str) else query
        who = who or self.config.who
        if not why.strip():
            raise InputError("a word on a hit needs its reason", do="give --why TEXT")
        if not who:
            raise InputError("nobody to keep the word under", do="give --who NAME, or set CAVEAT_WHO")
        listing = self.ledger.listing(entry, self.as_of())
        if listing is None:
            raise UnknownEntryError(f"entry {entry!r} is not known today", do="`caveat screen NAME` gives the ids")
        word = keep_word(self.store, said, tell_query(query), listing, why=why, who=who, at=self.now())
        return Answer({"query": tell_query(query), "entry_id": listing.entry_id, "word": word.to_dict()})

    def _hits(self, query: Query, found: Sequence[tuple[Any, Listing]], as_of: AsOf) -> list[Hit]:
        words = words_on(self.store, tell_query(query), {x.entry_id: x for _, x in found})
        hits = []
        for rank, (candidate, listing) in enumerate(found, start=1):
            entry = listing.entry
            word = words.get(listing.entry_id)
            hits.append(
                Hit(
                    entry_id=listing.entry_id, list=entry.list, name=entry.name, matched_name=candidate.matched_name,
                    score=candidate.score, rank=rank, evidence=tuple(e.to_dict() for e in candidate.evidence),
                    status=listing.status, kind=entry.kind, countries=entry.countries,
                    effective_on=_iso(entry.effective_on or listing.since),
                    citation="; ".join(c.cite for c in entry.citations) or None,
                    source=listing.source.to_dict(), starter=listing.starter, word=word.to_dict() if word else None,
                )
            )  # fmt: skip
        return hits


def tell_comparison(found: Comparison) -> dict[str, Any]:
    """A comparison in plain JSON values."""
    evidence = [e.to_dict() for e in found.evidence]
    return {"score": found.score, "verdict": found.verdict, "evidence": evidence}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
