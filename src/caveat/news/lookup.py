"""What reconciling asks of the record, and an answer from listings in memory."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from caveat.model import Listing
from caveat.news.known import NameSet
from caveat.news.parties import same_party

#: The list of the record that a list of the press form stands for.
LIST_IDS = {
    "ENTITY_LIST": "us.bis.entity_list", "DPL": "us.bis.denied_persons", "UVL": "us.bis.unverified",
    "MEU": "us.bis.military_end_user", "SDN": "us.ofac.sdn", "NS_CMIC": "us.ofac.ns_cmic", "UFLPA": "us.dhs.uflpa",
    "FCC_COVERED": "us.fcc.covered_list", "DOD_1260H": "us.dod.section_1260h", "SECTION_889": "us.far.section_889",
    "VISA": "us.state.visa", "WRO": "us.cbp.wro", "EU": "eu.fsf", "UK": "uk.ofsi", "UN": "un.sc",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """The listings one official act added to a list, with the act's days and citation.

    whole  False where the record at hand may hold only a part of what the act added
    """

    list: str
    citation: str
    announced_on: dt.date | None
    published_on: dt.date | None
    effective_on: dt.date | None
    listings: tuple[Listing, ...]
    whole: bool = False

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days stated, in order."""
        return tuple(sorted({d for d in (self.announced_on, self.published_on, self.effective_on) if d}))


class RecordLookup(Protocol):
    """The record, as reconciling sees it: everything known now, ended listings included."""

    def covers(self, list_id: str) -> bool:
        """Whether the record holds that list at all."""

    def find(self, name: str) -> Sequence[Listing]:
        """The listings, on every list, one of whose names reads as this one."""

    def measures(self, list_id: str) -> Sequence[Measure]:
        """The official acts that added to a list, in order of their days."""


class Listings:
    """A lookup over listings in memory: the starter record's, or a ledger's as of a day."""

    def __init__(self, listings: Iterable[Listing], *, whole: Iterable[str] = ()) -> None:
        self._listings = {listing.entry_id: listing for listing in listings}
        self._whole = frozenset(whole)
        self._names = NameSet(
            (key, listing.entry.list, name.text, name.quality)
            for key, listing in self._listings.items()
            for name in listing.entry.names
        )

    def covers(self, list_id: str) -> bool:
        """Whether any listing is of that list."""
        return any(listing.entry.list == list_id for listing in self._listings.values())

    def find(self, name: str) -> Sequence[Listing]:
        """The listings whose names read as this one; on a list where none does, those of which it is a part."""
        found = [self._listings[n.entry_id] for n in self._names.find(name)]
        exact = {x.entry.list for x in found}
        found += [
            x
            for x in self._listings.values()
            if x.entry.list not in exact and any(same_party(name, n.text) for n in x.entry.names)
        ]
        return list({x.entry_id: x for x in found}.values())

    def measures(self, list_id: str) -> Sequence[Measure]:
        """The listings of a list by the citation that added them."""
        groups: dict[str, list[Listing]] = {}
        for listing in self._listings.values():
            if listing.entry.list == list_id and listing.entry.citations:
                groups.setdefault(listing.entry.citations[0].cite, []).append(listing)
        out = [self._measure(list_id, cite, group) for cite, group in groups.items()]
        return sorted(out, key=lambda m: (m.days[0] if m.days else dt.date.max, m.citation))

    def _measure(self, list_id: str, cite: str, group: Sequence[Listing]) -> Measure:
        def usual(name: str) -> dt.date | None:
            told = Counter(d for x in group if (d := getattr(x.entry, name)) is not None)
            return told.most_common(1)[0][0] if told else None

        return Measure(
            list_id, cite, usual("announced_on"), usual("published_on"), usual("effective_on"), tuple(group),
            cite in self._whole,
        )  # fmt: skip
