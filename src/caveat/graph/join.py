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

    def open_words(self, parties: Iterable[str]) -> list[str]:
        """One sentence for each open name among `parties`."""
        return [
            f"{party} bears a name near {hit.name} ({hit.list}, {hit.entry_id}): a bare name joins nothing; "
            "confirm or reject it."
            for party in parties
            for hit in self.open.get(party, ())
        ]


def join(
    parties: Iterable[GraphParty],
    by_identifier: Callable[[Identifier], Sequence[Listed]],
    by_name: Callable[[GraphParty], Sequence[Listed]] | None = None,
) -> Joined:
    """Join parties through two look-ups that the caller gives.

    An identifier of kind `entry` holds an entry id that a person wrote into the file. `by_name` is asked only for a
    party that no identifier joins; a hit of it counts where it is `confirmed`, else it is open.
    """
    listed: dict[str, tuple[Listed, ...]] = {}
    open_: dict[str, tuple[Listed, ...]] = {}
    for party in parties:
        found = {hit.entry_id: hit for i in party.identifiers for hit in by_identifier(i) if hit.confirmed}
        if not found and by_name is not None and party.unnamed is None:
            hits = by_name(party)
            found = {hit.entry_id: hit for hit in hits if hit.confirmed}
            if bare := tuple(hit for hit in hits if not hit.confirmed):
                open_[party.id] = bare
        if found:
            listed[party.id] = tuple(found.values())
    return Joined(listed, open_)
