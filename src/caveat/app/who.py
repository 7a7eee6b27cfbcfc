"""Who a party is: the ledger and the screening engine, asked on determination's behalf."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from caveat.batch import Screener
from caveat.determination import Coverage, ListCoverage, Matches, Near, Taken
from caveat.errors import InputError, UnknownEntryError
from caveat.ledger import Ledger, name_key
from caveat.model import AsOf, Identifier, Listing, Moment, OwnerGiven, PartyGiven
from caveat.screening import Query, address_points

if TYPE_CHECKING:
    from caveat.graph import Graph

#: From which share (thousandths) two addresses written differently are one.
_SAME_ADDRESS = 900
#: Spellings of number kinds in files of edges -> those of the lists.
_KINDS = {
    "xi-lei": "lei", "leicode": "lei", "cn-uscc": "uscc", "cn-scc": "uscc", "usci": "uscc", "usc_code": "uscc",
    "unified_social_credit_code": "uscc", "imo_number": "imo", "inn_code": "inn", "ru-inn": "inn", "ogrn_code": "ogrn",
    "ru-ogrn": "ogrn", "swift_bic": "swift",
}  # fmt: skip
#: Kinds of numbers that one party in the world bears; others need the country to agree.
_UNIQUE = ("lei", "uscc", "imo", "isin", "inn", "ogrn", "swift", "bic")
#: Parties remembered.
_REMEMBERED = 4096
#: Owners above a party, nearest first, whose names are compared with every listed name.
_MOST_COMPARED = 400


class Who:
    """Answers determination's look-ups as of the screener's moment."""

    def __init__(
        self, ledger: Ledger, screener: Screener, basis: Mapping[str, Any], graph: Graph | None = None
    ) -> None:
        self.ledger = ledger
        self.screener = screener
        self.basis = basis
        self.graph = graph
        self._matches: dict[str, Matches] = {}

    def matches(self, party: PartyGiven, as_of: AsOf) -> Matches:
        """Entries taken as the party (its listed name in full, or a person's word), and lesser matches."""
        key = replace(party, roles=(), facts={}, owners=(), related=())
        text = repr(key)
        if text not in self._matches:
            if len(self._matches) > _REMEMBERED:
                self._matches.clear()
            self._matches[text] = self._match(party, as_of)
        return self._matches[text]

    def _match(self, party: PartyGiven, as_of: AsOf) -> Matches:
        taken = []
        confirmed = (party.entry_id,) if isinstance(party.entry_id, str) else party.entry_id or ()
        for entry_id in confirmed:
            listing = self.ledger.listing(entry_id, as_of)
            if listing is None:
                raise InputError(f"entry {entry_id!r} was not known by {as_of.known}", where=party.name)
            taken.append(Taken(listing, listing.entry.name, "a person confirmed this entry"))
        rejected = {self._present(i) for i in party.not_entries}
        named = self.ledger.listings(self.ledger.named(party.name), as_of)
        have = {t.listing.entry_id for t in taken} | rejected
        taken += [
            Taken(x, _matched(x, party.name), "the name given is its listed name in full")
            for i, x in sorted(named.items())
            if i not in have
        ]
        have |= set(named)
        for x, why in self._numbered(party, as_of):
            if x.entry_id not in have:
                have.add(x.entry_id)
                taken.append(Taken(x, x.entry.name, why))
        joined = self._joined(taken, have, as_of)
        have |= {near.entry_id for near in joined}
        return Matches(tuple(taken), (*joined, *self._near(party, have)))

    def _joined(self, taken: Sequence[Taken], have: set[str], as_of: AsOf) -> list[Near]:
        """Entries that the starter record joins to one taken: another list's name, so a person is asked.

        A number or name in common is found by itself, as of the moment; the record alone says more than the names do.
        """
        why = {
            r.entry_id: f'{r.why}, with "{t.matched_name}" ({t.listing.entry.list})'
            for t in taken
            for r in self.ledger.relatives(t.listing.entry_id)
            if r.is_by_record and r.entry_id not in have
        }
        found = self.ledger.listings(list(why), as_of)
        return [Near(x, x.entry.name, 1.0, why[i]) for i, x in sorted(found.items())]

    def _numbered(self, party: PartyGiven, as_of: AsOf) -> list[tuple[Listing, str]]:
        """The entries that the graph's numbers say the party is, with the reason; none where namesakes stand."""
        found = self.graph.find(party.name) if self.graph is not None else []
        agree = [p for p in found if not party.country or not p.country or p.country.startswith(party.country[:2])]
        if len(agree) != 1:
            return []
        return [
            (x, why)
            for number in agree[0].identifiers
            for ids, why in (numbered(self.ledger, number),)
            for _, x in sorted(self.ledger.listings(ids, as_of).items())
            if is_unique(number, why) or (agree[0].country or "--")[:2] in x.entry.countries
        ]

    def _near(self, party: PartyGiven, have: set[str]) -> list[Near]:
        query = Query(party.name, country=party.country if party.country and len(party.country) == 2 else None)
        found = self.screener.screen(query, limit=10 + len(have))
        return [Near(x, c.matched_name, c.score) for c, x in found if x.entry_id not in have]

    def _present(self, entry_id: str) -> str:
        return self.ledger.resolve(entry_id)

    def at_address(self, address: str, as_of: AsOf) -> Sequence[Listing]:
        """Entries at that address: the same words, or the same numbers and nearly the same words."""
        ids = set(self.ledger.at_address(address))
        ids.update(
            i for i, text in self.ledger.addresses_like(address) if address_points(address, text) >= _SAME_ADDRESS
        )
        found = self.ledger.listings(sorted(ids), as_of)
        return tuple(x for _, x in sorted(found.items()))

    def owners(self, party: PartyGiven, as_of: AsOf) -> Sequence[OwnerGiven]:
        """The owners the graph knows; none where no edges are kept."""
        if self.graph is None:
            return ()
        from caveat.graph import owners_named

        graph, count = self.graph, 0

        def ties(owner: str) -> bool:
            nonlocal count
            count += 1
            told = graph.parties[owner]
            if count > _MOST_COMPARED:  # the nearest are compared with every name; those far up by their names in full
                return bool(self.ledger.named(told.label) or self._numbered(PartyGiven(told.label), as_of))
            given = PartyGiven(told.label, country=told.country.partition("-")[0] if told.country else None)
            found = self.matches(given, as_of)
            return bool(found.exact or found.near)

        return owners_named(graph, party.name, party.country, ties=ties)

    def coverage(self, as_of: AsOf) -> Coverage:
        """The lists these look-ups rest on."""
        lists = tuple(
            ListCoverage(x["list"], Moment.parse(x["as_of"]).day, x["entries"], x["snapshot"], x["starter"])
            for x in self.basis["lists"]
        )
        missing = tuple((x["list"], x["why"]) for x in self.basis["not_covered"])
        return Coverage(lists, missing, tuple(self.basis.get("edges", ())))


def numbered(ledger: Ledger, identifier: Identifier) -> tuple[list[str], str]:
    """The entries that bear a party's number, and the reason in words; `entry:` is a person's word in the file."""
    if identifier.kind == "entry":
        try:
            return [ledger.resolve(identifier.value)], "the file of edges names the entry"
        except UnknownEntryError:
            return [], ""
    kind = _KINDS.get(identifier.kind.casefold(), identifier.kind.casefold())
    value = "".join(c for c in identifier.value.upper() if c.isalnum())
    kinds = {kind: None}
    if re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value):
        kinds["lei"] = None
    if re.fullmatch(r"[159][0-9]{7}[0-9A-Z]{10}", value):
        kinds["uscc"] = None
    for each in kinds:
        if ids := ledger.numbered(Identifier(each, identifier.value)):
            return list(ids), f"it bears {each.replace('_', ' ')} {identifier.value}"
    return [], ""


def is_unique(identifier: Identifier, why: str) -> bool:
    """Whether a number is given to one party in the world, so that it says by itself who bears it."""
    return identifier.kind == "entry" or any(f" {kind} " in why for kind in _UNIQUE)


def _matched(listing: Listing, name: str) -> str:
    """The listed name that the given one equals."""
    key = name_key(name)
    return next((n.text for n in listing.entry.names if name_key(n.text) == key), listing.entry.name)
