"""Gathering: the only file that looks anything up. It turns a transaction into a case the rules can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from caveat.determination.facts import Facts, read_words
from caveat.determination.lookup import Lookup, Matches, Near, Taken
from caveat.law import Law, Reading
from caveat.model import AsOf, InputGiven, Listing, OwnerGiven, PartyGiven, Transaction

#: The list each program reads.
LIST_OF: Mapping[str, str] = {
    "us.bis.entity_list": "us.bis.entity_list",
    "us.bis.denied_persons": "us.bis.denied_persons",
    "us.bis.unverified": "us.bis.unverified",
    "us.bis.military_end_user": "us.bis.military_end_user",
    "us.bis.sdn_744_8": "us.ofac.sdn",
    "us.ofac.sdn": "us.ofac.sdn",
    "us.ofac.ns_cmic": "us.ofac.ns_cmic",
    "us.dhs.uflpa": "us.dhs.uflpa",
    "us.cbp.wro": "us.cbp.wro",
    "us.state.visa": "us.ofac.sdn",
    "us.fcc.covered_list": "us.fcc.covered_list",
    "us.fcc.section_214": "us.fcc.covered_list",
    "us.far.section_889": "us.far.section_889",
    "us.dod.section_1260h": "us.dod.section_1260h",
}
_IMPORT_LISTS = ("us.dhs.uflpa", "us.cbp.wro")
_ENDINGS = (" and Subsidiaries", " and its subsidiaries", " and its subordinates")


@dataclass(frozen=True, slots=True)
class Member:
    """A party, an owner, a producer or the actor, with what the lists say of it.

    path        where it stands in the transaction (`parties.0`, `parties.0.owners.1`, `item.inputs.0`)
    part        `party`, `owner`, `input`, `maker` or `actor`
    names       every name it is known by, folded: the one given, and those of the listings taken as it
    apart       near names told apart: listed in another country than the one given and that of the listing taken
    related     parties it stands for, as (relation, member)
    """

    path: str
    part: str
    given: PartyGiven
    matches: Matches
    addresses: tuple[Listing, ...] = ()
    owners: tuple[Member, ...] = ()
    related: tuple[tuple[str, Member], ...] = ()
    names: frozenset[str] = frozenset()
    apart: tuple[Near, ...] = ()
    origin: str | None = None

    @property
    def name(self) -> str:
        """The name as given."""
        return self.given.name

    def taken(self, list_id: str, facts: Facts) -> tuple[Taken, ...]:
        """The listings on one list taken as this party, with those an assumed answer confirms."""
        exact = tuple(t for t in self.matches.exact if t.listing.entry.list == list_id)
        if not self.matches.near:
            return exact
        assumed = facts.get(f"{self.path}.entry_id")
        confirmed = (
            Taken(near.listing, near.matched_name, "confirmed by a person")
            for near in self.matches.near
            if near.entry_id == assumed and near.listing.entry.list == list_id
        )
        return (*exact, *confirmed)

    def near(self, list_id: str, facts: Facts) -> tuple[Near, ...]:
        """The lesser matches on one list that are still open."""
        if facts.get(f"{self.path}.entry_id") is not None:
            return ()
        return tuple(n for n in self.matches.near if n.listing.entry.list == list_id)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the rules of one determination may read: facts, law, parties with their listings."""

    transaction: Transaction
    facts: Facts
    law: Law
    as_of: AsOf
    members: tuple[Member, ...]
    inputs: tuple[Member, ...]
    makers: tuple[Member, ...]
    actor: Member | None

    def read(self, parameter: str) -> Reading:
        """A parameter of the law on the day of the act; LawError before its first value."""
        return self.law.read(parameter, self.as_of)

    def assume(self, path: str, value: Any) -> Case:
        """The same case with one more answer."""
        return replace(self, facts=self.facts.assume(path, value))

    def roles(self, member: Member) -> tuple[str, ...]:
        """The roles of a party; empty where none was given."""
        if member.part == "maker":
            return ("issuer",) if member.path == "item.issuer" else ("producer",)
        if member.part == "input":
            return ("producer",)
        return tuple(self.facts.get(f"{member.path}.role") or ())

    @property
    def everybody(self) -> tuple[Member, ...]:
        """Parties, the item's maker, and the producers of its inputs."""
        return (*self.members, *self.makers, *self.inputs)


def gather(transaction: Transaction, lookup: Lookup, law: Law, as_of: AsOf) -> Case:
    """Look up every party, owner and producer, and the law's own words, once."""
    facts: dict[str, Any] = dict(transaction.facts)
    words = law.begun("ear.entity_list.note_1a995", as_of)
    named = law.begun("customs.named_subsidiaries", as_of)
    subsidiaries = tuple(named.value) if named else ()
    seek = _Seeker(lookup, as_of, facts, subsidiaries, transaction.activity == "import")
    members = tuple(seek.party(party, f"parties.{n}") for n, party in enumerate(transaction.parties))
    makers = tuple(
        seek.member(PartyGiven(str(facts[path])), path, "maker")
        for path in ("item.producer", "item.manufacturer", "item.issuer")
        if facts.get(path)
    )
    inputs = tuple(seek.inputs(transaction.inputs, "item.inputs"))
    actor = None
    if facts.get("actor.name"):
        actor = seek.member(PartyGiven(str(facts["actor.name"]), country=facts.get("actor.country")), "actor", "actor")
    read = read_words(transaction, words.value if words else ())
    return Case(transaction, Facts(facts, read), law, as_of, members, inputs, makers, actor)


class _Seeker:
    """One pass over the look-ups; the same party is looked up once."""

    def __init__(
        self,
        lookup: Lookup,
        as_of: AsOf,
        facts: dict[str, Any],
        subsidiaries: tuple[Mapping[str, Any], ...],
        is_import: bool,
    ) -> None:
        self._lookup = lookup
        self._as_of = as_of
        self._facts = facts
        self._known: dict[tuple[Any, ...], Matches] = {}
        self._endings = _ENDINGS if is_import else ()
        self._subsidiaries = [
            (frozenset(fold(n) for n in block["names"]), tuple(block["listed"])) for block in subsidiaries
        ]

    def matches(self, given: PartyGiven) -> Matches:
        key = (given.name, given.country, given.address, given.entry_id, given.not_entries)
        if key not in self._known:
            self._known[key] = self._lookup.matches(given, self._as_of)
        return self._known[key]

    def party(self, given: PartyGiven, path: str) -> Member:
        member = self.member(given, path, "party")
        addresses = tuple(self._lookup.at_address(given.address, self._as_of)) if given.address else ()
        mine = {taken.listing.entry_id for taken in member.matches.exact} | set(given.not_entries)
        related = tuple(
            (relation, self.member(PartyGiven(name), f"{path}.{relation}", "party")) for relation, name in given.related
        )
        return replace(
            member,
            addresses=tuple(a for a in addresses if a.entry_id not in mine),
            owners=self.owners(given, path, (fold(given.name),)),
            related=related,
        )

    def member(self, given: PartyGiven, path: str, part: str, origin: str | None = None) -> Member:
        matches = self.matches(given)
        names = {fold(given.name)}
        for taken in matches.exact:
            names.update(fold(name.text) for name in taken.listing.entry.names)
        names.discard("")
        matches = self._with_subsidiaries(given, matches, names)
        matches, apart = _tell_apart(given, matches)
        return Member(path, part, given, matches, names=frozenset(names), apart=apart, origin=origin)

    def _with_subsidiaries(self, given: PartyGiven, matches: Matches, names: set[str]) -> Matches:
        """An import list's "X and Subsidiaries" covers X, and the firms the law's data name as its subsidiaries."""
        listed = [(name + ending, "") for name in (given.name,) for ending in self._endings if name]
        for covered, heads in self._subsidiaries:
            if covered & names:
                listed += [(head, " as a subsidiary") for head in heads]
        have = {taken.listing.entry_id for taken in matches.exact} | set(given.not_entries)
        more: list[Taken] = []
        for name, tie in listed:
            for taken in self.matches(PartyGiven(name)).exact:
                listing = taken.listing
                if listing.entry.list in _IMPORT_LISTS and listing.entry_id not in have:
                    have.add(listing.entry_id)
                    more.append(Taken(listing, taken.matched_name, f'covered by "{taken.matched_name}"{tie}'))
        return Matches((*matches.exact, *more), tuple(n for n in matches.near if n.entry_id not in have))

    def owners(
        self, given: PartyGiven, path: str, above: tuple[str, ...], *, is_whole: bool = False
    ) -> tuple[Member, ...]:
        found = list(given.owners)
        have = {fold(owner.name) for owner in found}
        if not is_whole:
            found += [o for o in self._lookup.owners(given, self._as_of) if fold(o.name) not in (have | set(above))]
        members = []
        for n, owner in enumerate(found):
            at = f"{path}.owners.{n}"
            self._facts.setdefault(f"{at}.pct", owner.pct)
            if owner.between is not None:
                self._facts.setdefault(f"{at}.between", owner.between)
            as_party = _as_party(owner)
            member = self.member(as_party, at, "owner")
            inner = self.owners(as_party, at, (*above, fold(owner.name)), is_whole=owner.is_whole)
            members.append(replace(member, owners=inner))
        return tuple(members)

    def inputs(self, given: tuple[InputGiven, ...], path: str) -> Iterator[Member]:
        for n, item in enumerate(given):
            at = f"{path}.{n}"
            producer = PartyGiven(item.producer or "", entry_id=item.entry_id, not_entries=item.not_entries)
            if item.producer or item.entry_id:
                yield self.member(producer, at, "input", item.origin)
            else:
                label = replace(producer, name=item.description or f"input {n + 1}")
                yield Member(at, "input", label, Matches(), origin=item.origin)
            yield from self.inputs(item.inputs, f"{at}.inputs")


def _tell_apart(given: PartyGiven, matches: Matches) -> tuple[Matches, tuple[Near, ...]]:
    """Near names of another country than the one given, which the listing taken as the party is in, are another's."""
    here = (given.country or "")[:2]
    if not any(here in taken.listing.entry.countries for taken in matches.exact):
        return matches, ()
    apart = tuple(
        near
        for near in matches.near
        if near.listing.entry.countries and here not in near.listing.entry.countries and not near.why
    )
    return Matches(matches.exact, tuple(near for near in matches.near if near not in apart)), apart


def _as_party(owner: OwnerGiven) -> PartyGiven:
    return PartyGiven(
        owner.name, country=owner.country, owners=owner.owners, entry_id=owner.entry_id, not_entries=owner.not_entries
    )


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A name without case and punctuation, for comparing names the law's data spell out."""
    return re.sub(r"[\W_]+", " ", name.casefold().replace("’", "").replace("'", "")).strip()
