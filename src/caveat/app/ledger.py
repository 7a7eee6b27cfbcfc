"""Questions to the ledger: refresh, lists, show, history, changes, disagreements, verify, back up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from caveat.app.desk import Desk, read_moment
from caveat.errors import InputError, UnknownEntryError
from caveat.ledger import (
    Coverage,
    Refreshed,
    Refresher,
    Wishes,
    documents_at,
    fetch_all,
    tell_disagreement,
    tell_listing,
    verify,
)
from caveat.model import AsOf, Listing, Moment
from caveat.model.answer import Answer
from caveat.sources import layout_by_mapping


class LedgerDesk(Desk):
    """What the official lists say, and said."""

    def refresh(
        self, lists: Sequence[str] = (), *, path: Path | str | None = None, published: str | None = None,
        accept: bool = False, extract: bool = False, mapping: Path | str | None = None,
    ) -> Iterator[Refreshed]:  # fmt: skip
        """Take files at `path`, or fetch the lists from their publishers; one report a list and file."""
        layout = None
        if mapping is not None:
            layout = layout_by_mapping(Path(mapping))
        else:
            for list_id in lists:
                self.catalog[list_id]
        wishes = Wishes(
            lists=tuple(lists) if layout is None else (),
            published=read_moment(published, "--published") if published else None,
            accept=accept, extract=extract, layout=layout, live=path is None,
        )  # fmt: skip
        refresher = Refresher(self.store, self.catalog, self.now())
        if path is not None:
            yield from refresher.take_all(documents_at(Path(path)), wishes)
        else:
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

    def overdue(self, as_of: AsOf | None = None) -> list[dict[str, Any]]:
        """The lists whose last file is older than their publisher's cadence allows: id, date, age in days."""
        known = (as_of or self.as_of()).known
        last = {list_id: line.last_official(known) for list_id, line in sorted(self.ledger.timelines().items())}
        return [
            {"list": list_id, "as_of": snap.published.text, "age_days": self._age(snap.published)}
            for list_id, snap in last.items()
            if snap is not None and self._is_overdue(list_id, snap.published)
        ]

    def _age(self, published: Moment) -> int:
        return (self.today() - published.day).days

    def _is_overdue(self, list_id: str, published: Moment) -> bool:
        info = self.catalog.lists.get(list_id)
        return info is not None and self._age(published) > info.cadence_days

    def _coverage_row(self, covered: Coverage) -> dict[str, Any]:
        info = self.catalog.lists.get(covered.list)
        published = covered.snapshot.published
        return {
            "list": covered.list,
            "title": info.title if info else covered.list,
            "authority": info.authority if info else None,
            "entries": covered.entries,
            "elsewhere": covered.elsewhere,
            "as_of": published.text,
            "published_on": published.day.isoformat(),
            "dated_by": covered.snapshot.dated_by,
            "age_days": self._age(published),
            "snapshot": f"sha256:{covered.snapshot.sha256}",
            "overdue": not covered.starter and self._is_overdue(covered.list, published),
            "starter": covered.starter,
            "cross_check": covered.is_cross_check,
        }

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
        if lead.status == "removed" and how is None and ids == self.ledger.named(entry):
            lead, how = self._still_listed(entry, lead, as_of)
        relatives = {r.entry_id: r.why for r in self.ledger.relatives(lead.entry_id)}
        others = self.ledger.listings(list(relatives), as_of)
        near = {i: x for i, x in found.items() if i not in relatives and i != lead.entry_id}
        return Answer(
            {
                **tell_listing(lead, as_of),
                "found_by": how,
                "same_party": [
                    {**_tell_other(x), "citations": [c.cite for c in x.entry.citations], "why": relatives[i]}
                    for i, x in sorted(others.items(), key=lambda p: (p[1].entry.list, p[0]))
                ],
                "near": [_tell_other(x) for x in near.values()],
                "basis": self.basis(as_of, tuple({x.entry.list for x in [lead, *others.values()]})),
            }
        )

    def _still_listed(self, name: str, gone: Listing, as_of: AsOf) -> tuple[Listing, str | None]:
        """In the place of an entry that was removed, the same party where a list still has it."""
        joined = [r.entry_id for r in self.ledger.relatives(gone.entry_id) if r.is_by_record]
        listed = {i: x for i, x in self.ledger.listings(joined, as_of).items() if x.status == "listed"}
        if not listed:
            return gone, None
        lead = _lead(name, listed)
        return lead, f"{name!r} was removed from {gone.entry.list}; shown is the same party on {lead.entry.list}"

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
        first, last = read_moment(start, "FROM"), read_moment(end, "TO")
        if last < first:
            raise InputError(f"{end} is before {start}", do="give the earlier day first")
        as_of = AsOf(last.day, last)
        lists = self._lists((list_id,), as_of) if list_id is not None else ()
        one = lists[0] if len(lists) == 1 else None
        found = [c for c in self.ledger.changes(first, last, one) if not lists or c.list in lists]
        count = {kind: sum(c.kind == kind for c in found) for kind in ("added", "amended", "removed")}
        return Answer(
            {
                "from": first.text, "to": last.text, "list": list_id, "counts": count,
                "changes": [c.to_dict() for c in found],
                "lists": sorted({c.list for c in found}),
                "basis": self.basis(as_of, lists),
            }
        )  # fmt: skip

    def disagreements(self, list_id: str, as_of: AsOf | None = None) -> Answer:
        """Where a list's origin and the consolidated list state one entry differently."""
        as_of = as_of or self.as_of()
        rows = [
            {"entry_id": x.entry_id, "name": x.entry.name, **tell_disagreement(d)}
            for each in self._lists((list_id,), as_of)
            for x, d in self.ledger.disagreements(each, as_of)
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


def _tell_other(listing: Listing) -> dict[str, Any]:
    """Another entry beside the one shown, in short."""
    entry = listing.entry
    return {
        "entry_id": listing.entry_id, "list": entry.list, "name": entry.name, "status": listing.status,
        "effective_on": _iso(entry.effective_on or listing.since), "until": _iso(listing.until),
        "starter": listing.starter,
    }  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _lead(asked: str, found: Mapping[str, Listing]) -> Listing:
    """The entry asked for, else the one in force, the official, the first by list."""
    return min(
        found.values(),
        key=lambda x: (x.entry_id != asked, x.status != "listed", x.entry.list != "us.bis.entity_list", x.entry_id),
    )
