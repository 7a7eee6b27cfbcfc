"""Graph parties joined to entries: by number, by a person's word, by a name in full whose country agrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from caveat.app.who import is_unique, numbered
from caveat.batch import Screener, tell_query
from caveat.errors import InputError
from caveat.ledger import Ledger, name_key, queries_with_words, worded_entries, words_on
from caveat.model import AsOf, Identifier, Listing
from caveat.screening import Query

if TYPE_CHECKING:
    from caveat.graph import Graph, GraphParty, Joined, Listed
    from caveat.law import Law

#: The lists whose parties count as restricted owners, by way; the SDN List counts in the BIS way by its programs.
_OFAC = frozenset({"us.ofac.sdn"})
_BIS = frozenset({"us.bis.entity_list", "us.bis.military_end_user"})
_DESIGNATED = "ear.sdn_744_8.programs"
_MOST_JOINED = 5000
#: Parties, nearest first, whose names are compared with every listed name, not only looked up in full.
_MOST_COMPARED = 100
_REMEMBERED = 20_000


class Joining:
    """Who the parties of a graph are on the lists, as of one moment. Answers are remembered."""

    def __init__(self, ledger: Ledger, screener: Screener, law: Law, as_of: AsOf) -> None:
        self._ledger, self._screener, self._law, self._as_of = ledger, screener, law, as_of
        self._named: dict[tuple[str, ...], list[Listed]] = {}
        self._numbered: dict[tuple[str, str, str | None], list[Listed]] = {}
        designated = law.begun(_DESIGNATED, as_of)
        self._designated = frozenset(designated.value) if designated else frozenset()
        covered = law.begun("customs.named_subsidiaries", as_of)  # what "and subsidiaries" covers, by the law's data
        self._subsidiaries = [
            (frozenset(map(name_key, row["names"])), tuple(row["listed"])) for row in (covered.value if covered else ())
        ]

    def find(self, graph: Graph, asked: str) -> list[str]:
        """The parties of an id, number or name; else of any name under which a list knows the one asked for."""
        if found := graph.find(asked):
            return [p.id for p in found]
        ids = self._ledger.named(asked)
        known = self._ledger.listings(ids, self._as_of) if ids else {}
        names = dict.fromkeys(name.text for x in known.values() for name in x.entry.names)
        return list(dict.fromkeys(p.id for name in names for p in graph.find(name)))

    def join(self, graph: Graph, parties: Sequence[str], *, compare: bool = True) -> Joined:
        """The parties of the graph (ids, nearest first) joined to entries."""
        from caveat.graph import join

        told = [graph.parties[p] for p in parties[:_MOST_JOINED]]
        near = {p.id for p in told[:_MOST_COMPARED]} if compare else set()
        worded = queries_with_words(self._ledger.store)
        return join(
            told,
            self._by_number,
            lambda p: self._by_name(p, compare=p.id in near, worded=name_key(p.label) in worded),
        )

    def _by_number(self, identifier: Identifier, party: GraphParty) -> list[Listed]:
        key = (identifier.kind, identifier.value, party.country)
        if key not in self._numbered:
            if len(self._numbered) > _REMEMBERED:
                self._numbered.clear()
            ids, why = numbered(self._ledger, identifier)
            sure = bool(ids) and is_unique(identifier, why)
            found = self._in_force(ids) if ids else []
            self._numbered[key] = [self._listed(x, why, sure or _agrees(party, x)) for x in found]
        return self._numbered[key]

    def _by_name(self, party: GraphParty, *, compare: bool, worded: bool) -> list[Listed]:
        key = (party.label, *party.aliases, f"{party.country}", f"{party.kind}", f"{compare}")
        if key not in self._named or worded:
            if len(self._named) > _REMEMBERED:
                self._named.clear()
            self._named[key] = self._look_up(party, compare=compare, worded=worded)
        return self._named[key]

    def _look_up(self, party: GraphParty, *, compare: bool, worded: bool) -> list[Listed]:
        names = dict.fromkeys([party.label, *party.aliases])
        names |= {f"{name} and subsidiaries": None for name in names}
        keys = set(map(name_key, names))
        for covered, heads in self._subsidiaries:
            if keys & covered:
                names |= dict.fromkeys(heads)
        found = {x.entry_id: x for x in self._in_force(sorted({i for n in names for i in self._ledger.named(n)}))}
        out = {}
        for entry_id, x in found.items():
            agrees = _agrees(party, x)
            why = "its listed name in full" + (", and its country agrees" if agrees else "")
            if not agrees and party.country and x.entry.countries:
                why += f", but it is told to be of {party.country} and the entry is of {', '.join(x.entry.countries)}"
            out[entry_id] = self._listed(x, why, agrees)
        if compare and not found:
            for x, score in self._near(party):
                out[x.entry_id] = self._listed(x, f"a name near the listed one, score {score:.2f}", False)
        return self._with_words(party, out, found) if worded else list(out.values())

    def _near(self, party: GraphParty) -> list[tuple[Listing, float]]:
        country = (party.country or "").partition("-")[0]
        query = Query(party.label, country=country if len(country) == 2 else None)
        kind = party.kind if party.kind in ("person", "organization", "vessel", "aircraft") else None
        try:
            hits = self._screener.screen(query, limit=5, kind=kind)
        except InputError:  # a name without a readable word is near nothing
            return []
        return [
            (x, candidate.score)
            for candidate, x in hits
            if x.status == "listed" and (not country or not x.entry.countries or country in x.entry.countries)
        ]

    def _with_words(self, party: GraphParty, out: dict[str, Listed], found: dict[str, Listing]) -> list[Listed]:
        """What people said of the name: a confirmed entry counts, a rejected one is gone, a fallen word is told."""
        ids = sorted({*out, *worded_entries(self._ledger.store, party.label)})
        listings = {x.entry_id: x for x in self._in_force(ids)} | found
        country = (party.country or "").partition("-")[0]
        for query in (Query(party.label), *([Query(party.label, country=country)] if len(country) == 2 else [])):
            for entry_id, word in words_on(self._ledger.store, tell_query(query), listings).items():
                if word.said == "rejected" and word.stands:
                    out.pop(entry_id, None)
                elif word.said == "confirmed":
                    fallen = "" if word.stands else "; the record has changed since, so the word has fallen"
                    why = f"confirmed by {word.who} on {word.at[:10]}: {word.why}{fallen}"
                    out[entry_id] = self._listed(listings[entry_id], why, word.stands)
        return list(out.values())

    def _in_force(self, ids: Iterable[str]) -> list[Listing]:
        found = self._ledger.listings(list(ids), self._as_of)
        return [x for _, x in sorted(found.items()) if x.status == "listed"]

    def _listed(self, x: Listing, why: str, confirmed: bool) -> Listed:
        from caveat.graph import Listed

        ways = {way for way, lists in (("ofac", _OFAC), ("bis", _BIS)) if x.entry.list in lists}
        if x.entry.list in _OFAC and self._designated & set(x.entry.programs):
            ways.add("bis")
        return Listed(x.entry_id, x.entry.list, x.entry.name, why, confirmed, frozenset(ways))


def _agrees(party: GraphParty, x: Listing) -> bool:
    """Whether the party's country is one of the entry's."""
    country = (party.country or "").partition("-")[0]
    return bool(country) and country in x.entry.countries
