"""What the graph gives determination: the owners of a party, the inputs of a product, and what both rest on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from caveat.graph.edge import EdgeReading
from caveat.graph.join import Joined
from caveat.graph.network import Graph
from caveat.model import InputGiven, OwnerGiven

_DEEPEST = 12
_MOST_ABOVE = 5000
_MOST_GIVEN = 400
_FEW = 12
#: Whether a party of the graph (by id) may be an entry of any list.
Ties = Callable[[str], bool]


def owners_given(
    graph: Graph, party: str, joined: Joined | None = None, ties: Ties | None = None
) -> tuple[OwnerGiven, ...]:
    """The owners of a party as facts, each with its own owners above it, to the top of every chain.

    `pct` is None where the share is not exact; `between` then holds its bounds, where anything is known. With `ties`,
    only chains that lead to a party which may be on a list are followed, and owners without one are left out where
    they are many; the bounds keep what they leave. An owner nobody names is left out: its share is in no one's name.
    Where more than some hundred owners would be told, a chain ends in those it leads to, with an unknown share.
    """
    keep = _leading(graph, party, ties) if ties is not None else None
    return _owners(graph, party, joined, keep, ties, (party,), [_MOST_GIVEN])


def _owners(
    graph: Graph, party: str, joined: Joined | None, keep: Collection[str] | None, ties: Ties | None,
    path: tuple[str, ...], left: list[int],
) -> tuple[OwnerGiven, ...]:  # fmt: skip
    held, first, at = graph.holdings, graph.first_owner, graph.index[party]
    room = float(held.room[at])
    found = []
    for place in range(first[at], first[at + 1]):
        owner = graph.ids[int(held.owner[place])]
        low, high = float(held.low[place]), float(held.high[place])
        if owner not in path and not graph.parties[owner].unnamed:
            found.append((owner, 100 * low, 100 * min(high, low + room)))
    wanted = [f for f in found if keep is None or f[0] in keep]
    loose = sum(high - low > 1e-6 for _, low, high in wanted)
    told = found if len(found) <= _FEW or (loose > 1 and len(found) <= _MOST_GIVEN) else wanted
    given = []
    for owner, low, high in told:
        left[0] -= 1
        inner: tuple[OwnerGiven, ...] = ()
        if keep is None or owner in keep:
            if left[0] > 0:
                inner = _owners(graph, owner, joined, keep, ties, (*path, owner), left)
            else:
                inner = _shortened(graph, owner, joined, ties, path)
        given.append(_owner(graph, owner, low, high, joined, inner))
    return tuple(given)


def _owner(
    graph: Graph, owner: str, low: float, high: float, joined: Joined | None, inner: tuple[OwnerGiven, ...]
) -> OwnerGiven:
    party = graph.parties[owner]
    exact = high - low < 1e-6
    between = None if exact or (low <= 0 and high >= 100) else (round(low, 9), round(high, 9))
    return OwnerGiven(
        party.label, round(low, 9) if exact else None, _entry(joined, owner),
        country=party.country.partition("-")[0] if party.country else None, owners=inner, between=between,
        is_whole=True,
    )  # fmt: skip


def _shortened(
    graph: Graph, party: str, joined: Joined | None, ties: Ties | None, path: tuple[str, ...]
) -> tuple[OwnerGiven, ...]:
    """Those a chain leads to, each with an unknown share: the question is asked, and nothing is told as sure."""
    tied = [p for p in _all_above(graph, party)[1:] if p not in path and (ties is None or ties(p))]
    return tuple(_owner(graph, p, 0.0, 100.0, joined, ()) for p in tied[:_FEW])


def _all_above(graph: Graph, party: str) -> list[str]:
    """The party and everybody above it by direct shares, nearest first."""
    held, first = graph.holdings, graph.first_owner
    found = {graph.index[party]: None}
    waiting = [graph.index[party]]
    for at in waiting:
        for place in range(first[at], first[at + 1]):
            owner = int(held.owner[place])
            if owner not in found and len(found) < _MOST_ABOVE:
                found[owner] = None
                waiting.append(owner)
    return [graph.ids[n] for n in found]


def _leading(graph: Graph, party: str, ties: Ties) -> set[str]:
    """The parties above that may be on a list, and those below them on the way down."""
    above = _all_above(graph, party)
    inside = set(above)
    keep = {p for p in above[1:] if not graph.parties[p].unnamed and ties(p)}
    waiting = list(keep)
    for owner in waiting:
        for place in graph.holdings_of(owner):
            owned = graph.ids[int(graph.holdings.owned[place])]
            if owned in inside and owned not in keep:
                keep.add(owned)
                waiting.append(owned)
    return keep


def owners_named(
    graph: Graph, name: str, country: str | None, joined: Joined | None = None, ties: Ties | None = None
) -> tuple[OwnerGiven, ...]:
    """The owners of the party a transaction names; a country that disagrees tells namesakes apart.

    Where several parties of the graph bear the name, each one's owners are given with an unknown share, so that the
    question is asked and not answered for the wrong one.
    """
    found = graph.find(name)
    agree = [p for p in found if not country or not p.country or p.country.partition("-")[0] == country]
    if len(agree) == 1:
        return owners_given(graph, agree[0].id, joined, ties)
    given = [o for p in agree for o in owners_given(graph, p.id, joined, ties)]
    return tuple(replace(o, pct=None, between=None) for o in {o.name: o for o in given}.values())


def inputs_given(graph: Graph, product: str, joined: Joined | None = None) -> tuple[InputGiven, ...]:
    """The inputs of a product as facts, nested; one a producer."""
    return _inputs(graph, product, joined, (product,))


def _inputs(graph: Graph, product: str, joined: Joined | None, above: tuple[str, ...]) -> tuple[InputGiven, ...]:
    given: list[InputGiven] = []
    if len(above) > _DEEPEST:
        return ()
    for part in dict.fromkeys(e.start for e in graph.into(product, "contains")):
        if part in above:
            continue
        told, nested = graph.parties[part], _inputs(graph, part, joined, (*above, part))
        makers: list[str | None] = [*dict.fromkeys(e.start for e in graph.into(part, "makes"))] or [None]
        for maker in makers:
            name = graph.label(maker) if maker else None
            given.append(
                InputGiven(told.label, name, told.country, _entry(joined, maker) if maker else None, (), nested)
            )
    return tuple(given)


def with_inputs(graph: Graph, transaction: Mapping[str, Any], joined: Joined | None = None) -> dict[str, Any]:
    """The transaction with the inputs the graph knows of its item, where it names none itself.

    The item is a product of the graph by id (`item.product`) or by its description in full; nothing is guessed.
    """
    item = transaction.get("item")
    if not isinstance(item, Mapping) or item.get("inputs"):
        return dict(transaction)
    found = [
        party
        for asked in (item.get("product"), item.get("description"))
        if isinstance(asked, str)
        for party in graph.find(asked)
        if party.kind == "product"
    ]
    if not found:
        return dict(transaction)
    told = [_plain(given) for given in inputs_given(graph, found[0].id, joined)]
    kept = {key: value for key, value in item.items() if key != "product"}
    origin = kept.get("origin") or found[0].country
    return {**transaction, "item": {**kept, "origin": origin, "inputs": told}}


def _plain(given: InputGiven) -> dict[str, Any]:
    out: dict[str, Any] = {"description": given.description, "producer": given.producer, "origin": given.origin}
    if given.entry_id:
        out["entry_id"] = given.entry_id
    if given.inputs:
        out["inputs"] = [_plain(inner) for inner in given.inputs]
    return out


def graph_basis(graph: Graph, readings: Sequence[EdgeReading]) -> dict[str, Any]:
    """What an answer of the graph rests on: each file by its hash, and the two clocks."""
    return {
        "files": [
            {
                "file": r.name, "layout": r.layout, "sha256": r.sha256, "edges": len(r.edges),
                "published": r.published.text if r.published else None, "complaints": len(r.complaints),
            }
            for r in readings
        ],
        "edges_in_force": len(graph.edges),
        "as_of": graph.as_of.to_dict() if graph.as_of else None,
    }  # fmt: skip


def _entry(joined: Joined | None, party: str) -> str | None:
    found = joined.listed.get(party, ()) if joined else ()
    return found[0].entry_id if found else None
