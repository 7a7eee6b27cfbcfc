"""Graph parties joined to list entries: by identifier first, then by a confirmed name match, never by a bare name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caveat.graph.edge import GraphParty
from caveat.model import Identifier


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry a party may be.

    ways       the ways of adding shares in which its owner counts as restricted (`ofac`, `bis`)
    confirmed  whether more than a bare name says so; `why` tells what
    """

    entry_id: str
    list: str
    name: str
    why: str = ""
    confirmed: bool = True
    ways: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "entry_id": self.entry_id, "list": self.list, "name": self.name, "why": self.why,
            "confirmed": self.confirmed, "ways": sorted(self.ways),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joined:
    """Which parties are which entries, and which names are open until a person confirms or rejects them."""

    listed: Mapping[str, tuple[Listed, ...]] = field(default_factory=dict)
    open: Mapping[str, tuple[Listed, ...]] = field(default_factory=dict)

    def restricted(self, way: str) -> frozenset[str]:
        """The parties that count as restricted owners in one way."""
        return frozenset(p for p, found in self.listed.items() if any(way in x.ways for x in found))

    def on(self, *lists: str) -> frozenset[str]:
        """The parties that are entries of one of the lists (ids, or a prefix that ends in a dot)."""
        return frozenset(
            p for p, found in self.listed.items()
            if any(x.list == w or (w.endswith(".") and x.list.startswith(w)) for x in found for w in lists)
        )  # fmt: skip

    def may_be(self, way: str) -> frozenset[str]:
        """The parties that would count as restricted owners in one way if their open names were confirmed."""
        return frozenset(p for p, found in self.open.items() if any(way in x.ways for x in found)) - self.restricted(
            way
        )

    def open_words(self, parties: Iterable[str], label: Callable[[str], str] = str) -> list[str]:
        """One sentence for each party among `parties` that has an open name."""
        said = []
        for party in dict.fromkeys(parties):
            if hits := self.open.get(party, ()):
                them = "; ".join(f"{hit.name} ({hit.entry_id}: {hit.why})" for hit in hits[:4])
                more = f" and {len(hits) - 4} more" if len(hits) > 4 else ""
                said.append(
                    f"{label(party)} may be {them}{more}. A bare name joins nothing: caveat confirm or reject "
                    f'"{label(party)}" ENTRY --why TEXT.'
                )
        return said


def join(
    parties: Iterable[GraphParty],
    by_identifier: Callable[[Identifier, GraphParty], Sequence[Listed]],
    by_name: Callable[[GraphParty], Sequence[Listed]] | None = None,
) -> Joined:
    """Join parties through two look-ups that the caller gives.

    An identifier of kind `entry` holds an entry id that a person wrote into the file. A hit counts where it is
    `confirmed`, else it is open. What a number confirms leaves no name of the same list open.
    """
    listed: dict[str, tuple[Listed, ...]] = {}
    open_: dict[str, tuple[Listed, ...]] = {}
    for party in parties:
        hits = {hit.entry_id: hit for i in party.identifiers for hit in by_identifier(i, party)}
        if by_name is not None and party.unnamed is None:
            for hit in by_name(party):
                old = hits.get(hit.entry_id)
                if old is None or (hit.confirmed and not old.confirmed):
                    hits[hit.entry_id] = hit
        sure = tuple(hit for hit in hits.values() if hit.confirmed)
        lists = {hit.list for hit in sure}
        bare = tuple(hit for hit in hits.values() if not hit.confirmed and hit.list not in lists)
        if sure:
            listed[party.id] = sure
        if bare:
            open_[party.id] = bare
    return Joined(listed, open_)
