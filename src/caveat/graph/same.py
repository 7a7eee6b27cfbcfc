"""One party told by several files: joined where a number that names one party only says so, never by name."""

from __future__ import annotations

from collections.abc import Mapping

from caveat.graph.edge import GraphParty

#: Kinds of numbers that are given to one party only, under the spellings the layouts use.
UNIQUE: Mapping[str, str] = {
    "lei": "lei", "xi-lei": "lei", "imo": "imo", "uscc": "uscc", "gb-coh": "gb-coh", "gb_coh": "gb-coh",
    "ogrn": "ogrn", "ru-ogrn": "ogrn",
}  # fmt: skip


def same_parties(parties: Mapping[str, GraphParty]) -> dict[str, str]:
    """Id -> the id it goes by, for each party that shares a unique number with an earlier one."""
    first: dict[tuple[str, str], str] = {}
    goes_by: dict[str, str] = {}

    def root(party: str) -> str:
        while party in goes_by:
            party = goes_by[party]
        return party

    for party in parties.values():
        for identifier in party.identifiers:
            kind = UNIQUE.get(identifier.kind.casefold())
            value = "".join(c for c in identifier.value.upper() if c.isalnum()).lstrip("0")
            if kind is None or not value:
                continue
            one, other = root(first.setdefault((kind, value), party.id)), root(party.id)
            if one != other:
                goes_by[other] = one
    return {party: root(party) for party in goes_by}
