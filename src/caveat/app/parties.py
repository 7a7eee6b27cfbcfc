"""Who a party is: screen, compare, confirm, reject, receipts."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from caveat import __version__
from caveat.app.desk import Desk
from caveat.batch import Progress, Rejected, read_queries, screen_file, tell_query, write_receipt
from caveat.errors import InputError, UnknownEntryError
from caveat.ledger import keep_word, name_key, queries_with_words, words_on
from caveat.model import AsOf, Listing
from caveat.model.answer import Answer, Hit, ScreenAnswer
from caveat.screening import Candidate, Comparison, Query, compare, ofac_score, to_svg

#: A file below this many bytes is screened in one process: starting others takes longer.
_SMALL = 100_000


class PartyDesk(Desk):
    """Who is this?"""

    def screen(
        self, query: Query | str, *, as_of: AsOf | None = None, lists: Sequence[str] = (), limit: int = 10,
        threshold: float | None = None, kind: str | None = None, near: bool = False,
    ) -> ScreenAnswer:  # fmt: skip
        """The entries in force that one party may be, best first, each with its evidence."""
        as_of = as_of or self.as_of()
        for list_id in lists:
            self._check_list(list_id)
        query = Query(query) if isinstance(query, str) else query
        screener = self._screener(as_of)
        found = screener.screen(query, lists=lists, limit=limit, threshold=threshold, kind=kind)
        words = name_key(query.name) in self._worded()
        answer = self._answer(query, found, self.basis(as_of, tuple(lists)), words=words)
        if near:
            return ScreenAnswer({**answer.data, "near": screener.near(query)}, answer.hits)
        return answer

    def prepare(self) -> None:
        """Build the search index of the ledger's present state, so that the next question is answered at once."""
        self._screener(self.as_of())

    def screen_each(
        self, queries: Iterable[Query | Rejected], *, as_of: AsOf | None = None, workers: int | None = 1, **options: Any
    ) -> Iterator[ScreenAnswer]:
        """Screen many, in order; what cannot be read gives an answer of status `error` in its place.

        `workers` processes search (None: one a core); the answers do not depend on it.
        """
        as_of = as_of or self.as_of()
        for list_id in options.get("lists", ()):
            self._check_list(list_id)
        basis = self.basis(as_of, tuple(options.get("lists", ())))
        worded = self._worded()
        waiting: deque[Query | Rejected] = deque()

        def readable() -> Iterator[Query]:
            for item in queries:
                waiting.append(item)
                if not isinstance(item, Rejected):
                    yield item

        for found in self._screener(as_of).screen_many(readable(), workers=workers, **options):
            while isinstance(item := waiting.popleft(), Rejected):
                yield _unread(item, basis)
            if isinstance(found, InputError):
                yield _failed(tell_query(item), str(found), basis)
            else:
                yield self._answer(item, found, basis, words=name_key(item.name) in worded)
        yield from (_unread(item, basis) for item in waiting if isinstance(item, Rejected))

    def _worded(self) -> Set[str]:
        """The names on which somebody's word is kept."""
        return queries_with_words(self.store)

    def _answer(
        self, query: Query, found: Sequence[tuple[Candidate, Listing]], basis: dict[str, Any], *, words: bool
    ) -> ScreenAnswer:
        hits = self._hits(query, found, words=words)
        status = "hits" if hits else "no_hit"
        told = [hit.to_dict() for hit in hits]
        return ScreenAnswer({"query": tell_query(query), "hits": told, "status": status, "basis": basis}, tuple(hits))

    def queries(self, path: Path | str) -> Iterator[Query | Rejected]:
        """The rows of a file of counterparties, in order."""
        return (query for _, query in read_queries(Path(path)))

    def screen_file(self, path: Path | str, out: Path | str, **options: Any) -> Iterator[Progress]:
        """Screen a file of counterparties into a file of answers, one JSON a line; resumable."""
        as_of = options.pop("as_of", None) or self.as_of()
        for list_id in options.get("lists", ()):
            self._check_list(list_id)
        basis = f"{__version__} {self.ledger.generation()} {as_of} {sorted(options.items())}"

        def screen(queries: Iterator[Query | Rejected]) -> Iterator[dict[str, Any]]:
            workers = None if Path(path).stat().st_size > _SMALL else 1
            return (a.to_dict() for a in self.screen_each(queries, as_of=as_of, workers=workers, **options))

        yield from screen_file(Path(path), Path(out), screen, basis)

    def receipt(self, answer: Answer, path: Path | str) -> Path:
        """Write a dated receipt of an answer, with its evidence and the lists it rests on (.json or .pdf)."""
        return write_receipt(answer.to_dict(), Path(path), at=self.now(), version=__version__)

    def compare(self, one: str, other: str, kind: str | None = None) -> Answer:
        """One name against another, with the evidence."""
        found = tell_comparison(compare(one, other, kind))
        return Answer({"name1": one, "name2": other, "kind": kind, **found, "ofac_score": ofac_score(one, other)})

    def draw_comparison(self, one: str, other: str, path: Path | str, kind: str | None = None) -> Path:
        """The evidence on two names as a waterfall, in an .svg or .png file."""
        from caveat.graph import to_png

        path = Path(path)
        if path.suffix.casefold() not in (".svg", ".png"):
            raise InputError("is neither .svg nor .png", where=str(path), do="name the picture so")
        found = compare(one, other, kind)
        svg = to_svg(found.evidence, f"{one} / {other}", found.score)
        try:
            path.write_bytes(to_png(svg) if path.suffix.casefold() == ".png" else svg.encode())
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", where=str(path), do="check the folder") from None
        return path

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

    def _hits(self, query: Query, found: Sequence[tuple[Candidate, Listing]], *, words: bool) -> list[Hit]:
        said = words_on(self.store, tell_query(query), {x.entry_id: x for _, x in found}) if words else {}
        hits = []
        for rank, (candidate, listing) in enumerate(found, start=1):
            entry = listing.entry
            word = said.get(listing.entry_id)
            hits.append(
                Hit(
                    entry_id=listing.entry_id, list=entry.list, name=entry.name, matched_name=candidate.matched_name,
                    score=candidate.score, ofac_score=ofac_score(query.name, candidate.matched_name), rank=rank,
                    evidence=tuple(e.to_dict() for e in candidate.evidence),
                    status=listing.status, kind=entry.kind, countries=entry.countries,
                    effective_on=_iso(entry.effective_on or listing.since),
                    expires_on=_iso(entry.expires_on),
                    citation="; ".join(c.cite for c in entry.citations) or None,
                    source=listing.source.to_dict(), starter=listing.starter, word=word.to_dict() if word else None,
                )
            )  # fmt: skip
        return hits


def _unread(row: Rejected, basis: dict[str, Any]) -> ScreenAnswer:
    asked = {"id": row.row.get("id"), "name": row.row.get("name"), "country": row.row.get("country")}
    return _failed(asked, f"line {row.line}: {row.why}", basis)


def _failed(asked: dict[str, Any], error: str, basis: dict[str, Any]) -> ScreenAnswer:
    return ScreenAnswer({"query": asked, "hits": [], "status": "error", "error": error, "basis": basis})


def tell_comparison(found: Comparison) -> dict[str, Any]:
    """A comparison in plain JSON values."""
    evidence = [e.to_dict() for e in found.evidence]
    return {"score": found.score, "verdict": found.verdict, "evidence": evidence}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
