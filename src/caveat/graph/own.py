"""Who owns a party and what it owns, with the shares restricted owners hold, told in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


def own(
    graph: Graph, party: str, joined: Joined, *, threshold: float = THRESHOLD, if_listed: Collection[str] = ()
) -> Ownership:
    """Owners and owned, the tops above, and the restricted share in each way of adding.

    if_listed  parties counted as restricted owners in every way, whatever the lists say
    """
    extra = frozenset(if_listed)
    shares = {
        way: share_of(
            graph, party, _restricted(joined, way) | extra, way, may_be=_may_be(joined, way) - extra,
            threshold=threshold,
        )
        for way in CITATIONS
    }  # fmt: skip
    owners, owned = graph.owners(party), graph.owned(party)
    tops = ultimate_owners(graph, party)
    circle = find_circle(graph, party)
    below = _below(graph, party, joined, threshold, extra)
    near = [party, *(e.start for e in owners), *(p for s in shares.values() for path in s.paths for p in path.parties)]
    notes = [*graph.notes_on(near), *joined.open_words(near, graph.label)]
    if extra:
        notes.insert(0, f"As if {' and '.join(sorted(map(graph.label, extra)))} were listed.")
    notes += _terms(graph, party, shares["bis"])
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
    words = _words(graph, party, owners, owned, tops, circle, shares, joined, below)
    return Ownership(party, data, (*words, *notes), shares)


def _restricted(joined: Joined, way: str) -> frozenset[str]:
    if way == "economic":
        return joined.restricted("ofac") | joined.restricted("bis")
    return joined.restricted(way)


def _may_be(joined: Joined, way: str) -> frozenset[str]:
    if way == "economic":
        return (joined.may_be("ofac") | joined.may_be("bis")) - _restricted(joined, way)
    return joined.may_be(way)


def _terms(graph: Graph, party: str, share: Share) -> list[str]:
    """What the BIS way adds to a share that is or may be reached."""
    if share.reached is False or share.listed:
        return []
    notes = []
    tops = list(dict.fromkeys(graph.label(p.parties[0]) for p in share.paths))
    if len(tops) > 1:
        notes.append(
            f"Under the Affiliates Rule it takes the terms of the most restrictive of {', '.join(tops)}, however "
            "little that one holds; caveat determine tells them for an act and a day."
        )
    if (graph.parties[party].country or "").partition("-")[0] == "US":
        notes.append("The Affiliates Rule reaches foreign entities only; this one is told to be of the United States.")
    return notes


def _below(graph: Graph, party: str, joined: Joined, threshold: float, extra: Collection[str]) -> dict[str, Any]:
    """Where the party is restricted: what it makes count with it, down the tiers."""
    out: dict[str, Any] = {}
    for way in ("ofac", "bis"):
        if party in joined.restricted(way) or party in extra:
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
    circle: tuple[str, ...], shares: Mapping[str, Share], joined: Joined, below: Mapping[str, Any],
) -> list[str]:  # fmt: skip
    """The answer first, then the owners and what is owned, then how each way comes to its sum."""
    name = graph.label(party)
    words = [f"{name} is {x.name} on {x.list} ({x.why})." for x in joined.listed.get(party, ())]
    words += [f"{_WAYS[way]}: {share.words}" for way, share in shares.items() if share.high > 0 or way != "economic"]
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
    for way, told in below.items():
        for sure, parties in told.items():
            if parties:
                names = ", ".join(p["name"] or p["id"] for p in parties[:10])
                more = f" and {len(parties) - 10} more" if len(parties) > 10 else ""
                verb = "count with it" if sure == "surely" else "may count with it, unknown shares decide"
                words.append(stop(f"{_WAYS[way]}, these {verb}: {names}{more}"))
    for way, share in shares.items():
        if share.high > 0:
            words.append(f"{_WAYS[way]} ({CITATIONS[way]}), how:")
            words += [f"  {p.words}" for p in share.paths[:5]]
            words += [f"  {line}" for line in share.arithmetic]
            words += [f"  {d.words}" for d in share.deciding[1:]]
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
