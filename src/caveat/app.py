"""The one file that knows every part: it wires them, and it alone reads the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from caveat import __version__
from caveat.batch import Progress, Rejected, Screener, read_queries, screen_file, tell_query
from caveat.config import Config, read_config
from caveat.determination import determine, read_transaction
from caveat.errors import InputError, UnknownEntryError
from caveat.law import Law, load
from caveat.ledger import (
    Coverage,
    Ledger,
    Refreshed,
    Refresher,
    Wishes,
    documents_at,
    keep_word,
    lay_starter,
    tell_disagreement,
    tell_listing,
    verify,
    words_on,
)
from caveat.model import AsOf, Determination, Listing, Moment
from caveat.model.answer import Answer, Hit, ScreenAnswer
from caveat.screening import Comparison, Query, compare
from caveat.sources import Catalog, load_catalog
from caveat.store import Store, open_store
from caveat.who import Who

__all__ = ["App", "Query", "open_app"]

VERSION = __version__


def open_app(config: Config | str | None = None, *, as_of: str | None = None, known: str | None = None) -> App:
    """Open Caveat on the configured database, or on the one at a URL or path."""
    if not isinstance(config, Config):
        config = read_config(db=config)
    return App(config, as_of=as_of, known=known)


class App:
    """Every command as a method of the same name. Close it, or use it in a `with` block."""

    def __init__(self, config: Config, *, as_of: str | None = None, known: str | None = None) -> None:
        self.config = config
        self._as_of, self._known = as_of, known
        self.catalog: Catalog = load_catalog()
        self.store: Store = open_store(config.db)
        lay_starter(self.store, self.now())
        self.ledger = Ledger(self.store)
        self._screen: Screener | None = None

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.store.close()

    # --- the clock ---

    def now(self) -> str:
        """The present moment (UTC, ISO, seconds)."""
        return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def today(self) -> dt.date:
        """The present day (UTC)."""
        return dt.datetime.now(dt.UTC).date()

    def as_of(self, in_force: str | None = None, known: str | None = None) -> AsOf:
        """The two clocks: the day given or today; what was known by then or is known now."""
        in_force, known = in_force or self._as_of, known or self._known
        day = _moment(in_force, "--as-of").day if in_force else self.today()
        return AsOf(day, _moment(known, "--known") if known else Moment(self.today().isoformat()))

    # --- the ledger ---

    def refresh(
        self, lists: Sequence[str] = (), *, path: Path | str | None = None, published: str | None = None,
        accept: bool = False, extract: bool = False, mapping: Path | str | None = None,
    ) -> Iterator[Refreshed]:  # fmt: skip
        """Take files at `path`, or fetch the lists from their publishers; one report a list and file."""
        layout = None
        if mapping is not None:
            from caveat.sources.tables import read_mapping

            layout = read_mapping(Path(mapping)).layout()
        else:
            for list_id in lists:
                self.catalog[list_id]
        wishes = Wishes(
            lists=tuple(lists) if layout is None else (),
            published=_moment(published, "--published") if published else None,
            accept=accept, extract=extract, layout=layout, live=path is None,
        )  # fmt: skip
        refresher = Refresher(self.store, self.catalog, self.now())
        if path is not None:
            yield from refresher.take_all(documents_at(Path(path)), wishes)
        else:
            from caveat.ledger.live import fetch_all

            yield from fetch_all(refresher, self.catalog, wishes)

    def lists(self, as_of: AsOf | None = None) -> Answer:
        """Coverage: every list known, its entries in force, its date and age; and what is not loaded."""
        as_of = as_of or self.as_of()
        covered = self.ledger.coverage(as_of)
        rows = [self._coverage_row(c) for c in covered]
        have = {c.list for c in covered if not c.starter}
        return Answer(
            {"lists": rows, "not_loaded": self._not_loaded(have, {c.list for c in covered}), "as_of": as_of.to_dict()}
        )

    def _coverage_row(self, covered: Coverage) -> dict[str, Any]:
        info = self.catalog.lists.get(covered.list)
        published = covered.snapshot.published
        age = (self.today() - published.day).days
        return {
            "list": covered.list,
            "title": info.title if info else covered.list,
            "authority": info.authority if info else None,
            "entries": covered.entries,
            "elsewhere": covered.elsewhere,
            "as_of": published.text,
            "published_on": published.day.isoformat(),
            "dated_by": covered.snapshot.dated_by,
            "age_days": age,
            "snapshot": f"sha256:{covered.snapshot.sha256}",
            "overdue": bool(info and not covered.starter and age > info.cadence_days),
            "starter": covered.starter,
        }

    def _not_loaded(self, loaded: set[str], known: set[str]) -> list[dict[str, str]]:
        out = []
        for list_id in self.catalog:
            if list_id in loaded:
                continue
            why = "only the starter record speaks of it" if list_id in known else "no file of it was ever loaded"
            out.append({"list": list_id, "why": f"{why}: {self.catalog[list_id].no_fetch or 'run caveat refresh'}"})
        return out

    def basis(self, as_of: AsOf, lists: Sequence[str] = ()) -> dict[str, Any]:
        """What an answer rests on: lists with date, count and hash; lists not covered, and why."""
        rows, loaded, known = [], set(), set()
        for list_id, timeline in sorted(self.ledger.timelines().items()):
            if lists and list_id not in lists:
                continue
            known.add(list_id)
            official = timeline.last_official(as_of.known)
            snap = official or timeline.starter
            if snap is None:
                continue
            if official:
                loaded.add(list_id)
            rows.append(
                {
                    "list": list_id, "as_of": snap.published.text, "entries": snap.row_count,
                    "snapshot": f"sha256:{snap.sha256}", "starter": official is None,
                }
            )  # fmt: skip
        missing = [m for m in self._not_loaded(loaded, known) if not lists or m["list"] in lists]
        return {"lists": rows, "not_covered": missing, "as_of": as_of.to_dict(), "version": VERSION}

    def show(self, entry: str, as_of: AsOf | None = None) -> Answer:
        """One entry by id, or one party by its listed name, with what each list calls it."""
        as_of = as_of or self.as_of()
        ids, how = self._entry_ids(entry, as_of)
        found = self.ledger.listings(ids, as_of)
        if not found:
            raise UnknownEntryError(
                f"{entry!r} was on no list known by {as_of.known}", do="try another --known, or `caveat screen`"
            )
        lead = _lead(entry, found) if how is None else found[next(i for i in ids if i in found)]
        relatives = {r.entry_id: r.why for r in self.ledger.relatives(lead.entry_id)}
        for other in found:
            if other != lead.entry_id:
                relatives.setdefault(other, f"same name: {entry}" if how is None else "near the name asked for")
        others = self.ledger.listings(list(relatives), as_of)
        return Answer(
            {
                **tell_listing(lead, as_of),
                "found_by": how,
                "same_party": [
                    {
                        "entry_id": i, "list": x.entry.list, "name": x.entry.name, "status": x.status,
                        "effective_on": _iso(x.entry.effective_on or x.since), "until": _iso(x.until),
                        "citations": [c.cite for c in x.entry.citations], "starter": x.starter, "why": relatives[i],
                    }
                    for i, x in sorted(others.items(), key=lambda p: (p[1].entry.list, p[0]))
                ],
                "basis": self.basis(as_of, tuple({x.entry.list for x in [lead, *others.values()]})),
            }
        )  # fmt: skip

    def history(self, entry: str, known: str | None = None) -> Answer:
        """The entry's life: added, amended, removed, each with its differences, and what each list calls it."""
        as_of = self.as_of(None, known)
        ids, how = self._entry_ids(entry, as_of)
        lead = ids[0]
        relatives = self.ledger.relatives(lead)
        return Answer(
            {
                "entry_id": lead,
                "found_by": how,
                "changes": [c.to_dict() for c in self.ledger.history(lead, as_of.known)],
                "same_party": [
                    {
                        "entry_id": r.entry_id,
                        "why": r.why,
                        "changes": [c.to_dict() for c in self.ledger.history(r.entry_id, as_of.known)],
                    }
                    for r in relatives
                ],
                "as_of": as_of.to_dict(),
            }
        )

    def changes(self, start: str, end: str, list_id: str | None = None) -> Answer:
        """What was added, amended and removed between two moments (days stand for their end)."""
        first, last = _moment(start, "FROM"), _moment(end, "TO")
        if last < first:
            raise InputError(f"{end} is before {start}", do="give the earlier day first")
        if list_id is not None:
            self._check_list(list_id)
        found = self.ledger.changes(first, last, list_id)
        count = {kind: sum(c.kind == kind for c in found) for kind in ("added", "amended", "removed")}
        return Answer(
            {
                "from": first.text, "to": last.text, "list": list_id, "counts": count,
                "changes": [c.to_dict() for c in found],
                "lists": sorted({c.list for c in found}),
                "basis": self.basis(AsOf(last.day, last), (list_id,) if list_id else ()),
            }
        )  # fmt: skip

    def disagreements(self, list_id: str, as_of: AsOf | None = None) -> Answer:
        """Where a list's origin and the consolidated list state one entry differently."""
        as_of = as_of or self.as_of()
        self._check_list(list_id)
        rows = [
            {"entry_id": x.entry_id, "name": x.entry.name, **tell_disagreement(d)}
            for x, d in self.ledger.disagreements(list_id, as_of)
        ]
        return Answer({"list": list_id, "disagreements": rows, "as_of": as_of.to_dict()})

    def verify(self) -> Answer:
        """Read the whole ledger again: files and statements against their hashes, the index against a fresh one."""
        found = verify(self.store)
        status = "broken" if found.broken else "whole"
        return Answer({"digest": found.digest, "broken": list(found.broken), "status": status})

    def back_up(self, target: Path | str) -> Answer:
        """Copy the database into a new file while others go on using it."""
        self.store.back_up(Path(target))
        return Answer({"backup": str(target)})

    def _check_list(self, list_id: str) -> None:
        if list_id not in self.ledger.timelines():
            self.catalog[list_id]  # InputError that names the near ones

    def _entry_ids(self, entry: str, as_of: AsOf) -> tuple[list[str], str | None]:
        """An entry by id, the entries that bear a listed name in full, or the nearest; and how it was found."""
        try:
            return [self.ledger.resolve(entry)], None
        except UnknownEntryError as unknown:
            if named := self.ledger.named(entry):
                return named, None
            try:
                near = self._screener(as_of).screen(Query(entry), limit=5)
            except InputError:
                near = []
            if not near:
                raise unknown from None
            candidate = near[0][0]
            how = f"no list has {entry!r} in full; the nearest is {candidate.matched_name!r} ({candidate.score:.3f})"
            return [listing.entry_id for _, listing in near], how

    # --- who is this? ---

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
        basis = f"{VERSION} {self.ledger.generation()} {as_of} {sorted(options.items())}"

        def screen(queries: Sequence[Query | Rejected]) -> list[dict[str, Any]]:
            return [answer.to_dict() for answer in self.screen_each(queries, as_of=as_of, **options)]

        yield from screen_file(Path(path), Path(out), screen, basis)

    def receipt(self, answer: Answer, path: Path | str) -> Path:
        """Write a dated receipt of an answer, with its evidence and the lists it rests on (.json or .pdf)."""
        from caveat.batch import write_receipt

        return write_receipt(answer.to_dict(), Path(path), at=self.now(), version=VERSION)

    def compare(self, one: str, other: str, kind: str | None = None) -> Answer:
        """One name against another, with the evidence."""
        return Answer({"name1": one, "name2": other, "kind": kind, **tell_comparison(compare(one, other, kind))})

    def confirm(self, query: Query | str, entry: str, why: str, who: str | None = None) -> Answer:
        """A person's word that a hit is the party asked for."""
        return self._keep_word("confirmed", query, entry, why, who)

    def reject(self, query: Query | str, entry: str, why: str, who: str | None = None) -> Answer:
        """A person's word that a hit is somebody else."""
        return self._keep_word("rejected", query, entry, why, who)

    # --- what does it mean for this act? ---

    def determine(self, transaction: Mapping[str, Any], *, known: str | None = None) -> Determination:
        """What the lists and the law mean for one transaction (contract: `caveat determine`)."""
        read = read_transaction(transaction)
        as_of = AsOf(read.date, read.known or self.as_of(None, known).known)
        return determine(read, self.who(as_of), self.law, as_of.known.day, VERSION)

    def who(self, as_of: AsOf) -> Who:
        """The look-ups of determination as of a moment."""
        return Who(self.ledger, self._screener(as_of), self.basis(as_of))

    @cached_property
    def law(self) -> Law:
        """The parameters of the law, read once."""
        return load()

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

    def _screener(self, as_of: AsOf) -> Screener:
        if self._screen is None or self._screen.as_of != as_of or self._screen.generation != self.ledger.generation():
            self._screen = Screener(self.ledger, Path(self.config.index), as_of)
        return self._screen

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


def _moment(text: str, where: str) -> Moment:
    try:
        return Moment.parse(text)
    except ValueError as error:
        raise InputError(str(error), where=where) from None


def tell_comparison(found: Comparison) -> dict[str, Any]:
    """A comparison in plain JSON values."""
    evidence = [e.to_dict() for e in found.evidence]
    return {"score": found.score, "verdict": found.verdict, "evidence": evidence}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _lead(asked: str, found: Mapping[str, Listing]) -> Listing:
    """The entry asked for, else the one in force, the official, the first by list."""
    return min(
        found.values(),
        key=lambda x: (x.entry_id != asked, x.status != "listed", x.entry.list != "us.bis.entity_list", x.entry_id),
    )
