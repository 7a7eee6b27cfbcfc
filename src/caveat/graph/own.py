"""Who owns a party and what it owns, with the shares restricted owners hold, told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caveat.graph.edge import Edge
from caveat.graph.join import Joined
from caveat.graph.network import Graph
from caveat.graph.paths import find_circle
from caveat.graph.shares import CITATIONS, THRESHOLD, Share, aggregate, share_of, ultimate_owners
from caveat.graph.words import stop
from caveat.model.answer import SCHEMA_VERSION

_MOST = 200


@dataclass(frozen=True, slots=True)
class Ownership:
    """The answer of `caveat own`."""

    party: str
    data: Mapping[str, Any]
    words: tuple[str, ...]
    shares: Mapping[str, Share]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"schema_version": SCHEMA_VERSION, **self.data, "words": list(self.words)}


def own(graph: Graph, party: str, joined: Joined, *, threshold: float = THRESHOLD) -> Ownership:
    """Owners and owned, the tops above, and the restricted share in each way of adding."""
    shares = {way: share_of(graph, party, _restricted(joined, way), way, threshold=threshold) for way in CITATIONS}
    owners, owned = graph.owners(party), graph.owned(party)
    tops = ultimate_owners(graph, party)
    circle = find_circle(graph, party)
    below = _below(graph, party, joined, threshold)
    notes = [*graph.notes, *joined.open_words([party, *(e.start for e in owners)])]
    notes += _if_confirmed(graph, party, joined, shares, threshold)
    if shares["bis"].reached is not False and (graph.parties[party].country or "").partition("-")[0] == "US":
        notes.append("The Affiliates Rule reaches foreign entities only; this one is told to be of the United States.")
    data = {
        "party": graph.parties[party].to_dict(),
        "listed": [x.to_dict() for x in joined.listed.get(party, ())],
        "open": [x.to_dict() for x in joined.open.get(party, ())],
        "owners": [_tie(graph, e, e.start, joined) for e in owners[:_MOST]],
        "owned": [_tie(graph, e, e.end, joined) for e in owned[:_MOST]],
        "left_out": {"owners": max(0, len(owners) - _MOST), "owned": max(0, len(owned) - _MOST)},
        "ultimate_owners": [
            {**graph.parties[p].to_dict(), "low": round(low, 9), "high": round(high, 9)} for p, low, high in tops
        ],
        "circle": list(circle),
        "shares": {way: share.to_dict() for way, share in shares.items()},
        "counts_below": below,
        "notes": notes,
        "as_of": graph.as_of.to_dict() if graph.as_of else None,
    }
    words = _words(graph, party, owners, owned, tops, circle, shares, joined)
    return Ownership(party, data, (*words, *notes), shares)


def _restricted(joined: Joined, way: str) -> frozenset[str]:
    if way == "economic":
        return joined.restricted("ofac") | joined.restricted("bis")
    return joined.restricted(way)


def _if_confirmed(graph: Graph, party: str, joined: Joined, shares: Mapping[str, Share], threshold: float) -> list[str]:
    """What each way would say if every open name were confirmed, where that differs."""
    notes = []
    for way in ("ofac", "bis"):
        open_ = {p for p, found in joined.open.items() if any(way in x.ways for x in found)}
        if not open_:
            continue
        share = share_of(graph, party, _restricted(joined, way) | open_, way, threshold=threshold)
        if (share.low, share.high) != (shares[way].low, shares[way].high):
            notes.append(f"{_WAYS[way]}, if every open name were confirmed: {share.words}")
    return notes


def _below(graph: Graph, party: str, joined: Joined, threshold: float) -> dict[str, Any]:
    """Where the party is restricted: what it makes count with it, down the tiers."""
    out: dict[str, Any] = {}
    for way in ("ofac", "bis"):
        if party in joined.restricted(way):
            found = aggregate(graph, {party}, threshold=threshold)
            out[way] = {
                "surely": [graph.parties[p].to_dict() for p in found.caught()[:_MOST]],
                "perhaps": [graph.parties[p].to_dict() for p in found.open()[:_MOST]],
            }
    return out


def _tie(graph: Graph, edge: Edge, other: str, joined: Joined) -> dict[str, Any]:
    return {
        **graph.parties[other].to_dict(), "name": graph.label(other), "kind_of_tie": edge.kind, "low": edge.low,
        "high": edge.high,
        "share": edge.share_words, "since": edge.since.isoformat() if edge.since else None,
        "until": edge.until.isoformat() if edge.until else None, "source": edge.source, "cite": edge.cite,
        "file": edge.file, "place": edge.place, "doubtful": edge.doubtful,
        "listed": [x.to_dict() for x in joined.listed.get(other, ())],
    }  # fmt: skip


def _words(
    graph: Graph, party: str, owners: list[Edge], owned: list[Edge], tops: list[tuple[str, float, float]],
    circle: tuple[str, ...], shares: Mapping[str, Share], joined: Joined,
) -> list[str]:  # fmt: skip
    name = graph.label(party)
    words = [f"{name} is {x.name} on {x.list} ({x.why})." for x in joined.listed.get(party, ())]
    words.append(f"Owners of {name} in the data:" if owners else f"The data names no owner of {name}.")
    words += [f"  {_owner_words(graph, e, e.start)}{_mark(joined, e.start)}" for e in owners[:20]]
    if owned:
        words.append(f"{name} owns:")
        words += [f"  {_owner_words(graph, e, e.end)}{_mark(joined, e.end)}" for e in owned[:20]]
    for count, what in ((len(owners) - 20, "owners"), (len(owned) - 20, "firms")):
        if count > 0:
            words.append(f"  and {count} more {what}")
    for p, low, high in tops[:5]:
        span = f"{low:.4g} %" if high - low < 1e-7 else f"{low:.4g} to {high:.4g} %"
        words.append(f"At the top: {graph.label(p)}, {span} of {name}, chains multiplied.")
    if circle:
        words.append(stop(f"Owned in a circle: {' owns '.join(graph.label(p) for p in circle)}"))
        if not tops:
            words.append("Nobody outside the circle owns a part of it in the data.")
    for way, share in shares.items():
        if share.high > 0 or way != "economic":
            words.append(f"{_WAYS[way]} ({CITATIONS[way]}): {share.words}")
            words += [f"  {p.words}" for p in share.paths[:5]]
            if share.high > 0:
                words += [f"  {line}" for line in share.arithmetic]
    return words


_WAYS = {"ofac": "The OFAC way", "bis": "The BIS way", "economic": "Economically"}


def _owner_words(graph: Graph, edge: Edge, other: str) -> str:
    kind = {"direct": "", "indirect": " (indirect)", "voting": " of the votes", "control": " (control)"}[edge.kind]
    share = "control" if edge.kind == "control" and edge.low is None else f"{edge.share_words}{kind}"
    since = f", since {edge.since}" if edge.since else ""
    doubt = f"; doubtful: {edge.doubtful}" if edge.doubtful else ""
    return f"{graph.label(other)}: {share}{since} ({edge.source or edge.file}, {edge.place}{doubt})"


def _mark(joined: Joined, party: str) -> str:
    lists = sorted({x.list for x in joined.listed.get(party, ())})
    return f" — listed: {', '.join(lists)}" if lists else ""
